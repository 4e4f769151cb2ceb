"""Logging: what is sent and answered, without bodies and without credentials; `OPENAI_LOG=info|debug` prints it."""

from __future__ import annotations

import logging
import os
import re
from typing import TYPE_CHECKING, Iterable

from ._secrets import guard_logs
from ._text import one_line
from ._urls import place_of

if TYPE_CHECKING:
    import httpx

    from ._models import Deviation

logger = logging.getLogger("openai_assistants")

SHOWN = 200
"""Characters of what a server wrote."""

MAX_TOLD = 1000
"""How many places of deviations are remembered: some have names of the server in them, without end."""

_told: set[tuple[str, str]] = set()
_indexes = re.compile(r"\[\d+\]")


def configure_from_environment() -> None:
    """Print our log on stderr if `OPENAI_LOG` asks for it; in any case keep secrets out of that of the HTTP library."""
    guard_logs()
    level = os.environ.get("OPENAI_LOG", "").lower()
    if level in ("debug", "info"):
        if not logger.handlers:
            handler = logging.StreamHandler()
            handler.setFormatter(logging.Formatter("[%(asctime)s %(name)s %(levelname)s] %(message)s"))
            logger.addHandler(handler)
        logger.setLevel(level.upper())


def log_attempt(request: httpx.Request, attempt: int) -> None:
    """One attempt is about to be sent."""
    if logger.isEnabledFor(logging.DEBUG):
        logger.debug("%s %s (attempt %d)", request.method, _shown(request.url), attempt)


def log_answer(response: httpx.Response) -> None:
    """An answer has come."""
    if logger.isEnabledFor(logging.INFO):
        request = response.request
        request_id = one_line(response.headers.get("x-request-id", "-"), SHOWN)
        logger.info("%s %s -> %d (request %s)", request.method, _shown(request.url), response.status_code, request_id)


def log_retry(request: httpx.Request, reason: object, seconds: float) -> None:
    """An attempt failed and will be repeated."""
    logger.info("%s %s failed (%s); next attempt in %.2f s", request.method, _shown(request.url), reason, seconds)


def log_deviations(what: str, deviations: Iterable[Deviation]) -> None:
    """Warn about each place where a server deviates from the API's documents, once per place.

    Args:
        what: What deviates: an operation or an event.
        deviations: The places in it.
    """
    for deviation in deviations:
        place = _indexes.sub("[*]", deviation.path) or "(the whole body)"
        if (what, place) not in _told and len(_told) < MAX_TOLD:
            _told.add((what, place))
            told = (one_line(text, SHOWN) for text in (what, place, deviation.expected))
            logger.warning("%s deviates from the API at %s: %s", *told)


def _shown(url: httpx.URL) -> str:
    """A URL without user name, password and query values."""
    query = "?..." if url.query else ""
    return f"{place_of(url)}{query}"
