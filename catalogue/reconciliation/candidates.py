"""Which things a name may mean: found in the search index, compared by name, refined by properties, scored 0 to 100.

The queries of a batch are answered independently of one another; what is read of the things found is read once for all
of them. A candidate is a certain `match` only where nothing else of its type bears the name or code.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from pyoxigraph import Literal, NamedNode

from catalogue import resolve
from catalogue.folding import fold
from catalogue.iri import KINDS
from catalogue.labels import kind_of, references
from catalogue.likeness import similarity
from catalogue.likeness.wording import analyse
from catalogue.query import Query
from catalogue.reconciliation import constraints, facts
from catalogue.reconciliation.identity import known_id
from catalogue.reconciliation.reading import ReconciliationQuery
from catalogue.reconciliation.spelling import mistyped, spelt
from catalogue.search.index import SearchIndex
from catalogue.store.port import Store

_UNNAMED = ("code", "quote", "observation", "responsibility", "mapping", "mapping-set", "mapping-review")
"""Kinds that the search index does not hold: found by what they say, letter by letter."""

_CARRIERS = frozenset(("source", "event", "area-change", "provision", "feature", "dataset"))
"""Kinds that mention what others are; they stand behind where no type was asked for."""

_RETRIEVED = 20
"""Names that are looked at by their letters, beside those that are the very name."""

_COMPARED = 12
"""Candidates that are compared in full beside as many as are wanted, where properties may bring a later one to the front."""

_CODED = re.compile(r"[\d:/]")
"""What every code, number and identifier holds; the codes that hold none are names in the index."""

_ASKED_IN_FULL = 5
"""Candidates of one query whose responsibilities are worked out."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thing that a query may mean. `score`: 0 to 100; `features`: what the score is made of; `code` and `within` (its set
    or parent, by name) tell namesakes apart, as does the validity."""

    iri: str
    kind: str | None
    name: str
    score: float
    match: bool
    features: Mapping[str, float | bool]
    code: str | None
    within: str | None
    valid_from: date | None
    valid_to: date | None


@dataclass(slots=True)
class _Draft:
    """A candidate while it is being judged. `exact`: it bears the text as name in some form; `named`: as a whole name,
    letter by letter; `otherwise`: only with other marks; `coded`: as code, number or identifier."""

    iri: str
    kind: str | None
    forms: tuple[str, ...] = ()
    exact: bool = False
    named: bool = False
    otherwise: bool = False
    coded: bool = False
    likeness: float = 0.0
    successor: bool = False
    verdicts: dict[str, bool | None] = field(default_factory=dict)


def answer(
    store: Store,
    index: SearchIndex,
    queries: Mapping[str, ReconciliationQuery],
    *,
    base: str,
    today: date,
    language: str = "vi",
) -> dict[str, list[Candidate]]:
    """The candidates of each query, the best first."""
    drafts = {key: _found(store, index, query, base) for key, query in queries.items()}
    everything = list(dict.fromkeys(one.iri for some in drafts.values() for one in some))
    said = facts.stated(store, everything)
    labels = references(store, [iri for iri in everything if kind_of(iri) in facts.COMPOSED], language)
    for key, query in queries.items():
        if query.as_of is not None:
            drafts[key] = _successors(store, drafts[key], query.as_of)
        _compare(query, drafts[key], said, {one.iri: labels[one.iri].label for one in drafts[key] if one.iri in labels})
        _constrain(store, query, drafts[key], base, query.as_of or today)
    kept = list(dict.fromkeys(one.iri for some in drafts.values() for one in some))
    life = {iri: facts.life(one) for iri, one in facts.stated(store, kept).items()}
    judged = {key: _judged(query, drafts[key], life, today) for key, query in queries.items()}
    return _described(store, judged, language, today)


def _found(store: Store, index: SearchIndex, query: ReconciliationQuery, base: str) -> list[_Draft]:
    found: dict[str, _Draft] = {}
    if query.name is not None and query.name.strip():
        for one in _named(store, index, query, query.name, base):
            known = found.setdefault(one.iri, one)
            known.exact, known.coded = known.exact or one.exact, known.coded or one.coded
    elif query.name is None:
        for iri in _having(store, query, base):
            found.setdefault(iri, _Draft(iri, kind_of(iri)))
    return [one for one in found.values() if not query.kinds or one.kind in query.kinds]


def _named(store: Store, index: SearchIndex, query: ReconciliationQuery, name: str, base: str) -> Iterable[_Draft]:
    if len(name) <= resolve.LONGEST and _CODED.search(name) and (len(name.split()) <= 3 or "/" in name):
        node = known_id(base, name).node
        if node is not None and store.ask(Query.named("resolve-exists").bind(thing=node)):
            yield _Draft(node.value, kind_of(node.value), coded=True)
        elif fold(name):
            for match in resolve.find(store, name, base=base):
                if match.by != "name":
                    yield _Draft(match.thing.iri, match.thing.kind, exact=True, coded=True)
    unnamed = [kind for kind in query.kinds if kind in _UNNAMED]
    if unnamed:
        texts = [Literal(name), Literal(name, language="vi"), Literal(name, language="en")]
        bound = Query.named("reconciliation-saying").bind(
            texts=texts, classes=[NamedNode(KINDS[kind]) for kind in unnamed], most=_COMPARED
        )
        for (thing,) in store.select(bound).rows:
            if isinstance(thing, NamedNode):
                yield _Draft(thing.value, kind_of(thing.value), exact=True)
    near = index.nearest(name, kinds=query.kinds, limit=_RETRIEVED)
    from rapidfuzz.fuzz import ratio, token_sort_ratio

    text = fold(name)
    likely = {one.iri: max(max(ratio(text, form), token_sort_ratio(text, form)) for form in one.forms) for one in near}
    near.sort(key=lambda one: (not one.exact, -likely[one.iri]))
    most = (_COMPARED if query.constraints else 1) + query.limit + sum(one.exact for one in near)
    for one in near[:most]:
        yield _Draft(one.iri, one.kind, one.forms, exact=one.exact)


def _having(store: Store, query: ReconciliationQuery, base: str) -> Iterable[str]:
    """Things that have a wanted value, for a query without a name: by code, or by a thing named by identifier."""
    for constraint in query.constraints:
        for wanted in constraint.values:
            node = constraints.meant(base, wanted)
            if constraint.property.source == "code" and wanted.text.strip():
                if len(wanted.text) <= resolve.LONGEST and fold(wanted.text):
                    yield from (match.thing.iri for match in resolve.find(store, wanted.text, base=base))
            elif constraint.property.source == "stated" and node is not None:
                bound = Query.named("reconciliation-having").bind(
                    properties=[NamedNode(word) for word in constraint.property.words], value=node, most=_COMPARED * 4
                )
                yield from (row[0].value for row in store.select(bound).rows if isinstance(row[0], NamedNode))


def _successors(store: Store, drafts: list[_Draft], as_of: date) -> list[_Draft]:
    """The candidates, with who took over from the units that bear the name, where they are gone on `as_of`."""
    bearing = [one.iri for one in drafts if one.exact and one.kind in ("agency", "area")][:_COMPARED]
    known = {one.iri: one for one in drafts}
    held = facts.took_over(store, bearing, as_of)
    for iri in dict.fromkeys(iri for some in held.values() for iri in some):
        after = known.setdefault(iri, _Draft(iri, kind_of(iri)))
        after.successor = not after.exact
    return list(known.values())


def _compare(
    query: ReconciliationQuery, drafts: list[_Draft], said: facts.Facts, labels: Mapping[str, str | None]
) -> None:
    """Fill in how alike the names are."""
    if query.name is None:
        for one in drafts:
            one.likeness = 1.0
        return
    text, typed = fold(query.name), spelt(query.name)
    marked = typed != text
    wording = analyse(query.name)
    from rapidfuzz.fuzz import ratio

    for one in drafts:
        if one.successor:
            one.likeness = 0.9
            continue
        names = constraints.names_of(said.get(one.iri, {}))
        if label := labels.get(one.iri):
            names.append(label)
        folded = {name: fold(name) for name in dict.fromkeys(names)}
        same = [name for name, form in folded.items() if form == text]
        one.named = any(not marked or spelt(name) == typed for name in same)
        one.otherwise = bool(same) and not one.named
        if one.coded or one.named:
            one.likeness = 1.0
        elif folded:
            best = max(folded, key=lambda name: ratio(folded[name], text))
            likeness = max(similarity.score(wording, best), mistyped(text, folded[best]))
            # The name in another form (shorter, abbreviated, other marks) is as near as can be without being the name.
            one.likeness = max(likeness, 0.95) if one.exact else min(likeness, 0.94)
        else:
            one.likeness = 0.95 if one.exact else 0.0


def _constrain(store: Store, query: ReconciliationQuery, drafts: list[_Draft], base: str, as_of: date) -> None:
    """Fill in what is known of the properties asked for."""
    drafts.sort(key=lambda one: -one.likeness)
    for constraint in query.constraints:
        costly = constraint.property.source == "responsible"
        judged = [one.iri for one in (drafts[:_ASKED_IN_FULL] if costly else drafts)]
        if not constraint.property.fits(tuple({one.kind for one in drafts if one.kind})):
            judged = []
        found = constraints.verdicts(store, constraint, judged, base=base, as_of=as_of)
        for one in drafts:
            before, now = one.verdicts.get(constraint.property.id), found.get(one.iri)
            one.verdicts[constraint.property.id] = (
                False if False in (before, now) else now if before is None else before
            )


def _judged(
    query: ReconciliationQuery,
    drafts: list[_Draft],
    life: Mapping[str, tuple[date | None, date | None]],
    today: date,
) -> list[Candidate]:
    day = query.as_of or today
    alive = {one.iri: _alive(life[one.iri], day) for one in drafts}
    candidates = []
    for one in drafts:
        score = 100 * one.likeness
        for verdict in one.verdicts.values():
            score *= 1.0 if verdict else 0.85 if verdict is None else 0.5
        if not alive[one.iri]:
            score *= 0.8 if query.as_of else 0.98
        if not query.kinds and one.kind in _CARRIERS:
            score *= 0.97
        features: dict[str, float | bool] = {
            "name_similarity": round(100 * one.likeness, 1),
            "exact_name": one.named,
            "exact_code": one.coded,
            "in_force": alive[one.iri],
        }
        if one.successor:
            features["successor"] = True
        features |= {f"property_{name}": verdict for name, verdict in one.verdicts.items() if verdict is not None}
        begin, end = life[one.iri]
        candidates.append(Candidate(one.iri, one.kind, "", round(score, 1), False, features, None, None, begin, end))
    certain = _certain(query, drafts, alive)
    found = [replace(one, match=True) if one.iri == certain else one for one in candidates if one.score >= 5]
    found.sort(key=lambda one: (-one.score, not one.match, one.iri))
    return found[: query.limit]


def _certain(query: ReconciliationQuery, drafts: list[_Draft], alive: Mapping[str, bool]) -> str | None:
    """The one thing that bears the name or code, where no other of its type may be meant."""
    if query.name is None:
        # Without a name every property must be known to fit, one of them being a code.
        sure = [one for one in drafts if one.verdicts and all(one.verdicts.values()) and one.verdicts.get("code")]
        return sure[0].iri if len(sure) == 1 and (query.as_of is None or alive[sure[0].iri]) else None
    rivals = [
        one
        for one in drafts
        if ((one.exact and not one.otherwise) or one.coded or one.named)
        and False not in one.verdicts.values()
        and (query.as_of is None or alive[one.iri])
    ]
    if len(rivals) != 1:
        return None
    [one] = rivals
    if not all(one.verdicts.values()):
        return None  # what was asked for is not known of it
    bare = not query.kinds and len(fold(query.name)) < 3  # “12” is the code of something, and a number in any table
    return one.iri if one.named or (one.coded and not bare) else None


def _alive(life: tuple[date | None, date | None], day: date) -> bool:
    begin, end = life
    return (begin is None or begin <= day) and (end is None or day < end)


def _described(
    store: Store, judged: Mapping[str, list[Candidate]], language: str, today: date
) -> dict[str, list[Candidate]]:
    """The candidates that are sent, with their names, codes and what they belong to."""
    shown = list(dict.fromkeys(one.iri for some in judged.values() for one in some))
    said = facts.stated(store, shown)
    codes = facts.codes_of(store, shown, said, today)
    wholes = {iri: constraints.whole_of(said.get(iri, {})) for iri in shown}
    names = facts.names(store, [*shown, *(whole for whole in wholes.values() if whole)], language, said)
    return {
        key: [
            replace(
                one,
                name=names[one.iri],
                code=next(iter(codes[one.iri]), None),
                within=names[whole] if (whole := wholes[one.iri]) else None,
            )
            for one in some
        ]
        for key, some in judged.items()
    }
