"""How each indicator stands on a day: who leads it, whether it is mapped to another scheme, how sure it is that it is one.

Counts and the lists behind them are made from the same records, so they cannot differ.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from catalogue import leads
from catalogue.graphs import Mark
from catalogue.iri import PREFIXES
from catalogue.leads import LeadState
from catalogue.mapping.review.standing import Standings
from catalogue.proofs import weakest_of
from catalogue.store.port import Store

_TYPE = (PREFIXES["rdf"] + "type",)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator (by IRI) of one set. `lead`: a state of `leads.LEAD_STATES`; `units`: the units that lead it, or that
    were named and exist no longer. `mapping`: its state toward all other schemes (`standing.STATES`). `mark`: how sure
    it is that the set holds it."""

    iri: str
    scheme: str
    lead: LeadState
    units: tuple[str, ...]
    mapping: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Found:
    """The indicators of some sets that are valid on the day, with what was read on the way."""

    indicators: list[Indicator]
    read: Standings


def indicators(store: Store, schemes: Collection[str], day: date) -> Found:
    """The indicators of `schemes` that are valid on `day`, by set and IRI. Raises `LimitReached` as `Standings` does."""
    read = Standings(store, schemes, day)
    codes = [code for scheme in sorted(schemes) for code in read.codes[scheme]]
    led = leads.led(store, codes, as_of=day)
    marks = weakest_of(store, codes, _TYPE)
    found = []
    for code in codes:
        one, proof = led[code], marks.get(code)
        units = one.ended if one.state == "ended" else one.leads
        mark: Mark = proof.mark if proof else "unverified"
        found.append(Indicator(code, read.scheme_of[code], one.state, units, read.best(code), mark))
    return Found(found, read)
