"""Mappings going out: one set as it is, or those of several sets that were asked for, as one set that says where each is from."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from urllib.parse import unquote

from pyoxigraph import NamedNode

from catalogue.errors import Invalid, LimitReached, NotFound
from catalogue.iri import thing
from catalogue.mapping import codebook
from catalogue.mapping.exchange import sssom_graph, sssom_terms
from catalogue.mapping.exchange.sssom import MAPPING_SLOTS, SINCE_1_1, Extension, MappingSet, Record
from catalogue.mapping.exchange.sssom_text import Unreadable, day
from catalogue.mapping.records import NO_TERM, STATUSES
from catalogue.query import Query
from catalogue.rows import records
from catalogue.store.port import Store

MOST = 100_000
"""Mappings of one export."""

UNSPECIFIED = "https://w3id.org/sssom/license/unspecified"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which mappings: of one `set` (key or IRI), with a code of `scheme` at either end, with an object in the scheme `to`
    (key, name or IRI), with one of `statuses`, whose time holds the day `as_of`. Empty: all of them."""

    set: str | None = None
    scheme: str | None = None
    to: str | None = None
    statuses: tuple[str, ...] = ()
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class SetRow:
    """A mapping set (its IRI), the graph that holds it, and the number of its mappings."""

    set: str
    graph: str
    mappings: int


def sets(store: Store) -> list[SetRow]:
    """Every mapping set of the catalogue."""
    query = Query.named("exporting-sets")
    return records(SetRow, store.select(query.bind()), query.name)


def export(store: Store, base: str, wanted: Wanted) -> MappingSet:
    """The mappings that are wanted. Raises `NotFound` for a set or scheme that there is not, `Invalid` for a status that is
    none, `LimitReached` for more than `MOST`."""
    for status in wanted.statuses:
        if status not in STATUSES:
            raise Invalid(
                f"“{status[:80]}” không phải trạng thái. Các trạng thái: {', '.join(STATUSES)}.",
                f"“{status[:80]}” is no status. They are: {', '.join(STATUSES)}.",
                details={"parameter": "status", "allowed": list(STATUSES)},
            )
    scheme = wanted.scheme and codebook.scheme(store, wanted.scheme)
    to = wanted.to and codebook.scheme(store, wanted.to)
    rows = sets(store)
    if wanted.set is not None:
        node = wanted.set if ":" in wanted.set else thing(base, "mapping-set", wanted.set).value
        rows = [row for row in rows if row.set == node] or _no_set(wanted.set, rows)
    if (many := sum(row.mappings for row in rows)) > MOST:
        raise LimitReached(
            f"Có {many} ánh xạ; một lần xuất nhiều nhất {MOST}. Hãy chọn một bộ (set).",
            f"There are {many} mappings; one export has at most {MOST}. Choose a set (set).",
            details={"limit": MOST, "value": many},
        )
    found: list[tuple[SetRow, MappingSet]] = []
    for graph, within in groupby(sorted(rows, key=lambda row: row.graph), lambda row: row.graph):
        said = sssom_terms.said_of(store.graph(NamedNode(graph)))
        found += [(row, sssom_graph.read_from(said, NamedNode(row.set))) for row in within]
    found.sort(key=lambda one: (one[0].set, one[0].graph))
    keep = _filter(store, wanted, scheme, to, [record for _, one in found for record in one.mappings])
    for _, one in found:
        one.mappings = [record for record in one.mappings if keep(record)]
    # What is decided in an export of several sets would come back as a set of its own.
    found = [(row, one) for row, one in found if one.mappings] or found
    return found[0][1].settle() if len(found) == 1 else _together(found, base)


def _no_set(wanted: str, rows: list[SetRow]) -> list[SetRow]:
    known = sorted(unquote(row.set.rpartition("/")[2]) for row in rows)
    raise NotFound(
        f"Danh mục không có bộ ánh xạ “{wanted[:120]}”. Các bộ: {', '.join(known[:20]) or '(chưa có)'}.",
        f"The catalogue has no mapping set “{wanted[:120]}”. Sets: {', '.join(known[:20]) or '(none yet)'}.",
        details={"set": wanted[:120], "sets": known[:1_000]},
    )


def _filter(
    store: Store, wanted: Wanted, scheme: str | None, to: str | None, every: list[Record]
) -> Callable[[Record], bool]:
    """Whether a mapping is wanted; `scheme` and `to` are IRIs, `every` the mappings that are asked about."""
    ends = {str(record.slots.get(name)) for record in every for name in ("subject_id", "object_id")}
    things = {end for end in ends if ":" in end} - {NO_TERM}
    of_scheme = None if scheme is None else codebook.members(store, scheme, things)
    of_target = None if to is None else codebook.members(store, to, things)

    def keep(record: Record) -> bool:
        slots = record.slots
        both = {str(slots.get("subject_id")), str(slots.get("object_id"))}
        return (
            (of_scheme is None or bool(both & of_scheme))
            and (of_target is None or str(slots.get("object_id")) in of_target)
            and (not wanted.statuses or slots.get("mapping_status") in wanted.statuses)
            and (wanted.as_of is None or _holds(record, wanted.as_of))
        )

    return keep


def _holds(record: Record, on: date) -> bool:
    def bound(name: str) -> date | None:
        said = record.slots.get(name)
        try:
            return day(said) if isinstance(said, str) else None
        except Unreadable:
            return None

    since, until = bound("valid_from"), bound("valid_to")
    return (since is None or since <= on) and (until is None or on < until)


def _together(found: list[tuple[SetRow, MappingSet]], base: str) -> MappingSet:
    """Several sets as one: each mapping names its set and, where they differ, its licence.

    What two sets call alike stays apart: an extension slot of another property gets another name, and a `record_id` that
    names two mappings names neither.
    """
    whole = MappingSet({"mapping_set_id": f"{base}mappings", "mapping_set_title": "Chỉ Số"})
    licences = {one.slots.get("license") for _, one in found if one.mappings}
    whole.slots["license"] = licences.pop() or UNSPECIFIED if len(licences) == 1 else UNSPECIFIED
    for row, one in found:
        whole.prefixes |= {name: start for name, start in one.prefixes.items() if name not in whole.prefixes}
        used = {name for record in one.mappings for name in record.slots} - MAPPING_SLOTS.keys()
        names = {name: _name_for(whole, one.extensions.get(name, Extension(name))) for name in sorted(used)}
        for record in one.mappings:
            record.slots = {names.get(name, name): value for name, value in record.slots.items()}
            record.slots.setdefault("mapping_source", row.set)
            licence = one.slots.get("license")
            if licence is not None and licence != whole.slots["license"]:
                record.slots.setdefault("license", licence)
            whole.mappings.append(record)
    uses = Counter(record.slots.get("record_id") for record in whole.mappings)
    for record in whole.mappings:
        if uses[record.slots.get("record_id")] > 1:
            record.slots.pop("record_id", None)
    if any(SINCE_1_1 & record.slots.keys() for record in whole.mappings):
        whole.slots["sssom_version"] = "1.1"
    return whole.settle()


def _name_for(whole: MappingSet, extension: Extension) -> str:
    """The name of an extension slot among those of other sets, whose definition joins theirs."""
    known = whole.extensions
    for name, one in known.items():
        if one.property is not None and one.property == extension.property:
            if one.type_hint != extension.type_hint:  # what two sets take for different types is text to both
                known[name] = replace(one, type_hint=None)
            return name
    name, number = extension.name, 2
    while name in known and replace(known[name], name=extension.name) != extension:
        name, number = f"{extension.name}_{number}", number + 1
    whole.extensions[name] = replace(extension, name=name)
    return name
