"""A thing in a few lines, for previews: what it is called, what it is, which code it bears, when it is valid."""

from dataclasses import dataclass
from datetime import date

from pyoxigraph import NamedNode

from catalogue.labels import kind_of
from catalogue.lineage import lives
from catalogue.query import Query
from catalogue.reconciliation import constraints, facts
from catalogue.reconciliation.properties import BY_ID
from catalogue.store.port import Store

LONGEST = 400
"""Characters of a definition that a preview shows."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a preview shows. `within`: what it belongs to, by name; `definition` is cut after 400 characters."""

    iri: str
    kind: str | None
    name: str
    codes: list[str]
    within: str | None
    definition: str | None
    valid_from: date | None
    valid_to: date | None


def of(store: Store, thing: NamedNode, *, today: date, language: str) -> Summary | None:
    """The summary of a thing; None where the catalogue says nothing of it."""
    if not store.ask(Query.named("resolve-exists").bind(thing=thing)):
        return None
    iri = thing.value
    said = facts.stated(store, [iri])
    whole = constraints.whole_of(said[iri])
    named = facts.names(store, [iri, *([whole] if whole else [])], language)
    texts = facts.values(store, BY_ID["definition"], [iri], as_of=today, language=language)[iri]
    text = next((one.text for one in texts if one.text and one.text != named[iri]), None)
    begin, end = lives(store, [iri])[iri]
    return Summary(
        iri,
        kind_of(iri),
        named[iri],
        facts.codes_of(store, [iri], said, today)[iri],
        named[whole] if whole else None,
        text if text is None or len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0] + "…",
        begin,
        end,
    )
