"""The small lists of `tests/loaders/lists`, the published ones where they are at hand, and what is made of them."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat

from catalogue import rdf
from catalogue.settings import Settings
from loaders.list_graph import GivenList, Provenance, Setting
from loaders.lists import Form, Listing
from workers.list_process import read

BASE = "https://chiso.example/"
SMALL = Path(__file__).with_name("lists")
PUBLISHED = Path(__file__).parents[3] / "shared" / "domain"
SETTINGS = Settings()


def small(form: Form, *names: str) -> Listing:
    """Small lists, read in this process."""
    return read(form, [(name, (SMALL / name).read_bytes()) for name in names], SETTINGS)


def text(form: Form, name: str, content: str) -> Listing:
    """A list given as text."""
    return read(form, [(name, content.encode())], SETTINGS)


def published(form: Form, *names: str) -> Listing:
    """Published lists; the test is skipped where they are not at hand."""
    paths = [PUBLISHED / name for name in names]
    if not all(path.exists() for path in paths):
        pytest.skip(f"the published lists are not at hand ({PUBLISHED})")
    return read(form, [(path.name, path.read_bytes()) for path in paths], SETTINGS)


def graph(listing: Listing, key: str, setting: Setting | None = None, **given: str) -> set[Quad]:
    """The quads of a listing."""
    provenance = Provenance(key, given.pop("source", "https://example.org/list"), **given)  # type: ignore[arg-type]
    return set(GivenList(listing, provenance, setting or Setting()).quads(BASE))


def golden(name: str) -> set[Quad]:
    """The approved graph of a small list."""
    content = (SMALL / f"{name}.nq").read_bytes()
    return set(rdf.parse(content, RdfFormat.N_QUADS, name))


def values(quads: set[Quad], subject: str, prefix: str, name: str) -> set[str]:
    """What the quads say of a thing of the catalogue (`indicator/sdg.1.1.1`) by one property."""
    from catalogue.iri import PREFIXES

    about, said = NamedNode(f"{BASE}id/{subject}"), NamedNode(PREFIXES[prefix] + name)
    return {str(q.object.value).removeprefix(f"{BASE}id/") for q in quads if (q.subject, q.predicate) == (about, said)}
