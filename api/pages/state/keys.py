"""What the addresses of these pages name, among what the pages show."""

from collections.abc import Collection

from catalogue.errors import NotFound
from catalogue.iri import curie


def chosen(base: str, text: str, among: Collection[str]) -> str | None:
    """The one of `among` that `text` names, None where it is empty. Raises `NotFound` where there is none."""
    if not text.strip():
        return None
    found = next((one for one in among if text in (one, curie(base, one))), None)
    if found is None:
        raise NotFound(
            f"Trang này không có “{text[:80]}”. Hãy mở lại từ trang /overview.",
            f"There is no “{text[:80]}” on this page. Start again from /overview.",
        )
    return found
