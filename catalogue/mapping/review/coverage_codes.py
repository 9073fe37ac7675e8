"""The codes behind a number of the coverage: which they are, how each stands, decided by whom and when."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from catalogue.labels import Reference, references
from catalogue.listing import read_cursor, write_cursor
from catalogue.mapping import entries, records
from catalogue.mapping.entries import Code, Counterpart
from catalogue.mapping.review.coverage import Side
from catalogue.mapping.review.standing import UNMAPPED, Question, localities
from catalogue.store.port import Store


@dataclass(frozen=True, slots=True)
class Standing:
    """One code and how it stands; `mappings`: every mapping that puts it in a state toward the schemes asked about, with
    who decided it and when. `unscoped`: a decision that there is no counterpart does not say which list was searched."""

    code: Code
    side: Side
    groups: list[Reference]
    state: str
    unscoped: bool
    mappings: list[Counterpart]


@dataclass(frozen=True, slots=True)
class CodeList:
    """One page of the codes behind a number; `total` is that number."""

    as_of: date
    total: int
    items: list[Standing]
    next_cursor: str | None


def codes(
    store: Store,
    *,
    scheme: str | None = None,
    to: str | None = None,
    side: Side | None = None,
    states: Collection[str] = UNMAPPED,
    group: str | None = None,
    locality: str | None = None,
    as_of: date,
    limit: int = 100,
    cursor: str | None = None,
    language: str = "vi",
) -> CodeList:
    """The codes behind a number, in the order of their IRIs, at most `limit`.

    `side`: codes of the scheme, of `to`, or of both, those of the scheme first. `states`: how they stand, without a
    counterpart where not said. `group`: only of this group, `unknown` for those of none. `locality`: only schemes of this
    administrative unit (IRI), `central`, or `unknown`. Raises `Invalid` for a cursor that is none of ours.
    """
    asked = Question(store, scheme, to, as_of)
    read = asked.read
    wanted = frozenset(states)
    found = [
        (one, code, state)
        for one, scope, takes in _sides(asked, side, locality)
        for code in scope
        if read.in_group(code, group) and (state := read.best(code, takes)) in wanted
    ]
    found.sort(key=lambda one: (one[0] != "scheme", one[1]))
    after = read_cursor(cursor)
    rest = [one for one in found if f"{one[0] != 'scheme':d}{one[1]}" > after]
    page = rest[: max(1, min(limit, 1_000))]
    more = write_cursor(f"{page[-1][0] != 'scheme':d}{page[-1][1]}") if len(rest) > len(page) else None
    return CodeList(as_of, len(found), _standings(asked, page, locality, language), more)


def _takes(asked: Question, side: Side, locality: str | None) -> Callable[[str], bool] | None:
    """Which schemes count for the codes of a side; a locality narrows those that count for the codes of `to`."""
    if side == "scheme":
        return asked.forward()
    if locality is None:
        return asked.backward()
    return _schemes_of(asked, locality).__contains__


def _schemes_of(asked: Question, locality: str) -> frozenset[str]:
    places = localities(asked.store, asked.sources, asked.day)
    return frozenset(
        one for one, found in places.items() if (locality in found or (locality == "unknown" and not found))
    )


def _sides(
    asked: Question, side: Side | None, locality: str | None
) -> Iterator[tuple[Side, Iterable[str], Callable[[str], bool] | None]]:
    if side != "to":
        held = asked.sources if locality is None else _schemes_of(asked, locality)
        yield "scheme", (code for one in held for code in asked.read.codes[one]), _takes(asked, "scheme", locality)
    if side != "scheme" and asked.to is not None:
        yield "to", asked.read.codes[asked.to], _takes(asked, "to", locality)


def _standings(
    asked: Question, page: list[tuple[Side, str, str]], locality: str | None, language: str
) -> list[Standing]:
    read = asked.read
    takes = {side: _takes(asked, side, locality) for side, _, _ in page}
    counting = {code: read.counting(code, takes[side]) for side, code, _ in page}
    mappings = {edge.mapping for edges in counting.values() for edge in edges}
    touching = [one for one in records.of_all(asked.store, counting) if one.iri in mappings]
    shown = {one.iri: one for one in entries.described(asked.store, touching, as_of=asked.day, language=language)}
    named = entries.codes(asked.store, counting, language)
    groups = references(asked.store, sorted({one for code in counting for one in read.groups.get(code, [])}), language)
    return [
        Standing(
            named[code],
            side,
            [groups[one] for one in read.groups.get(code, [])],
            state,
            state == "no-counterpart"
            and not any(edge.schemes for edge in counting[code] if edge.state == "no-counterpart"),
            [entries.from_end(shown[edge.mapping], code) for edge in counting[code]],
        )
        for side, code, state in page
    ]
