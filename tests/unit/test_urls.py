"""URLs of requests."""

from __future__ import annotations

import string
from typing import Any, Literal
from urllib.parse import parse_qsl, unquote

import httpx
import pytest
from hypothesis import given, strategies as st

from openai_assistants import BaseModel, omit
from openai_assistants._http import encode_query, fill_path, flatten
from openai_assistants._models import UnknownValue

TEMPLATE = "/threads/{thread_id}/messages/{message_id}"


def received(path: str) -> list[str]:
    """The segments that a server sees, after the HTTP library has had its way with the URL."""
    raw = httpx.URL("https://api.test/v1" + path).raw_path.decode("ascii")
    assert "?" not in raw
    return [unquote(segment) for segment in raw.split("/")[1:]]


AWKWARD = [*string.printable, "\x00", "\x7f", "\x85", "\xa0", "é", "語", "🙂", "\u2028", "\ufeff"]
AWKWARD += ["a/b", "../x", "..", "...", "a/../b", "%2e%2e", "%2F", "a%", "a?b=c#d", "a;b", "//", "\\", "{message_id}"]


@pytest.mark.parametrize("value", [value for value in AWKWARD if value not in (".", "..") and value.strip()], ids=repr)
def test_an_argument_is_one_segment_whatever_it_contains(value: str) -> None:
    path = fill_path(TEMPLATE, {"thread_id": value, "message_id": "msg_1"})
    assert received(path) == ["v1", "threads", value, "messages", "msg_1"]


@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).filter(
        lambda text: text not in (".", "..") and text.strip() != ""
    )
)
def test_any_argument_arrives_as_it_was_given(value: str) -> None:
    path = fill_path(TEMPLATE, {"thread_id": "thread_1", "message_id": value})
    assert received(path) == ["v1", "threads", "thread_1", "messages", value]


@pytest.mark.parametrize("value", ["", ".", "..", " ", "\t\n", "\u2028", "\xa0 \x85"])
def test_arguments_that_would_change_the_path_are_refused_by_name(value: str) -> None:
    with pytest.raises(ValueError, match="message_id"):
        fill_path(TEMPLATE, {"thread_id": "thread_1", "message_id": value})


@pytest.mark.parametrize("value", [None, 5, True, b"thread_1", omit, ["thread_1"], {"id": "x"}])
def test_arguments_that_are_no_strings_are_refused_by_name(value: Any) -> None:
    with pytest.raises(TypeError, match="thread_id must be a string"):
        fill_path(TEMPLATE, {"thread_id": value, "message_id": "msg_1"})


def test_a_lone_surrogate_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="thread_id") as caught:
        fill_path(TEMPLATE, {"thread_id": "a\ud800", "message_id": "msg_1"})
    assert not isinstance(caught.value, UnicodeError)


@pytest.mark.parametrize(
    ("query", "pairs"),
    [
        ({}, []),
        ({"limit": 20}, [("limit", "20")]),
        ({"a": None, "b": omit, "c": "x"}, [("c", "x")]),
        ({"a": True, "b": False}, [("a", "true"), ("b", "false")]),
        ({"a": 1.5, "b": "", "c": "0"}, [("a", "1.5"), ("b", ""), ("c", "0")]),
        ({"include": ["x", "y"]}, [("include[]", "x"), ("include[]", "y")]),
        ({"include[]": ["x", "y"]}, [("include[]", "x"), ("include[]", "y")]),
        ({"include": ("x",)}, [("include[]", "x")]),
        ({"include": (item for item in "xy")}, [("include[]", "x"), ("include[]", "y")]),
        ({"include": []}, []),
        ({"include": [None, "x", omit, True]}, [("include[]", "x"), ("include[]", "true")]),
        ({"filter": {"a": 1, "b": {"c": True}, "d": None}}, [("filter[a]", "1"), ("filter[b][c]", "true")]),
        ({"filter": {"in": ["x", "y"]}}, [("filter[in][]", "x"), ("filter[in][]", "y")]),
        ({"a&b=": "c&d= +/?#%é語"}, [("a&b=", "c&d= +/?#%é語")]),
        ({"order": UnknownValue("sideways")}, [("order", "sideways")]),
    ],
)
def test_query(query: dict[str, object], pairs: list[tuple[str, str]]) -> None:
    text = encode_query(query)
    assert parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text)) == pairs
    url = httpx.URL("https://api.test/v1/things" + ("?" + text if text else ""))
    assert url.params.multi_items() == pairs


def test_bytes_are_no_query_value() -> None:
    with pytest.raises(TypeError, match="a"):
        encode_query({"a": b"x"})


def test_a_lone_surrogate_in_a_query_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="after") as caught:
        encode_query({"after": "a\ud800"})
    assert not isinstance(caught.value, UnicodeError)


class ExpiresAfter(BaseModel):
    """A nested result that is also a parameter."""

    anchor: Literal["created_at"]
    seconds: int


def test_a_result_model_may_stand_for_its_parameter_in_a_form() -> None:
    model = ExpiresAfter(anchor="created_at", seconds=3600)
    assert list(flatten("expires_after", model)) == [
        ("expires_after[anchor]", "created_at"),
        ("expires_after[seconds]", "3600"),
    ]
