"""What a call costs, as far as it can be counted without a clock: Python calls, classes built, bytes held."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from openai_assistants import AssistantEventHandler, OpenAI, _basics
from openai_assistants._basics import SMALL_ANSWER, undisturbed
from openai_assistants._models import Unparsable, page_parser, parser_for
from openai_assistants.types.beta.threads import Message
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
    gc.collect()
    gc.disable()  # what other tests have left behind is not to be closed, and counted, here
    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(before)
        gc.enable()
    return count


def client_of_streams(body: bytes) -> OpenAI:
    headers = {"content-type": "text/event-stream"}
    return client_for(lambda request: httpx.Response(200, headers=headers, stream=Pieces(body)))


def streaming(deltas: int, *, numbered: bool = False) -> Callable[[], object]:
    """Reads a stream of this many deltas to its end."""
    client = client_of_streams(payloads.stream(payloads.events(deltas), numbered=numbered))

    def work() -> None:
        with client.beta.threads.runs.create("thread_1", assistant_id="asst_1", stream=True) as events:
            for _ in events:
                pass

    return work


def calls_for_each(work: Callable[[int], Callable[[], object]]) -> float:
    """Python calls for each further delta."""
    work(10)()  # builds the classes
    few, many = (python_calls(work(count)) for count in (1000, 3000))
    return (many - few) / 2000


@pytest.mark.parametrize("numbered", [False, True])
def test_an_event_of_a_stream_takes_few_python_calls(numbered: bool) -> None:
    assert calls_for_each(lambda count: streaming(count, numbered=numbered)) < 5


class Follower(AssistantEventHandler):
    """Looks at what grows."""

    length = 0

    def on_text_delta(self, delta: Any, snapshot: Any) -> None:
        self.length = len(snapshot.value)

    def on_tool_call_delta(self, delta: Any, snapshot: Any) -> None:
        self.length = len(snapshot.function.arguments)


def following(pairs: list[tuple[str, Any]]) -> Callable[[], Follower]:
    """Reads these events with a handler, to the end."""
    client = client_of_streams(payloads.stream(pairs))

    def work() -> Follower:
        handler = Follower()
        with client.beta.threads.runs.stream("thread_1", assistant_id="asst_1", event_handler=handler) as stream:
            stream.until_done()
        return handler

    return work


@pytest.mark.parametrize(("pairs", "least"), [(payloads.events, 10), (payloads.asking, 10)], ids=["text", "arguments"])
def test_an_event_with_a_handler_takes_few_python_calls(pairs: Callable[[int], Any], least: int) -> None:
    assert following(pairs(20))().length > least
    assert calls_for_each(lambda count: following(pairs(count))) < 22


def longer(pairs: list[tuple[str, Any]], piece: str) -> list[tuple[str, Any]]:
    """The same events with another text in each delta."""
    pairs = json.loads(json.dumps(pairs))
    for name, data in pairs:
        if name == "thread.message.delta":
            data["delta"]["content"][0]["text"]["value"] = piece
    return pairs


# In memory are: the events, in case the stream breaks off; the snapshot; one delta on its way.
@pytest.mark.parametrize(
    ("work", "times"), [(lambda pairs: streaming_of(pairs), 1.5), (following, 2.5)], ids=["stream", "handler"]
)
def test_longer_texts_take_no_more_calls_and_no_more_copies(
    work: Callable[[Any], Callable[[], object]], times: float
) -> None:
    short, long = (longer(payloads.events(200), "x" * size) for size in (10, 10_000))
    work(payloads.events(5))()
    pieces = (len(payloads.stream(long)) - len(payloads.stream(short))) / PIECE
    assert python_calls(work(long)) - python_calls(work(short)) < pieces * 20
    work_once = work(long)
    tracemalloc.start()
    try:
        work_once()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < times * 200 * 10_000


def streaming_of(pairs: list[tuple[str, Any]]) -> Callable[[], object]:
    client = client_of_streams(payloads.stream(pairs))

    def work() -> None:
        with client.beta.threads.runs.create("thread_1", assistant_id="asst_1", stream=True) as events:
            for _ in events:
                pass

    return work


def test_an_event_of_many_bytes_is_copied_a_few_times_and_no_more() -> None:
    size = 3_000_000
    pairs = longer(payloads.events(1), "x" * size)
    work = streaming_of(pairs)
    streaming_of(payloads.events(1))()
    tracemalloc.start()
    try:
        work()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4 * size


def paging(count: int) -> Callable[[], object]:
    page = payloads.page([payloads.message(number) for number in range(count)], more=False)
    client = client_for(lambda request: httpx.Response(200, json=page))
    return lambda: client.beta.threads.messages.list("thread_1", limit=100).data


def test_an_item_of_a_page_takes_no_python_call() -> None:
    paging(10)()
    few, many = (python_calls(paging(count)) for count in (20, 100))
    assert many - few <= 80 * 0.1


@pytest.fixture
def collections() -> Iterator[list[str]]:
    """A garbage collector that is in a hurry, and a note of each time that it goes through young objects."""
    noted: list[str] = []
    thresholds = gc.get_threshold()

    def note(phase: str, info: dict[str, int]) -> None:
        noted.append(phase)

    gc.callbacks.append(note)
    gc.set_threshold(10, 100_000, 100_000)
    yield noted
    gc.set_threshold(*thresholds)
    gc.callbacks.remove(note)


def test_the_garbage_collector_rests_while_an_answer_is_read(collections: list[str]) -> None:
    body = json.dumps(payloads.page([payloads.message(number) for number in range(100)], more=False)).encode()
    parser = page_parser(Message)
    parser.validate(body)
    collections.clear()
    parser.validate(body)
    often = len(collections)
    collections.clear()
    parser.parse(body)
    assert len(collections) < 10
    assert often > 100 or sys.version_info >= (3, 12)  # which never collects within such a call


def test_the_garbage_collector_goes_on_as_it_was() -> None:
    parser = page_parser(Message)
    large = b'{"data": []' + b" " * SMALL_ANSWER
    assert gc.isenabled()
    with pytest.raises(Unparsable):
        parser.parse(large)
    assert gc.isenabled()
    gc.disable()
    try:
        parser.parse(large + b"}")
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_it_does_not_rest_for_ever_in_a_process_that_is_forked_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_basics, "_INTERRUPTS", True)  # as on Python 3.11
    ended: list[int] = []

    def read(data: bytes | bytearray) -> None:
        assert not gc.isenabled()
        child = os.fork()
        if child == 0:
            os._exit(0 if gc.isenabled() else 1)
        ended.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))

    undisturbed(read, b" " * (SMALL_ANSWER + 1))
    assert ended == [0] and gc.isenabled()
    monkeypatch.setattr(_basics, "_INTERRUPTS", False)
    assert undisturbed(lambda data: gc.isenabled(), b" " * (SMALL_ANSWER + 1))


def test_a_call_takes_few_python_calls() -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=payloads.assistant()))
    bare = httpx.Client(transport=transport, headers={"authorization": "Bearer key", "openai-beta": "assistants=v2"})
    url = "https://api.test/v1/assistants"
    body = {"model": "gpt-4o", "name": "Librarian"}
    pairs: list[tuple[Callable[[OpenAI], object], Callable[[], object], int]] = [
        (lambda client: client.beta.assistants.retrieve("asst_1"), lambda: bare.get(f"{url}/asst_1"), 80),
        (lambda client: client.beta.assistants.create(**body), lambda: bare.post(url, json=body), 100),
    ]
    for ours, raw, more in pairs:
        client = OpenAI(base_url="https://api.test/v1", api_key="key")
        http: Any = client._core.http()
        http._transport, http._mounts = transport, {}
        passed = client_for(lambda request: httpx.Response(200, json=payloads.assistant()))
        for each in (client, passed):
            ours(each)
        json.loads(raw().content)  # type: ignore[attr-defined]
        beside = python_calls(lambda raw=raw: json.loads(raw().content))
        assert python_calls(lambda ours=ours, client=client: ours(client)) - beside < more
        assert python_calls(lambda ours=ours, passed=passed: ours(passed)) - beside < 150


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


LOADING = """
import sys, httpx
from openai_assistants import OpenAI
answer = {"id": "m", "object": "model", "created": 1, "owned_by": "me"}
http = httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(200, json=answer)))
OpenAI(base_url="https://api.test/v1", api_key="key", http_client=http).models.retrieve("m")
print(*(name for name in sys.modules if name.startswith("openai_assistants.")))
"""


def test_a_call_loads_only_what_it_needs() -> None:
    done = subprocess.run([sys.executable, "-c", LOADING], capture_output=True, text=True, check=True)
    loaded = {name.removeprefix("openai_assistants.") for name in done.stdout.split()}
    others = {"_pagination", "_streaming", "_sse", "_recovery", "_missing", "_polling", "_together", "_handlers"}
    assert {"_connection", "_exchange", "types.files"} <= loaded
    assert not loaded & {*others, "_deviations", "types.runs", "types.threads", "types.vector_stores"}
    assert len(loaded) < 30


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
