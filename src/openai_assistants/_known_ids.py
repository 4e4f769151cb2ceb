"""The ids that a client has been answered for what it created.

When the outcome of a POST is unknown and the client looks for what it may have created, none of these can be it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

CAPACITY = 10_000
"""Older ids are forgotten: only what was created within the last minutes is ever looked for."""


class KnownIds:
    """A bounded set of ids; usable from many threads."""

    def __init__(self) -> None:
        self._ids: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def claim(self, object_id: object) -> bool:
        """Add an id; False if it was there already, so that of two who find the same object one gets it."""
        if not isinstance(object_id, str):
            return True
        with self._lock:
            if object_id in self._ids:
                return False
            self._ids[object_id] = None
            if len(self._ids) > CAPACITY:
                self._ids.popitem(last=False)
        return True

    def __contains__(self, object_id: object) -> bool:
        return isinstance(object_id, str) and object_id in self._ids
