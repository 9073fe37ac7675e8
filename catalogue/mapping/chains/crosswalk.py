"""From any code to any scheme: chains of accepted mappings and of successions, composed by the stated table.

Nothing is collapsed: a code that was divided has several answers, each with its chain. A chain is as good as its weakest
link. Its confidence is the product of its steps' and unknown where a mapping states none: every step can be wrong on its
own, and the chain holds only where all of them do.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from heapq import heappop, heappush
from typing import Literal

from catalogue.errors import Ambiguous, NotFound
from catalogue.graphs import MARKS, Mark, weakest
from catalogue.labels import Reference, kind_of, references
from catalogue.mapping import codebook, entries
from catalogue.mapping.chains import composition, refusals
from catalogue.mapping.chains.refusals import Reason
from catalogue.mapping.chains.walking import Edge, Edges
from catalogue.mapping.codebook import Found
from catalogue.mapping.entries import Code, Person
from catalogue.mapping.relations import MATCHES
from catalogue.store.port import Store

STEPS = 6
"""Most steps of a chain where the caller does not say (CHISO_CROSSWALK_STEPS)."""

Outcome = Literal["translated", "several", "none"]
_KEPT = 3  # chains to one code with one match
_WALKED = 20_000  # chains that are looked at for one code


@dataclass(frozen=True, slots=True)
class Step:
    """One step as it is walked, from `start` to `end`. `record`: the mapping, or the change by which one code became the
    other; `inverted`: it is stated the other way round; `confidence` from 0 to 1."""

    kind: Literal["mapping", "succession"]
    start: Code
    end: Code
    match: str
    inverted: bool
    record: Reference | None
    mapping_set: Reference | None
    confidence: Decimal | None
    reviewers: list[Person]
    review_date: date | None
    valid_from: date | None
    valid_to: date | None
    verification: Mark


@dataclass(frozen=True, slots=True)
class Weakest:
    """The weakest link of a chain: the number of the step, from 1, and why it is."""

    step: int
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Chain:
    """Steps, what follows from them all (`match`), the time in which all hold, the weakest mark, and the product of their
    confidences. Without steps it is the code itself."""

    match: str
    steps: list[Step]
    weakest: Weakest | None
    valid_from: date | None
    valid_to: date | None
    verification: Mark
    confidence: Decimal | None


@dataclass(frozen=True, slots=True)
class Answer:
    """A code of the scheme asked for. `chain` is the best, `others` further ones that were kept, of `chains` found.

    `split`: a code on the way was divided, so this is one of several. `ended`: the code is no longer valid on the day, and
    nothing is known to have taken its place.
    """

    target: Code
    match: str
    chain: Chain
    others: list[Chain]
    chains: int
    split: bool
    ended: bool


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """What `text` is in the scheme `to`. `of` is None where it names no code or several (`reasons` says which)."""

    text: str
    of: Code | None
    to: Reference
    as_of: date
    outcome: Outcome
    answers: list[Answer]
    reasons: list[Reason]


def of(
    store: Store,
    code: str,
    *,
    to: str,
    as_of: date,
    source: str | None = None,
    steps: int = STEPS,
    language: str = "vi",
) -> Crosswalk:
    """What one code, or the thing with this IRI, is in the scheme `to`. `source`: the scheme it is of.

    Raises `NotFound` for a code or scheme that is not there, `Ambiguous` with the candidates for one that may be several.
    """
    (found,) = translate(store, [code], to=to, as_of=as_of, source=source, steps=steps, language=language)
    if found.of is None:
        (reason,) = found.reasons
        raise (Ambiguous if reason.kind == "ambiguous" else NotFound)(reason.vi, reason.en, details=reason.details)
    return found


def translate(
    store: Store,
    codes: Sequence[str],
    *,
    to: str,
    as_of: date,
    source: str | None = None,
    steps: int = STEPS,
    language: str = "vi",
) -> list[Crosswalk]:
    """What each of `codes` is in the scheme `to`, in their order; each is looked for once, and the mappings read at once.

    Raises `NotFound` and `Ambiguous` for the schemes alone: what is wrong with a code stands in its reasons.
    """
    target = codebook.scheme(store, to, language=language)
    origin = codebook.scheme(store, source, language=language) if source else None
    wanted = dict.fromkeys(codes)
    meant = codebook.find(store, wanted, scheme=origin, day=as_of)
    walk = _Walk(store, target, as_of, steps)
    starts = {found.thing for found in meant.values() if found.thing}
    walk.explore(starts)
    reached = {start: walk.reached(start) for start in sorted(starts)}
    told = _Telling(store, reached, meant, target, as_of, language)
    named = references(store, [target, *([origin] if origin else [])], language)
    answered: dict[str, Crosswalk] = {}
    open_codes: dict[str, str] = {}
    for text in wanted:
        found = meant[text]
        if found.thing is None:
            reason = refusals.not_one(text, [told.code(iri) for iri in found.candidates], named.get(origin or ""))
            answered[text] = Crosswalk(text, None, named[target], as_of, "none", [], [reason])
            continue
        answers = told.answers(found.thing)
        outcome: Outcome = "none" if not answers else "translated" if len(answers) == 1 else "several"
        answered[text] = Crosswalk(text, told.code(found.thing), named[target], as_of, outcome, answers, [])
        if not answers:
            open_codes[text] = found.thing
    reasons = refusals.reasons(
        store,
        walk.edges,
        {thing: walk.blocked(thing) for thing in open_codes.values()},
        named[target],
        as_of,
        walk.lines,
        language,
    )
    for text, thing in open_codes.items():
        answered[text] = replace(answered[text], reasons=reasons[thing])
    return [answered[text] for text in codes]


@dataclass(frozen=True, slots=True)
class _Path:
    """A chain while it is walked."""

    edges: tuple[Edge, ...]
    match: str
    mark: int
    confidence: Decimal | None

    def visits(self, code: str) -> bool:
        return any(edge.start == code for edge in self.edges)

    @property
    def rank(self) -> tuple[bool, int, int, Decimal, int]:
        """The best first: what somebody decided directly, the closer match, the surer, the shorter."""
        unsure = 1 - self.confidence if self.confidence is not None else Decimal("0.5")
        return len(self.edges) > 1, MATCHES.index(self.match), self.mark, unsure, len(self.edges)


class _Walk:
    """Chains from codes into one scheme."""

    def __init__(self, store: Store, target: str, day: date, steps: int) -> None:
        self.lines = composition.table(store)
        self.edges = Edges(store, day)
        self._store, self._target, self._day, self._steps = store, target, day, steps
        self._in_scheme: dict[str, bool] = {}
        self._blocked: dict[str, list[tuple[Edge, ...]]] = {}

    def explore(self, starts: Collection[str]) -> None:
        """Read all edges that chains from `starts` can have."""
        frontier, met = set(starts), set(starts)
        for _ in range(self._steps + 1):
            self.edges.load(frontier)
            self._place(frontier)
            ends = {edge.end for code in frontier if self._goes_on(code) for edge in self.edges.of(code)}
            frontier = ends - met
            met |= frontier
            if not frontier:
                break
        self._place(met)

    def reached(self, start: str) -> dict[str, list[_Path]]:
        """The codes of the scheme to which chains lead from `start`, and their chains, the best first."""
        found: dict[str, list[_Path]] = {}
        kept: dict[tuple[str, str], int] = {}
        queue: list[tuple[tuple[int, int, Decimal], int, str, _Path]] = []
        heappush(queue, ((0, 0, Decimal(0)), 0, start, _Path((), "exactMatch", 0, Decimal(1))))
        blocked: list[tuple[Edge, ...]] = []
        number = 0
        while queue and number < _WALKED:
            _, _, code, path = heappop(queue)
            count = kept[code, path.match] = kept.get((code, path.match), 0) + 1
            if count > _KEPT:
                continue
            if self._in_scheme.get(code):
                found.setdefault(code, []).append(path)
            if not self._goes_on(code) or len(path.edges) >= self._steps:
                continue
            for edge in self.edges.of(code):
                if path.visits(edge.end) or edge.end == code:
                    continue
                match = self.lines[path.match, edge.match].composed
                if match is None:
                    blocked.append((*path.edges, edge))
                    continue
                number += 1
                longer = _Path((*path.edges, edge), match, max(path.mark, MARKS.index(edge.mark)), _product(path, edge))
                unsure = 1 - longer.confidence if longer.confidence is not None else Decimal("0.5")
                heappush(queue, ((len(longer.edges), longer.mark, unsure), number, edge.end, longer))
        self._blocked[start] = blocked[:20]
        ended = {code: self.edges.replaced(code) for code in found}
        if not all(ended.values()):
            found = {code: paths for code, paths in found.items() if not ended[code]}
        return {code: sorted(paths, key=lambda path: path.rank) for code, paths in found.items()}

    def blocked(self, start: str) -> list[tuple[Edge, ...]]:
        """The chains from `start` that went nowhere, because nothing follows from their last two steps."""
        return self._blocked.get(start, [])

    def _goes_on(self, code: str) -> bool:
        """A code of the scheme is where a chain ends, unless something took its place."""
        return not self._in_scheme.get(code) or self.edges.replaced(code)

    def _place(self, codes: Iterable[str]) -> None:
        new = [code for code in codes if code not in self._in_scheme]
        if new:
            members = codebook.members(self._store, self._target, new)
            self._in_scheme |= {code: code in members for code in new}


def _product(path: _Path, edge: Edge) -> Decimal | None:
    if edge.kind == "succession":
        return path.confidence
    stated = edge.mapping.confidence if edge.mapping else None
    return None if path.confidence is None or stated is None else path.confidence * stated


class _Telling:
    """Chains with names: everything that is named is looked up at once."""

    def __init__(
        self,
        store: Store,
        reached: dict[str, dict[str, list[_Path]]],
        meant: dict[str, Found],
        target: str,
        day: date,
        language: str,
    ) -> None:
        self._reached, self._day, self._target = reached, day, target
        walked = [
            edge for found in reached.values() for paths in found.values() for path in paths for edge in path.edges
        ]
        things = {end for edge in walked for end in (edge.start, edge.end)} | reached.keys()
        things |= {iri for one in meant.values() for iri in one.candidates[:20]}
        things |= {code for found in reached.values() for code in found}
        self._codes = entries.codes(store, things, language)
        mappings = {edge.mapping.iri: edge.mapping for edge in walked if edge.mapping}
        people = {one for mapping in mappings.values() for one in mapping.reviewers if "://" in one}
        sets = {mapping.set for mapping in mappings.values() if mapping.set}
        self._named = references(store, sorted(people | sets), language)
        self._steps: dict[Edge, Step] = {}

    def code(self, iri: str) -> Code:
        """A code with its name."""
        return self._codes.get(iri) or Code(Reference(iri), None, None)

    def answers(self, start: str) -> list[Answer]:
        """The answers of one code: the closest match first, then by code."""
        made = []
        for code, paths in self._reached[start].items():
            target = self.code(code)
            chains = [self._chain(path) for path in paths]
            ended = target.valid_to is not None and target.valid_to <= self._day
            split = any(edge.split for edge in paths[0].edges)
            made.append(Answer(target, chains[0].match, chains[0], chains[1:], len(chains), split, ended))
        return sorted(made, key=lambda one: (MATCHES.index(one.match), one.target.notation or "", _iri(one.target)))

    def _chain(self, path: _Path) -> Chain:
        steps = [self._step(edge) for edge in path.edges]
        starts = [step.valid_from for step in steps if step.valid_from]
        ends = [step.valid_to for step in steps if step.valid_to]
        return Chain(
            path.match,
            steps,
            _weakest(steps),
            max(starts, default=None),
            min(ends, default=None),
            weakest(*(step.verification for step in steps)) if steps else "confirmed",
            path.confidence.normalize() if path.confidence is not None else None,
        )

    def _step(self, edge: Edge) -> Step:
        known = self._steps.get(edge)
        if known is None:
            mapping = edge.mapping
            known = self._steps[edge] = Step(
                edge.kind,
                self.code(edge.start),
                self.code(edge.end),
                edge.match,
                edge.inverted,
                Reference(edge.record, kind_of(edge.record)) if edge.record else None,
                self._named[mapping.set] if mapping and mapping.set else None,
                mapping.confidence if mapping else None,
                [self._person(one) for one in mapping.reviewers] if mapping else [],
                mapping.review_date if mapping else None,
                mapping.valid_from if mapping else edge.since,
                mapping.valid_to if mapping else None,
                edge.mark,
            )
        return known

    def _person(self, text: str) -> Person:
        return Person(self._named[text].label or text, text) if text in self._named else Person(text)


def _iri(code: Code) -> str:
    return code.thing.iri if code.thing else ""


_SURE: dict[Mark, tuple[str, str]] = {
    "confirmed": ("đã xác nhận", "confirmed"),
    "inferred": ("suy ra", "inferred"),
    "unverified": ("chưa kiểm chứng", "unverified"),
}


def _weakest(steps: Sequence[Step]) -> Weakest | None:
    """The step with the weakest mark, then the lowest confidence, then the loosest match; the first of equals."""
    if not steps:
        return None

    def weakness(number: int) -> tuple[int, Decimal, int]:
        step = steps[number]
        confidence = step.confidence if step.confidence is not None else Decimal(1)
        return MARKS.index(step.verification), -confidence, MATCHES.index(step.match)

    number = max(range(len(steps)), key=weakness)
    step = steps[number]
    vi, en = _SURE[step.verification]
    by_vi, by_en = f"nguồn {vi}", f"its source is {en}"
    if step.confidence is not None and step.confidence < 1:
        by_vi, by_en = f"{by_vi}, độ tin cậy {step.confidence}", f"{by_en}, confidence {step.confidence}"
    if step.match != "exactMatch":
        by_vi, by_en = f"{by_vi}, khớp kiểu {step.match}", f"{by_en}, the match is {step.match}"
    return Weakest(number + 1, f"Bước {number + 1}: {by_vi}.", f"Step {number + 1}: {by_en}.")
