"""What is in the graph and how sure we are: `docs/data.md`, written from the graph itself.

The same graph always gives the same bytes; the day of writing does not enter. `python -m cli.inventory` writes the
file anew, and a test compares the committed file with what the shipped graph says.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pyoxigraph import Literal, NamedNode

from catalogue.graphs import MARKS, Mark, mark_of
from catalogue.iri import KINDS, short
from catalogue.labels import Reference, references
from catalogue.observations import Figure, conflicts
from catalogue.query import Query
from catalogue.rows import records
from catalogue.settings import DEFAULT_BASE
from catalogue.store.port import Store

_MARKS = ("xác nhận / confirmed", "suy ra / inferred", "chưa kiểm chứng / unverified")

_HEAD = """\
# Trong đồ thị có gì và chắc chắn đến đâu / What is in the graph and how sure we are

Trang này do `python -m cli.inventory` viết ra từ chính đồ thị trong `graph/`; đừng sửa tay.
This page is written by `python -m cli.inventory` from the graph in `graph/`; do not edit it by hand.

Mỗi câu nằm trong một đồ thị có tên, ứng với một nguồn và một dấu:
Each statement stands in a named graph of one source and one mark:

- **xác nhận** / **confirmed**: nguồn có ghi lại nói đúng như thế / a recorded source says so;
- **suy ra** / **inferred**: suy ra từ điều đã xác nhận, theo quy tắc nêu rõ / follows from what is confirmed, by a rule that is told;
- **chưa kiểm chứng** / **unverified**: đã thấy mà không ghi lại được địa chỉ, hoặc chỉ nhớ lại / seen without a recorded address, or only remembered.

Điều đã tìm mà không thấy thì được nói ra, không bị lấp bằng điều bịa đặt.
What was looked for in vain is said, and not filled with inventions.
"""


@dataclass(frozen=True, slots=True)
class _Things:
    kind: str
    rank: int
    things: int


@dataclass(frozen=True, slots=True)
class _Statements:
    source: str
    mark: str
    statements: int


@dataclass(frozen=True, slots=True)
class _Source:
    source: str
    title: Literal | None
    page: str | None
    identifier: str | None
    licence: str | None
    retrieved: date | None


@dataclass(frozen=True, slots=True)
class _Missing:
    property: str
    kind: str
    things: int


@dataclass(frozen=True, slots=True)
class _Repeated:
    thing: str
    sources: int


@dataclass(frozen=True, slots=True)
class _Differing:
    thing: str
    property: str
    first_value: str
    first_source: str
    second_value: str
    second_source: str


@dataclass(frozen=True, slots=True)
class _Areas:
    type: str | None
    valid_from: date | None
    valid_to: date | None
    areas: int


@dataclass(frozen=True, slots=True)
class _AreaChanges:
    type: str | None
    day: date | None
    changes: int


def markdown(store: Store, base: str = DEFAULT_BASE) -> str:
    """The whole page, as Markdown, Vietnamese first."""
    things = base + "id/"
    sections = (
        _kinds(store, things),
        _sources(store),
        _not_found(store, things),
        _several_sources(store, things),
        _contradictions(store, things),
        _areas(store),
    )
    return "\n".join([_HEAD, *("\n".join(section) + "\n" for section in sections)])


def _kinds(store: Store, things: str) -> list[str]:
    query = Query.named("inventory-things")
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in records(_Things, store.select(query.bind(things=things)), query.name):
        counts[row.kind][row.rank] = row.things
    order = [kind for kind in KINDS if kind in counts] + sorted(counts.keys() - KINDS.keys())
    names = _kind_names(store, order)
    rows = [(names[kind], f"`{kind}`", sum(counts[kind]), *counts[kind]) for kind in order]
    totals = [sum(row[column] for row in counts.values()) for column in range(3)]
    return [
        "## Có bao nhiêu, theo loại và dấu / How much, by kind and mark",
        "",
        "Mỗi vật tính một lần, theo dấu tốt nhất của câu nói nó là gì; từng điều nói về nó có thể mang dấu yếu hơn.",
        "Each thing counts once, under the best mark that says what it is; single statements about it may bear a weaker one.",
        "",
        *_table(
            ("loại / kind", "", "tổng / total", *_MARKS),
            [*rows, ("**tổng / total**", "", sum(totals), *totals)],
        ),
    ]


def _sources(store: Store) -> list[str]:
    query = Query.named("inventory-statements")
    counts: dict[str, dict[Mark, int]] = defaultdict(dict)
    for row in records(_Statements, store.select(query.bind()), query.name):
        counts[row.source][mark_of(row.mark)] = row.statements
    described = _described(store)
    lines = []
    for iri in sorted(counts):
        source = described.get(iri)
        numbers = [counts[iri].get(mark, 0) for mark in MARKS]
        retrieved = source.retrieved.isoformat() if source and source.retrieved else "–"
        lines.append((_source_name(iri, source), _licence(source), retrieved, sum(numbers), *numbers))
    totals = [sum(by_mark.get(mark, 0) for by_mark in counts.values()) for mark in MARKS]
    return [
        "## Từ đâu / From where",
        "",
        f"{len(counts)} nguồn có câu trong đồ thị; {len(described.keys() - counts.keys())} nguồn khác được dẫn thêm.",
        f"{len(counts)} sources make statements; {len(described.keys() - counts.keys())} more are referred to.",
        "“–”: không được ghi lại / not recorded.",
        "",
        *_table(
            ("nguồn / source", "giấy phép / licence", "ngày lấy / retrieved", "số câu / statements", *_MARKS),
            [*lines, ("**tổng / total**", "", "", sum(totals), *totals)],
        ),
    ]


def _not_found(store: Store, things: str) -> list[str]:
    query = Query.named("inventory-not-found-totals")
    totals = records(_Missing, store.select(query.bind(things=things)), query.name)
    properties = _property_names(store, (row.property for row in totals))
    kinds = _kind_names(store, (row.kind for row in totals))
    by_property: dict[str, list[str]] = defaultdict(list)
    for row in totals:
        by_property[row.property].append(f"{kinds[row.kind]}: {row.things}")
    missing: dict[str, list[str]] = defaultdict(list)
    rows = store.select(Query.named("inventory-not-found").bind(things=things)).rows
    pairs = [(p.value, t.value) for p, t in rows if isinstance(p, NamedNode) and isinstance(t, NamedNode)]
    labels = references(store, (thing for _, thing in pairs))
    for property_, thing in dict.fromkeys(pairs):
        missing[property_].append(_name(labels[thing]))
    lines = [
        "## Đã tìm mà không thấy / Looked for in vain",
        "",
        *_table(
            ("điều không thấy / what is missing", "ở / of"),
            [(properties[one], "; ".join(by_property[one])) for one in by_property],
        ),
        "",
        "Từng vật một, trừ đơn vị hành chính và nguồn / One by one, without administrative units and sources:",
    ]
    for property_ in missing:
        lines += ["", f"- {properties[property_]}: {'; '.join(sorted(set(missing[property_])))}."]
    return lines


def _several_sources(store: Store, things: str) -> list[str]:
    query = Query.named("inventory-repeated")
    found = records(_Repeated, store.select(query.bind(things=things)), query.name)
    labels = references(store, (row.thing for row in found))
    by_count: dict[int, list[str]] = defaultdict(list)
    for row in found:
        by_count[row.sources].append(_name(labels[row.thing]))
    lines = [
        "## Có nhiều nguồn cùng nói / Told by several sources",
        "",
        f"{len(found)} vật, không kể đơn vị hành chính / things, administrative units aside.",
    ]
    for count in sorted(by_count, reverse=True):
        lines += ["", f"- {count} nguồn / sources: {'; '.join(sorted(by_count[count]))}."]
    return lines


def _contradictions(store: Store, things: str) -> list[str]:
    figures = conflicts(store, limit=1000)
    query = Query.named("inventory-differing")
    differing = records(_Differing, store.select(query.bind(things=things)), query.name)
    labels = references(store, (row.thing for row in differing))
    properties = _property_names(store, (row.property for row in differing))
    described = _described(store)
    return [
        "## Mâu thuẫn / Contradictions",
        "",
        "Hai nguồn nói khác nhau thì cả hai cùng ở lại, mỗi bên một bộ số liệu.",
        "Where two sources disagree, both stay, each in its own data set.",
        "",
        *_table(
            ("chỉ số / indicator", "nơi, kỳ / area, period", "một bên / one", "bên kia / the other"),
            [
                (
                    _name(conflict.indicator),
                    f"{_name(conflict.first.area)}, {conflict.first.period}",
                    _figure(conflict.first),
                    _figure(conflict.second),
                )
                for conflict in figures
            ],
        ),
        "",
        *_table(
            ("vật / thing", "điều / property", "một bên / one", "bên kia / the other"),
            [
                (
                    _name(labels[row.thing]),
                    properties[row.property],
                    f"{row.first_value} ({_source_name(row.first_source, described.get(row.first_source))})",
                    f"{row.second_value} ({_source_name(row.second_source, described.get(row.second_source))})",
                )
                for row in differing
            ],
        ),
    ]


def _areas(store: Store) -> list[str]:
    query = Query.named("inventory-areas")
    areas = records(_Areas, store.select(query.bind()), query.name)
    query = Query.named("inventory-area-changes")
    changes = records(_AreaChanges, store.select(query.bind()), query.name)
    codes = [one for one in (*(a.type for a in areas), *(c.type for c in changes)) if one]
    vi, en = references(store, codes, "vi"), references(store, codes, "en")

    def type_name(iri: str | None) -> str:
        return f"{_name(vi[iri])} / {_name(en[iri])}" if iri else "–"

    return [
        "## Đơn vị hành chính / Administrative units",
        "",
        "Một đơn vị là mã cùng với ngày bắt đầu, vì mã được dùng lại; ngày cuối không tính vào.",
        "A unit is a code with its first day, since codes were used again; the last day is excluded.",
        "",
        *_table(
            ("loại / type", "từ / from", "đến trước / until before", "số / count"),
            [(type_name(a.type), _day(a.valid_from), _day(a.valid_to), a.areas) for a in areas],
        ),
        "",
        *_table(
            ("thay đổi / change", "ngày / day", "số / count"),
            [(type_name(c.type), _day(c.day), c.changes) for c in changes],
        ),
    ]


def _described(store: Store) -> dict[str, _Source]:
    """The sources by IRI; where one is described in two languages, in Vietnamese."""
    query = Query.named("inventory-sources")
    found: dict[str, _Source] = {}
    for row in records(_Source, store.select(query.bind()), query.name):
        if row.source not in found or (row.title and row.title.language == "vi"):
            found[row.source] = row
    return found


def _source_name(iri: str, source: _Source | None) -> str:
    title = source.title.value if source and source.title else iri.rpartition("/")[2]
    if source and source.page:
        return f"[{title}](<{source.page}>)"
    return f"{title} ({source.identifier})" if source and source.identifier else title


def _licence(source: _Source | None) -> str:
    if source is None or source.licence is None:
        return "–"
    return f"<{source.licence}>" if source.licence.startswith("http") else source.licence


def _figure(figure: Figure) -> str:
    value = "–" if figure.value is None else f"{figure.value:f}"
    unit = f" {figure.unit.label}" if figure.unit and figure.unit.label else ""
    where = figure.source.document or _name(figure.dataset)
    mark = _MARKS[MARKS.index(figure.verification)]
    return f"{value}{unit} ({where}; {mark})"


def _kind_names(store: Store, kinds: Iterable[str]) -> dict[str, str]:
    wanted = list(dict.fromkeys(kinds))
    classes = [KINDS[kind] for kind in wanted if kind in KINDS]
    vi, en = references(store, classes, "vi"), references(store, classes, "en")
    return {
        kind: f"{_name(vi[KINDS[kind]])} / {_name(en[KINDS[kind]])}" if kind in KINDS else f"`{kind}`"
        for kind in wanted
    }


def _property_names(store: Store, properties: Iterable[str]) -> dict[str, str]:
    wanted = list(dict.fromkeys(properties))
    vi, en = references(store, wanted, "vi"), references(store, wanted, "en")
    return {
        iri: f"{vi[iri].label} / {en[iri].label} (`{short(iri)}`)" if vi[iri].label else f"`{short(iri)}`"
        for iri in wanted
    }


def _name(thing: Reference) -> str:
    return thing.label or f"`{thing.iri.rpartition('/id/')[2] or thing.iri}`"


def _day(day: date | None) -> str:
    return day.isoformat() if day else "–"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """A Markdown table; numbers stand right, and a bar inside a cell is escaped.

    >>> _table(("a", "b"), [("x|y", 2)])
    ['| a | b |', '| --- | ---: |', '| x\\\\|y | 2 |']
    """
    listed = [list(row) for row in rows]
    if not listed:
        return ["(không có / none)"]
    rule = ["---:" if isinstance(cell, int) else "---" for cell in listed[0]]
    lines = [list(head), rule, *([str(cell).replace("|", "\\|") for cell in row] for row in listed)]
    return [f"| {' | '.join(cells)} |" for cells in lines]
