"""What a call costs, as far as it can be counted without a clock: Python calls, classes built, bytes held."""

from __future__ import annotations

import json
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from openai_assistants import OpenAI
from openai_assistants._parsing import page_parser, parser_for
from tests.benchmarks import payloads

PIECE = 1400


@pytest.fixture(autouse=True)
def nothing_learned() -> None:
    """Other tests have taught the parsers deviations, and to expect these takes calls."""
    page_parser.cache_clear()
    parser_for.cache_clear()


def client_for(answer: Callable[[httpx.Request], httpx.Response]) -> OpenAI:
    http = httpx.Client(transport=httpx.MockTransport(answer))
    return OpenAI(base_url="https://api.test/v1", api_key="key", http_client=http)


class Pieces(httpx.SyncByteStream):
    """A body that comes in pieces of the size of network packets."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        for start in range(0, len(self._body), PIECE):
            yield self._body[start : start + PIECE]


def python_calls(work: Callable[[], object]) -> int:
    """How many Python functions and generators are entered, those of pydantic's and our own code alike."""
    count = 0

    def profile(frame: Any, event: str, argument: object) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def streaming(deltas: int) -> Callable[[], object]:
    """Reads a stream of this many deltas to its end."""
    body = payloads.stream(payloads.events(deltas))
    headers = {"content-type": "text/event-stream"}
    client = client_for(lambda request: httpx.Response(200, headers=headers, stream=Pieces(body)))

    def work() -> None:
        with client.beta.threads.runs.create("thread_1", assistant_id="asst_1", stream=True) as events:
            for _ in events:
                pass

    return work


def test_an_event_of_a_stream_takes_few_python_calls() -> None:
    streaming(10)()  # builds the classes
    few, many = (python_calls(streaming(count)) for count in (1000, 3000))
    assert (many - few) / 2000 < 6


def paging(count: int) -> Callable[[], object]:
    page = payloads.page([payloads.message(number) for number in range(count)], more=False)
    client = client_for(lambda request: httpx.Response(200, json=page))
    return lambda: client.beta.threads.messages.list("thread_1", limit=100).data


def test_an_item_of_a_page_takes_no_python_call() -> None:
    paging(10)()
    few, many = (python_calls(paging(count)) for count in (20, 100))
    assert many - few <= 80 * 0.1


def test_a_call_takes_few_python_calls() -> None:
    client = client_for(lambda request: httpx.Response(200, json=payloads.assistant()))
    bare = httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(200, json=payloads.assistant())))

    def ours() -> object:
        return client.beta.assistants.retrieve("asst_1")

    def raw() -> object:
        return json.loads(bare.get("https://api.test/v1/assistants/asst_1").content)

    for work in (ours, raw):
        work()
    assert python_calls(ours) - python_calls(raw) < 150


def test_the_events_of_a_stream_are_not_kept_in_memory() -> None:
    def peak(deltas: int) -> int:
        work = streaming(deltas)
        tracemalloc.start()
        try:
            work()
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    streaming(10)()
    # The text itself grows, and the last event repeats it: that is about half of what keeping the events would take.
    assert (peak(20_000) - peak(5_000)) / 15_000 < 130


PROGRAM = """
import sys
import httpx
from openai_assistants import BaseModel, OpenAI
answer = {answer!r}
http = httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(200, json=answer)))
client = OpenAI(base_url="https://api.test/v1", api_key="key", http_client=http)
{call}
found, todo = set(), [BaseModel]
while todo:
    todo += (inner := todo.pop().__subclasses__())
    found |= set(inner)
print(sum(each.__pydantic_complete__ for each in found), len(found))
"""


@pytest.mark.parametrize(
    ("call", "answer", "built"),
    [
        ("client.models.retrieve('m')", {"id": "m", "object": "model", "created": 1, "owned_by": "me"}, 3),
        ("client.beta.threads.create()", payloads.thread(), 8),
        ("client.beta.assistants.retrieve('asst_1')", payloads.assistant(), 25),
    ],
    ids=["model", "thread", "assistant"],
)
def test_a_call_builds_only_the_classes_that_it_needs(call: str, answer: dict[str, Any], built: int) -> None:
    program = PROGRAM.format(answer=answer, call=call)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    complete, _ = map(int, done.stdout.split())
    assert 0 < complete <= built
