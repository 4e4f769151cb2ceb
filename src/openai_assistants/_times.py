"""Times as the API has them, and as Python has them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, overload


@overload
def as_datetime(seconds: int) -> datetime: ...


@overload
def as_datetime(seconds: int | None) -> datetime | None: ...


def as_datetime(seconds: Any) -> Any:
    """A time in seconds since 1970 as an aware datetime in UTC.

    None for None, and for what a deviating server sent in its place and is no time.
    """
    if not isinstance(seconds, (int, float)) or isinstance(seconds, bool):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):  # no year of Python's calendar
        return None
