"""Candidates as an SSSOM mapping set: what a person edits (the status of each row) and `chiso map import` takes back."""

import importlib.metadata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from catalogue.iri import PREFIXES
from catalogue.mapping.candidates.ranking import Candidate
from catalogue.mapping.candidates.terms import Term
from catalogue.mapping.exchange.sssom import NO_TERM, MappingSet, Record, Value

LICENCE = "http://creativecommons.org/publicdomain/zero/1.0/"
"""Of a list of candidates: proposals of a program, in which nobody has rights."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """The candidates of one term. `scheme`: the list that the term is of, None where it is not known."""

    term: Term
    scheme: str | None
    candidates: tuple[Candidate, ...]


def mapping_set(
    proposals: Iterable[Proposal], *, iri: str, title: str, to: str, day: date, base: str, language: str
) -> MappingSet:
    """The mapping set `iri` of these candidates for the list `to`: each a candidate, its reasons in the comment.

    A pair that was rejected before is left out: the rejection stands.
    """
    found = MappingSet(
        {
            "mapping_set_id": iri,
            "mapping_set_title": title,
            "license": LICENCE,
            "mapping_tool": "chiso",
            "mapping_tool_version": importlib.metadata.version("chiso"),
            "mapping_date": day,
        },
        prefixes={"indicator": f"{base}id/indicator/", "indicator-set": f"{base}id/indicator-set/"},
    )
    for proposal in proposals:
        for one in proposal.candidates:
            if not one.refused:
                found.mappings.append(Record(_slots(proposal, one, to, language)))
    return found.settle()


def _slots(proposal: Proposal, one: Candidate, to: str, language: str) -> dict[str, Value]:
    reasons = "; ".join(reason.en if language == "en" else reason.vi for reason in one.reasons)
    slots: dict[str, Value] = {
        "subject_id": proposal.term.key,
        "subject_label": proposal.term.name,
        "predicate_id": PREFIXES["skos"] + (one.match if one.target else "exactMatch"),
        "object_id": one.target.key if one.target else NO_TERM,
        "mapping_justification": PREFIXES["semapv"] + "LexicalMatching",
        "confidence": Decimal(f"{one.probability:.3f}"),
        "object_source": to,
        "mapping_status": "candidate",
    }
    if one.target:
        slots["object_label"] = one.target.name
    if proposal.scheme:
        slots["subject_source"] = proposal.scheme
    if reasons:
        slots["comment"] = reasons
    return slots
