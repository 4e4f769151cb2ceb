"""Answers that are errors: any status, any body, any header; a call ends with an exception of ours, in bounded time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import given, note, strategies as st

from openai_assistants import APIConnectionError, APIError, APIStatusError, OpenAIError
from tests.unit.support import KEY, Flavour

from .conftest import Clock
from .damage import changed, changes, damaged, encoded, encodings, on_bytes, types, written
from .support import Rig, Said, examine, flavours, fuzzed, outcome

# On trio the HTTP library leaves its own async generators to the garbage collector when it cannot decode a body.
pytestmark = pytest.mark.filterwarnings(r"ignore:Async generator 'httpx\.:ResourceWarning")

ERROR = {"message": "No such thing.", "type": "invalid_request_error", "param": "id", "code": "not_found"}
SAMPLES: list[Any] = [
    {"error": ERROR},
    {"error": ERROR},
    ERROR,
    {"error": {}},
    {"error": "text"},
    {"error": ["a", {"b": 1}]},
    {"detail": "Not Found"},
    {"detail": [{"loc": ["body", 0], "msg": "field required", "type": "value_error"}]},
    {"message": "no"},
    {"error": {"message": "Thread thread_1 already has an active run run_1.", "code": None}},
    {"error": {"message": {"nested": ["deep", {"er": 1}]}, "code": 404, "type": False, "param": ["x"]}},
    {"error": {"message": "Invalid URL (GET /v1/x)", "code": "unknown_url"}},
    {"error": {"message": "\x1b[31mred\x07\r\nInjected: yes\u2028" + "x" * 3000}},
    {"title": 5, "error_description": None},
    [],
    "text",
    None,
]
bodies = st.tuples(st.sampled_from(SAMPLES), changes, on_bytes).map(
    lambda how: damaged(written(changed(how[0], how[1])).encode(), how[2])
)

NUMBERS = [
    "0",
    "1",
    "-1",
    "59.9",
    "60",
    "61",
    "1e3",
    "1e999",
    "NaN",
    "inf",
    "-inf",
    "9" * 400,
    "0x10",
    "١٢",
    "1_0",
    " 5 ",
]
DATES = [
    "Wed, 21 Oct 2015 07:28:00 GMT",
    "Wed, 21 Oct 2099 07:28:00 GMT",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "Fri, 31 Dec 9999 23:59:59 -2359",
    "Mon, 01 Jan 0001 00:00:00 +2359",
    "Mon, 01 Jan 0001 00:00:00 -0000",
    "Mon, 01 Jan 1 00:00:00",
    "Wed, 21 Oct 2015 25:61:61 GMT",
    "Wed, 31 Feb 2015 00:00:00 GMT",
    "Wed, 21 Oct 2015 07:28:00 +9999",
    "Wed, 21 Oct 99999999999999999999 07:28:00 GMT",
    "Sunday, 06-Nov-94 08:49:37 GMT",
    "2015-10-21T07:28:00Z",
]
TEXTS = [
    "",
    " ",
    "true",
    "false",
    "TRUE",
    "supported",
    "req_1",
    "a\tb",
    "é",
    "\xff",
    "\x1b[31m",
    "x" * 5000,
    "\n",
    "a\r\nb",
]
PLACES = [
    "/v1/elsewhere",
    "elsewhere?x#y",
    "//other.test/x",
    "https://other.test/x",
    "http://user:secret@other.test/",
    "https://api.test:99999/",
    "https://[::1",
    "https://[::g]/",
    "http://",
    "://",
    "file:///etc/passwd",
    "ftp://other.test/",
    "javascript:alert(1)",
    "data:text/plain,x",
    "\x00",
    "https://exa mple/",
    "https://xn--a/",
    "https://\u2024\u2024/",
    "?",
    "#",
    "../../..",
    "x" * 70_000,
    "http://" + "a" * 300 + "/",
]
values = st.sampled_from([*NUMBERS, *DATES, *TEXTS]) | st.text(max_size=10)
headers = st.dictionaries(
    st.sampled_from(
        [
            *("retry-after", "retry-after-ms", "x-should-retry", "x-request-id", "date", "openai-poll-after-ms"),
            *("openai-assistants-idempotency", "set-cookie", "www-authenticate", "x-" + "long" * 500),
        ]
    ),
    values,
    max_size=4,
)
statuses = st.integers(300, 599) | st.sampled_from([404, 409, 429, 500, 503, 600, 999, 307, 302, 301, 308, 303, 304])
places = st.none() | st.sampled_from(PLACES) | st.text(max_size=20)

CALLS: dict[str, Callable[[Any], Any]] = {
    "get": lambda client: client.beta.threads.retrieve("thread_1"),
    "create": lambda client: client.beta.assistants.create(model="m"),
    "run": lambda client: client.beta.threads.runs.create("thread_1", assistant_id="asst_1"),
    "waiting run": lambda client: client.beta.threads.runs.create(
        "thread_1", assistant_id="asst_1", on_active_run="wait", deadline=100
    ),
    "message": lambda client: client.beta.threads.messages.create("thread_1", role="user", content="x"),
    "outputs": lambda client: client.beta.threads.runs.submit_tool_outputs(
        "run_1", thread_id="thread_1", tool_outputs=[{"tool_call_id": "call_1", "output": "x"}]
    ),
    "stream": lambda client: client.beta.threads.runs.create("thread_1", assistant_id="asst_1", stream=True),
    "resuming": lambda client: client.beta.threads.runs.create(
        "thread_1", assistant_id="asst_1", stream=True, resume=True
    ),
    "list": lambda client: client.files.list(),
    "download": lambda client: client.files.content("file_1"),
    "upload": lambda client: client.files.create(file=b"x", purpose="assistants"),
    "poll": lambda client: client.beta.threads.runs.create_and_poll("thread_1", assistant_id="asst_1"),
    "raw": lambda client: client.beta.threads.with_raw_response.retrieve("thread_1"),
    "low level": lambda client: client.post("/any", body={"a": 1}),
    "low level stream": lambda client: client.post("/any", body={"a": 1}, stream=True),
    "v1": lambda client: client.beta.v1.threads.runs.create("thread_1", assistant_id="asst_1"),
}


@pytest.fixture(scope="module")
def rig() -> Rig:
    """Clients for all cases."""
    return Rig(max_retries=2)


def response(status: int, body: bytes, kind: str | None, encoding: str | None, more: dict[str, str]) -> httpx.Response:
    """An answer whose headers are sent as they are."""
    content, given = encoded(body, encoding)
    given = {**given, **more} | ({} if kind is None else {"content-type": kind})
    raw = [(name.encode(), value.encode("utf-8", "surrogatepass")) for name, value in given.items()]
    return httpx.Response(status, headers=raw, stream=httpx.ByteStream(content))


@fuzzed(350, 40_000)
@given(st.sampled_from(sorted(CALLS)), statuses, bodies, types, encodings, headers, places, flavours, st.booleans())
def test_any_error(
    rig: Rig,
    clock: Clock,
    name: str,
    status: int,
    body: bytes,
    kind: str | None,
    encoding: str | None,
    more: dict[str, str],
    place: str | None,
    flavour: Flavour,
    strict: bool,
) -> None:
    if place is not None:
        more = {**more, "location": place}
    note(Said(name, status, body, kind, encoding, more, flavour.name))

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host != "api.test" or request.url.scheme != "https":
            assert KEY not in str(request.headers.raw)
        return response(status, body, kind, encoding, more)

    clock.restart()
    client = rig.client(flavour, strict=strict)
    error = examine(outcome(rig, answer, flavour, lambda: CALLS[name](client)))
    assert isinstance(error, OpenAIError)
    assert isinstance(error, APIError)
    assert all(0 <= seconds <= 60 for seconds in clock.sleeps)
    assert sum(clock.sleeps) <= 700
    if isinstance(error, APIStatusError):
        assert error.status_code == status
        assert error.response.status_code == status
        assert len(str(error)) < 3000
    else:
        assert isinstance(error, APIConnectionError)
