"""Data extension: the values of chosen properties for things that were reconciled."""

from dataclasses import dataclass
from datetime import date

from catalogue.iri import CODES
from catalogue.reconciliation import facts
from catalogue.reconciliation.facts import Value
from catalogue.reconciliation.identity import identifier, known_id, space
from catalogue.reconciliation.property import Property
from catalogue.reconciliation.reading import MOST_VALUES, Extension
from catalogue.store.port import Store

Cell = dict[str, str | float | int]
"""One value as the standard writes it: `{"id", "name"}`, `{"str"}`, `{"float"}`, `{"int"}` or `{"date"}`."""


@dataclass(frozen=True, slots=True)
class Extended:
    """The properties that were fetched, and for each identifier as it was sent the cells of each property."""

    properties: list[Property]
    rows: dict[str, dict[str, list[Cell]]]


def fetch(store: Store, asked: Extension, *, base: str, today: date, language: str) -> Extended:
    """The values that `asked` asks for. An identifier that means nothing here has a row without values."""
    known = {text: known_id(base, text).node for text in asked.ids}
    things = {text: node.value for text, node in known.items() if node is not None}
    rows: dict[str, dict[str, list[Cell]]] = {text: {} for text in asked.ids}
    for one in asked.properties:
        spoken = None if one.language == "any" else one.language or language
        found = facts.values(store, one.property, things.values(), as_of=one.as_of or today, language=spoken)
        most = one.limit or MOST_VALUES
        cut = {text: found[things[text]][:most] if text in things else [] for text in asked.ids}
        named = facts.names(
            store, (value.iri for some in cut.values() for value in some if value.iri), spoken or language
        )
        for text, some in cut.items():
            rows[text][one.property.id] = [_cell(value, named, base, one.identifiers) for value in some]
    return Extended([one.property for one in asked.properties], rows)


def _cell(value: Value, named: dict[str, str], base: str, identifiers: bool) -> Cell:
    if value.iri is not None:
        if value.iri.startswith(space(base)):
            short = identifier(base, value.iri)
            return {"str": short} if identifiers else {"id": short, "name": named[value.iri]}
        if value.iri.startswith(CODES):
            return {"str": value.iri.rpartition("/")[2] if identifiers else named[value.iri]}
        return {"str": value.iri}
    if value.day is not None:
        return {"date": f"{value.day.isoformat()}T00:00:00Z"}
    if value.number is not None:
        return {"int": int(value.number)} if value.number.is_integer() else {"float": value.number}
    return {"str": value.text or ""}
