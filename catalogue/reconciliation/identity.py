"""How things and types are called in reconciliation: short identifiers under one identifier space, types by kind."""

from dataclasses import dataclass

from pyoxigraph import NamedNode

from catalogue.errors import Invalid
from catalogue.iri import KINDS, is_absolute, short
from catalogue.iri import thing as thing_iri


@dataclass(frozen=True, slots=True)
class KnownId:
    """The identifier that a client sent, and the thing it means; None where it is of no form that is known here."""

    given: str
    node: NamedNode | None


def space(base: str) -> str:
    """The identifier space: in front of an identifier it makes the IRI of the thing.

    >>> space("https://chiso.example/")
    'https://chiso.example/id/'
    """
    return f"{base}id/"


def identifier(base: str, iri: str) -> str:
    """The identifier of a thing: `agency/hanoi.ubnd`; a thing of another catalogue keeps its IRI.

    >>> identifier("https://chiso.example/", "https://chiso.example/id/agency/hanoi.ubnd")
    'agency/hanoi.ubnd'
    """
    return iri.removeprefix(space(base))


def known_id(base: str, text: str) -> KnownId:
    """What an identifier means: `agency/hanoi.ubnd`, `agency:hanoi.ubnd` or a whole IRI.

    >>> known_id("https://chiso.example/", "agency:hanoi.ubnd").node.value
    'https://chiso.example/id/agency/hanoi.ubnd'
    >>> known_id("https://chiso.example/", "Q1858").node is None
    True
    """
    wanted = text.strip()
    try:
        if is_absolute(wanted) and wanted.startswith(("http://", "https://", "urn:")):
            return KnownId(text, NamedNode(wanted))
        kind, slash, key = wanted.partition("/")
        if slash and key and kind in KINDS and "/" not in key and is_absolute(space(base) + wanted):
            return KnownId(text, NamedNode(space(base) + wanted))
        kind, colon, key = wanted.partition(":")
        if colon and key and kind in KINDS:
            return KnownId(text, thing_iri(base, kind, key))
    except ValueError:
        pass
    return KnownId(text, None)


def kinds_of(types: list[str], where: str = "") -> tuple[str, ...]:
    """The kinds that the types of a query mean: a kind (`agency`), or the class of one as IRI or CURIE.

    `where`: which query of a batch, for the error. Raises `Invalid`, with the kinds there are, for any other type.
    """
    found: dict[str, None] = {}
    for one in types:
        matching = [kind for kind, cls in KINDS.items() if one in (kind, cls, short(cls))]
        if not matching:
            raise Invalid(
                f"{where}Không có loại (type) “{one[:80]}”. Các loại: {', '.join(KINDS)}.",
                f"{where}There is no type “{one[:80]}”. The types: {', '.join(KINDS)}.",
                details={"type": one[:80], "types": list(KINDS)},
            )
        found.update(dict.fromkeys(matching))
    return tuple(found)
