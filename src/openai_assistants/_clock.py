"""What time it is at the server, so that a wrong clock here does not matter."""

from __future__ import annotations

import email.utils
import time
from typing import Mapping


def server_time(headers: Mapping[str, str]) -> float:
    """Seconds since 1970 by the `Date` header of an answer; by our own clock if it has none."""
    try:
        return email.utils.parsedate_to_datetime(headers.get("date", "")).timestamp()
    except (TypeError, ValueError):
        return time.time()
