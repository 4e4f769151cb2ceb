"""Arguments that cannot be sent: refused by name before anything is."""

from __future__ import annotations

import math
import sys
from datetime import timedelta
from typing import Any

import httpx
import pytest

from openai_assistants import OpenAIError, omit
from openai_assistants._requests import plain

from .access import client_over
from .support import Flavour, serve

UNSENT = RuntimeError("something was sent")
DEEP: Any = []
for _ in range(50_000):  # Python 3.13 has a stack of its own for C, which is larger
    DEEP = [DEEP]
CIRCLE: dict[str, Any] = {}
CIRCLE["again"] = [CIRCLE]


def test_at_every_depth_a_body_is_either_plain_data_or_too_deep() -> None:
    """It is written and read back; what could be written can be read, for that takes less of the stack."""
    value: Any = 1
    outcomes: list[bool] = []
    for _ in range(sys.getrecursionlimit() + 10):
        value = [value]
        try:
            outcomes.append(plain({"a": value}) is not None)
        except ValueError as error:
            assert "nested too deep" in str(error)
            outcomes.append(False)
    assert outcomes == sorted(outcomes, reverse=True)
    assert any(outcomes)


def refused(flavour: Flavour, kind: type[Exception], says: str, use: Any, **settings: Any) -> str:
    """What the exception says; nothing is sent."""
    server = serve(UNSENT)
    with pytest.raises(kind, match=says) as caught:
        flavour.do(lambda: use(client_over(flavour, server, **settings)))
    assert server.requests == []
    assert not isinstance(caught.value, UnicodeError)
    said = str(caught.value)
    assert said.isprintable()
    assert len(said) < 1000
    return said


@pytest.mark.parametrize("name", ["x\r\nX-Injected", "x y", "x:", "é", "", "\t", "\ud800", "x" * 3000 + "\n"])
def test_names_of_headers(flavour: Flavour, name: str) -> None:
    says = "header name .* cannot be sent"
    refused(flavour, ValueError, says, lambda client: client.files.list(extra_headers={name: "x"}).first(1))
    refused(flavour, ValueError, says, lambda client: client.files.retrieve("f"), default_headers={name: "x"})


@pytest.mark.parametrize("name", [5, None, b"x-note", ("a",)])
def test_names_of_headers_that_are_no_text(flavour: Flavour, name: Any) -> None:
    says = "header names must be strings"
    refused(flavour, TypeError, says, lambda client: client.files.retrieve("f", extra_headers={name: "x"}))
    refused(flavour, TypeError, says, lambda client: client.files.retrieve("f"), default_headers={name: "x"})


@pytest.mark.parametrize("option", ["extra_headers", "extra_query", "extra_body"])
@pytest.mark.parametrize("value", [[("a", "b")], "a", 5, {"a"}])
def test_options_that_are_no_mappings(flavour: Flavour, option: str, value: Any) -> None:
    says = f"{option} must be a mapping"
    refused(flavour, TypeError, says, lambda client: client.beta.threads.create(**{option: value}))


NUMBERS = [
    ("deadline", "3", TypeError, "deadline must be a number of seconds, not str"),
    ("deadline", math.nan, ValueError, "deadline must be a number of seconds, not nan"),
    ("deadline", timedelta(3), TypeError, "deadline must be a number of seconds, not timedelta"),
    ("max_retries", "3", TypeError, "max_retries must be a number from 0.*math.inf.*, not str"),
    ("max_retries", -3, ValueError, "max_retries must be a number from 0.*, not -3"),
    ("timeout", "5", TypeError, "timeout must be a number of seconds above 0.*None for no limit, not str"),
    ("timeout", -5, ValueError, "timeout must be a number of seconds above 0.*, not -5"),
    ("timeout", 0, ValueError, "timeout must be .*, not 0"),
    ("timeout", math.nan, ValueError, "timeout must be .*, not nan"),
]


@pytest.mark.parametrize(("option", "value", "kind", "says"), NUMBERS)
def test_options_that_are_no_such_numbers(
    flavour: Flavour, option: str, value: Any, kind: type[Exception], says: str
) -> None:
    options: Any = {option: value}
    refused(flavour, kind, says, lambda client: client.beta.threads.create(**options))
    refused(flavour, kind, says, lambda client: client.beta.assistants.list(**options).first(1))
    refused(
        flavour, kind, says, lambda client: client.beta.threads.runs.create_and_poll("t", assistant_id="a", **options)
    )
    refused(flavour, kind, says, lambda client: client.beta.threads.with_raw_response.create(**options))
    refused(flavour, kind, says, lambda client: client.vector_stores.upload_files("vs", [b"x", b"y"], **options))
    with pytest.raises(kind, match=says):
        flavour.collect(
            lambda: client_over(flavour, serve(UNSENT)).beta.threads.runs.create(
                "t", assistant_id="a", stream=True, **options
            )
        )
    if option != "deadline":
        refused(flavour, kind, says, lambda client: client, **options)
        refused(flavour, kind, says, lambda client: client.with_options(**options))


@pytest.mark.parametrize(
    "options",
    [
        {"timeout": 0.5},
        {"timeout": (1.0, 2.0)},
        {"timeout": None},
        {"max_retries": 0},
        {"max_retries": math.inf},
        {"max_retries": None},
        {"deadline": omit},
        {"deadline": None},
        {"deadline": 5},
    ],
)
def test_options_that_are_such_numbers(flavour: Flavour, options: Any) -> None:
    client = client_over(flavour, serve(httpx.Response(200, json={"id": "thread_1", "status": "completed"})))
    assert flavour.do(lambda: client.beta.threads.create(**options)).id == "thread_1"
    assert flavour.do(lambda: client.beta.threads.runs.poll("thread_1", "thread_1", **options)).status == "completed"
    raw = flavour.do(lambda: client.beta.threads.with_raw_response.create(**options))
    assert raw.parse().id == "thread_1"


WAITS = [
    (
        "max_wait_seconds",
        "5",
        TypeError,
        "max_wait_seconds must be a number of seconds, 0 or more, or None .*, not str",
    ),
    ("max_wait_seconds", -5, ValueError, "max_wait_seconds must be .*, not -5"),
    ("poll_interval_ms", "5", TypeError, "poll_interval_ms must be a number of milliseconds above 0, not str"),
    ("poll_interval_ms", None, TypeError, "poll_interval_ms must be a number of milliseconds above 0, not NoneType"),
    ("poll_interval_ms", math.nan, ValueError, "poll_interval_ms must be a number of milliseconds above 0, not nan"),
]


@pytest.mark.parametrize(("option", "value", "kind", "says"), WAITS)
def test_waits_that_are_no_such_numbers(
    flavour: Flavour, option: str, value: Any, kind: type[Exception], says: str
) -> None:
    options: Any = {option: value}
    refused(flavour, kind, says, lambda client: client.beta.threads.runs.poll("r", "t", **options))
    refused(flavour, kind, says, lambda client: client.vector_stores.files.upload_and_poll("vs", file=b"x", **options))


@pytest.mark.parametrize("setting", ["default_headers", "default_query"])
def test_settings_that_are_no_mappings(flavour: Flavour, setting: str) -> None:
    says = f"{setting} must be a mapping"
    refused(flavour, TypeError, says, lambda client: client, **{setting: [("a", "b")]})


@pytest.mark.parametrize("key", [5, b"sk-marked-secret", ["sk-marked-secret"], object()])
def test_keys_that_are_neither_text_nor_functions(flavour: Flavour, key: Any) -> None:
    says = "api_key must be text or a function"

    def change(client: Any) -> None:
        client.api_key = key

    assert "secret" not in refused(flavour, TypeError, says, lambda client: client, api_key=key)
    assert "secret" not in refused(flavour, TypeError, says, change)


@pytest.mark.parametrize("path", ["http://", "https:///x", "http://xn--a/", "/\ud800", "/a\0b", "/" + "x" * 70_000])
def test_urls(flavour: Flavour, path: str) -> None:
    refused(flavour, ValueError, "the URL of this request", lambda client: client.get(path))


def test_a_base_url_whose_host_is_none(flavour: Flavour) -> None:
    refused(flavour, OpenAIError, "base_url is no URL", lambda client: client, base_url="https://xn--a/v1")


@pytest.mark.parametrize(
    ("query", "kind", "says"),
    [
        ({"a": "\ud800"}, ValueError, "a contains a character that cannot be sent"),
        ({"\udfff": "b"}, ValueError, "contains a character that cannot be sent"),
        ({"a": {"\ud800": ["b"]}}, ValueError, "a contains a character"),
        ({"a\nb": "\ud800"}, ValueError, "contains a character"),
        ({"a": DEEP}, ValueError, "a is nested too deep"),
        ({"a": CIRCLE}, ValueError, "a is nested too deep"),
        ({None: ["b"]}, TypeError, "names of query parameters and form fields must be strings, not NoneType"),
        ({5: "b"}, TypeError, "must be strings, not int"),
        ({"a": b"x"}, TypeError, "a must be text, not bytes"),
    ],
    ids=lambda value: repr(value)[:30] if not isinstance(value, dict) else "query",
)
def test_queries(flavour: Flavour, query: Any, kind: type[Exception], says: str) -> None:
    refused(flavour, kind, says, lambda client: client.files.retrieve("f", extra_query=query))


@pytest.mark.parametrize(
    ("value", "says"),
    [(DEEP, "nested too deep"), (CIRCLE, "[Cc]ircular"), (10**5000, "4300 digits"), ("\ud800", "lone surrogate")],
    ids=["deep", "circle", "digits", "surrogate"],
)
def test_bodies(flavour: Flavour, value: Any, says: str) -> None:
    refused(flavour, ValueError, says, lambda client: client.beta.threads.create(metadata={"a": value}))
    refused(flavour, ValueError, says, lambda client: client.post("/x", body=[value]))
    run: dict[str, Any] = {"assistant_id": "a", "metadata": {"a": value}, "stream": True}
    refused(flavour, ValueError, says, lambda client: client.beta.threads.runs.create("thread_1", **run))
