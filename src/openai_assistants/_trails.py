"""Where the iteration over a list has been, so that no server leads it in a circle."""

from __future__ import annotations

import warnings
from typing import Any, Iterable


class Trail:
    """The pages and cursors of one iteration."""

    def __init__(self) -> None:
        self._cursors: set[str] = set()
        self._pages: set[int] = set()

    def repeats_page(self, ids: Iterable[object]) -> bool:
        """Whether there was a page of these items before; warns if so. Items without ids tell nothing."""
        names = tuple(map(str, ids))
        if not any(names):
            return False
        page = hash(names)
        if page in self._pages:
            warn("the server sent the same page again; the list ends here, perhaps early")
            return True
        self._pages.add(page)
        return False

    def repeats_cursor(self, query: dict[str, Any]) -> bool:
        """Whether iteration went on from this place before; warns if so."""
        cursor = repr(query)
        if cursor in self._cursors:
            warn("the server leads back to where the list has been; it ends here, perhaps early")
            return True
        self._cursors.add(cursor)
        return False


def warn(message: str) -> None:
    """Warn the program that iterates over a list."""
    warnings.warn(message, stacklevel=5)
