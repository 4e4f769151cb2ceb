"""What a program passes: it goes to exactly the resource that was meant, as it is, or it is refused before anything is
sent, by an exception that names the argument and shows no key."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, unquote_to_bytes

import httpx
import pytest
from hypothesis import given, note, strategies as st
from python_multipart.multipart import parse_options_header

from openai_assistants import OpenAI, OpenAIError
from openai_assistants._files import Form
from tests.operations.table import ROWS, Row
from tests.unit.support import Flavour

from .support import BASE_URL, KEY, Rig, Said, fuzzed, mostly_sync, shown, time_limit, usual_stack
from .test_answers import arguments

ARGUMENT_ROWS = [row for row in ROWS if row.path_arguments]
BASE = "/v1/"

NASTY = [
    "..",
    ".",
    "...",
    "../..",
    "/",
    "//",
    "/etc/passwd",
    "a/../b",
    "a/b",
    "%2e%2e",
    "%2F",
    "%",
    "%zz",
    "a%00b",
    "?",
    "a?b=c",
    "#",
    "a#b",
    "a;b",
    "a&b=c",
    "a b",
    " a",
    "a ",
    "\t",
    "\n",
    "a\nb",
    "a\r\nX-Injected: yes\r\n\r\n",
    "\0",
    "a\0",
    "\x7f",
    "\x85",
    "\u2028",
    "\u202e",
    "é",
    "😀",
    "\ud800",
    "a\udfff",
    "\\",
    "..\\..",
    "a\\",
    '"',
    'a"; filename="b',
    "'",
    "{thread_id}",
    "{run_id}",
    "http://other.test/",
    "//other.test",
    "@other.test",
    "x:y@z",
    ":80",
    "[::1]",
    "\uff0e\uff0e",
    "\u2024",
    "x" * 3000,
    "x" * 100_000,
    "é" * 30_000,
    "",
    " ",
    "None",
]
OTHER_KINDS: list[Any] = [None, 5, 5.5, float("nan"), True, b"bytes", ["a"], {"a": 1}, object(), OpenAIError]
texts = st.sampled_from(NASTY) | st.text(max_size=12) | st.text(alphabet="./%?#\\\r\n\0 &=é\ud800", max_size=6)
anything = texts | st.sampled_from(OTHER_KINDS)


def is_hashable(value: Any) -> bool:
    """Whether it can be the key of a dict."""
    return not isinstance(value, (list, dict))


@pytest.fixture(scope="module")
def rig() -> Rig:
    """Clients for all cases."""
    return Rig()


def answer(request: httpx.Request) -> httpx.Response:
    """Says no, which ends every call at once."""
    return httpx.Response(418, json={"error": {"message": "no"}})


def refusal(rig: Rig, flavour: Flavour, use: Callable[[], Any]) -> ValueError | TypeError | None:
    """The exception for wrong arguments; None if the request was sent. Nothing else may happen."""
    from . import support

    support.cases += 1
    with rig.answering(answer), usual_stack():
        try:
            flavour.do(use)
        except OpenAIError as error:
            shown(error)
            if not rig.requests:
                raise
            assert getattr(error, "status_code", None) == 418, f"{error!r}"
        except (ValueError, TypeError) as error:
            assert not rig.requests, f"{error!r} was raised after something was sent"
            assert not isinstance(error, UnicodeError), f"{error!r} is no clear message"
            said = shown(error)
            assert said.isprintable(), f"{said!r} cannot be printed"
            assert len(said) < 2000
            return error
    assert len(rig.requests) == 1
    return None


def segments(request: httpx.Request) -> list[bytes]:
    """The decoded segments of a path, below the base URL."""
    path = request.url.raw_path.partition(b"?")[0]
    assert path.startswith(BASE.encode())
    return [unquote_to_bytes(segment) for segment in path.removeprefix(BASE.encode()).split(b"/")]


@fuzzed(400, 30_000)
@given(st.sampled_from(ARGUMENT_ROWS), st.lists(anything, min_size=4, max_size=4), mostly_sync)
def test_path_arguments(rig: Rig, row: Row, values: list[Any], flavour: Flavour) -> None:
    given = dict(zip(row.path_arguments, values, strict=False))
    note(Said(row.id, given))
    client = rig.client(flavour)
    error = refusal(rig, flavour, lambda: row.bound(client)(**{**arguments(row.id), **given}))
    if error is not None:
        assert any(name in str(error) for name in given) or "URL" in str(error)
        return
    request = rig.requests[0]
    assert request.url.host == "api.test"
    assert request.method == row.method
    wanted = [part.strip("{}") for part in row.path.strip("/").split("/")]
    assert segments(request) == [str(given.get(part, part)).encode() for part in wanted]


# ---- uploads ---------------------------------------------------------------------------------------------------------


def escaped(name: str) -> str:
    """A name as the server reads it: what would break the line is percent-encoded."""
    return re.sub('[\x00-\x1f\x7f"]', lambda match: f"%{ord(match[0]):02X}", name)


def parts_of(request: httpx.Request, body: bytes) -> list[tuple[dict[bytes, bytes], bytes]]:
    """Headers and contents of the parts of a form, taken apart by hand."""
    boundary = request.headers["content-type"].partition("boundary=")[2].encode()
    begin, *parts, end = body.split(b"--" + boundary)
    assert (begin, end) == (b"", b"--\r\n")
    found = []
    for part in parts:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        lines = [line.partition(b": ") for line in head.split(b"\r\n")]
        assert len({name.lower() for name, _, _ in lines}) == len(lines)
        found.append(({name.lower(): value for name, _, value in lines}, content.removesuffix(b"\r\n")))
    return found


file_headers = st.none() | st.dictionaries(texts | st.sampled_from(["X-Note", 5, b"x"]), anything, max_size=2)


@fuzzed(200, 15_000)
@given(anything, anything | st.none(), file_headers, anything, st.integers(2, 4), mostly_sync)
def test_uploads(rig: Rig, name: Any, kind: Any, more: Any, purpose: Any, length: int, flavour: Flavour) -> None:
    content = b"\r\n--x\r\nContent-Disposition: form-data; name=injected\r\n\r\n"
    file = (name, content, kind, more)[:length]
    note(Said(file, purpose))
    client = rig.client(flavour)
    error = refusal(rig, flavour, lambda: client.files.create(file=file, purpose=purpose))
    if error is not None:
        assert re.search("file|purpose", str(error)), error
        return
    request = rig.requests[0]
    parts = parts_of(request, request.content)
    *fields, (head, sent) = parts
    assert sent == content
    disposition, options = parse_options_header(head[b"content-disposition"])
    assert (disposition, options[b"name"]) == (b"form-data", b"file")
    given = set() if length < 4 else {str(header).lower().encode() for header in more or {}}
    assert set(head) == {b"content-disposition", b"content-type"} | given
    if name and b"content-disposition" not in given:
        assert isinstance(name, str)
        # Not as that parser reads it, which takes what begins with two backslashes for a path of Windows.
        shown = escaped(name.encode(errors="replace").decode()).replace("\\", "\\\\").encode()
        assert b'; filename="' + shown + b'"' in head[b"content-disposition"]
    if purpose is not None and not isinstance(purpose, (dict, list)):
        ((field, value),) = fields
        assert set(field) == {b"content-disposition"}
        assert value.decode() == ({True: "true"}.get(purpose) if purpose is True else str(purpose))


# ---- headers ---------------------------------------------------------------------------------------------------------

header_names = st.sampled_from(["X-Extra", "x-extra", "OpenAI-Beta", "Accept", "Authorization", "Idempotency-Key", "é"])
header_names = header_names | anything.filter(is_hashable)
header_values = (
    st.sampled_from(["good", "a b", "a\r\nX-Injected: yes", "\n", "ä", "\x00", " ", "x ", "", "x" * 5000, "a\tb"])
    | anything
)
SECRET = "sk-other-secret"


@fuzzed(250, 15_000)
@given(header_names, header_values, st.sampled_from(["extra", "default", "client"]), mostly_sync)
def test_headers(rig: Rig, name: Any, value: Any, way: str, flavour: Flavour) -> None:
    note(Said(name, value, way))
    client = rig.client(flavour)
    client.files  # noqa: B018
    refusal(rig, flavour, lambda: client.files.retrieve("x"))
    usual = {header.lower() for header in rig.requests[0].headers}

    def use() -> Any:
        match way:
            case "default":
                return client.copy(default_headers={name: value}).files.retrieve("x")
            case "client":
                return client.copy(organization=value, project="p").files.retrieve("x")
        return client.files.retrieve("x", extra_headers={name: value})

    try:
        error = refusal(rig, flavour, use)
    except OpenAIError as problem:
        assert not rig.requests
        error = ValueError(str(problem))
    if error is not None:
        said = str(error)
        assert "header" in said or "API key" in said, said
        return
    (request,) = rig.requests
    changed = "openai-organization" if way == "client" else str(name).lower()
    assert {header.lower() for header in request.headers} <= usual | {changed, "openai-organization", "openai-project"}
    if way == "client" and value is None:
        return
    if way == "extra" or changed.startswith("x"):
        assert request.headers.get_list(changed) == [value]
    for header, sent in request.headers.raw:
        assert not re.search(rb"[\r\n\0]", header + sent)


@fuzzed(100, 5_000)
@given(anything, st.sampled_from(["key", "function", "set"]), mostly_sync)
def test_keys(rig: Rig, key: Any, way: str, flavour: Flavour) -> None:
    secret = SECRET + key if isinstance(key, str) else key
    note(Said(secret, way))

    def use() -> Any:
        client = rig.client(flavour)
        if way == "function":
            client = client.copy(api_key=lambda: secret)
        elif way == "key":
            client = client.copy(api_key=secret)
        else:
            client = client.copy()
            client.api_key = secret
        return client.files.retrieve("x")

    error: Exception | None
    try:
        error = refusal(rig, flavour, use)
    except OpenAIError as problem:
        error = problem
    said = "" if error is None else repr(error)
    assert SECRET not in said
    if error is not None:
        assert "API key" in said or "api_key" in said, said
    elif secret is not None:
        assert rig.requests[0].headers.get_list("authorization") == [f"Bearer {secret}"]


# ---- query and body --------------------------------------------------------------------------------------------------


def values_of(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Leaves, and lists and maps of them."""
    return st.recursive(
        leaves,
        lambda inside: st.lists(inside, max_size=3) | st.dictionaries(texts, inside, max_size=3),
        max_leaves=5,
    )


@fuzzed(150, 10_000)
@given(st.dictionaries(anything.filter(is_hashable), values_of(anything), max_size=3) | anything, mostly_sync)
def test_queries(rig: Rig, query: Any, flavour: Flavour) -> None:
    note(Said(query))
    client = rig.client(flavour)
    error = refusal(rig, flavour, lambda: client.files.retrieve("x", extra_query=query))
    if error is not None:
        assert str(error)
        return
    (request,) = rig.requests
    assert request.url.raw_path.partition(b"?")[0] == b"/v1/files/x"
    assert request.url.host == "api.test"
    sent = parse_qsl(request.url.query.decode("ascii"), keep_blank_values=True)
    flat = {name: value for name, value in (query or {}).items() if isinstance(name, str) and isinstance(value, str)}
    assert flat.items() <= dict(sent).items()


DEEP: Any = []
for _ in range(3000):
    DEEP = [DEEP]
CIRCLE: Any = {}
CIRCLE["again"] = [CIRCLE]
WRONG: list[Any] = [{1: 2}, {None: 1}, {("a",): 1}, 10**5000, float("inf"), "\ud800", {"\udc00": 1}, DEEP, CIRCLE]
json_leaves = anything | st.integers(0, len(WRONG) - 1).map(lambda which: WRONG[which])  # unseen by `repr`


@fuzzed(200, 10_000)
@given(
    values_of(json_leaves), st.sampled_from(["metadata", "extra", "tools", "low level", "low level value"]), mostly_sync
)
def test_bodies(rig: Rig, value: Any, way: str, flavour: Flavour) -> None:
    client = rig.client(flavour)

    def use() -> Any:
        match way:
            case "metadata":
                return client.beta.threads.create(metadata=value)
            case "tools":
                return client.beta.assistants.create(model="m", tools=[{"type": "function", "function": value}])
            case "extra":
                return client.beta.threads.create(extra_body=value)
            case "low level":
                return client.post("/any", body={"value": value})
        return client.post("/any", body=value)

    error = refusal(rig, flavour, use)
    if error is not None:
        return
    (request,) = rig.requests
    body = request.content.decode()
    if body:
        json.loads(body, parse_constant=_refuse)


def _refuse(name: str) -> None:
    raise AssertionError(f"{name} was sent")


# ---- clients ---------------------------------------------------------------------------------------------------------

URLS = [
    "http://",
    "https://",
    "ftp://x",
    "x",
    "//x",
    "http://xn--a/",
    "http://[::1",
    "http://[::1]:8000/v1",
    "http://a b/",
    "http://x:99999/",
    "http://x:y/",
    "http://x/\r\nHost: y",
    "http://x/?a=b",
    "http://x/#frag",
    "http://x/\0",
    "http://é.test/ä",
    "http://" + "a" * 300 + "/",
    "https://user:pass@x/",
]


@pytest.mark.filterwarnings("ignore:The API key is sent to")
@fuzzed(120, 5_000)
@given(st.sampled_from(URLS) | anything, st.sampled_from(["base_url", "organization", "path"]))
def test_clients_and_urls(value: Any, what: str) -> None:
    sent: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json={})

    note(Said(what, value))
    with time_limit(), httpx.Client(transport=httpx.MockTransport(handle), trust_env=False) as http:
        try:
            if what == "path":
                client = OpenAI(api_key=KEY, base_url=BASE_URL, http_client=http)
                client.get(value)
            else:
                client = OpenAI(**{"api_key": KEY, "base_url": BASE_URL, "http_client": http, what: value})
                repr(client)
                client.get("/x")
        except (OpenAIError, ValueError, TypeError) as error:
            assert not sent
            assert not isinstance(error, UnicodeError)
            shown(error)
            return
    (request,) = sent
    if request.url.host != "api.test" and what == "path":
        assert KEY not in str(request.headers.raw)


assert Form and io
