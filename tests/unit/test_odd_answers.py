"""Answers that are odd beyond their JSON: characters, headers, cookies, places to go, depths and sizes."""

from __future__ import annotations

import copy
import json
import logging
import pickle
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from openai_assistants import (
    APIConnectionError,
    APIResponseValidationError,
    APIStatusError,
    AuthenticationError,
    BadRequestError,
    BaseModel,
    OpenAIError,
    RateLimitError,
    RunStreamError,
    _basics,
    _logs,
)
from openai_assistants._http import http_date, server_time
from openai_assistants._logs import log_deviations
from openai_assistants._models import Deviation
from openai_assistants._sse import ServerSentEvent

from .access import ASSISTANT, client_over, listing, within
from .support import KEY, Flavour, serve

# On trio the HTTP library leaves its own async generators to the garbage collector when it cannot decode a text.
pytestmark = pytest.mark.filterwarnings(r"ignore:Async generator 'httpx\.:ResourceWarning")


def of(status: int, content: bytes = b"{}", **headers: str | bytes) -> httpx.Response:
    """An answer whose headers are sent as they are."""
    raw = [
        (name.replace("_", "-"), value if isinstance(value, bytes) else value.encode())
        for name, value in headers.items()
    ]
    return httpx.Response(status, headers=[(name.encode(), value) for name, value in raw], content=content)


def retrieve(flavour: Flavour, *answers: Any, **settings: Any) -> Any:
    client = client_over(flavour, serve(*answers), max_retries=0, **settings)
    return flavour.do(lambda: client.beta.assistants.retrieve("asst_1"))


# ---- results ---------------------------------------------------------------------------------------------------------


def test_dumping_a_deviating_result_warns_of_nothing(flavour: Flavour) -> None:
    assistant = retrieve(flavour, httpx.Response(200, json={**ASSISTANT, "id": 5, "tools": "none"}))
    assert assistant.model_dump()["id"] == 5
    assert json.loads(assistant.model_dump_json())["tools"] == "none"
    with pytest.warns(UserWarning, match="serializer"):
        assistant.model_dump(warnings=True)


ERRORS: list[Any] = [
    {"error": "No such route."},
    {"error": {"message": "No such route.", "type": "invalid_request_error"}},
    {"error": True, "message": "No such route."},
    {"success": False, "id": None, "data": None, "error": "No such route."},
    {"success": False, "id": "", "data": [], "error": "No such route."},
    {"object": "list", "data": [], "has_more": False, "error": {"message": "No such route."}},
]
"""Errors that come with a good status, as from servers that answer 200 whatever is asked for."""


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("body", ERRORS, ids=repr)
def test_an_error_with_a_good_status_is_no_result(flavour: Flavour, body: Any, strict: bool) -> None:
    client = client_over(flavour, serve(httpx.Response(200, json=body)), strict=strict)
    threads = client.beta.threads
    for ask in (
        lambda: client.beta.assistants.retrieve("asst_1"),
        lambda: client.beta.assistants.list(),
        lambda: client.beta.assistants.delete("asst_1"),
        lambda: threads.create(),
        lambda: threads.runs.poll("run_1", thread_id="thread_1"),
        lambda: client.beta.v1.threads.messages.list("thread_1"),
        lambda: client.vector_stores.search("vs_1", query="x"),
        lambda: client.vector_stores.upload_files("vs_1", [b"x"]),
    ):
        with pytest.raises(APIResponseValidationError, match=r"answered 200 with an error: No such route\.$") as caught:
            flavour.do(ask)
        assert caught.value.body == body


def test_so_do_raw_answers_say_when_they_are_read(flavour: Flavour) -> None:
    client = client_over(flavour, serve(httpx.Response(200, json=ERRORS[0])))
    raw = flavour.do(lambda: client.beta.assistants.with_raw_response.retrieve("asst_1"))
    assert raw.json() == ERRORS[0]
    with pytest.raises(APIResponseValidationError, match="No such route"):
        raw.parse()


@pytest.mark.parametrize("error", [None, "", {}, False])
def test_an_error_that_is_none_is_a_field_like_any_other(flavour: Flavour, error: Any) -> None:
    assert retrieve(flavour, httpx.Response(200, json={"error": error})).id is None
    assert retrieve(flavour, httpx.Response(200, json={**ASSISTANT, "error": "odd"})).error == "odd"


class Failure(BaseModel):
    """What a program reads that knows of errors."""

    error: str
    at: int


def test_who_asks_for_errors_gets_them(flavour: Flavour) -> None:
    client = client_over(flavour, serve(httpx.Response(200, json={"error": "x"})))
    assert flavour.do(lambda: client.get("/failures/1", into=Failure)).error == "x"


@pytest.mark.parametrize("body", [b"", b"null", b" null\n"])
def test_null_is_as_much_as_no_body(flavour: Flavour, body: bytes) -> None:
    """Frameworks send it for a function that returns nothing, and some languages for a list without items."""
    server = serve(httpx.Response(200, content=body))
    client = client_over(flavour, server, max_retries=0)
    gone = flavour.do(lambda: client.beta.assistants.delete("asst_1"))
    assert (type(gone).__name__, gone.deleted) == ("AssistantDeleted", None)
    assert "deleted" in [each.path for each in gone.deviations]
    page = flavour.do(lambda: client.beta.assistants.list())
    assert (page.data, page.has_next_page(), [each.path for each in page.deviations]) == ([], False, ["data"])
    with pytest.raises(APIResponseValidationError) as caught:
        retrieve(flavour, httpx.Response(200, content=body), strict=True)
    assert "id" in [each.path for each in caught.value.errors]


def test_text_in_the_form_of_requests_is_text(flavour: Flavour) -> None:
    content = [{"type": "text", "text": "What was sent,"}, {"type": "text", "text": {"value": "as it was."}}]
    client = client_over(flavour, serve(httpx.Response(200, json={"id": "msg_1", "content": content})))
    message = flavour.do(lambda: client.beta.threads.messages.retrieve("msg_1", thread_id="thread_1"))
    assert message.text == "What was sent,\n\nas it was."
    assert message.citations == []


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda each: pickle.loads(pickle.dumps(each))])
def test_results_whose_answer_has_headers_beyond_ascii_can_be_copied(
    flavour: Flavour, duplicate: Callable[[Any], Any]
) -> None:
    body = json.dumps(ASSISTANT).encode()
    assistant = retrieve(flavour, of(200, body, x_note="größe".encode("latin-1"), x_more="größe", x_twice="a"))
    again = duplicate(assistant)
    assert again == assistant
    assert again.response_record.headers.raw == assistant.response_record.headers.raw
    assert b"x-note" in dict(again.response_record.headers.raw)


def test_a_page_as_json_is_json(flavour: Flavour) -> None:
    body = (
        json.dumps({**listing("a", more=False), "share": 5}).replace("5", "NaN").replace("null", "-Infinity").encode()
    )
    client = client_over(flavour, serve(httpx.Response(200, content=body)))
    page = flavour.do(client.beta.assistants.list)

    def refuse(name: str) -> None:
        raise AssertionError(name)

    written = json.loads(page.to_json(), parse_constant=refuse)
    assert (written["share"], written["data"][0]["id"]) == (None, "a")
    assert json.loads(page.to_json(indent=None)) == written


@pytest.mark.parametrize("levels", [150, 300, 900, 5000])
def test_errors_with_deep_bodies_can_be_copied(flavour: Flavour, levels: int) -> None:
    body = b'{"error": {"message": ' + b"[" * levels + b"]" * levels + b"}}"
    with pytest.raises(RateLimitError) as caught:
        retrieve(flavour, httpx.Response(429, content=body))
    for again in (pickle.loads(pickle.dumps(caught.value)), copy.deepcopy(caught.value)):
        assert str(again) == str(caught.value)


@pytest.mark.parametrize("body", [b"\xef\xbb\xbf", b"[" * 5000, b"\xff\xfe\0", b'{"a":' * 300, b"9" * 5000])
def test_a_body_that_is_no_json_is_a_value_error(flavour: Flavour, body: bytes) -> None:
    client = client_over(flavour, serve(httpx.Response(200, content=body)))
    threads, files = client.beta.threads, client.files
    raw = flavour.do(lambda: threads.with_raw_response.retrieve("thread_1"))
    file = flavour.do(lambda: files.content("file_1"))
    for each in (raw, file, ServerSentEvent("x", body, "")):
        with pytest.raises(json.JSONDecodeError) as caught:
            each.json()
        assert 0 <= caught.value.pos <= len(caught.value.doc)
    with pytest.raises(json.JSONDecodeError):
        within(flavour, lambda: threads.with_streaming_response.retrieve("thread_1"), lambda each: each.json())


def test_json_whose_error_has_no_place_is_wrong_at_the_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    """What pydantic says is not part of its interface."""

    def refuse(data: Any) -> Any:
        raise ValueError("something is wrong somewhere")

    monkeypatch.setattr("pydantic_core.from_json", refuse)
    with pytest.raises(json.JSONDecodeError, match="something is wrong somewhere") as caught:
        _basics.read_json(b"[1,")
    assert (caught.value.pos, caught.value.doc) == (0, "[1,")


def test_json_in_another_encoding_is_read(flavour: Flavour) -> None:
    client = client_over(flavour, serve(httpx.Response(200, content='{"a": "é"}'.encode("utf-8-sig"))))
    assert flavour.do(lambda: client.files.content("file_1")).json() == {"a": "é"}


# ---- text ------------------------------------------------------------------------------------------------------------

NO_TEXT = [
    "hex",
    "base64",
    "zlib",
    "rot13",
    "idna",
    "punycode",
    "undefined",
    "utf-16",
    "no-such-thing",
    "\0",
    "x" * 500,
]


@pytest.mark.parametrize("charset", NO_TEXT)
def test_text_in_an_encoding_that_is_none_is_read_as_utf_8(flavour: Flavour, charset: str) -> None:
    text = "äöü: ключ\n"
    answer = httpx.Response(200, headers={"content-type": f"text/plain; charset={charset}"}, content=text.encode())
    client = client_over(flavour, serve(answer))
    threads = client.beta.threads
    assert flavour.do(lambda: client.files.content("file_1")).text == text
    assert flavour.do(lambda: threads.with_raw_response.retrieve("thread_1")).text == text
    assert flavour.do(lambda: client.get("/x", into=str)) == text
    streamed = threads.with_streaming_response.retrieve
    assert within(flavour, lambda: streamed("thread_1"), lambda each: each.text()) == text
    for read in (lambda each: each.iter_text(), lambda each: each.iter_lines()):
        if charset == "utf-16":  # a known one, that these bytes are not in
            with pytest.raises(OpenAIError, match="no text in utf-16"):
                collect(flavour, lambda: streamed("thread_1"), read)
        else:
            assert "".join(collect(flavour, lambda: streamed("thread_1"), read)).strip() == text.strip()


def collect(flavour: Flavour, manager: Callable[[], Any], read: Callable[[Any], Any]) -> list[str]:
    """All pieces of a body."""
    if flavour.is_async:
        return within(flavour, manager, read)
    return within(flavour, manager, lambda response: list(read(response)))


# ---- headers, cookies, places ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("odd", ["req\n1", "req\r\nX: y", "\x1b[31mreq", "r\x00q", "é\u2028\u202e", "r" * 5000])
def test_what_a_server_says_stays_in_one_line(flavour: Flavour, caplog: pytest.LogCaptureFixture, odd: str) -> None:
    caplog.set_level(logging.DEBUG, "openai_assistants")
    body = json.dumps({"error": {"message": f"no {odd} message"}}).encode()
    with pytest.raises(APIStatusError) as caught:
        retrieve(flavour, of(404, body, x_request_id=odd))
    assert caught.value.request_id == odd
    for line in (str(caught.value), *(record.getMessage() for record in caplog.records)):
        assert not set(line) & set("\n\r\x1b\0\u2028\u202e")
        assert len(line) < 1500


def test_an_id_with_line_breaks_stays_in_one_line(flavour: Flavour, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "openai_assistants")
    for answer, error in ((httpx.ReadError("x\ny"), APIConnectionError), (of(200, b"no"), APIResponseValidationError)):
        client = client_over(flavour, serve(answer), max_retries=0)
        with pytest.raises(error) as caught:
            flavour.do(lambda: client.files.retrieve("a\nb"))  # noqa: B023
        assert "files/a%0Ab" in str(caught.value)
        assert "\n" not in str(caught.value)
    assert not [record for record in caplog.records if "\n" in record.getMessage()]


def test_no_message_is_as_long_as_an_answer(flavour: Flavour) -> None:
    odd: list[Any] = [{**ASSISTANT, "id": number} for number in range(1000)]
    odd += [{**ASSISTANT, "metadata": {"key\n" * 1000: number}} for number in range(3)]
    server = serve(httpx.Response(200, json={"data": odd, "has_more": False}))
    client = client_over(flavour, server, strict=True)
    with pytest.raises(APIResponseValidationError) as caught:
        flavour.do(lambda: client.beta.assistants.list().first(1) if not flavour.is_async else first_of(client))
    assert len(caught.value.errors) == 1003
    assert "data[0].id" in str(caught.value) and "and 953 more" in str(caught.value)
    assert len(str(caught.value)) < 10_000 and "\n" not in str(caught.value)


async def first_of(client: Any) -> Any:
    return await client.beta.assistants.list().first(1)


def test_no_message_is_as_long_as_an_event(flavour: Flavour) -> None:
    error = b"event: error\ndata: " + json.dumps({"message": "x" * 100_000}).encode() + b"\n\n"
    unreadable = b"event: thread." + b"x" * 100_000 + b"\ndata: {{\n\n"
    for body, kind in ((error, RunStreamError), (unreadable, APIResponseValidationError)):
        client = client_over(flavour, serve(httpx.Response(200, content=body)))
        with pytest.raises(kind) as caught:
            flavour.collect(lambda: client.beta.threads.runs.create("t", assistant_id="a", stream=True))  # noqa: B023
        assert len(str(caught.value)) < 3000
        assert isinstance(caught.value.body, (str, dict))


COOKIE = "a=größe".encode("latin-1")


def test_a_cookie_that_cannot_be_sent_back_is_forgotten(flavour: Flavour) -> None:
    good = of(200, json.dumps(ASSISTANT).encode(), set_cookie=COOKIE)
    server = serve(good)
    client = client_over(flavour, server, max_retries=0)
    for _ in range(3):
        assert flavour.do(lambda: client.beta.assistants.retrieve("asst_1")).id == "asst_1"
    assert server.sent("cookie") == [None, None, None]


def test_other_cookies_are_kept(flavour: Flavour) -> None:
    headers = [(b"set-cookie", COOKIE), (b"set-cookie", b"b=2")]
    server = serve(lambda request: httpx.Response(200, headers=headers, json=ASSISTANT))
    client = client_over(flavour, server, max_retries=0)
    for _ in range(2):
        flavour.do(lambda: client.beta.assistants.retrieve("asst_1"))
    assert server.sent("cookie") == [None, "b=2"]


@pytest.mark.parametrize(
    "headers",
    [{"location": "https://xn--a/"}, {"location": "/elsewhere", "set_cookie": COOKIE}, {"location": "http://[::1"}],
)
def test_a_redirect_that_cannot_be_followed_is_a_connection_error(flavour: Flavour, headers: dict[str, Any]) -> None:
    with pytest.raises(APIConnectionError) as caught:
        retrieve(flavour, of(307, **headers))
    assert caught.value.__cause__ is not None


# ---- sizes and times -------------------------------------------------------------------------------------------------


def test_places_of_deviations_are_not_remembered_without_end(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(_logs, "MAX_TOLD", 5)
    for number in range(20):
        log_deviations("The event a\nb", [Deviation(f"metadata.key\n{number}", "Input should be text", 5)])
    assert len(_logs._told) == len(caplog.records) == 5
    assert not any("\n" in record.getMessage() for record in caplog.records)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Tue, 14 Nov 2023 22:13:20 GMT", 1_700_000_000),
        ("Tue, 14 Nov 2023 22:13:20", 1_700_000_000),
        ("Tue, 14 Nov 2023 22:13:20 -0000", 1_700_000_000),
        ("Wed, 15 Nov 2023 00:13:20 +0200", 1_700_000_000),
        ("", None),
        ("soon", None),
        ("Tue, 14 Nov 99999999999999999999 22:13:20 GMT", None),
        ("Tue, 31 Feb 2023 22:13:20 GMT", None),
        ("Tue, 14 Nov 2023 22:13:20 +9999", None),
    ],
)
def test_dates_of_headers(monkeypatch: pytest.MonkeyPatch, text: str, seconds: float | None) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    assert http_date(text) == seconds
    if seconds is not None:
        assert server_time({"date": text}) == seconds


def test_the_first_and_the_last_year_are_dates() -> None:
    for text in ("Mon, 01 Jan 0001 00:00:00 +2359", "Fri, 31 Dec 9999 23:59:59 -2359", "Mon, 01 Jan 0001 00:00:00"):
        http_date(text)
        server_time({"date": text})


BEYOND_ASCII = {"x-served-by": "café".encode(), "x-node": b"\xff\xfe"}


def test_a_lost_message_is_found_behind_headers_beyond_ascii(flavour: Flavour) -> None:
    sent = {"id": "msg_1", "object": "thread.message", "created_at": 4e9, "role": "user", "thread_id": "thread_1"}
    sent |= {"content": [{"type": "text", "text": {"value": "Hi", "annotations": []}}], "metadata": {}}
    listed = of(200, json.dumps({"object": "list", "data": [sent]}).encode(), **BEYOND_ASCII)
    server = serve(httpx.ReadError("It broke."), listed)
    client = client_over(flavour, server)
    message = flavour.do(lambda: client.beta.threads.messages.create("thread_1", role="user", content="Hi"))
    assert message.id == "msg_1"
    assert [request.method for request in server.requests] == ["POST", "GET"]


@pytest.mark.parametrize("quoting", [False, True])
@pytest.mark.parametrize("raising", [False, True])
def test_refusals_with_headers_beyond_ascii(flavour: Flavour, quoting: bool, raising: bool) -> None:
    """Also where the server quotes a secret, or where a hook of the program raises."""

    def check(response: Any) -> None:
        response.raise_for_status()

    async def check_awaited(response: Any) -> None:
        response.raise_for_status()

    hooks = {"response": [check_awaited if flavour.is_async else check]} if raising else {}
    refused = of(401, f'{{"error": {{"message": "No {KEY if quoting else "way"}"}}}}'.encode(), **BEYOND_ASCII)
    server = serve(refused)
    client = client_over(flavour, server, {"event_hooks": hooks})
    with pytest.raises(AuthenticationError) as caught:
        flavour.do(lambda: client.models.list())
    assert len(server.requests) == 1
    kept = dict(caught.value.response.headers.raw)
    assert {name: kept[name.encode()] for name in BEYOND_ASCII} == BEYOND_ASCII


def test_a_program_sends_headers_beyond_ascii(flavour: Flavour) -> None:
    """Those of its HTTP client; the error shows which there were."""
    client = client_over(flavour, serve(of(400)), {"headers": {"x-team": "Bücher".encode()}})
    with pytest.raises(BadRequestError) as caught:
        flavour.do(lambda: client.models.list())
    assert caught.value.request.headers["x-team"] == "Bücher"


def test_a_download_with_headers_beyond_ascii_can_be_pickled(flavour: Flavour) -> None:
    client = client_over(flavour, serve(of(200, b"content", **BEYOND_ASCII)))
    downloaded = flavour.do(lambda: client.files.content("file_1"))
    assert pickle.loads(pickle.dumps(downloaded)).content == copy.copy(downloaded).content == b"content"
