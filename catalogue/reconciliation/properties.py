"""The properties that refine a query and that can be fetched: found by identifier, proposed by type."""

from catalogue.errors import Invalid
from catalogue.iri import KINDS
from catalogue.reconciliation.property import Property
from catalogue.reconciliation.property_table import PROPERTIES

BY_ID = {one.id: one for one in PROPERTIES}


def property_of(text: str, where: str = "") -> Property:
    """The property of an identifier. `where`: which query of a batch. Raises `Invalid`, with all there are, for others."""
    found = BY_ID.get(text)
    if found is None:
        raise Invalid(
            f"{where}Không có thuộc tính “{text[:80]}”. Các thuộc tính: {', '.join(BY_ID)}.",
            f"{where}There is no property “{text[:80]}”. The properties: {', '.join(BY_ID)}.",
            details={"property": text[:80], "properties": list(BY_ID)},
        )
    return found


def proposed(kinds: tuple[str, ...], limit: int | None = None) -> list[Property]:
    """The properties that can be fetched for things of `kinds`, those made for the kind and those of all."""
    unknown = [kind for kind in kinds if kind not in KINDS]
    assert not unknown  # noqa: S101 - the caller asked `kinds_of`
    return [one for one in PROPERTIES if one.fetched and one.fits(kinds)][:limit]
