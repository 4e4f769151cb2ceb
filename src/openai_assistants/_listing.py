"""Lists as plain data, for what the client looks up on its own behalf. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Mapping

from ._documents import read_json
from ._exchange import exchange
from ._guards import is_list, is_mapping

if TYPE_CHECKING:
    from ._calls import Call
    from ._core import Core
    from ._flow import Flow
    from ._options import RequestOptions

Json = Mapping[str, Any]


def items_in(content: bytes) -> tuple[list[Json], bool]:
    """The items of a list answer, and whether there may be more: some servers do not say, or send bare arrays."""
    try:
        document: object = read_json(content)
    except ValueError:
        return [], False
    items = document.get("data") if is_mapping(document) else document
    found: list[Json] = [item for item in items if is_mapping(item)] if is_list(items) else []
    return found, bool(found) and not (is_mapping(document) and document.get("has_more") is False)


def all_items(
    core: Core, call: Call[Any], options: RequestOptions, keep: Callable[[Json], Json] = dict
) -> Flow[list[Json]]:
    """All items of a list, or what `keep` makes of them, page after page; a server that sends the same page again has
    no more."""
    items: dict[str, Json] = {}
    while True:
        response = yield from exchange(core, call, options)
        found, has_more = items_in(response.content)
        before = len(items)
        items.update((str(item.get("id")), keep(item)) for item in found)
        if len(items) == before or not has_more:
            return list(items.values())
        call = call.with_query(after=str(found[-1].get("id")))
