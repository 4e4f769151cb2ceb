"""The exception tree: classes, messages, and what an exception never carries."""

from __future__ import annotations

import copy
import io
import pickle
from functools import partial
from typing import Any, Callable, cast

import httpx
import pytest

import openai_assistants as package
from openai_assistants import (
    ActiveRunError,
    APIConnectionError,
    APIError,
    APIResponseValidationError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    BadRequestError,
    BulkFile,
    BulkUploadError,
    ConflictError,
    Deviation,
    EndpointNotFoundError,
    FileProcessingError,
    InternalServerError,
    MigrationError,
    NotFoundError,
    NotSupportedByServerError,
    OpenAIError,
    PermissionDeniedError,
    RateLimitError,
    ResponseRecord,
    RunStreamError,
    StreamInterruptedError,
    StructuredOutputError,
    ToolCallError,
    ToolLoopError,
    UnknownValue,
    UnprocessableEntityError,
    WaitTimeoutError,
    _errors,
)
from openai_assistants._answers import status_error
from openai_assistants._models import annotate
from openai_assistants._requests import Operation
from openai_assistants.types.beta.threads import Run

from .support import KEY

OPERATION = Operation("createThread", "POST", "/threads")
HTML = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>please</body></html>"


def request(url: str = "https://api.test/v1/threads", **headers: str) -> httpx.Request:
    return httpx.Request("POST", url, headers={"authorization": f"Bearer {KEY}", **headers}, json={"a": 1})


def answer(status: int, *, url: str = "https://api.test/v1/threads", **content: Any) -> httpx.Response:
    return httpx.Response(status, request=request(url), **content)


def error_of(status: int, **content: Any) -> APIStatusError:
    return status_error(answer(status, **content), OPERATION)


@pytest.mark.parametrize(
    ("error", "bases"),
    [
        (OpenAIError, [Exception]),
        (APIError, [OpenAIError]),
        (APIConnectionError, [APIError]),
        (APITimeoutError, [APIConnectionError]),
        (StreamInterruptedError, [APIConnectionError]),
        (APIResponseValidationError, [APIError]),
        (RunStreamError, [APIError]),
        (APIStatusError, [APIError]),
        *((cls, [APIStatusError]) for cls in (BadRequestError, AuthenticationError, PermissionDeniedError)),
        *((cls, [APIStatusError]) for cls in (NotFoundError, ConflictError, UnprocessableEntityError)),
        *((cls, [APIStatusError]) for cls in (RateLimitError, InternalServerError, NotSupportedByServerError)),
        (ActiveRunError, [BadRequestError]),
        (EndpointNotFoundError, [NotSupportedByServerError, NotFoundError]),
        (ToolCallError, [OpenAIError]),
        (ToolLoopError, [OpenAIError]),
        (StructuredOutputError, [OpenAIError]),
        (MigrationError, [OpenAIError]),
        (WaitTimeoutError, [OpenAIError, TimeoutError]),
    ],
)
def test_tree(error: type[Exception], bases: list[type[Exception]]) -> None:
    assert all(issubclass(error, base) for base in bases)
    assert getattr(package, error.__name__) is error
    assert error.__module__ == "openai_assistants"
    assert error.__doc__


@pytest.mark.parametrize(
    ("status", "cls"),
    [
        (304, APIStatusError),
        (400, BadRequestError),
        (401, AuthenticationError),
        (402, APIStatusError),
        (403, PermissionDeniedError),
        (404, NotFoundError),
        (405, NotSupportedByServerError),
        (408, APIStatusError),
        (409, ConflictError),
        (410, APIStatusError),
        (418, APIStatusError),
        (422, UnprocessableEntityError),
        (429, RateLimitError),
        (500, InternalServerError),
        (501, NotSupportedByServerError),
        (503, InternalServerError),
        (529, InternalServerError),
    ],
)
def test_class_of_a_status(status: int, cls: type[APIStatusError]) -> None:
    error = error_of(status, json={"error": {"message": "No thing found with id 'thing_1'.", "code": "c"}})
    assert type(error) is cls
    assert error.status_code == error.response.status_code == status
    assert error.code == "c"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"json": {"error": {"message": "Bad limit."}}}, "Bad limit."),
        ({"json": {"error": {}}}, "gave no reason"),
        ({"json": {"error": "Bad limit."}}, "Bad limit."),
        ({"json": {"error": ["Bad", "limit."]}}, '["Bad", "limit."]'),
        ({"json": {"error": ""}}, "gave no reason"),
        ({"json": {"error": None, "message": "Bad limit."}}, "Bad limit."),
        ({"json": {"error": {"code": "bad_limit"}}}, "bad_limit"),
        ({"json": {"error": True, "message": "Bad limit."}}, ": Bad limit."),
        ({"json": {"error": 17, "detail": "Bad limit."}}, ": Bad limit."),
        ({"json": {"error": {"message": {"limit": "Größe"}}}}, '{"limit": "Größe"}'),
        ({"json": {"detail": "Bad limit."}}, "Bad limit."),
        ({"json": {"detail": [{"loc": ["query", "limit"], "msg": "Bad limit."}]}}, "Bad limit."),
        ({"json": {"message": "Bad limit."}}, "Bad limit."),
        ({"json": {"title": "Bad limit.", "status": 400}}, "Bad limit."),
        ({"json": {"errors": ["Bad limit."]}}, "Bad limit."),
        ({"json": {}}, "gave no reason"),
        ({"json": []}, "gave no reason"),
        ({"json": None}, "gave no reason"),
        ({"json": "Bad limit."}, "Bad limit."),
        ({"json": ["Bad limit."]}, "Bad limit."),
        ({"json": 17}, "17"),
        ({"text": "Bad\n   limit."}, "Bad limit."),
        ({"text": '{"error": {"message": "cut'}, '{"error": {"message": "cut'),
        ({"text": " \n"}, "gave no reason"),
        ({"content": b""}, "gave no reason"),
        ({"html": HTML}, "HTML page"),
        ({"text": HTML}, "HTML page"),
        ({"content": b"\xff\xfe\xfd"}, "\ufffd"),
        ({"content": b"[" * 100_000}, "[[["),
        ({"content": b'{"error":' * 50_000}, '{"error":'),
        ({"content": b"Bad limit.", "headers": {"content-type": "text/plain; charset=unheardof"}}, "Bad limit."),
        ({"content": b"Bad limit.", "headers": {"content-type": "text/plain; charset=zlib"}}, "Bad limit."),
        ({"content": b"Bad limit.", "headers": {"content-type": "text/plain; charset=undefined"}}, "Bad limit."),
    ],
    ids=lambda value: str(value)[:60],
)
@pytest.mark.parametrize("status", [400, 500])
def test_the_message_has_the_servers_words_wherever_it_put_them(
    content: dict[str, Any], said: str, status: int
) -> None:
    error = error_of(status, **content)
    assert said in str(error) == error.message
    assert str(status) in str(error)
    assert len(str(error)) < 1000
    assert "\n" not in str(error)


def test_details_of_an_error() -> None:
    details = {"message": "m", "code": "c", "param": "p", "type": "t", "more": [1]}
    error = error_of(400, json={"error": details}, headers={"x-request-id": "req_9"})
    assert (error.code, error.param, error.type, error.body) == ("c", "p", "t", details)
    assert error.request_id == "req_9"
    assert "req_9" in str(error)
    assert error.response.json() == {"error": details}
    assert (error.request.method, str(error.request.url)) == ("POST", "https://api.test/v1/threads")


@pytest.mark.parametrize(
    ("content", "body", "code"),
    [
        ({"json": {"error": {"code": 401}}}, {"code": 401}, "401"),
        ({"json": {"error": {"code": None, "param": ["x"]}}}, {"code": None, "param": ["x"]}, None),
        ({"json": {"message": "m", "code": "c"}}, {"message": "m", "code": "c"}, "c"),
        ({"json": {"error": "s"}}, {"error": "s"}, None),
        ({"text": "oops"}, "oops", None),
        ({"content": b""}, None, None),
    ],
)
def test_body_and_code_of_odd_errors(content: dict[str, Any], body: object, code: str | None) -> None:
    error = error_of(400, **content)
    assert (error.body, error.code) == (body, code)
    assert error.param is None
    assert error.request_id is None


@pytest.mark.parametrize(
    "content",
    [
        {"json": {"error": {"message": "Invalid URL (POST /v1/threads)", "type": "invalid_request_error"}}},
        {"json": {"error": {"message": "No such route.", "code": "unknown_url"}}},
        {"json": {"detail": "Not Found"}},
        {"json": {"message": "Not Found"}},
        {"json": {"error": {"message": "Not Found", "code": "http_error", "type": None, "param": None}}},
        {"json": {"status": 404, "error": "Not Found", "path": "/v1/threads"}},
        {"json": {"statusCode": 404, "error": "Not Found", "message": "Cannot POST /v1/threads"}},
        {"json": {"type": "about:blank", "title": "Not Found", "status": 404}},
        {"html": HTML},
        {"text": "404 page not found"},
        {"content": b""},
    ],
    ids=str,
)
def test_a_404_that_says_that_there_is_no_such_endpoint(content: dict[str, Any]) -> None:
    error = error_of(404, **content)
    assert isinstance(error, NotSupportedByServerError)
    assert isinstance(error, NotFoundError)
    assert "createThread" in str(error) and "POST /threads" in str(error)
    assert "base_url" in str(error)


@pytest.mark.parametrize(
    ("content", "perhaps"),
    [
        ({"html": HTML}, True),
        ({"text": "404 page not found"}, True),
        ({"content": b""}, True),
        ({"json": {"detail": "Not Found"}}, True),
        ({"json": {"error": {"message": "Invalid URL (GET /v1/threads/thread_1)"}}}, False),
        ({"json": {"error": {"message": "No such route.", "code": "unknown_url"}}}, False),
    ],
    ids=str,
)
def test_where_an_object_may_be_what_is_missing_the_message_says_so(content: dict[str, Any], perhaps: bool) -> None:
    sent = answer(404, url="https://api.test/v1/threads/thread_1", **content)
    error = status_error(sent, Operation("getThread", "GET", "/threads/{thread_id}"))
    assert type(error) is EndpointNotFoundError
    assert "The server at this base_url does not offer this operation" in str(error)
    assert ("or perhaps it has no such object" in str(error)) is perhaps
    assert "perhaps" not in str(error_of(404, **content))


@pytest.mark.parametrize("status", [405, 501])
@pytest.mark.parametrize("content", [{"json": {"error": {"message": "m"}}}, {"text": "no"}, {"content": b""}])
def test_an_endpoint_that_the_server_lacks(status: int, content: dict[str, Any]) -> None:
    error = error_of(status, **content)
    assert isinstance(error, NotSupportedByServerError)
    assert not isinstance(error, NotFoundError)
    assert "createThread" in str(error)


@pytest.mark.parametrize(
    "content",
    [
        {"json": {"error": {"message": "No thread found with id 'thread_1'."}}},
        {"json": {"error": "no such thread"}},
        {"json": {"detail": "Thread not found"}},
        {"json": {"message": "Thread thread_1 does not exist"}},
        {"json": {"error": {}}},
    ],
    ids=str,
)
def test_a_404_about_an_object(content: dict[str, Any]) -> None:
    error = error_of(404, **content)
    assert type(error) is NotFoundError
    assert "base_url" not in str(error)


@pytest.mark.parametrize(
    ("url", "switched_off"),
    [
        ("https://api.openai.com/v1/assistants", True),
        ("https://api.openai.com/v1/threads/thread_1/runs", True),
        ("https://me.openai.azure.com/openai/threads?api-version=2024-05-01-preview", True),
        ("https://api.openai.com/v1/vector_stores", False),
        ("https://api.test/v1/threads", False),
        ("https://api.openai.com.evil.test/v1/threads", False),
        ("https://notapi.openai.com.test/v1/threads", False),
    ],
)
def test_on_the_hosts_that_were_switched_off_the_message_shows_the_ways_on(url: str, switched_off: bool) -> None:
    message = str(error_of(404, url=url, json={"error": {"message": "Invalid URL (POST /v1/threads)"}}))
    assert ("2026-08-26" in message) is switched_off
    assert ("openai_assistants.server" in message) is switched_off
    assert "base_url" in message


@pytest.mark.parametrize(
    "said",
    ["Thread thread_1 already has an active run run_1.", "Can't add messages to thread_1 while a run run_1 is active."],
)
def test_active_run(said: str) -> None:
    error = error_of(400, json={"error": {"message": said}})
    assert type(error) is ActiveRunError
    assert said in str(error)
    assert type(error_of(409, json={"error": {"message": said}})) is ConflictError


def test_a_quoted_body_is_cut() -> None:
    assert len(str(error_of(500, text="x" * 10_000))) < 700


def seen_last() -> Run:
    """A run as it came, with a newer status and a field of a wrong type."""
    run = Run.model_construct(id="run_1", status=UnknownValue("paused"), created_at="x", newer={"a": [1]})
    return annotate(run, ResponseRecord(200, httpx.Headers()), (Deviation("created_at", "e", "x"),))


MAKERS: dict[str, Callable[[], OpenAIError]] = {
    "OpenAIError": lambda: OpenAIError("m"),
    "APIError": lambda: APIError("m", request(), body={"code": "c", "param": "p", "type": "t"}),
    "APIConnectionError": lambda: APIConnectionError(request=request()),
    "APITimeoutError": lambda: APITimeoutError(request()),
    "StreamInterruptedError": lambda: StreamInterruptedError("m", request=request(), run_id="run_1", thread_id="t_1"),
    "RunStreamError": lambda: RunStreamError("m", request(), body={"message": "m", "code": "server_error"}),
    "APIResponseValidationError": lambda: APIResponseValidationError(
        answer(200, json=[1]), [1], message="m", errors=[Deviation("a.b", "e", {"x": 1})]
    ),
    "WaitTimeoutError": lambda: WaitTimeoutError("m", last=seen_last()),
    "ToolCallError": lambda: ToolCallError(
        "m", tool_name="t", reason="invalid_arguments", errors=[Deviation("a.b", "e", {"x": 1})]
    ),
    "ToolLoopError": lambda: ToolLoopError("m", run=cast("Any", None), results=[]),
    "StructuredOutputError": lambda: StructuredOutputError("m", text="{", errors=[Deviation("a", "e", 1)], refusal="r"),
    "BulkUploadError": lambda: BulkUploadError([BulkFile("a.txt", "failed", sha256="1f")], batch=None),
    "FileProcessingError": lambda: FileProcessingError("m", file_id="file_1", code="unsupported_file"),
    "MigrationError": lambda: MigrationError("m"),
    "EndpointNotFoundError": lambda: error_of(404, text="no"),
    "ActiveRunError": lambda: error_of(400, json={"error": {"message": "t already has an active run r."}}),
}
PLAIN = [APIStatusError, BadRequestError, AuthenticationError, PermissionDeniedError, NotFoundError, ConflictError]
PLAIN += [UnprocessableEntityError, RateLimitError, InternalServerError, NotSupportedByServerError]
for status_class in PLAIN:
    MAKERS[status_class.__name__] = partial(status_class, "m", response=answer(400, json={"a": 1}), body={"code": "c"})


def classes(cls: type[OpenAIError] = OpenAIError) -> set[type[OpenAIError]]:
    """All exception classes of the module."""
    own = {cls} if vars(_errors).get(cls.__name__) is cls else set()
    return own.union(*(classes(sub) for sub in cls.__subclasses__()))


def test_exceptions_of_a_program_say_where_they_are_from() -> None:
    class MineError(OpenAIError):
        pass

    assert (MineError.__module__, OpenAIError.__module__) == (__name__, "openai_assistants")


def test_every_class_is_tried_below() -> None:
    assert {cls.__name__ for cls in classes()} == set(MAKERS)
    assert {type(make()).__name__ for make in MAKERS.values()} == set(MAKERS)


def shown(value: object) -> object:
    """A comparable form of an attribute."""
    if isinstance(value, httpx.Request):
        return value.method, str(value.url), sorted(value.headers.multi_items())
    if isinstance(value, httpx.Response):
        return value.status_code, value.content, sorted(value.headers.multi_items()), shown(value.request)
    return value


COPIES: dict[str, Callable[[Any], Any]] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    **{f"pickle{p}": lambda error, p=p: pickle.loads(pickle.dumps(error, p)) for p in range(6)},
}


@pytest.mark.parametrize("duplicate", COPIES.values(), ids=COPIES)
@pytest.mark.parametrize("name", sorted(MAKERS))
def test_copies_and_pickles_are_whole(name: str, duplicate: Callable[[Any], Any]) -> None:
    error = MAKERS[name]()
    error.add_note("seen in a test")
    again = duplicate(error)
    assert type(again) is type(error)
    assert (str(again), repr(again), again.args) == (str(error), repr(error), error.args)
    assert {k: shown(v) for k, v in vars(again).items()} == {k: shown(v) for k, v in vars(error).items()}
    with pytest.raises(type(error)):
        raise again


SECRET_HEADERS = ["Authorization", "Api-Key", "X-Api-Key", "Proxy-Authorization", "Cookie"]
SECRET_HEADERS += ["Ocp-Apim-Subscription-Key", "X-Auth-Token", "X-Goog-Api-Key"]


@pytest.mark.parametrize("header", SECRET_HEADERS)
def test_no_credentials_header_stays_with_an_error(header: str) -> None:
    secret = "marked-" + header
    sent = httpx.Request(
        "POST", "https://user:pass-marked@api.test/v1/threads", headers={header: secret, "X-Mine": "1"}
    )
    response = httpx.Response(500, request=sent, headers={"set-cookie": f"a={secret}"}, json={})
    for error in (
        status_error(response, OPERATION),
        APITimeoutError(sent),
        StreamInterruptedError("m", request=sent),
        RunStreamError("m", sent),
        APIResponseValidationError(response, {}),
    ):
        assert error.request.headers["x-mine"] == "1"
        for text in (pickle.dumps(error).decode("latin-1"), str(error), repr(error), repr(vars(error))):
            assert secret not in text
            assert "pass-marked" not in text
        assert error.request.url.host == "api.test"


def test_no_credentials_stay_in_the_redirects_before_an_error() -> None:
    def handler(sent: httpx.Request) -> httpx.Response:
        if sent.url.path == "/v1/threads":
            return httpx.Response(307, headers={"location": "/v2/threads", "set-cookie": "a=marked-cookie"})
        return httpx.Response(500, json={})

    with httpx.Client(transport=httpx.MockTransport(handler)) as http:
        response = http.send(request(), follow_redirects=True)
    error = status_error(response, OPERATION)
    assert str(error.request.url) == "https://api.test/v2/threads"
    pickled = pickle.dumps(error)
    assert KEY.encode() not in pickled
    assert b"marked-cookie" not in pickled


def test_an_error_with_an_upload_in_its_request_pickles_without_the_file() -> None:
    sent = httpx.Request("POST", "https://api.test/v1/files", files={"file": ("a.txt", io.BytesIO(b"marked" * 1000))})
    error = pickle.loads(pickle.dumps(APIConnectionError(request=sent)))
    assert str(error.request.url) == "https://api.test/v1/files"
    assert len(pickle.dumps(error)) < 2000


def test_the_callers_request_keeps_its_headers() -> None:
    sent = request()
    APITimeoutError(sent)
    assert sent.headers["authorization"] == f"Bearer {KEY}"
