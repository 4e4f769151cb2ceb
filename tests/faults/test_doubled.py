"""What comes twice, and what comes slowly: a request that somebody on the way repeats, an answer, events of a stream;
and a connection that lets little through at a time, until a deadline."""

from __future__ import annotations

import time
from itertools import groupby
from pathlib import Path

import pytest

from openai_assistants import APITimeoutError, BulkUploadError, OpenAIError, WaitTimeoutError
from openai_assistants.server import LocalServer
from tests.operations.table import ROWS
from tests.unit.support import FLAVOURS, Flavour

from .proxy import EACH, Proxy, Spoil, doublings
from .scenarios import SAID, SCENARIOS
from .test_helpers import Stage, cases, proxy as proxy, server as server
from .test_operations import answer, loaded as loaded, outcomes

# On trio, httpx and httpcore leave their async generators to the garbage collector when a body is not read to its end.
pytestmark = pytest.mark.filterwarnings(r"ignore:Async generator 'http(x|core)\\.:ResourceWarning")

WHOLE = doublings(())
EVENTS = doublings((0, 1, 2, 3, 5, 8, EACH))[len(WHOLE) :]
STREAMED = ("streamed", "told", "events", "tools_streamed")
PIECES = ("Good ", "mörning", " ☀, you.")
LATE = 15.0
"""Seconds that a busy machine may take for the rest; all pauses together are many more."""
SLOW = [Spoil(where, "throttle", 0, pauses=5000) for where in ("request body", "answer head", "answer body")]


@pytest.mark.parametrize("spoil", [*WHOLE, Spoil("answer body", "throttle", 0, seconds=0.001)], ids=str)
def test_every_operation_gives_the_right_result(flavour: Flavour, spoil: Spoil) -> None:
    with Proxy(answer) as proxy:
        good = outcomes(flavour, proxy, lambda row: None)
        found = outcomes(flavour, proxy, lambda row: spoil)
        assert found == good
        assert sum(proxy.spoiled.values()) >= len(ROWS) - 1


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("flavour", FLAVOURS, ids=lambda flavour: flavour.name)
def test_what_comes_twice_is_done_once(
    name: str, flavour: Flavour, server: LocalServer, proxy: Proxy, tmp_path: Path
) -> None:
    stage = Stage(flavour, server, proxy, tmp_path)
    outcome, left, requests = stage.expected(name)
    for spoil, at in cases(WHOLE, requests, name, flavour):
        assert stage.play(name, spoil, at) == (outcome, left), (str(spoil), at)


@pytest.mark.parametrize("name", STREAMED)
@pytest.mark.parametrize("flavour", FLAVOURS, ids=lambda flavour: flavour.name)
def test_events_that_come_twice(name: str, flavour: Flavour, server: LocalServer, proxy: Proxy, tmp_path: Path) -> None:
    """Nothing is done twice, and whole objects are what they are. Two pieces of text that are alike may both be
    meant: most servers do not number their events, or number several alike. So the text may be there twice."""
    stage = Stage(flavour, server, proxy, tmp_path)
    outcome, left, requests = stage.expected(name)
    for spoil, at in cases(EVENTS, requests, name, flavour):
        found, found_left = stage.play(name, spoil, at)
        assert found_left == left, (str(spoil), at)
        if isinstance(found, OpenAIError):
            continue
        if name == "events":
            found, outcome = ([each for each, _ in groupby(events)] for events in (found, outcome))
        elif name == "told":
            assert (
                found[0] == SAID
                or any(found[0] == SAID.replace(piece, piece * 2) for piece in PIECES)
                or (found[0] == "".join(piece * 2 for piece in PIECES))
            )
            found, outcome = found[1], outcome[1]
        assert found == outcome, (str(spoil), at)


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("flavour", FLAVOURS, ids=lambda flavour: flavour.name)
def test_a_deadline_holds_where_little_comes_at_a_time(
    name: str, flavour: Flavour, server: LocalServer, proxy: Proxy, tmp_path: Path
) -> None:
    """No read takes long, only all of them together."""
    stage = Stage(flavour, server, proxy, tmp_path)
    _, left, requests = stage.expected(name)
    for spoil, at in cases(SLOW, requests, name, flavour):
        happened = sum(proxy.spoiled.values())
        started = time.monotonic()
        found, found_left = stage.play(name, spoil, at, ever=True, deadline=0.3)
        assert time.monotonic() - started < 0.3 + LATE, (str(spoil), at)
        if sum(proxy.spoiled.values()) == happened:  # that request has no body, or there were fewer this time
            continue
        if isinstance(found, Exception):
            assert isinstance(found, (APITimeoutError, WaitTimeoutError, BulkUploadError)), (str(spoil), at, found)
        assert all(len(there) <= len(left[what]) for what, there in found_left.items()), (str(spoil), at)
