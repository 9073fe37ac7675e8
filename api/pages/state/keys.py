"""How a thing is named in the addresses of these pages, and read from them."""

from collections.abc import Collection

from catalogue import iri
from catalogue.errors import NotFound


def key(base: str, target: str) -> str:
    """The short name of an IRI: `agency:hanoi.ubnd`, else the IRI as it is.

    >>> key("https://chiso.example/", "https://chiso.example/id/agency/hanoi.ubnd"), key("https://chiso.example/", "central")
    ('agency:hanoi.ubnd', 'central')
    """
    found = iri.kind_and_key(base, target)
    return f"{found[0]}:{found[1]}" if found else target


def chosen(base: str, text: str, among: Collection[str]) -> str | None:
    """The one of `among` that `text` names, None where it is empty. Raises `NotFound` where there is none."""
    if not text.strip():
        return None
    found = next((one for one in among if text in (one, key(base, one))), None)
    if found is None:
        raise NotFound(
            f"Trang này không có “{text[:80]}”. Hãy mở lại từ trang /overview.",
            f"There is no “{text[:80]}” on this page. Start again from /overview.",
        )
    return found
