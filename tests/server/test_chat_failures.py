"""The chat model when things go wrong: refusals, retries, timeouts, cut streams, cancels; many runs; secrets."""

from __future__ import annotations

import base64
import logging
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from openai_assistants import _http, _sse
from openai_assistants.server import Gate, LocalServer, Scripts
from openai_assistants.server.models import Routes
from openai_assistants.server.models.chat import KEY_VARIABLE, ChatModel

from .support import Api, api_of, wait_for
from .upstream import DONE, WEATHER, CutOff, Reply, Upstream, answer, ask, call as call_of, called, calls, chunk, text

pytestmark = pytest.mark.once

KEY = "sk-marked-0123456789"
HELLO = [chunk({"content": "Hel"}), chunk({"content": "lo."})]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between attempts there is next to no time."""
    monkeypatch.setattr(_http, "INITIAL_DELAY", 0.01)


def refusal(status: int, message: str, **error: Any) -> Reply:
    return Reply(status=status, body={"error": {"message": message, **error}})


# Refusals and retries


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503])
def test_passing_troubles(chat: Callable[..., Api], upstream: Upstream, status: int) -> None:
    upstream.play(Reply(status=status, body={}), Reply(status=status, body="Oops"), text("Hello."))
    api = chat()
    assert answer(api, ask(api)) == "Hello."
    assert len({repr(each) for each in upstream.bodies}) == 1
    assert len({each.headers["idempotency-key"] for each in upstream.requests}) == 1


@pytest.mark.parametrize("status", [429, 500])
def test_retry_after_is_heeded(chat: Callable[..., Api], upstream: Upstream, status: int) -> None:
    upstream.play(Reply(status=status, body={}, headers={"retry-after": "0.4"}), text("Hello."))
    api = chat()
    started = time.monotonic()
    assert answer(api, ask(api)) == "Hello."
    assert time.monotonic() - started >= 0.4


def test_nobody_waits_for_an_hour(chat: Callable[..., Api], upstream: Upstream) -> None:
    upstream.play(Reply(status=429, body={}, headers={"retry-after": "3600"}))
    assert ask(chat())["last_error"]["code"] == "rate_limit_exceeded"
    assert len(upstream.requests) == 1


REFUSALS = [
    (refusal(429, "Slow down", code="rate_limit_exceeded"), "rate_limit_exceeded", "429 Too Many Requests: Slow down"),
    (refusal(429, "Pay first", code="insufficient_quota"), "rate_limit_exceeded", "Pay first"),
    (refusal(503, "Overloaded"), "server_error", "answered 503 Service Unavailable: Overloaded"),
    (refusal(400, "This model does not support tools"), "server_error", "does not support tools"),
    (refusal(400, "Too long", code="context_length_exceeded"), "invalid_prompt", "Too long"),
    (refusal(400, "Refused", code="content_filter"), "invalid_prompt", "Refused"),
    (refusal(400, "The prompt triggered our content filter."), "invalid_prompt", "triggered"),
    (refusal(400, "Invalid image.", type="image_parse_error"), "invalid_prompt", "Invalid image"),
    (refusal(404, "The model 'm' does not exist", code="model_not_found"), "server_error", "does not exist"),
    (Reply(status=404, body="<html>Nothing here</html>"), "server_error", "answered 404"),
    (Reply(status=422, body={"detail": [{"loc": ["body", "x"], "msg": "bad"}]}), "server_error", "bad"),
]  # fmt: skip


@pytest.mark.parametrize(("reply", "code", "message"), REFUSALS)
def test_refusals(chat: Callable[..., Api], upstream: Upstream, reply: Reply, code: str, message: str) -> None:
    upstream.play(reply)
    run = ask(chat(max_retries=1))
    assert (run["status"], run["last_error"]["code"]) == ("failed", code)
    assert message in run["last_error"]["message"]
    assert len(upstream.requests) == (2 if reply.status in (429, 503) else 1)


def test_nobody_is_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    model = ChatModel(url, api_key="", max_retries=1)
    with LocalServer(in_process=True, models={"*": model}) as server, api_of(server) as api:
        error = ask(api)["last_error"]
    assert error["code"] == "server_error"
    assert error["message"].startswith(f"The model server did not answer: No answer from POST {url}/chat/completions: ")


# What a server does not know

LIMIT = {"run": {"max_completion_tokens": 300, "parallel_tool_calls": False}, "tools": [WEATHER]}
FORMS: list[Callable[[str], Reply]] = [
    lambda name: refusal(400, f"Unsupported parameter: '{name}' is not supported with this model.", param=name),
    lambda name: refusal(400, f"Unrecognized request argument supplied: {name}"),
    lambda name: refusal(400, f"unknown field \"{name}\"; known are model, messages, stream_options, max_tokens"),
    lambda name: Reply(status=422, body={"detail": [
        {"type": "extra_forbidden", "loc": ["body", name], "msg": "Extra inputs are not permitted"},
    ]}),
]  # fmt: skip


@pytest.mark.parametrize("form", range(len(FORMS)))
@pytest.mark.parametrize("name", ["stream_options", "parallel_tool_calls", "max_completion_tokens"])
def test_what_a_server_does_not_know_is_left_out(
    chat: Callable[..., Api], upstream: Upstream, name: str, form: int, caplog: pytest.LogCaptureFixture
) -> None:
    upstream.answer = lambda body: FORMS[form](name) if name in body else Reply(text("Hello."))
    api = chat(max_retries=0)
    with caplog.at_level(logging.WARNING):
        assert [ask(api, **LIMIT)["status"] for _ in range(3)] == ["completed"] * 3
    told = [each.message for each in caplog.records if name in each.message]
    assert told == [f"{upstream.url} (gpt-4o) does not know {name}: it is asked without from now on"]
    first, *others = upstream.bodies
    assert len(others) == 3  # one refusal in all
    changed = {key: value for key, value in first.items() if key != name}
    if name == "max_completion_tokens":
        changed["max_tokens"] = 300
    assert others == [changed] * 3


def test_a_server_that_knows_nothing_of_all_that(chat: Callable[..., Api], upstream: Upstream) -> None:
    new = ("stream_options", "parallel_tool_calls", "max_completion_tokens", "max_tokens")

    def strict(body: dict[str, Any]) -> Reply:
        unknown = [name for name in new if name in body]
        return refusal(400, f"unknown: {', '.join(unknown)}") if unknown else Reply(text("Hello, my dear friend."))

    upstream.answer = strict
    api = chat(max_retries=0)
    limited = {"max_completion_tokens": 256, "parallel_tool_calls": False}
    assert ask(api, tools=[WEATHER], run=limited)["status"] == "completed"
    assert len(upstream.requests) == 5
    assert ask(api, tools=[WEATHER], run=limited)["status"] == "completed"
    assert len(upstream.requests) == 6


def test_each_model_of_a_server_is_asked_in_its_own_way(chat: Callable[..., Api], upstream: Upstream) -> None:
    upstream.answer = lambda body: (
        FORMS[0]("stream_options") if body["model"] == "old" and "stream_options" in body else Reply(text("Hello."))
    )
    api = chat()
    for model in ("old", "new", "old"):
        ask(api, model=model)
    assert ["stream_options" in each for each in upstream.bodies] == [True, False, True, False]


def test_what_two_runs_find_out_at_once_is_told_once(
    chat: Callable[..., Api], upstream: Upstream, caplog: pytest.LogCaptureFixture
) -> None:
    gate = Gate()

    def strict(body: dict[str, Any]) -> Reply:
        if "stream_options" not in body:
            return Reply(text("Hello."))
        return replace(FORMS[0]("stream_options"), before=gate)

    upstream.answer = strict
    api = chat(max_retries=0)
    runs = [api.run(api.thread("How are you?"), api.assistant()) for _ in range(2)]
    wait_for(lambda: len(upstream.requests), lambda count: count == 2)
    gate.open()
    assert [api.run_in(run, "completed", "failed")["status"] for run in runs] == ["completed"] * 2
    assert sum("does not know stream_options" in said for said in caplog.messages) == 1


def test_an_event_without_an_end(chat: Callable[..., Api], upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_sse, "MAX_EVENT", 1 << 20)
    upstream.play([b"data: " + b"x" * (1 << 20)] * 3)
    error = ask(chat(max_retries=0))["last_error"]
    assert error["code"] == "server_error"
    assert error["message"] == (
        "The model server answered with something that cannot be read: "
        "An event of the stream has more than 1 MiB, and its end is not in sight."
    )


def test_a_wrong_value_is_no_unknown_name(chat: Callable[..., Api], upstream: Upstream) -> None:
    upstream.play(refusal(400, "max_completion_tokens is too large: 300. At most 256 completion tokens."))
    assert "too large" in ask(chat(), **LIMIT)["last_error"]["message"]
    assert len(upstream.requests) == 1


def test_the_older_name_of_the_limit(chat: Callable[..., Api], upstream: Upstream) -> None:
    ask(chat(limit_parameter="max_tokens"), run={"max_completion_tokens": 300})
    assert upstream.bodies[0]["max_tokens"] == 300
    assert "max_completion_tokens" not in upstream.bodies[0]


# Time


def test_silence_before_the_first_byte(chat: Callable[..., Api], upstream: Upstream) -> None:
    upstream.play(Reply(before=Gate()))
    error = ask(chat(timeout=0.1, max_retries=0))["last_error"]
    assert error["code"] == "server_error"
    assert "did not answer: Timed out while waiting for the answer" in error["message"]


def test_silence_in_the_middle(chat: Callable[..., Api], upstream: Upstream) -> None:
    upstream.play([*HELLO, Gate()])
    api = chat(timeout=1.0, max_retries=3)
    run = ask(api)
    assert "broke off (timed out while waiting for the answer) before it was complete" in run["last_error"]["message"]
    assert answer(api, run) == "Hello."
    assert len(upstream.requests) == 1
    assert upstream.abandoned.wait(10)


def test_the_deadline_of_a_turn_counts_for_everything(chat: Callable[..., Api], upstream: Upstream) -> None:
    upstream.play(Reply(status=503, body={}), [b": still here\n\n", Gate()])
    error = ask(chat(deadline=2.0, max_retries=9))["last_error"]
    assert (error["code"], "deadline passed" in error["message"]) == ("server_error", True)
    assert len(upstream.requests) == 2
    assert upstream.abandoned.wait(10)


def test_a_slow_server_keeps_nobody_from_hearing(upstream: Upstream) -> None:
    """While the model is silent, the client's stream gets comments, so that nothing on the way closes it."""
    gate = Gate()
    upstream.play(Reply(text("Hello."), before=gate))
    model = ChatModel(upstream.url, api_key="")
    with (
        LocalServer(models={"*": model}, keep_alive_seconds=0.05) as server,
        api_of(server) as api,
        api.http.stream(
            "POST", f"/threads/{api.thread('q')}/runs", json={"assistant_id": api.assistant(), "stream": True}
        ) as response,
    ):
        read = ""
        for piece in response.iter_text():
            read += piece
            if not gate.reached.is_set() or read.count("\n:") < 3:
                continue
            gate.open()
        assert "thread.run.completed" in read
        before, _, _ = read.partition("thread.message.created")
        assert before.count("\n:") >= 3


# Streams that end too early


@pytest.mark.parametrize("end", [[], [CutOff()]], ids=["ended", "cut"])
@pytest.mark.parametrize("before", [[], [chunk({"role": "assistant", "content": ""})]], ids=["at once", "after role"])
def test_a_stream_that_ends_before_it_says_anything_is_asked_for_again(
    chat: Callable[..., Api], upstream: Upstream, before: list[Any], end: list[Any]
) -> None:
    upstream.play([*before, *end], [*before, *end], text("Hello."))
    api = chat()
    assert answer(api, ask(api)) == "Hello."
    assert len(upstream.requests) == 3
    upstream.reset()
    upstream.play([*before, *end])
    error = ask(chat(max_retries=1))["last_error"]
    assert error["code"] == "server_error"
    assert error["message"].startswith("The answer of the model server ")
    assert error["message"].endswith("before it was complete.")
    assert len(upstream.requests) == 2


@pytest.mark.parametrize(("end", "how"), [([], "ended"), ([CutOff()], "broke off (")], ids=["ended", "cut"])
def test_a_stream_that_ends_in_the_middle_is_not_asked_for_again(
    chat: Callable[..., Api], upstream: Upstream, end: list[Any], how: str
) -> None:
    upstream.play([*HELLO, *end])
    api = chat()
    run = ask(api)
    assert (run["status"], run["last_error"]["code"]) == ("failed", "server_error")
    assert run["last_error"]["message"].startswith(f"The answer of the model server {how}")
    assert answer(api, run) == "Hello."
    assert len(upstream.requests) == 1


@pytest.mark.parametrize("end", [[CutOff()], [Gate()]], ids=["cut", "silence"])
def test_what_breaks_off_behind_the_end_is_complete(
    chat: Callable[..., Api], upstream: Upstream, end: list[Any]
) -> None:
    upstream.play([*HELLO, chunk(finish="stop"), *end])
    api = chat(timeout=1.0)
    run = ask(api)
    assert (run["status"], answer(api, run)) == ("completed", "Hello.")
    assert len(upstream.requests) == 1


def test_half_a_call_is_not_made(chat: Callable[..., Api], upstream: Upstream) -> None:
    upstream.play([chunk({"tool_calls": [call_of(0, "get_weather", '{"ci', "a")]}), CutOff()])
    assert ask(chat(), tools=[WEATHER])["status"] == "failed"


# Ends that come from here


def test_a_cancelled_run_closes_its_connection(chat: Callable[..., Api], upstream: Upstream) -> None:
    gate = Gate()
    upstream.play([*HELLO, gate, *text("more")])
    api = chat()
    run = api.run(api.thread("q"), api.assistant())
    assert gate.reached.wait(10)
    path = f"/threads/{run['thread_id']}/runs/{run['id']}"
    wait_for(lambda: api.messages(run["thread_id"]), lambda messages: len(messages) == 2)
    api.post(f"{path}/cancel")
    assert upstream.abandoned.wait(10)
    run = api.run_in(run, "cancelled")
    assert answer(api, run) == "Hello."


def test_a_run_that_waits_for_the_next_attempt_is_cancelled(chat: Callable[..., Api], upstream: Upstream) -> None:
    upstream.play(Reply(status=429, body={}, headers={"retry-after": "50"}))
    api = chat()
    run = api.run(api.thread("q"), api.assistant())
    wait_for(lambda: len(upstream.requests), lambda count: count == 1)
    api.post(f"/threads/{run['thread_id']}/runs/{run['id']}/cancel")
    api.run_in(run, "cancelled")


def test_a_limit_that_is_reached_here_closes_the_connection(chat: Callable[..., Api], upstream: Upstream) -> None:
    upstream.play([chunk({"content": "word " * 1000}), Gate()])
    api = chat()
    run = ask(api, run={"max_completion_tokens": 256})
    assert (run["status"], len(answer(api, run))) == ("incomplete", 1024)
    assert upstream.abandoned.wait(10)


def test_the_connections_end_with_the_server(upstream: Upstream) -> None:
    model = ChatModel(upstream.url, api_key="")
    for _ in range(2):  # and the model can be used again
        upstream.play([*HELLO, Gate()])
        upstream.abandoned.clear()
        with LocalServer(in_process=True, drain_seconds=0.0, models={"*": model}) as server, api_of(server) as api:
            run = api.run(api.thread("q"), api.assistant())
            wait_for(partial(api.messages, run["thread_id"]), lambda messages: len(messages) == 2)
        assert upstream.abandoned.wait(10)


def test_a_hundred_runs_at_once(chat: Callable[..., Api], upstream: Upstream) -> None:
    gate = Gate()
    upstream.answer = lambda body: Reply(
        [*HELLO, gate, chunk({"content": body["messages"][-1]["content"]}), chunk(finish="stop"), DONE]
    )
    api = chat()
    assistant = api.assistant()
    runs = [api.run(api.thread(f"Number {number}"), assistant) for number in range(100)]
    wait_for(lambda: upstream.open, lambda count: count == 100)
    gate.open()
    for number, run in enumerate(runs):
        assert answer(api, api.run_in(run, "completed", "failed")) == f"Hello.Number {number}"
    assert (upstream.most_open, len(upstream.requests)) == (100, 100)
    wait_for(lambda: upstream.open, lambda count: count == 0)


# What is sent to whom, and what is said of it


def test_without_a_key_none_is_sent(
    chat: Callable[..., Api], upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, KEY)
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    ask(chat(api_key=None))
    assert KEY not in repr(upstream.requests[0].headers)
    assert "authorization" not in upstream.requests[0].headers


def test_the_key_of_the_environment(upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    monkeypatch.setenv("OTHER_KEY", "other-key")
    routes = {
        "a": f"chat:{upstream.url}",
        "b": f"chat:{upstream.url}#model=large&api_key_env=OTHER_KEY&max_retries=0&timeout=5&deadline=9.5",
        "c": f"chat:{upstream.url}#api_key_env=",
        "d": f"chat:{upstream.url}/chat/completions#org%2Flarge:8b",
        "e": f"chat:{upstream.url}#api_key_env=OTHER_KEY&key_header=api-key",
    }
    with LocalServer(in_process=True, models=routes) as server, api_of(server) as api:
        for model in routes:
            assert ask(api, model=model)["status"] == "completed"
        listed = [model["id"] for model in api.get("/models")["data"]]
        assert listed[:6] == ["a", "b", "c", "d", "e", "offline"]
        assert api.get("/models/a")["owned_by"] == "openai-assistants:chat"
    assert [each.headers.get("authorization") for each in upstream.requests] == [
        f"Bearer {KEY}", "Bearer other-key", None, f"Bearer {KEY}", None,
    ]  # fmt: skip
    assert [each.headers.get("api-key") for each in upstream.requests] == [*[None] * 4, "other-key"]
    assert [each["model"] for each in upstream.bodies] == ["a", "large", "c", "org/large:8b", "e"]


def test_query_headers_and_user(chat: Callable[..., Api], upstream: Upstream) -> None:
    url = upstream.url.replace("http://", "http://anna:s%40cret@") + "?api-version=2024-10-21"
    model = ChatModel(url, api_key="", headers={"X-Team": "whales"})
    with LocalServer(in_process=True, models={"*": model}) as server, api_of(server) as api:
        assert ask(api)["status"] == "completed"
    (asked,) = upstream.requests
    assert (asked.path, asked.query) == ("/v1/chat/completions", "api-version=2024-10-21")
    assert asked.headers["x-team"] == "whales"
    assert asked.headers["authorization"] == "Basic " + base64.b64encode(b"anna:s@cret").decode()


SECRETS = {
    "key": ({"api_key": KEY}, ""),
    "header": ({"api_key": "", "headers": {"api-key": KEY}}, ""),
    "query": ({"api_key": ""}, f"?code={KEY}"),
    "password": ({"api_key": ""}, f"anna:{KEY}@"),
}


@pytest.mark.parametrize("kind", SECRETS)
def test_secrets_are_not_told(
    upstream: Upstream, kind: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_LOG", "")
    settings, more = SECRETS[kind]
    url = upstream.url.replace("http://", f"http://{more}") if more.endswith("@") else upstream.url + more
    model = ChatModel(url, max_retries=0, **settings)
    assert KEY not in f"{model!r} {model.description} {vars(model)['_upstream']!r}"
    told = f"Incorrect API key provided: {KEY}."
    replies: list[Any] = [
        refusal(401, told), refusal(403, told), refusal(500, told), refusal(429, told), Reply(body={"error": told}),
        [{"error": {"message": told}}], [told], Reply(body=told, headers={"content-type": "application/json"}),
    ]  # fmt: skip
    with (
        caplog.at_level(logging.DEBUG),
        LocalServer(in_process=True, models={"*": model}) as server,
        api_of(server) as api,
    ):
        for reply in replies:
            upstream.play(reply)
            message = ask(api)["last_error"]["message"]
            assert KEY not in message
            assert "***" in message
        upstream.play(refusal(400, f"unknown parameter stream_options for {KEY}"))
        ask(api)
    logged = "".join(each.getMessage() for each in caplog.records)
    assert "chat/completions" in logged
    assert KEY not in logged


@pytest.mark.parametrize("key", ["sk-marked\u2026", "sk marked", "sk-\nmarked"])
def test_a_key_that_cannot_be_sent(key: str) -> None:
    with pytest.raises(ValueError, match="the chat model's key holds") as caught:
        ChatModel("http://h/v1", api_key=key)
    assert "marked" not in str(caught.value)


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("chat", "must begin|needs a URL that begins with http"),
        ("chat:localhost:11434/v1", "needs a URL that begins with http"),
        ("chat:http://anna:hidden@host:65536/v1", "the chat model's URL cannot be used: 65536 cannot be a port$"),
        ("chat:http://a..b/v1", "cannot be used: 'a..b' cannot be the name of a host"),
        ("chat:ftp://anna:hidden@host/v1", "needs a URL that begins with http"),
        ("chat:http://anna:hidden@/v1", "needs a URL that begins with http"),
        ("chat:http://anna:hidden@host:port/v1", "cannot be read"),
        ("chat:http://anna:hidden/more@host/v1", "cannot be read: check user name and password"),
        ("chat:http://host:port/v1", "cannot be read: Invalid port: 'port'"),
        ("chat:http://h/v1#model=a&size=3", "no option 'size'; known are: model, api_key_env, key_header, timeout"),
        ("chat:http://h/v1#timeout=soon", "option timeout must be a number, not 'soon'"),
        ("chat:http://h/v1#timeout=0", "must be more than 0 seconds"),
        ("chat:http://h/v1#max_retries=-1", "max_retries 0 or more"),
        ("chat:http://h/v1#limit_parameter=x", "must be max_completion_tokens or max_tokens, not 'x'"),
        ("chat:http://h/v1#api_key_env=NO_SUCH_KEY", "environment variable NO_SUCH_KEY should hold"),
        ("caht:http://anna:hidden@h/v1", "there is no model 'caht'; known are: chat:URL"),
        ("offline:x", "takes nothing behind its name"),
    ],
)
def test_routes_that_cannot_be(target: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        LocalServer(in_process=True, models={"gpt-*": target}).start()
    assert str(caught.value).startswith("route 'gpt-*': ")
    assert "hidden" not in str(caught.value)


def test_routes_are_described_without_secrets(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text("- Hello.")
    routes = {
        "a": "chat:https://anna:hidden@h.test:8443/v1/chat/completions?code=hidden#large",
        "b": ChatModel("http://h.test", api_key="hidden"),
        "c": f"scripted:{path}",
        "d": "scripted",
    }
    assert Routes(routes, Scripts()).described() == [
        ("a", "chat:https://h.test:8443/v1#large"), ("b", "chat:http://h.test"),
        ("c", f"scripted:{path}"), ("d", "scripted"), ("*", "offline"),
    ]  # fmt: skip


def test_two_servers_share_a_model(upstream: Upstream) -> None:
    model = ChatModel(upstream.url, api_key="")
    with (
        LocalServer(in_process=True, models={"*": model}) as one,
        api_of(one) as first,
        ThreadPoolExecutor(2) as pool,
    ):
        with LocalServer(models={"*": model}) as two, api_of(two) as second:
            statuses = pool.map(lambda api: [ask(api)["status"] for _ in range(5)], (first, second))
            assert list(statuses) == [["completed"] * 5] * 2
        assert ask(first)["status"] == "completed"  # the other one has closed its own connections only


def test_connections_are_used_again(chat: Callable[..., Api], upstream: Upstream) -> None:
    upstream.play(calls(call_of(0, "get_weather", "{}", "a")))
    api = chat()
    assert called(ask(api, tools=[WEATHER])) == [("get_weather", "{}")]
    ports = {each.port for each in upstream.requests}
    for _ in range(3):
        ask(api, tools=[WEATHER])
    assert {each.port for each in upstream.requests} == ports
