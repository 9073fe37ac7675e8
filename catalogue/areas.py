"""Administrative units: which unit bears a code on a date, what it became, and out of what it came.

A code alone is ambiguous across 1 July 2025: 2,145 ward codes were given to units of another name. A unit is its code
and the day since when it bears it. A unit that was divided has several successors and is never collapsed into one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pyoxigraph import NamedNode

from catalogue.clock import holds
from catalogue.errors import Ambiguous, Invalid, NotFound
from catalogue.graphs import Mark, weakest
from catalogue.labels import Reference, references
from catalogue.proofs import GraphMark, SourceReference, graph_marks, sources, strongest
from catalogue.query import Query
from catalogue.rows import records
from catalogue.store.port import Store

Outcome = Literal["in-force", "whole", "split", "abolished", "unknown"]
"""in-force: it is still that unit · whole: one unit succeeded it, alone or joined with others · split: several did ·
abolished: it ended and nothing took over the whole · unknown: it ended, and what came after was not found."""


@dataclass(frozen=True, slots=True)
class Area:
    """One unit with one code in one time.

    `codes`: several where sources disagree. `kind`: notation of the list area-type (`phuong`, `tinh`, …). `within`: the
    unit above; two where it changed in the unit's time. `valid_from` is None where no source says when it began.
    `verification`: how sure we are that it bears its code.
    """

    iri: str
    codes: tuple[str, ...]
    name: str | None
    language: str | None
    kind: str | None
    within: tuple[Reference, ...]
    valid_from: date | None
    valid_to: date | None
    verification: Mark

    def alive(self, day: date) -> bool:
        """Whether it existed on `day`, as far as known; `valid_to` is the first day on which it did not."""
        return holds(day, self.valid_from, self.valid_to)


@dataclass(frozen=True, slots=True)
class Step:
    """One unit becoming another on one day: all of `before`, or a part of it, went into `after`.

    `after` is None for an abolition. `joined`: the other units that went into the same new one. `sources`: who says
    so, best proof first; `verification`: the mark of the best.
    """

    change: str
    kind: Reference | None
    date: date
    before: Reference
    after: Reference | None
    joined: tuple[Reference, ...]
    sources: tuple[SourceReference, ...]
    verification: Mark


@dataclass(frozen=True, slots=True)
class Became:
    """What `unit` had become by the day `on` (None: up to the last change known).

    `successors` and the `steps` that lead to them; for an abolished unit `through_parts` lists the units into which its
    parts went. `verification`: the weakest mark among the steps. `notes`: what the graph remarks, such as an edge that a source contradicts.
    """

    unit: Area
    on: date | None
    outcome: Outcome
    successors: list[Area]
    steps: list[Step]
    through_parts: list[Area]
    verification: Mark
    notes: list[str]


@dataclass(frozen=True, slots=True)
class Origin:
    """Out of which units `unit` came: the earliest known, and the steps from them to it."""

    unit: Area
    predecessors: list[Area]
    steps: list[Step]
    verification: Mark
    notes: list[str]


def find(store: Store, code: str, as_of: date | None = None, *, language: str = "vi") -> list[Area]:
    """The units that bear `code` on the day `as_of`, or ever did; oldest first, empty where there is none."""
    query = Query.named("area-bearing")
    found = _described(
        store, [str(row[0].value) for row in store.select(query.bind(code=code.strip())).rows if row[0]], language
    )
    return [area for area in found if as_of is None or area.alive(as_of)]


def unit(store: Store, area: NamedNode | str, *, as_of: date | None = None, language: str = "vi") -> Area:
    """The one unit meant by an IRI, or by a code on the day `as_of`.

    Raises `NotFound` when none fits, `Ambiguous` with the candidates when a code fits several.
    """
    if isinstance(area, NamedNode):
        found = _described(store, [area.value], language)
        name = area.value
    else:
        found, name = find(store, area, language=language), area
    if not found:
        raise NotFound(
            f"Không có đơn vị hành chính nào mang mã hoặc IRI “{name}”.",
            f"No administrative unit bears the code or IRI “{name}”.",
            details={"value": name},
        )
    fitting = [one for one in found if as_of is None or isinstance(area, NamedNode) or one.alive(as_of)]
    if not fitting:
        raise NotFound(
            f"Ngày {as_of} không có đơn vị hành chính nào mang mã {name}; mã này từng hoặc sẽ thuộc về đơn vị khác.",
            f"On {as_of} no administrative unit bears the code {name}; it belongs to another time.",
            details={"value": name, "candidates": _candidates(found, name)},
        )
    if len(fitting) > 1:
        raise _ambiguous(fitting, name)
    return fitting[0]


def became(
    store: Store,
    area: NamedNode | str,
    *,
    as_of: date | None = None,
    on: date | None = None,
    language: str = "vi",
) -> Became:
    """What a unit has become by the day `on`, the whole chain through every change until then.

    `area` is an IRI or a code; `as_of` is a day on which the unit bore that code. Without `as_of`, the day `on` helps:
    only a unit that existed before it can have become something by then. Raises `NotFound` and `Ambiguous` as `unit`,
    `Invalid` for a day `on` before the unit existed.
    """
    subject = _subject(store, area, as_of, on, language)
    if on is not None and subject.valid_from is not None and on < subject.valid_from:
        raise Invalid(
            f"{subject.name} có từ ngày {subject.valid_from:%d/%m/%Y}; ngày {on:%d/%m/%Y} đơn vị này chưa có, nên chưa thể trở thành gì.",
            f"{subject.name} exists since {subject.valid_from}; on {on} there was no such unit that could have become anything.",
            details={"iri": subject.iri, "validFrom": subject.valid_from.isoformat(), "on": on.isoformat()},
        )
    steps, ends = _walk(store, [subject.iri], forward=True, until=on, language=language)
    successors = _described(store, [iri for iri in ends if iri != subject.iri], language)
    if not steps:
        ended = subject.valid_to is not None and (on is None or subject.valid_to <= on)
        outcome: Outcome = "unknown" if ended else "in-force"
    elif not successors:
        outcome = "abolished"
    else:
        outcome = "whole" if len(successors) == 1 else "split"
    through = _through_parts(store, subject, on, language) if outcome == "abolished" else []
    mark = weakest(*(step.verification for step in steps)) if steps else subject.verification
    return Became(subject, on, outcome, successors, steps, through, mark, _notes(store, subject))


def came_from(store: Store, area: NamedNode | str, *, as_of: date | None = None, language: str = "vi") -> Origin:
    """Out of which units a unit came. Raises `NotFound` and `Ambiguous` as `unit`."""
    subject = unit(store, area, as_of=as_of, language=language)
    steps, ends = _walk(store, [subject.iri], forward=False, until=None, language=language)
    predecessors = _described(store, [iri for iri in ends if iri != subject.iri], language)
    mark = weakest(*(step.verification for step in steps)) if steps else subject.verification
    return Origin(subject, predecessors, steps, mark, _notes(store, subject))


def _subject(store: Store, area: NamedNode | str, as_of: date | None, on: date | None, language: str) -> Area:
    if isinstance(area, str) and as_of is None and on is not None:
        before = [one for one in find(store, area, language=language) if one.valid_from is None or one.valid_from < on]
        if len(before) == 1:
            return before[0]
        if len(before) > 1:
            raise _ambiguous(before, area)
    return unit(store, area, as_of=as_of, language=language)


@dataclass(frozen=True, slots=True)
class _StepRow:
    change: str
    date: date
    kind: str | None
    before: str
    after: str | None


def _walk(
    store: Store, start: Iterable[str], *, forward: bool, until: date | None, language: str
) -> tuple[list[Step], list[str]]:
    """The steps from `start` in one direction, and where they end. An abolition is a step that ends nowhere."""
    query = Query.named("area-successors" if forward else "area-predecessors")
    frontier, met, rows, ends = list(start), set(start), [], dict[str, None]()
    while frontier:
        solutions = store.select(query.bind(areas=[NamedNode(iri) for iri in frontier]))
        found = [row for row in records(_StepRow, solutions, query.name) if until is None or row.date <= until]
        rows += found
        left = {row.before if forward else row.after for row in found}
        ends |= dict.fromkeys(iri for iri in frontier if iri not in left)
        reached = dict.fromkeys(
            iri for row in found if (iri := row.after if forward else row.before) and iri not in met
        )
        met |= reached.keys()
        frontier = list(reached)
    return _steps(store, rows, language), list(ends)


@dataclass(frozen=True, slots=True)
class _JoinedRow:
    change: str
    before: str


def _steps(store: Store, rows: list[_StepRow], language: str) -> list[Step]:
    if not rows:
        return []
    query = Query.named("area-joined")
    changes = [NamedNode(iri) for iri in dict.fromkeys(row.change for row in rows)]
    joined: dict[str, list[str]] = {}
    for one in records(_JoinedRow, store.select(query.bind(changes=changes)), query.name):
        joined.setdefault(one.change, []).append(one.before)
    proofs = _proofs(store, {(row.change, end) for row in rows for end in (row.before, row.after) if end})
    documents = sources(store, [graph.source for graphs in proofs.values() for graph in graphs])
    named = {iri for row in rows for iri in (row.before, row.after, row.kind) if iri}
    names = references(store, named.union(*joined.values()), language)
    steps = []
    for row in rows:
        graphs = [proofs.get((row.change, end), []) for end in (row.before, row.after) if end]
        said_by = dict.fromkeys(graph.source for graph in graphs[0])
        steps.append(
            Step(
                row.change,
                names[row.kind] if row.kind else None,
                row.date,
                names[row.before],
                names[row.after] if row.after else None,
                tuple(names[iri] for iri in joined.get(row.change, []) if iri != row.before),
                tuple(documents[iri] for iri in said_by),
                weakest(*(found[0].mark if found else "unverified" for found in graphs)),
            )
        )
    return steps


@dataclass(frozen=True, slots=True)
class _ProofRow:
    change: str
    unit: str
    graph: str


def _proofs(store: Store, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[GraphMark]]:
    """The graphs that tie each pair, best proof first."""
    query = Query.named("area-proof")
    text = query.bind(pairs=[(NamedNode(change), NamedNode(unit)) for change, unit in sorted(pairs)])
    rows = records(_ProofRow, store.select(text), query.name)
    marks = graph_marks(store, [row.graph for row in rows])
    found: dict[tuple[str, str], list[GraphMark]] = {}
    for row in rows:
        if row.graph in marks:
            found.setdefault((row.change, row.unit), []).append(marks[row.graph])
    return {pair: strongest(graphs) for pair, graphs in found.items()}


@dataclass(frozen=True, slots=True)
class _AreaRow:
    area: str
    kind: str | None
    above: str | None
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class _CodeRow:
    area: str
    code: str
    graph: str


def _described(store: Store, iris: Iterable[str], language: str) -> list[Area]:
    """The units among `iris`, oldest first, then by IRI."""
    nodes = [NamedNode(iri) for iri in dict.fromkeys(iris)]
    if not nodes:
        return []
    query, codes_query = Query.named("area-describe"), Query.named("area-codes")
    rows: dict[str, list[_AreaRow]] = {}
    for row in records(_AreaRow, store.select(query.bind(areas=nodes)), query.name):
        rows.setdefault(row.area, []).append(row)
    code_rows = records(_CodeRow, store.select(codes_query.bind(areas=nodes)), codes_query.name)
    marks = graph_marks(store, [row.graph for row in code_rows])
    codes: dict[str, dict[str, list[GraphMark]]] = {}
    for one in code_rows:
        graphs = codes.setdefault(one.area, {}).setdefault(one.code, [])
        graphs += [marks[one.graph]] if one.graph in marks else []
    names = references(
        store, {iri for found in rows.values() for row in found for iri in (row.area, row.above) if iri}, language
    )
    areas = []
    for iri, found in rows.items():
        borne = codes.get(iri, {})
        areas.append(
            Area(
                iri,
                tuple(sorted(borne)),
                names[iri].label,
                names[iri].language,
                found[0].kind.rpartition("/")[2] if found[0].kind else None,
                tuple(names[above] for above in dict.fromkeys(row.above for row in found) if above),
                found[0].valid_from,
                found[0].valid_to,
                weakest(*(strongest(graphs)[0].mark for graphs in borne.values() if graphs)),
            )
        )
    return sorted(areas, key=lambda area: (area.valid_from or date.min, area.iri))


def _through_parts(store: Store, subject: Area, on: date | None, language: str) -> list[Area]:
    query = Query.named("area-parts")
    parts = [str(row[0].value) for row in store.select(query.bind(area=NamedNode(subject.iri))).rows if row[0]]
    _, ends = _walk(store, parts, forward=True, until=on, language=language)
    return _described(store, [iri for iri in ends if iri not in parts], language)


def _notes(store: Store, subject: Area) -> list[str]:
    query = Query.named("area-notes")
    return [row[0].value for row in store.select(query.bind(area=NamedNode(subject.iri))).rows if row[0]]


def _ambiguous(areas: list[Area], code: str) -> Ambiguous:
    def told(area: Area) -> str:
        begin = f"{area.valid_from:%d/%m/%Y}" if area.valid_from else "…"
        end = f"{area.valid_to:%d/%m/%Y}" if area.valid_to else "…"
        return f"{area.name} ({begin}–{end})"

    names = "; ".join(told(area) for area in areas)
    return Ambiguous(
        f"Mã {code} từng thuộc về nhiều đơn vị hành chính: {names}. Hãy nêu một ngày.",
        f"The code {code} has belonged to several administrative units: {names}. Name a day.",
        details={"value": code, "candidates": _candidates(areas, code)},
    )


def _candidates(areas: list[Area], code: str) -> list[dict[str, str | None]]:
    return [
        {
            "iri": area.iri,
            "kind": "area",
            "label": area.name,
            "by": "code",
            "value": code,
            "validFrom": area.valid_from.isoformat() if area.valid_from else None,
            "validTo": area.valid_to.isoformat() if area.valid_to else None,
        }
        for area in areas
    ]
