"""When and how soon an attempt is repeated."""

from __future__ import annotations

import math
import time
from typing import Iterator

import pytest
from hypothesis import example, given, strategies as st

from openai_assistants._http import INITIAL_DELAY, MAX_DELAY, MAX_RETRY_AFTER, delay, is_retried_status, retry_after

NOW = 784_111_777.0  # Sun, 06 Nov 1994 08:49:37 GMT


@pytest.fixture
def far_from_greenwich(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose local time is far from GMT."""
    monkeypatch.setenv("TZ", "XXX-11")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("status", "repeated"),
    [(408, True), (409, True), (429, True), (500, True), (502, True), (503, True), (504, True), (529, True)]
    + [(status, False) for status in (300, 304, 400, 401, 402, 403, 404, 405, 410, 413, 422, 451)],
)
def test_status(status: int, repeated: bool) -> None:
    assert is_retried_status(status, {}) is repeated


@pytest.mark.parametrize("status", [400, 404, 429, 500])
def test_the_servers_wish_has_the_last_word(status: int) -> None:
    assert is_retried_status(status, {"x-should-retry": "true"}) is True
    assert is_retried_status(status, {"x-should-retry": "false"}) is False


@pytest.mark.parametrize(("status", "repeated"), [(400, False), (500, True)])
def test_a_wish_that_is_neither_yes_nor_no_is_no_wish(status: int, repeated: bool) -> None:
    assert is_retried_status(status, {"x-should-retry": "perhaps"}) is repeated


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": " 2 "}, 2.0),
        ({"retry-after": "2\x1f"}, 2.0),
        ({"retry-after-ms": "\x1c1500\x85"}, 1.5),
        ({"retry-after-ms": "1500"}, 1.5),
        ({"retry-after-ms": "1500", "retry-after": "60"}, 1.5),
        ({"retry-after-ms": "soon", "retry-after": "3"}, 3.0),
        ({"retry-after-ms": "-1", "retry-after": "3"}, 3.0),
        ({"retry-after-ms": "nan"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "-inf"}, None),
        ({"retry-after": "1e999"}, None),
        ({"retry-after": "1_0"}, None),
        ({"retry-after": "Sun, 06 Nov 1994 08:49:47 GMT"}, 10.0),
        ({"retry-after": "Sunday, 06-Nov-94 08:49:47 GMT"}, 10.0),
        ({"retry-after": "Sun Nov  6 08:49:47 1994"}, 10.0),
        ({"retry-after": "Sun, 06 Nov 1994 08:49:47 -0000"}, 10.0),
        ({"retry-after": "Sun, 06 Nov 1994 10:49:47 +0200"}, 10.0),
        ({"retry-after": "Sun, 06 Nov 1994 08:49:27 GMT"}, 0.0),
        ({"retry-after": "Sun, 99 Nov 1994 08:49:27 GMT"}, None),
        ({"retry-after": "Mon, 01 Jan 99999999999999999999 00:00:00 GMT"}, None),
    ],
)
@pytest.mark.usefixtures("far_from_greenwich")
def test_what_the_server_asks_for(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, now=lambda: NOW) == seconds


@given(st.text(max_size=40))
@example("Mon, 01 Jan 99999999999999999999 00:00:00 GMT")
@example("Mon, 01 Jan 0001 00:00:00 +2359")
def test_any_header_gives_a_wait_or_none(text: str) -> None:
    for name in ("retry-after", "retry-after-ms"):
        seconds = retry_after({name: text})
        assert seconds is None or (seconds >= 0 and math.isfinite(seconds))


def test_a_wish_within_the_limit_is_followed_exactly() -> None:
    assert delay(1, {"retry-after": str(MAX_RETRY_AFTER)}) == MAX_RETRY_AFTER
    assert delay(5, {"retry-after": "0"}) == 0.0


@pytest.mark.parametrize("headers", [{"retry-after": "60.1"}, {"retry-after-ms": "60100"}, {"retry-after": "86400"}])
def test_a_wish_beyond_the_limit_means_no_repetition(headers: dict[str, str]) -> None:
    assert delay(1, headers) is None


def test_our_own_wait_doubles_up_to_a_limit() -> None:
    waits = [delay(attempt, {}, jitter=lambda: 0.0) for attempt in range(1, 9)]
    assert waits == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0, 8.0]
    assert (INITIAL_DELAY, MAX_DELAY) == (0.5, 8.0)


@given(st.integers(1, 10**9), st.floats(0, 1, exclude_max=True))
def test_jitter_takes_off_up_to_a_quarter(attempt: int, jitter: float) -> None:
    full = delay(attempt, {}, jitter=lambda: 0.0)
    seconds = delay(attempt, {}, jitter=lambda: jitter)
    assert full is not None and seconds is not None
    assert 0.75 * full <= seconds <= full <= MAX_DELAY


def test_clients_spread() -> None:
    assert len({delay(1, {}) for _ in range(20)}) > 1


def test_an_unreadable_wish_falls_back_to_our_own_wait() -> None:
    assert delay(1, {"retry-after": "soon"}, jitter=lambda: 0.0) == INITIAL_DELAY
