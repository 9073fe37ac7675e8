"""Facets: what results can be narrowed by, and how many there are of each value."""

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from catalogue.errors import Invalid
from catalogue.graphs import MARKS
from catalogue.iri import KINDS

if TYPE_CHECKING:
    import tantivy

VALUES = 10
"""Most values of one facet that are counted one by one, but for kinds, of which there are few."""

Validity = Literal["current", "ended", "upcoming"]
VALIDITIES: tuple[Validity, ...] = ("current", "ended", "upcoming")

_TERMS = ("kind", "level", "group", "lead", "verification", "publisher")
_ORDERS: dict[str, tuple[str, ...]] = {"kind": tuple(KINDS), "verification": MARKS}


@dataclass(frozen=True, slots=True)
class Filters:
    """What results are narrowed to; None is everything. All that is set must hold.

    `kind` as in addresses, `level`, `group` (a group or a set) and `lead` as IRIs, `publisher` by name, `verification`
    as a mark. `validity` on the day asked for: `current` is also what no end is known of.
    """

    kind: str | None = None
    level: str | None = None
    group: str | None = None
    lead: str | None = None
    validity: Validity | None = None
    verification: str | None = None
    publisher: str | None = None

    def check(self) -> None:
        """Raise `Invalid` for a kind, a validity or a mark that does not exist."""
        for name, permitted in (("kind", tuple(KINDS)), ("validity", VALIDITIES), ("verification", MARKS)):
            value = getattr(self, name)
            if value is not None and value not in permitted:
                raise Invalid(
                    f"{name} không thể là “{value[:40]}”. Có thể dùng: {', '.join(permitted)}.",
                    f"{name} cannot be “{value[:40]}”. It can be: {', '.join(permitted)}.",
                    details={name: list(permitted)},
                )

    @property
    def chosen(self) -> dict[str, str]:
        """The filters that are set, by name."""
        return {name: value for name in NAMES if (value := getattr(self, name)) is not None}

    def without(self, name: str) -> "Filters":
        """All but the filter `name`."""
        return replace(self, **{name: None})


EVERYTHING = Filters()
"""No filter at all."""

NAMES = tuple(field.name for field in fields(Filters))
"""The facets, in the order in which they are shown."""

Counts = dict[str, dict[str, int]]


def narrowed(schema: "tantivy.Schema", query: "tantivy.Query", filters: Filters, as_of: date) -> "tantivy.Query":
    """`query`, among the things that `filters` leave; scores stay as they were."""
    from tantivy import Occur, Query

    parts: list[tuple[Occur, Query]] = []
    for name, value in filters.chosen.items():
        if name == "validity":
            parts += _validity(schema, filters.validity, as_of)
        else:
            parts.append((Occur.Must, Query.const_score_query(Query.term_query(schema, name, value), 0.0)))
    return Query.boolean_query([(Occur.Must, query), *parts]) if parts else query


def of_kinds(schema: "tantivy.Schema", query: "tantivy.Query", kinds: Collection[str]) -> "tantivy.Query":
    """`query`, among the things of `kinds`."""
    from tantivy import Occur, Query

    any_of = Query.boolean_query([(Occur.Should, Query.term_query(schema, "kind", kind)) for kind in kinds])
    return Query.boolean_query([(Occur.Must, query), (Occur.Must, Query.const_score_query(any_of, 0.0))])


def other_kinds(schema: "tantivy.Schema", query: "tantivy.Query", kinds: Collection[str]) -> "tantivy.Query":
    """`query`, without the things of `kinds`."""
    from tantivy import Occur, Query

    left_out = [(Occur.MustNot, Query.term_query(schema, "kind", kind)) for kind in kinds]
    return Query.boolean_query([(Occur.Must, query), *left_out])


def counted(
    searcher: "tantivy.Searcher", query: "tantivy.Query", as_of: date, names: Collection[str] = NAMES
) -> tuple[int, Counts]:
    """How many results there are, and how many for each value of the facets `names`, most first."""
    day = _number(as_of)
    asked: dict[str, Any] = {
        name: {"terms": {"field": name, "size": len(KINDS) + 1 if name == "kind" else VALUES}}
        for name in _TERMS
        if name in names or name == "kind"
    }
    if "validity" in names:
        asked["ended"] = {"range": {"field": "end", "ranges": [{"to": day + 1}]}}
        asked["upcoming"] = {"range": {"field": "begin", "ranges": [{"from": day + 1}]}}
    answer = searcher.aggregate(query, asked)
    total = sum(int(bucket["doc_count"]) for bucket in answer["kind"]["buckets"])
    found: Counts = {}
    for name in names:
        if name == "validity":
            ended, upcoming = _in_range(answer["ended"], "to"), _in_range(answer["upcoming"], "from")
            counts = {"current": total - ended - upcoming, "ended": ended, "upcoming": upcoming}
        else:
            counts = {str(one["key"]): int(one["doc_count"]) for one in answer[name]["buckets"]}
        order = _ORDERS.get(name)
        if order:
            counts = {value: counts[value] for value in order if value in counts}
        found[name] = {value: count for value, count in counts.items() if count > 0}
    return total, found


def _in_range(answer: Any, bound: str) -> int:
    # The engine adds the range that was not asked for, so that together they hold every value.
    other = "from" if bound == "to" else "to"
    return sum(int(one["doc_count"]) for one in answer["buckets"] if bound in one and other not in one)


def _validity(
    schema: "tantivy.Schema", validity: Validity | None, as_of: date
) -> "list[tuple[tantivy.Occur, tantivy.Query]]":
    from tantivy import FieldType, Occur, Query

    day = _number(as_of)
    ended = Query.range_query(schema, "end", FieldType.Integer, upper_bound=day)
    upcoming = Query.range_query(schema, "begin", FieldType.Integer, lower_bound=day, include_lower=False)
    if validity == "current":
        return [(Occur.MustNot, ended), (Occur.MustNot, upcoming)]
    return [(Occur.Must, Query.const_score_query(ended if validity == "ended" else upcoming, 0.0))]


def _number(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day
