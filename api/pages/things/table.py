"""What is said about a thing as a table for spreadsheets: one row per statement and source."""

from collections.abc import Mapping

from catalogue.things import Statement, Thing, Value

_COLUMNS = (
    "thing.property",
    "thing.value",
    "thing.value_iri",
    "thing.value_language",
    "thing.mark",
    "thing.source",
    "thing.property_iri",
)


def table(thing: Thing, words: Mapping[str, str]) -> list[list[str]]:
    """The statements about `thing`, headed in the language of `words`."""
    rows = [[words[column] for column in _COLUMNS]]
    rows += [_row(one, words) for one in dict.fromkeys(thing.statements)]
    return rows


def filename(key: str) -> str:
    """The key of a thing, as far as every system of files takes it."""
    name = "".join(one for one in key if one.isascii() and (one.isalnum() or one in "-_."))
    return name[:100] or "thing"


def _row(one: Statement, words: Mapping[str, str]) -> list[str]:
    if isinstance(one.object, Value):
        value, iri, tag = one.object.value, "", one.object.language or ""
    else:
        value, iri, tag = one.object.label or one.object.iri, one.object.iri, one.object.language or ""
    mark = words[f"marks.{one.verification}"] if one.verification else ""
    source = (one.source.document or one.source.iri) if one.source else ""
    return [one.predicate.label or one.predicate.iri, value, iri, tag, mark, source, one.predicate.iri]
