"""Pages of answers that are made whole: the items after the one that the cursor names."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from catalogue.errors import Invalid
from catalogue.listing import read_cursor, write_cursor

Item = TypeVar("Item")


def page(
    items: Sequence[Item], name: Callable[[Item], str], *, limit: int, cursor: str | None
) -> tuple[list[Item], str | None]:
    """At most `limit` of `items`, and the cursor of the page after; `name` gives what an item is called, unique among them.

    Raises `Invalid` for a cursor that names none of the items.

    >>> first, cursor = page(["a", "b", "c"], str, limit=2, cursor=None)
    >>> first, page(["a", "b", "c"], str, limit=2, cursor=cursor)
    (['a', 'b'], (['c'], None))
    """
    start = 0
    if cursor is not None:
        names, after = [name(item) for item in items], read_cursor(cursor)
        if after not in names:
            raise Invalid(
                "Con trỏ trang không thuộc danh sách này; hãy bắt đầu lại từ trang đầu.",
                "That page cursor belongs to no item of this list; start again from the first page.",
            )
        start = names.index(after) + 1
    shown = list(items[start : start + limit])
    return shown, write_cursor(name(shown[-1])) if start + limit < len(items) else None
