"""What a decision or a provision mandates: what rests on it, what changed it, and who was given work by it."""

from dataclasses import dataclass
from datetime import date
from itertools import product

from pyoxigraph import NamedNode

from catalogue.decisions import DecisionReference, of_bases
from catalogue.graphs import MARKS, Mark
from catalogue.iri import node
from catalogue.labels import Reference, kind_of, references
from catalogue.proofs import graph_marks
from catalogue.query import Query
from catalogue.responsibility import Assignment, assignments
from catalogue.rows import records
from catalogue.store.port import Store

_RELATIONS = tuple(
    map(node, ("chiso:basis", "eli:amends", "eli:repeals", "eli:based_on", "eli:implements", "eli:cites"))
)
MOST_PARTS = 400
"""Provisions of a decision that are looked at; the longest law has some three hundred articles."""


MOST_READ = 6_000
"""References to a decision that are read, assignments among them."""


@dataclass(frozen=True, slots=True)
class Touch:
    """Something that refers to a decision: by which `relation` (`basis`, `amends`, `repeals`, `based_on`, `implements`,
    `cites`), and to which `part` of it, None where to the whole."""

    relation: str
    subject: Reference
    part: Reference | None
    verification: Mark


@dataclass(frozen=True, slots=True)
class Mandate:
    """A decision from the side of what follows from it.

    `decision`: the decision itself, or the one that the provision is part of. `given` stands on the day, `ended` has ended
    by then; `assigned` counts all assignments there are. `truncated`: a limit was reached and there is more.
    """

    decision: DecisionReference | None
    touching: list[Touch]
    given: list[Assignment]
    ended: list[Assignment]
    assigned: int
    truncated: bool


@dataclass(frozen=True, slots=True)
class _Row:
    property: str
    subject: str
    part: str
    graph: str


def of(store: Store, thing: NamedNode, *, as_of: date, most: int = 500, language: str = "vi") -> Mandate:
    """What the decision or provision `thing` mandates on `as_of`. `most`: things that refer to it, and assignments, told."""
    query = Query.named("mandate-touching")
    inside = store.select(Query.named("mandate-parts").bind(thing=thing, limit=MOST_PARTS)).rows
    parts = [row[0] for row in inside if isinstance(row[0], NamedNode)]
    read = records(_Row, store.select(query.bind(pairs=list(product(_RELATIONS, parts)), limit=MOST_READ)), query.name)
    rows = [row for row in read if kind_of(row.subject) != "responsibility"]
    found = store.select(Query.named("responsibility-of-decision").bind(thing=thing)).rows
    assigned = sorted({row[0].value for row in found if isinstance(row[0], NamedNode)})
    made = assignments(store, dict.fromkeys(assigned[:most], (0, thing.value)), as_of=as_of, language=language)
    begun = [one for one in made if one.valid_from is None or one.valid_from <= as_of]
    return Mandate(
        of_bases(store, [thing.value], as_of=as_of, language=language).get(thing.value),
        _touches(store, thing.value, rows[:most], language),
        [one for one in begun if one.valid_to is None or one.valid_to > as_of],
        [one for one in begun if one.valid_to is not None and one.valid_to <= as_of],
        len(assigned),
        len(read) == MOST_READ or len(rows) > most or len(assigned) > most,
    )


def _touches(store: Store, thing: str, rows: list[_Row], language: str) -> list[Touch]:
    marks = graph_marks(store, {row.graph for row in rows})
    named = references(store, {iri for row in rows for iri in (row.subject, row.part)}, language)
    found: dict[tuple[str, str, str], Touch] = {}
    for row in rows:
        mark = marks.get(row.graph)
        key = (row.property, row.subject, row.part)
        if mark is None or (key in found and MARKS.index(found[key].verification) <= MARKS.index(mark.mark)):
            continue
        relation = row.property.replace("#", "/").rpartition("/")[2]
        found[key] = Touch(relation, named[row.subject], named[row.part] if row.part != thing else None, mark.mark)
    return sorted(found.values(), key=lambda one: (one.relation, one.subject.label or one.subject.iri, one.subject.iri))
