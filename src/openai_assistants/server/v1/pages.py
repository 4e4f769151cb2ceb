"""Pages of lists that are put together and not stored as such."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..errors import ApiError, not_found
from ..spec import JsonObject
from ..store.records import Window
from .attached import Place


def page(
    items: Iterable[tuple[Place, JsonObject]], window: Window, place_of: Callable[[str], Place | None]
) -> JsonObject:
    """The window of a list of files, as `records.page` has it: `before` gives the items just before that one.

    Args:
        items: All items, with what sorts them.
        window: What of them is wanted.
        place_of: The place of an item of this id, also of one that is in the list no more.
    """
    backward = window.before is not None and window.after is None
    ordered = sorted(items, key=lambda item: item[0], reverse=window.order != "asc")

    def is_behind(place: Place, other: Place) -> bool:
        return place > other if window.order == "asc" else place < other

    def cursor(file_id: str, name: str) -> Place:
        place = place_of(file_id)
        if place is None:
            raise ApiError(not_found("file", file_id).message, param=name)
        return place

    if window.after is not None:
        start = cursor(window.after, "after")
        ordered = [item for item in ordered if is_behind(item[0], start)]
    if window.before is not None:
        end = cursor(window.before, "before")
        ordered = [item for item in ordered if is_behind(end, item[0])]
    data = [item for _, item in (ordered[-window.limit :] if backward else ordered[: window.limit])]
    return {
        "object": "list",
        "data": data,
        "first_id": data[0]["id"] if data else None,
        "last_id": data[-1]["id"] if data else None,
        "has_more": len(ordered) > window.limit,
    }
