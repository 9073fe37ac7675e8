"""Conflicts and stale mappings: what is wrong, how grave it is, which mappings are concerned, and what to do.

What contradicts itself whatever the day is said by the shapes (`shapes/mapping*.ttl`): they are asked here as they are
asked when something is written, so that a rule and its words exist once. What is stale depends on the day, which a
shape does not know: that is asked by queries (`conflicts-….rq`), and said in `stale`.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pyoxigraph import NamedNode

from catalogue import shacl
from catalogue.iri import SHAPES_NAMESPACE, node
from catalogue.listing import read_cursor, write_cursor
from catalogue.mapping import entries, records
from catalogue.mapping.entries import Code, Entry
from catalogue.mapping.review.stale import MOST, REMEDIES, Found, Severity, found_on
from catalogue.query import Query
from catalogue.store.port import Store
from catalogue.store.remembering import Remembering
from catalogue.validation import failures, message

WAITING_DAYS = 90
"""After how many days a candidate that nobody decided is stale."""

_RANK = {"violation": 0, "warning": 1, "info": 2}
_MAPPING = node("sssom:Mapping")
_LAPSES = "mapping-code-lapses"
_ALL: tuple[shacl.Severity, ...] = ("Violation", "Warning", "Info")
_BY_RULE = (
    "Mở các ánh xạ này, xem ai duyệt và ngày nào, giữ cái đúng; rút lại hoặc sửa cái còn lại bằng một tệp SSSOM rồi nhập.",
    "Open these mappings, see who reviewed them and when, keep the right one; withdraw or correct the other by an SSSOM file, and import it.",
)


@dataclass(frozen=True, slots=True)
class Conflict:
    """One conflict. `code` names the kind for programs: of a shape its name (`mapping-two-exact`), else a word of
    `stale.REMEDIES`. `about`: the codes concerned; `successors`: what replaced an obsolete one, `unique_successor` whether
    that is exactly one (None where nothing is obsolete). The sentences say what is wrong (`vi`, `en`) and what to do
    (`remedy_vi`, `remedy_en`)."""

    code: str
    severity: Severity
    vi: str
    en: str
    remedy_vi: str
    remedy_en: str
    mappings: list[Entry]
    about: list[Code]
    successors: list[Code]
    unique_successor: bool | None


@dataclass(frozen=True, slots=True)
class Kind:
    """How many conflicts there are of one kind."""

    code: str
    severity: Severity
    count: int


@dataclass(frozen=True, slots=True)
class Conflicts:
    """One page of the conflicts, the gravest first; `kinds` counts all. `truncated`: of some kind there are more than are
    looked at in one go (10,000)."""

    as_of: date
    total: int
    kinds: list[Kind]
    truncated: bool
    items: list[Conflict]
    next_cursor: str | None


def conflicts(
    store: Store,
    *,
    as_of: date,
    scheme: str | None = None,
    kind: str | None = None,
    waiting_days: int = WAITING_DAYS,
    limit: int = 100,
    cursor: str | None = None,
    every_rule: bool = False,
    language: str = "vi",
) -> Conflicts:
    """All conflicts and stale mappings on `as_of`; with `scheme`, those of mappings that touch it; with `kind`, of one kind.

    `every_rule`: ask also the rules that keep a change out of the catalogue (two exact codes, chains that arrive at two,
    contradictions): a published state has passed them, and to ask them of everything takes long. A candidate is stale
    after `waiting_days`. Raises `Invalid` for a cursor that is none of ours.
    """
    waited = as_of - timedelta(days=waiting_days)
    stale = _once(store, ("conflicts-stale", as_of, waited), lambda: found_on(store, as_of, waited))
    # What a rule says of a code that ends while the mapping goes on is said with the day and the successors once it has.
    over = {iri for one in stale if one.code == "obsolete-code" for iri in one.mappings}
    rules = _once(store, ("conflicts-ruled", every_rule), lambda: _ruled(store, every_rule))
    ruled = [one for one in rules if one.code != _LAPSES or over.isdisjoint(one.mappings)]
    everything = _of_scheme(store, [*ruled, *stale], scheme)
    truncated = any(len([one for one in stale if one.code == code]) >= MOST for code in REMEDIES)
    truncated = truncated or any(count >= MOST for _, count in _counted(ruled).items())
    kinds = [
        Kind(code, severity, count) for (severity, code), count in sorted(_counted(everything).items(), key=_grave)
    ]
    chosen = sorted(
        (one for one in everything if kind is None or one.code == kind),
        key=lambda one: (_RANK[one.severity], one.code, one.mappings, one.en),
    )
    names = [f"{_RANK[one.severity]} {one.code} {' '.join(one.mappings)} {one.en}"[:300] for one in chosen]
    after = read_cursor(cursor)
    start = next((at for at, name in enumerate(names) if name > after), len(names)) if after else 0
    page = chosen[start : start + max(1, min(limit, 1_000))]
    end = start + len(page)
    more = write_cursor(names[end - 1]) if end < len(chosen) else None
    return Conflicts(as_of, len(chosen), kinds, truncated, _described(store, page, as_of, language), more)


def _once(store: Store, name: Hashable, find: Callable[[], list[Found]]) -> list[Found]:
    """What was found in this state before; page after page, kind after kind, scheme after scheme it is the same."""
    if not isinstance(store, Remembering):
        return find()
    known: list[Found] | None = store.memory.get(name)
    if known is None:
        known = find()
        store.remember({name: known})
    return known


def _grave(counted: tuple[tuple[Severity, str], int]) -> tuple[int, str]:
    (severity, code), _ = counted
    return _RANK[severity], code


def _counted(found: Iterable[Found]) -> dict[tuple[Severity, str], int]:
    counts: dict[tuple[Severity, str], int] = {}
    for one in found:
        counts[one.severity, one.code] = counts.get((one.severity, one.code), 0) + 1
    return counts


def _ruled(store: Store, every_rule: bool) -> list[Found]:
    """What the shapes of mappings find; two mappings that contradict each other are one conflict, not two."""
    found: dict[tuple[str, tuple[str, ...]], Found] = {}
    for one in failures(store, about=_MAPPING, severities=_ALL if every_rule else _ALL[1:]):
        code = one.check.shape.value.removeprefix(SHAPES_NAMESPACE)
        terms = [term.value for term in (one.focus, one.value, *one.told) if isinstance(term, NamedNode)]
        # Rules differ in what stands for the other mapping; what is not one is a code, and found as its end.
        key = code, tuple(sorted(set(terms)))
        severity: Severity = (
            "violation"
            if one.check.severity == "Violation"
            else ("warning" if one.check.severity == "Warning" else "info")
        )
        found.setdefault(key, Found(code, severity, key[1], vi=message(one, "vi"), en=message(one, "en")))
    return list(found.values())


def _of_scheme(store: Store, found: Sequence[Found], scheme: str | None) -> list[Found]:
    if scheme is None:
        return list(found)
    rows = store.select(Query.named("conflicts-touching").bind(scheme=NamedNode(scheme))).rows
    touching = {row.value for (row,) in rows if isinstance(row, NamedNode)}
    return [one for one in found if not touching.isdisjoint(one.mappings)]


def _described(store: Store, page: Sequence[Found], day: date, language: str) -> list[Conflict]:
    read = records.named(store, {iri for one in page for iri in one.mappings})
    shown = {one.iri: one for one in entries.described(store, read, as_of=day, language=language)}
    about = {iri for one in page for iri in (*one.about, *one.successors)}
    both = {name: entries.codes(store, about, name) for name in ("vi", "en")}
    described = []
    for one in page:
        mappings = [shown[iri] for iri in one.mappings if iri in shown]
        remedy = REMEDIES.get(one.code, _BY_RULE)
        vi, en = (one.said(name, {iri: _name(both[name][iri]) for iri in one.about}) for name in ("vi", "en"))
        own = both["en" if language == "en" else "vi"]
        ends = {end.thing.iri: end for entry in mappings for end in (entry.subject, entry.object) if end.thing}
        described.append(
            Conflict(
                one.code,
                one.severity,
                vi,
                en,
                *remedy,
                mappings,
                [own[iri] for iri in one.about] or list(ends.values()),
                [own[iri] for iri in one.successors],
                len(one.successors) == 1 if one.code == "obsolete-code" else None,
            )
        )
    return described


def _name(code: Code) -> str:
    """A code and its name, as a sentence has them."""
    label = code.thing.label or code.thing.iri if code.thing else ""
    return f"{code.notation} ({label})" if code.notation else label
