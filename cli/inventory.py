"""`python -m cli.inventory`: write `docs/data.md` anew, about the graph that ships and what the loaders add to it."""

from pathlib import Path

from catalogue import inventory
from catalogue.errors import Invalid
from catalogue.settings import Settings
from catalogue.store.embedded import open_memory
from cli.building import bring_up

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "data.md"


def shipped() -> str:
    """The page, from the graph as it is built in memory.

    Raises `Invalid` when a source stays out: the page would hide that something is missing.
    """
    settings, store = Settings(store="memory"), open_memory()
    report = bring_up(settings, memory=store, say=lambda _sentence: None)
    if report.refused:
        names = ", ".join(report.refused)
        raise Invalid(
            f"Có nguồn không vào được đồ thị, hãy sửa trước: {names}.", f"Sources stayed out, mend them first: {names}."
        )
    return inventory.markdown(store, settings.base_iri)


if __name__ == "__main__":
    DOCUMENT.parent.mkdir(exist_ok=True)
    DOCUMENT.write_text(shipped(), encoding="utf-8")
