"""When and how soon an attempt is repeated: pure decisions over a status, headers and a count; and what time it is at
the server, so that a wrong clock here does not matter."""

from __future__ import annotations

import email.utils
import random
import re
import time
from datetime import UTC
from typing import Callable, Mapping

# What time it is at the server, so that a wrong clock here does not matter.


def server_time(headers: Mapping[str, str]) -> float:
    """Seconds since 1970 by the `Date` header of an answer; by our own clock if it has none."""
    moment = http_date(headers.get("date", ""))
    return time.time() if moment is None else moment


def http_date(text: str) -> float | None:
    """Seconds since 1970 that a header names as a date; None if it is none."""
    try:
        moment = email.utils.parsedate_to_datetime(text)
        if moment.tzinfo is None:  # HTTP dates are in GMT, whether they say so or not
            moment = moment.replace(tzinfo=UTC)
        return moment.timestamp()
    except (TypeError, ValueError, OverflowError):
        return None


# When and how soon an attempt is repeated: pure decisions over a status, headers and a count.

INITIAL_DELAY = 0.5
MAX_DELAY = 8.0
"""Longest wait of our own, in seconds."""
MAX_RETRY_AFTER = 60.0
"""Longest wait that a server may ask for, in seconds; when it asks for more, its error is raised at once."""

_NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{0,12})?")

RETRIED_STATUSES = frozenset({408, 409, 429})


def is_retried_status(status: int, headers: Mapping[str, str]) -> bool:
    """Whether an answer is worth another attempt. The server's `x-should-retry` has the last word."""
    wish = headers.get("x-should-retry")
    if wish == "true":
        return True
    if wish == "false":
        return False
    return status in RETRIED_STATUSES or status >= 500


def retry_after(headers: Mapping[str, str], *, now: Callable[[], float] = time.time) -> float | None:
    """Seconds that the server asks to wait: `retry-after-ms`, or `Retry-After` as seconds or as a date."""
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    text = headers.get("retry-after")
    seconds = _number(text)
    if seconds is not None or text is None:
        return seconds
    moment = http_date(text)
    return None if moment is None else max(0.0, moment - now())


def delay(attempt: int, headers: Mapping[str, str], *, jitter: Callable[[], float] = random.random) -> float | None:
    """Seconds to wait before the next attempt; None when the server asks for longer than we are willing to wait.

    Args:
        attempt: How many attempts there have been, at least 1.
        headers: Headers of the answer; empty after a connection error.
        jitter: Gives a number between 0 and 1; up to a quarter of the delay is taken off, so that clients spread.
    """
    asked = retry_after(headers)
    if asked is not None:
        return asked if asked <= MAX_RETRY_AFTER else None
    return min(INITIAL_DELAY * 2.0 ** min(attempt - 1, 16), MAX_DELAY) * (1 - 0.25 * jitter())


def _number(text: str | None) -> float | None:
    return float(text) if text is not None and _NUMBER.fullmatch(text.strip()) else None
