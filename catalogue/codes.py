"""Codes of the code lists: their IRI, their notation and their label."""

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from catalogue.errors import Invalid
from catalogue.iri import CODES
from catalogue.labels import references
from catalogue.lookup import rows_of
from catalogue.store.port import Store


@dataclass(frozen=True, slots=True)
class CodeReference:
    """A code of one of our lists: `notation` is what programs use (`chu-tri`), `label` what people read (chủ trì)."""

    iri: str
    notation: str
    label: str | None
    language: str | None


def role_rank(notation: str) -> int:
    """Where a role stands in an answer: who leads first, who guides, who coordinates, then all others."""
    return {"chu-tri": 0, "huong-dan": 1, "phoi-hop": 2}.get(notation, 9)


@dataclass(frozen=True, slots=True)
class _Listed:
    list: str
    code: str
    notation: str


def code(store: Store, name: str, text: str) -> NamedNode:
    """The code of the list `name` that bears the notation `text` (`chu-tri` of `role`), or whose IRI it is.

    Raises `Invalid` with the notations there are for any other text.
    """
    scheme = f"{CODES}{name}"
    listed = {row.notation: row.code for row in rows_of(store, "code-list", _Listed, [scheme])[scheme]}
    found = listed.get(text.removeprefix(f"{scheme}/"))
    if found is not None:
        return NamedNode(found)
    allowed = ", ".join(listed)
    raise Invalid(
        f"Danh sách mã “{name}” không có “{text[:40]}”. Các mã: {allowed}.",
        f"The code list “{name}” has no “{text[:40]}”. The codes: {allowed}.",
        details={"list": name, "value": text[:40], "codes": list(listed)},
    )


def notation(store: Store, name: str, text: str) -> str:
    """The notation of the code that `code` finds. Raises `Invalid` as it does."""
    return code(store, name, text).value.rpartition("/")[2]


def codes(store: Store, iris: Iterable[str], language: str = "vi") -> dict[str, CodeReference]:
    """The codes `iris`; the notation is the last part of the IRI, as everywhere in our lists."""
    return {
        iri: CodeReference(iri, iri.rpartition("/")[2], named.label, named.language)
        for iri, named in references(store, iris, language).items()
    }
