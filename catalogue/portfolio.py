"""What a unit owns, coordinates and reports on a date: its own assignments and those it inherited, with deadlines."""

from dataclasses import dataclass
from datetime import date
from itertools import product

from pyoxigraph import NamedNode

from catalogue.assigned import Assigned, assigned
from catalogue.clock import holds
from catalogue.codes import CodeReference, codes, role_rank
from catalogue.decisions import DecisionReference, of_bases
from catalogue.graphs import Mark, weakest
from catalogue.iri import VOCABULARY
from catalogue.labels import Reference, references
from catalogue.lineage import lives
from catalogue.lookup import rows_of
from catalogue.organisations import AgencyReference, ChangeEvent, agencies, events
from catalogue.proofs import GraphMark, weakest_stated
from catalogue.query import Query
from catalogue.rows import records
from catalogue.store.port import Store


@dataclass(frozen=True, slots=True)
class PortfolioItem:
    """One assignment that a unit holds (or may come to hold, among the undecided).

    `named`: the unit that the document names; `inherited`: it is another than `unit`. `due`: the day by which the object
    is due; `due_day` and `cutoff_day`: days of the month under the rules of a reporting regime. `provision`: the article
    of the decision that says it, None where the source names none.
    """

    unit: Reference
    role: CodeReference
    object: Reference
    due: date | None
    due_day: int | None
    cutoff_day: int | None
    named: Reference
    inherited: bool
    decision: DecisionReference | None
    provision: Reference | None
    responsibility: str
    verification: Mark


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Everything that a unit, and the units below it on that day where asked for, holds on `as_of`.

    `undecided`: what a split or an abolition left open and the unit is a candidate for. `history`: the reorganisations
    that the unit itself came from or went into.
    """

    agency: AgencyReference
    as_of: date
    subunits: list[Reference]
    items: list[PortfolioItem]
    undecided: list[PortfolioItem]
    history: list[ChangeEvent]


@dataclass(frozen=True, slots=True)
class _Held:
    unit: str
    named: str
    how: str


@dataclass(frozen=True, slots=True)
class _Item:
    named: str
    responsibility: str


@dataclass(frozen=True, slots=True)
class _Due:
    object: str
    due: date | None
    due_day: int | None
    cutoff_day: int | None


@dataclass(frozen=True, slots=True)
class _Row:
    named: str
    responsibility: str
    role: str
    object: str
    basis: str | None
    valid_from: date | None
    valid_to: date | None
    due: date | None
    due_day: int | None
    cutoff_day: int | None


def of(store: Store, agency: NamedNode, *, as_of: date, subunits: bool = False, language: str = "vi") -> Portfolio:
    """The portfolio of a body, a post or a group on `as_of`; with `subunits`, of all units below it too."""
    units = [agency]
    if subunits:
        found = store.select(Query.named("portfolio-units").bind(agency=agency)).rows
        below = {row[0].value for row in found if isinstance(row[0], NamedNode)} - {agency.value}
        life = lives(store, below)
        units += [NamedNode(iri) for iri in sorted(below) if holds(as_of, *life[iri])]
    held = _held(store, units, as_of)
    by_unit = rows_of(store, "portfolio-items", _Item, sorted({named for _, named, _ in held}))
    said = assigned(store, (item.responsibility for items in by_unit.values() for item in items))
    rows = _rows(store, by_unit, said, as_of)
    context = _Context.read(store, rows, said, units, as_of, language)
    items: list[PortfolioItem] = []
    undecided: list[PortfolioItem] = []
    for unit, named, is_holder in held:
        for row in rows.get(named, ()):
            item = context.item(unit, row)
            if item is not None:
                (items if is_holder else undecided).append(item)
    history = store.select(Query.named("agency-events").bind(agency=agency)).rows
    changes = events(store, [row[0].value for row in history if row[0] is not None], language=language)
    return Portfolio(
        agencies(store, [agency.value], as_of=as_of, language=language)[agency.value],
        as_of,
        [context.named[unit.value] for unit in units[1:]],
        sorted(items, key=_order),
        sorted(undecided, key=_order),
        sorted(changes.values(), key=lambda change: (change.date, change.iri)),
    )


def _order(item: PortfolioItem) -> tuple[str, int, str, str, str]:
    due = item.due.isoformat() if item.due else "9999"
    return item.unit.iri, role_rank(item.role.notation), item.role.notation, due, item.object.label or item.object.iri


def _held(store: Store, units: list[NamedNode], as_of: date) -> list[tuple[str, str, bool]]:
    """(unit, unit named in documents, holds it): without holding intervals (posts, groups) a unit holds its own."""
    query = Query.named("portfolio-held")
    rows = records(_Held, store.select(query.bind(units=units, asOf=as_of)), query.name)
    found = [(row.unit, row.named, row.how == VOCABULARY + "holder") for row in rows]
    agencies_found = {unit for unit, _, _ in found}
    return found + [
        (unit.value, unit.value, True)
        for unit in units
        if unit.value not in agencies_found and "/id/agency/" not in unit.value
    ]


def _rows(
    store: Store, by_unit: dict[str, list[_Item]], said: dict[str, Assigned], as_of: date
) -> dict[str, list[_Row]]:
    due = rows_of(store, "portfolio-due", _Due, (what for one in said.values() for what in one.objects))
    none = (None,)
    return {
        unit: [
            _Row(unit, item.responsibility, role, what, basis, began, ended, day.due, day.due_day, day.cutoff_day)
            for item in items
            if (one := said.get(item.responsibility)) is not None
            for role, what, basis in product(one.roles, one.objects, one.bases or none)
            for began, ended in product(dict.fromkeys(day for day, _ in one.begins) or none, one.ends or none)
            if holds(as_of, began, ended)
            for day in due[what]
        ]
        for unit, items in by_unit.items()
    }


@dataclass(frozen=True, slots=True)
class _Context:
    named: dict[str, Reference]
    roles: dict[str, CodeReference]
    decisions: dict[str, DecisionReference]
    marks: dict[str, GraphMark]

    @staticmethod
    def read(
        store: Store,
        by_unit: dict[str, list[_Row]],
        said: dict[str, Assigned],
        units: list[NamedNode],
        as_of: date,
        language: str,
    ) -> "_Context":
        rows = [row for group in by_unit.values() for row in group]
        mentioned = [iri for row in rows for iri in (row.object, row.named, row.basis) if iri]
        return _Context(
            references(store, [*(unit.value for unit in units), *mentioned], language),
            codes(store, (row.role for row in rows), language),
            of_bases(store, (row.basis for row in rows if row.basis), as_of=as_of, language=language),
            weakest_stated(store, {row.responsibility: said[row.responsibility].stated for row in rows}),
        )

    def item(self, unit: str, row: _Row) -> PortfolioItem | None:
        """One item; None where no graph with a mark states it, and where the decision had ended by then."""
        decision = self.decisions.get(row.basis) if row.basis else None
        if row.responsibility not in self.marks or (decision is not None and not decision.in_force):
            return None
        inherited = unit != row.named
        mark = self.marks[row.responsibility].mark
        return PortfolioItem(
            self.named[unit],
            self.roles[row.role],
            self.named[row.object],
            row.due,
            row.due_day,
            row.cutoff_day,
            self.named[row.named],
            inherited,
            decision,
            self.named[row.basis] if row.basis and decision and row.basis != decision.iri else None,
            row.responsibility,
            weakest(mark, "inferred") if inherited else mark,
        )
