"""Errors sown into the whole real catalogue: each is caught by the shape that is meant for it, and nothing else changes."""

from functools import cache

import pytest
from pyoxigraph import Quad

from catalogue.settings import DEFAULT_BASE
from catalogue.shipped import GRAPH as SOURCES
from catalogue.validation import Violation, check
from loaders.administrative_units import AdministrativeUnits
from tests.shapes.cases import GRAPH, HERE, WORLD_GRAPH, read, short, store, vocabulary

TRAPS = [
    ("trap-namesake", "responsibility-namesake"),
    ("trap-outlives", "responsibility-outlives"),
    ("trap-many-to-many", "event-many-to-many"),
    ("trap-many-to-many", "event-original-lives"),
    ("trap-many-to-many", "event-result-begins"),
    ("trap-month", "interval-from"),
    ("trap-zone", "interval-from"),
    ("trap-empty", "interval-order"),
    ("trap-same-decision", "decision-duplicate"),
    ("trap-code", "indicator-code-twice"),
    ("trap-code", "found-after-all"),
    ("trap-undecided", "MappingDecided"),
    ("trap-undecided", "mapping-within-set"),
    ("trap-figure", "observation-twice"),
    ("trap-ward", "area-code-held-twice"),
    ("trap-province", "regime-foreign-indicator"),
    ("trap-province", "regime-cutoff-before-due"),
    ("trap-two-marks", "graph-mark"),
]


@cache
def caught(*, sown: bool) -> list[Violation]:
    """What is found in the whole catalogue, loaded units included, with or without the traps."""
    units = (Quad(q.subject, q.predicate, q.object, WORLD_GRAPH) for q in AdministrativeUnits().quads(DEFAULT_BASE))
    real = [*vocabulary(), *read(sorted(SOURCES.rglob("*.ttl")), WORLD_GRAPH), *units]
    traps = list(read([HERE / "traps.ttl"], GRAPH)) if sown else []
    return check(store([*real, *traps]), graphs={WORLD_GRAPH: "real", GRAPH: "traps"})


@pytest.mark.parametrize(("trap", "shape"), TRAPS)
def test_a_trap_is_caught(trap: str, shape: str) -> None:
    found = {(short(v.focus), short(v.shape)) for v in caught(sown=True) if v.source == "traps"}
    assert (f"test:{trap}", f"shape:{shape}") in found


def test_a_misspelt_word_is_caught() -> None:
    assert "chiso:validForm" in {short(v.value) for v in caught(sown=True) if v.source == "traps"}


def test_the_real_catalogue_breaks_no_shape() -> None:
    grave = [v for v in caught(sown=False) if v.severity == "Violation"]
    assert [f"{short(v.focus)} {short(v.shape)} {short(v.value)} {v.message_en}" for v in grave] == []
