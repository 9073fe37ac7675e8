"""What tells things apart beside their names: the title of a document, the unit above an administrative unit."""

from collections.abc import Iterable
from dataclasses import dataclass

from catalogue.labels import references
from catalogue.lookup import rows_of
from catalogue.store.port import Store


@dataclass(frozen=True, slots=True)
class _Row:
    thing: str
    title: str | None
    within: str | None


def beside(store: Store, things: Iterable[str], language: str = "vi") -> dict[str, str]:
    """A few words for each of `things` (IRIs) that has such; a unit that changed from one to another names both."""
    found = rows_of(store, "beside", _Row, things)
    above = references(store, {row.within for rows in found.values() for row in rows if row.within}, language)
    told = {}
    for thing, rows in found.items():
        names = sorted({above[row.within].label or "" for row in rows if row.within} - {""})
        titles = [row.title for row in rows if row.title]
        if titles or names:
            told[thing] = titles[0] if titles else ", ".join(names)
    return told
