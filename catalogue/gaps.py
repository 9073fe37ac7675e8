"""What the catalogue does not know, said aloud: each gap with a code for programs and a sentence for people."""

from collections.abc import Iterable
from dataclasses import dataclass

from catalogue.labels import Reference, references
from catalogue.lookup import rows_of
from catalogue.store.port import Store


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is not known. `property` and `thing` say of what, where it is a missing property."""

    code: str
    vi: str
    en: str
    property: str | None = None
    thing: Reference | None = None


@dataclass(frozen=True, slots=True)
class _Missing:
    thing: str
    property: str


def searched_in_vain(store: Store, things: Iterable[str], *, language: str = "vi") -> list[Gap]:
    """The properties of `things` that were looked for in the sources and not found (`chiso:notFound`)."""
    found = rows_of(store, "not-found", _Missing, things)
    pairs = sorted({(row.thing, row.property) for rows in found.values() for row in rows})
    if not pairs:
        return []
    vietnamese = references(store, {iri for pair in pairs for iri in pair}, "vi")
    english = references(store, {iri for pair in pairs for iri in pair}, "en")
    own = english if language == "en" else vietnamese
    return [
        Gap(
            "not-found",
            f"Đã tìm mà chưa thấy “{vietnamese[prop].label or prop}” của {vietnamese[thing].label or thing}.",
            f"Looked for and not found: “{english[prop].label or prop}” of {english[thing].label or thing}.",
            prop,
            own[thing],
        )
        for thing, prop in pairs
    ]
