"""Which assignments are said of a thing: its own, else its group's, else its set's.

What is said of a group or a set is asked for by itself, so that a published state reads it once for all that is in it.
"""

from dataclasses import dataclass

from pyoxigraph import NamedNode

from catalogue.labels import kind_of
from catalogue.lookup import rows_of
from catalogue.query import Query
from catalogue.store.port import Store


@dataclass(frozen=True, slots=True)
class _Whole:
    thing: str
    whole: str
    layer: int
    tasks: bool


@dataclass(frozen=True, slots=True)
class _Made:
    thing: str
    responsibility: str
    role: str


def assigned_to(store: Store, thing: NamedNode) -> dict[str, tuple[int, str]]:
    """The assignments of a thing: step and the thing they were made for (itself, its group, its set).

    Steps: 0 of itself, 1 of a task about it, 2 and 3 of its group, 4 and 5 of its set. Of each role only
    the nearest: what a large set gives to everybody is not read for an indicator that has its own.
    """
    found: dict[str, tuple[int, str]] = {}
    wholes = rows_of(store, "responsibility-wholes", _Whole, [thing.value])[thing.value]
    direct, through = {thing.value: 0}, {thing.value: 1}
    for one in sorted(wholes, key=lambda one: one.layer):
        direct.setdefault(one.whole, 2 * one.layer)
        if one.tasks:
            through.setdefault(one.whole, 2 * one.layer + 1)
    rows = [
        (steps[via], via, row)
        for query, steps in (("responsibility-made", direct), ("responsibility-tasks", through))
        for via, made in rows_of(store, query, _Made, steps).items()
        for row in made
    ]
    nearest: dict[str, int] = {}
    for step, _, row in rows:
        nearest[row.role] = min(nearest.get(row.role, step // 2), step // 2)
    for step, via, row in rows:
        if step // 2 > nearest[row.role]:
            continue
        if row.responsibility not in found or step < found[row.responsibility][0]:
            found[row.responsibility] = (step, via)
    if kind_of(thing.value) in ("decision", "provision"):
        for (responsibility,) in store.select(Query.named("responsibility-of-decision").bind(thing=thing)).rows:
            if responsibility is not None:
                found[responsibility.value] = (0, thing.value)
    return found
