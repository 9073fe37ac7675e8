"""Decisions that come in: what a mapping set would change in the catalogue, and which of its rows cannot be taken and why.

A plan is made from what is there and what was sent, and writes nothing. A mapping is named by what it says (`sssom_graph.key`),
so that a later decision about it changes the same node; the earlier decision stays as a `chiso:MappingReview`. The shapes
judge the result like any other write.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal as Choice

from pyoxigraph import Literal, NamedNode, Triple

from catalogue import rdf
from catalogue.errors import Conflict, Invalid
from catalogue.folding import slug
from catalogue.graphs import MARK_PREFIX, MARKS, Mark, source_graph
from catalogue.iri import VOCABULARY, kind_and_key, node, thing
from catalogue.mapping.exchange import contradictions, decided, incoming, sssom_graph
from catalogue.mapping.exchange.ends import Ends
from catalogue.mapping.exchange.incoming import Incoming
from catalogue.mapping.exchange.sssom import OURS, SINCE_1_1, MappingSet, Problem, Record, Value
from catalogue.mapping.exchange.sssom_graph import TYPE
from catalogue.query import Query
from catalogue.store.port import Store

Mode = Choice["merge", "replace"]
MODES: tuple[Mode, ...] = ("merge", "replace")

_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_REVIEW = NamedNode(VOCABULARY + "MappingReview")
_REVIEW_OF = NamedNode(VOCABULARY + "reviewOf")
_RETRIEVED = NamedNode(VOCABULARY + "retrieved")
_DECIDED = ("mapping_status", "reviewer_id", "reviewer_label", "review_date", "comment")


@dataclass(frozen=True, slots=True)
class Options:
    """How a set is taken in. `base`: of the catalogue. `set`: key or IRI of the set here (None: made of its id). `mark`:
    how sure the source is. `mode`: `merge` updates mappings by what they say and leaves the others; `replace` takes the
    others away. `partial`: the good rows go in though others are refused. `today`: the day in Vietnam."""

    base: str
    today: date
    set: str | None = None
    mark: Mark = "confirmed"
    mode: Mode = "merge"
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """Where a set lives: its key, its node, its graph."""

    key: str
    node: NamedNode
    graph: NamedNode


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be written: the whole new content of the set's graph, None where nothing may be or nothing changes.

    `rows` came in; each mapping of them is `added`, `updated`, `unchanged`, or `decided` (a candidate whose mapping somebody
    has decided since: the decision stays). `removed` were there and did not come in a replacing set. `refused`: problems,
    by rows."""

    target: Target
    triples: frozenset[Triple] | None
    rows: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    decided: int = 0
    removed: int = 0
    refused: list[Problem] = field(default_factory=list)


def target(mapping_set: MappingSet, options: Options) -> Target:
    """Where the set goes. Raises `Invalid` for a key or a mark that cannot be one, and for a set without a name."""
    if options.mark not in MARKS or options.mode not in MODES:
        raise Invalid(
            f"mark là một trong {', '.join(MARKS)}; mode là merge hoặc replace.",
            f"mark is one of {', '.join(MARKS)}; mode is merge or replace.",
        )
    said = options.set or mapping_set.slots.get("mapping_set_id")
    if not isinstance(said, str):
        raise Invalid(
            "Bộ ánh xạ không có tên: thiếu mapping_set_id ở đầu tệp. Hãy thêm dòng “#mapping_set_id: https://…”, hoặc nêu bộ bằng set (--set).",
            "The mapping set has no name: mapping_set_id is missing at the head of the file. Add the line “#mapping_set_id: https://…”, or name the set by set (--set).",
            details={"slot": "mapping_set_id"},
        )
    ours = kind_and_key(options.base, said)
    key = ours[1] if ours is not None and ours[0] == "mapping-set" else said
    if ":" in key and options.set is None:
        key = slug(
            re.sub(r"(?:\.sssom)?\.(?:tsv|csv|ttl|jsonld)$", "", key.rstrip("/#").replace("#", "/").rpartition("/")[2])
        )
    if not _KEY.fullmatch(key) or len(key) > 100:
        raise Invalid(
            f"“{key[:120]}” không thể là khóa của bộ ánh xạ. Hãy nêu bằng set (--set) một khóa gồm chữ thường a–z, số và gạch nối.",
            f"“{key[:120]}” cannot be the key of a mapping set. Name one by set (--set): lower-case a–z, digits and hyphens.",
            details={"set": key[:120]},
        )
    return Target(key, thing(options.base, "mapping-set", key), source_graph(options.base, key, options.mark))


def plan(store: Store, current: Iterable[Triple], mapping_set: MappingSet, options: Options) -> Plan:
    """What taking `mapping_set` in would change. `store`: the published state; `current`: the set's graph as it is.

    Raises `Invalid` for a set that has no name, `Conflict` where its name belongs to something else.
    """
    goal = target(mapping_set, options)
    there = set(current)
    held = _held(store, there, mapping_set, goal)
    problems = [*mapping_set.problems, *_of_head(mapping_set)]
    ends = Ends(store, options.base, options.today)
    ends.prepare(record.slots for record in mapping_set.mappings)
    found, refused = incoming.read(mapping_set, ends, options.today)
    problems += refused
    known = {sssom_graph.key(record.slots): record for record in held.mappings}
    problems += _outdated(found, known)
    problems += _contradicting(store, found, known, ends, goal, options)
    bad = {problem.row for problem in problems}
    rows = len(mapping_set.mappings) + len({p.row for p in mapping_set.problems if p.row is not None})
    problems.sort(key=lambda problem: problem.row or 0)
    if None in bad or (bad and not options.partial):
        return Plan(goal, None, rows, refused=problems)
    good = [one for one in found if one.row not in bad]
    return _merged(held, known, there, mapping_set, good, problems, rows, goal, options)


def _held(store: Store, there: set[Triple], mapping_set: MappingSet, goal: Target) -> MappingSet:
    """The set as it is. Raises `Conflict` where the graph, the key or the set belongs to something else."""
    if there and Triple(goal.node, TYPE, sssom_graph.MAPPING_SET) not in there:
        raise Conflict(
            f"Đồ thị {goal.graph.value} giữ nội dung khác, không phải bộ ánh xạ này. Hãy chọn khóa khác (set, --set).",
            f"The graph {goal.graph.value} holds something else, not this mapping set. Choose another key (set, --set).",
            details={"graph": goal.graph.value},
        )
    query = Query.named("importing-holders")
    others = {
        row[1].value
        for row in store.select(query.bind(things=[goal.node])).rows
        if isinstance(row[1], NamedNode) and row[1] != goal.graph
    }
    if others:
        raise Conflict(
            f"Bộ ánh xạ {goal.key} đã nằm trong đồ thị {sorted(others)[0]}. Hãy nhập với đúng mức xác minh ấy (mark, --mark), hoặc khóa khác.",
            f"The mapping set {goal.key} lies in the graph {sorted(others)[0]} already. Import it with that mark (mark, --mark), or under another key.",
            details={"graphs": sorted(others)},
        )
    held = sssom_graph.read(there, goal.node)
    before, now = held.slots.get("mapping_set_id"), mapping_set.slots.get("mapping_set_id")
    if before is not None and now is not None and before != now:
        raise Conflict(
            f"Khóa {goal.key} đang là của bộ {before}, tệp này là bộ {now}. Hãy chọn khóa khác (set, --set).",
            f"The key {goal.key} belongs to the set {before}; this file is the set {now}. Choose another key (set, --set).",
            details={"held": str(before), "given": str(now)},
        )
    return held


def _of_head(mapping_set: MappingSet) -> list[Problem]:
    """What is wrong with the metadata of the set."""
    found = []
    if "license" not in mapping_set.slots and all(one.slot != "license" for one in mapping_set.problems):
        found.append(
            Problem(
                None,
                "license",
                "Thiếu giấy phép (license) ở đầu tệp. Hãy thêm dòng “#license: https://…”; nếu chưa rõ, “#license: https://w3id.org/sssom/license/unspecified”.",
                "The licence (license) is missing at the head of the file. Add the line “#license: https://…”; where it is unknown, “#license: https://w3id.org/sssom/license/unspecified”.",
            )
        )
    found += [
        Problem(
            None,
            name,
            f"{name} ở đầu tệp không áp cho từng dòng. Hãy viết nó thành một cột.",
            f"{name} at the head of the file is not handed down to the rows. Make it a column.",
        )
        for name in OURS
        if name in mapping_set.slots
    ]
    found += [
        Problem(
            None,
            name,
            f"Cột {name} được khai báo với thuộc tính {one.property}, danh mục dùng {OURS[name].property}. Hãy bỏ định nghĩa ấy.",
            f"The column {name} is defined with the property {one.property}; the catalogue's is {OURS[name].property}. Take the definition out.",
        )
        for name, one in mapping_set.extensions.items()
        if name in OURS and one.property != OURS[name].property
    ]
    return found


def _outdated(found: list[Incoming], known: Mapping[str, Record]) -> list[Problem]:
    """Decisions that are older than the one that the catalogue has of the same mapping, and differ from it."""
    problems = []
    for one in found:
        before = known.get(one.key)
        if before is None or one.claim.status == "candidate":
            continue
        was, when = str(before.slots.get("mapping_status", "candidate")), before.slots.get("review_date")
        mine = one.claim.review_date
        if was in ("candidate", one.claim.status) or not isinstance(when, date) or (mine is not None and mine >= when):
            continue
        problems.append(
            Problem(
                one.row,
                "mapping_status",
                f"Danh mục có quyết định mới hơn về ánh xạ này: {was}, ngày {when}. Hãy duyệt lại với ngày mới hơn, hoặc bỏ dòng này.",
                f"The catalogue has a later decision about this mapping: {was}, on {when}. Review it again with a newer day, or take the row out.",
            )
        )
    return problems


def _contradicting(
    store: Store, found: list[Incoming], known: Mapping[str, Record], ends: Ends, goal: Target, options: Options
) -> list[Problem]:
    """Contradictions among the rows and with what stays in the catalogue."""
    mine = {one.key for one in found}
    own = f"{thing(options.base, 'mapping', goal.key).value}."
    stays = []
    for one in decided.around(store, [row.claim for row in found]):
        key = one.iri.removeprefix(own)
        if one.iri.startswith(own) and (key in mine or (options.mode == "replace" and key in known)):
            continue
        stays.append(one)
    involved = {end for one in found for end in (one.claim.subject, one.claim.object)}
    ends.learn({end for one in stays if {one.subject, one.object} & involved for end in (one.subject, one.object)})
    schemes = {
        end: ends.life(end).schemes
        for one in [*stays, *(row.claim for row in found)]
        for end in (one.subject, one.object)
    }
    return contradictions.find([one.claim for one in found], stays, schemes, ends.named)


def _merged(
    held: MappingSet,
    known: Mapping[str, Record],
    there: set[Triple],
    given: MappingSet,
    good: list[Incoming],
    problems: list[Problem],
    rows: int,
    goal: Target,
    options: Options,
) -> Plan:
    """The new content of the graph: rows in the place of those with their key, and what the catalogue says beside."""
    merges = options.mode == "merge"
    counts = dict.fromkeys(("added", "updated", "unchanged", "decided"), 0)
    after: dict[str, dict[str, Value]] = {key: record.slots for key, record in known.items()} if merges else {}
    reviews = _reviews(there)
    for one in good:
        before = known.get(one.key)
        slots = one.slots
        if before is None:
            counts["added"] += 1
        elif one.claim.status == "candidate" and before.slots.get("mapping_status", "candidate") != "candidate":
            counts["decided"] += 1
            slots = before.slots
        elif before.slots == slots:
            counts["unchanged"] += 1
        else:
            counts["updated"] += 1
            reviews += _kept(one.key, before.slots, slots, reviews, goal, options.base)
        after[one.key] = slots
    slots = {**(held.slots if merges else {}), **given.slots}
    slots.setdefault("mapping_set_id", goal.node.value)
    if "sssom_version" not in slots and any(SINCE_1_1 & one.keys() for one in (slots, *after.values())):
        slots["sssom_version"] = "1.1"
    whole = MappingSet(
        slots,
        [Record(one) for _, one in sorted(after.items())],
        {**(held.extensions if merges else {}), **given.extensions, **OURS},
        {**(held.prefixes if merges else {}), **given.prefixes},
    )
    kept_nodes = {thing(options.base, "mapping", f"{goal.key}.{key}") for key in after}
    said = sssom_graph.triples(whole, options.base, goal.key)
    said += [triple for about in reviews if about.mapping in kept_nodes for triple in about.triples]
    retrieved = next((t.object for t in there if t.predicate == _RETRIEVED), None)
    described = rdf.canonical([*said, *_source(slots, goal, options, retrieved)])
    changes = _essence(described, goal) != _essence(there, goal)
    if changes:
        described = rdf.canonical([*said, *_source(slots, goal, options, None)])
    return Plan(
        goal,
        frozenset(described) if changes else None,
        rows,
        removed=len(known.keys() - after.keys()),
        refused=problems,
        **counts,
    )


def _essence(triples: set[Triple], goal: Target) -> set[Triple]:
    """What a graph says apart from prefixes: how CURIEs were written is no reason for another state."""
    start = f"{goal.node.value}#prefix-"
    return {
        one
        for one in triples
        if one.predicate != sssom_graph.CURIE_MAP
        and not (isinstance(one.subject, NamedNode) and one.subject.value.startswith(start))
    }


@dataclass(frozen=True, slots=True)
class _Review:
    """An earlier decision: of which mapping, which number, and what its node says."""

    mapping: NamedNode
    number: int
    triples: list[Triple]


def _reviews(there: set[Triple]) -> list[_Review]:
    """The earlier decisions that the graph holds."""
    about = {t.subject: t.object for t in there if t.predicate == _REVIEW_OF and isinstance(t.object, NamedNode)}
    said: dict[NamedNode, list[Triple]] = {}
    for triple in there:
        if triple.subject in about and isinstance(triple.subject, NamedNode):
            said.setdefault(triple.subject, []).append(triple)
    return [
        _Review(about[review], int(number) if (number := review.value.rpartition(".")[2]).isdigit() else 0, triples)
        for review, triples in said.items()
    ]


def _kept(
    key: str,
    before: Mapping[str, Value],
    now: Mapping[str, Value],
    reviews: list[_Review],
    goal: Target,
    base: str,
) -> list[_Review]:
    """The decision before, as a node of its own, where there was one and it is another now."""
    was = str(before.get("mapping_status", "candidate"))
    if was == "candidate" or all(before.get(name) == now.get(name) for name in _DECIDED):
        return []
    mapping = thing(base, "mapping", f"{goal.key}.{key}")
    number = max((one.number for one in reviews if one.mapping == mapping), default=0) + 1
    review = thing(base, "mapping-review", f"{goal.key}.{key}.{number}")
    slots = {name: before[name] for name in _DECIDED if name in before}
    told = sssom_graph.mapping_triples(review, MappingSet(extensions=OURS), slots)
    told = [triple for triple in told if triple.predicate != TYPE]
    return [_Review(mapping, number, [Triple(review, TYPE, _REVIEW), Triple(review, _REVIEW_OF, mapping), *told])]


def _source(slots: Mapping[str, Value], goal: Target, options: Options, retrieved: object) -> list[Triple]:
    """What the graph says of itself and of its source, so that it can stand alone."""
    source = thing(options.base, "source", goal.key)
    page, title = str(slots["mapping_set_id"]), str(slots.get("mapping_set_title", goal.key))
    day = retrieved if isinstance(retrieved, Literal) else Literal(options.today.isoformat(), datatype=node("xsd:date"))
    where = (
        Triple(source, node("foaf:page"), NamedNode(page))
        if page.startswith(("http://", "https://"))
        else Triple(source, node("dct:identifier"), Literal(page))
    )
    return [
        Triple(goal.graph, TYPE, NamedNode(VOCABULARY + "SourceGraph")),
        Triple(goal.graph, node("dct:source"), source),
        Triple(goal.graph, NamedNode(VOCABULARY + "verification"), NamedNode(MARK_PREFIX + options.mark)),
        Triple(source, TYPE, NamedNode(VOCABULARY + "Source")),
        Triple(source, node("dct:title"), Literal(title, language="vi")),
        where,
        Triple(source, node("dct:license"), NamedNode(str(slots["license"]))),
        Triple(source, _RETRIEVED, day),
    ]
