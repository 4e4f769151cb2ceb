"""What time it is at the server, so that a wrong clock here does not matter."""

from __future__ import annotations

import email.utils
import time
from datetime import UTC
from typing import Mapping


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
