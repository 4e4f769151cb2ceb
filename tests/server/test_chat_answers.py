"""What the chat model makes of answers: as the API documents them, and as servers really send them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from openai_assistants.server.models import FileSearchCall, Finish, ModelError, Round, TextDelta, ToolCallDelta, Usage
from openai_assistants.server.models.chat_protocol import AnswerReader, CutShort, OfferedTools

from .support import LOOKUP, Api
from .test_models import tool, turn
from .upstream import DONE, USAGE, WEATHER, Piece, Reply, Upstream, answer, ask, call, called, calls, chunk, text

pytestmark = pytest.mark.once

LISBON, OSLO = '{"city": "Lisbon"}', '{"city": "Oslo"}'
BOTH = [("get_weather", LISBON), ("get_weather", OSLO)]


def whole(message: dict[str, Any], finish: str = "stop", **more: Any) -> dict[str, Any]:
    """An answer that is not streamed."""
    return {"object": "chat.completion", "choices": [{"index": 0, "message": message, "finish_reason": finish}], **more}


# Text

NO_ROLE = [chunk({"content": "Hel"}), chunk({"content": "lo."}), chunk(finish="stop"), DONE]
TEXTS: dict[str, list[Piece] | Reply] = {
    "as documented": text("Hel", "lo."),
    "without [DONE]": text("Hel", "lo.")[:-1],
    "without role, usage and finish_reason": [*NO_ROLE[:2], DONE],
    "finish_reason with the last text": [chunk({"content": "Hello."}, "stop")],
    "comments, CRLF and no blank": [
        b': wait\r\n\r\ndata:{"choices":[{"delta":{"content":"Hel"}}]}\r\n\r\n:\r\n',
        b'data:{"choices":[{"delta":{"content":"lo."},', b'"finish_reason":"stop"}]}\r\n\r\ndata:[DONE]\r\n\r\n',
    ],
    "no blank line at the end": [*NO_ROLE[:2], b'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}'],
    "named events": [b"event: chunk\ndata: " + json.dumps(each).encode() + b"\n\n" for each in NO_ROLE[:-1]],
    "empty data": [b"data:\n\n", *NO_ROLE],
    "content of null and of nothing": [chunk({"content": None}), chunk({"content": ""}), *NO_ROLE],
    "content as parts": [
        chunk({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]}]}),
        chunk({"content": [{"type": "text", "text": "Hel"}, {"type": "text", "text": "lo."}]}), DONE,
    ],
    "reasoning beside the content": [
        chunk({"reasoning_content": "Hm.", "content": ""}), chunk({"reasoning": "Hm."}), *NO_ROLE,
    ],
    "null delta": [{"choices": [{"index": 0, "delta": None, "finish_reason": None}]}, *NO_ROLE],
    "message instead of delta": [{"choices": [{"message": {"content": "Hello."}, "finish_reason": "stop"}]}],
    "an answer beside it": [{"choices": [{"index": 1, "delta": {"content": "Bye."}}]}, *NO_ROLE],
    "chunks without choices": [
        {"type": "ping"}, {"usage": USAGE}, {"choices": None}, {"choices": [], "prompt_filter_results": []}, *NO_ROLE,
    ],
    "something behind [DONE]": [*NO_ROLE, chunk({"content": "more"})],
    "not streamed": Reply(body=whole({"role": "assistant", "content": "Hello."}, usage=USAGE)),
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_texts(chat: Callable[..., Api], upstream: Upstream, name: str) -> None:
    upstream.play(TEXTS[name])
    api = chat(max_retries=0)
    run = ask(api)
    assert (run["status"], answer(api, run)) == ("completed", "Hello.")
    assert len(upstream.requests) == 1


def test_thoughts_in_the_text_stay(chat: Callable[..., Api], upstream: Upstream) -> None:
    upstream.play(text("<think>Hm.</think>", "Hello."))
    api = chat()
    assert answer(api, ask(api)) == "<think>Hm.</think>Hello."


def test_letters_that_come_in_pieces(chat: Callable[..., Api], upstream: Upstream) -> None:
    line = b"data: " + json.dumps(chunk({"content": "Grüße 🐋"}), ensure_ascii=False).encode() + b"\n\n"
    upstream.play([*(line[at : at + 1] for at in range(len(line))), DONE])
    api = chat()
    assert answer(api, ask(api)) == "Grüße 🐋"


@pytest.mark.parametrize("before", [[], ["Well. "]])
def test_refusals(chat: Callable[..., Api], upstream: Upstream, before: list[str]) -> None:
    said = [
        *({"content": each} for each in before),
        {"refusal": "I would "},
        {"content": None, "refusal": "rather not."},
    ]
    upstream.play([*map(chunk, said), chunk(finish="stop"), DONE])
    api = chat()
    run = ask(api)
    refusal = {"type": "refusal", "refusal": "I would rather not."}
    blocks = [{"type": "text", "text": {"value": each, "annotations": []}} for each in before]
    assert api.messages(run["thread_id"])[-1]["content"] == [*blocks, refusal]
    ask_again = api.run_in(api.run(run["thread_id"], run["assistant_id"]), "completed")
    assert ask_again["status"] == "completed"
    assert upstream.bodies[-1]["messages"][-1]["content"] == "\n".join([*before, "I would rather not."])


# Calls

CALLS: dict[str, list[Piece] | Reply] = {
    "as documented": calls(
        call(0, "get_weather", "", "a"), call(0, None, '{"city"'), call(0, None, ': "Lisbon"}'),
        call(1, "get_weather", "", "b"), call(1, None, OSLO),
    ),
    "interleaved": calls(
        [call(0, "get_weather", "", "a"), call(1, "get_weather", "", "b")],
        [call(1, None, '{"city"'), call(0, None, LISBON)], [call(1, None, ': "Oslo"}')],
    ),
    "id and name on each delta": calls(
        call(0, "get_weather", '{"city"', "a"), call(0, "get_weather", ': "Lisbon"}', "a"),
        call(0, "get_weather", "", "a"), call(1, "get_weather", OSLO, "b"),
    ),
    "another id on each delta": calls(
        call(0, "get_weather", '{"city"', "a"), call(0, None, ': "Lisbon"}', "b"), call(1, "get_weather", OSLO, "c"),
    ),
    "name on each delta, without id": calls(
        call(0, "get_weather", '{"city"'), call(0, "get_weather", ': "Lisbon"}'), call(0, "get_weather", ""),
        call(1, "get_weather", OSLO),
    ),
    "whole, all at once": calls([call(0, "get_weather", LISBON, "a"), call(1, "get_weather", OSLO, "b")]),
    "whole, all with index 0": calls([call(0, "get_weather", LISBON, "a"), call(0, "get_weather", OSLO, "b")]),
    "whole, all with index 0 and no id": calls(call(0, "get_weather", LISBON), call(0, "get_weather", OSLO)),
    "whole, without index": calls([call(None, "get_weather", LISBON, "a"), call(None, "get_weather", OSLO, "b")]),
    "whole, without index and id": calls([call(None, "get_weather", LISBON), call(None, "get_weather", OSLO)]),
    "in pieces, without index": calls(
        call(None, "get_weather", "", "a"), call(None, None, '{"city"'), call(None, None, ': "Lisbon"}'),
        call(None, "get_weather", "", "b"), call(None, None, OSLO),
    ),
    "in pieces by id, without index": calls(
        call(None, "get_weather", "", "a"), call(None, "get_weather", "", "b"),
        call(None, None, OSLO, "b"), call(None, None, LISBON, "a"),
    ),
    "ids of null and of nothing": calls(
        {"index": 0, "id": None, "function": {"name": "get_weather", "arguments": LISBON}},
        {"index": 1, "id": "", "function": {"name": "get_weather", "arguments": ""}},
        {"index": 1, "id": "", "function": {"name": "", "arguments": OSLO}},
    ),
    "the same id for all": calls([call(0, "get_weather", LISBON, "a"), call(1, "get_weather", OSLO, "a")]),
    "arguments as objects": calls(
        [call(0, "get_weather", {"city": "Lisbon"}, "a"), call(1, "get_weather", {"city": "Oslo"}, "b")]
    ),
    "the name later": calls(
        call(0, None, "", "a"), call(0, None, '{"city"'), call(0, "get_weather", ': "Lisbon"}'),
        call(1, "get_weather", OSLO, "b"),
    ),
    "a finish_reason of stop": calls(
        call(0, "get_weather", LISBON, "a"), call(1, "get_weather", OSLO, "b"), finish="stop"
    ),
    "one of them alone, as no list": [
        chunk({"tool_calls": call(0, "get_weather", LISBON, "a")}),
        chunk({"tool_calls": call(1, "get_weather", OSLO)}), DONE,
    ],
    "not streamed": Reply(body=whole(
        {"content": None, "tool_calls": [
            {"id": "a", "type": "function", "function": {"name": "get_weather", "arguments": LISBON}},
            {"id": "b", "type": "function", "function": {"name": "get_weather", "arguments": OSLO}},
        ]}, "tool_calls",
    )),
}  # fmt: skip


@pytest.mark.parametrize("name", CALLS)
def test_parallel_calls(chat: Callable[..., Api], upstream: Upstream, name: str) -> None:
    upstream.play(CALLS[name])
    api = chat(max_retries=0)
    run = ask(api, tools=[WEATHER])
    assert called(run) == BOTH
    ids = {each["id"] for each in run["required_action"]["submit_tool_outputs"]["tool_calls"]}
    assert len(ids) == 2
    assert all(ids)


def test_legacy_calls(chat: Callable[..., Api], upstream: Upstream) -> None:
    upstream.play(
        [
            chunk({"function_call": {"name": "get_weather", "arguments": ""}}),
            chunk({"function_call": {"arguments": LISBON}}),
            chunk(finish="function_call"),
            DONE,
        ]
    )
    assert called(ask(chat(), tools=[WEATHER])) == BOTH[:1]


def test_calls_where_none_may_be_made_are_dropped(chat: Callable[..., Api], upstream: Upstream) -> None:
    upstream.play([chunk({"content": "Hm."}), *calls(call(0, "get_weather", LISBON, "a"))])
    api = chat()
    run = ask(api, tools=[WEATHER], run={"tool_choice": "none"})
    assert (run["status"], answer(api, run)) == ("completed", "Hm.")


def test_arguments_that_are_no_text_are_sent_once(chat: Callable[..., Api], upstream: Upstream) -> None:
    """Not added to what is there already."""
    whole = call(0, "get_weather", {"city": "Oslo"}, "call_1")
    upstream.play(calls(whole, whole, call(0, "get_weather")))
    assert called(ask(chat(), tools=[WEATHER])) == [("get_weather", '{"city": "Oslo"}')]


def test_calls_that_are_none_are_left_out(chat: Callable[..., Api], upstream: Upstream) -> None:
    upstream.play(calls([None, call(0, "get_weather", "{}", "call_1"), "x"]))  # type: ignore[list-item]
    assert called(ask(chat(), tools=[WEATHER])) == [("get_weather", "{}")]


def test_calls_without_arguments(chat: Callable[..., Api], upstream: Upstream) -> None:
    upstream.play(calls([call(0, "now", "", "a"), call(1, "now", "{}", "b"), call(2, "now", None, "c")]))
    assert called(ask(chat(), tools=[tool("now")])) == [("now", ""), ("now", "{}"), ("now", "")]


def test_of_several_calls_only_the_first_is_made_where_the_run_wants_one(
    chat: Callable[..., Api], upstream: Upstream
) -> None:
    upstream.play(CALLS["interleaved"])
    assert called(ask(chat(), tools=[WEATHER], run={"parallel_tool_calls": False})) == BOTH[:1]
    assert upstream.bodies[0]["parallel_tool_calls"] is False


def test_a_call_of_nothing(chat: Callable[..., Api], upstream: Upstream) -> None:
    upstream.play(calls(call(0, None, "{}", "a")))
    error = ask(chat(), tools=[WEATHER])["last_error"]
    assert error == {"code": "server_error", "message": "The model called a tool without saying which."}


# Calls of tools that this server carries out


def parts(*chunks: Any, **changes: Any) -> list[Any]:
    """The parts of a turn's answer."""
    asked = turn("q", **changes)
    reader = AnswerReader(asked, OfferedTools(asked))
    found = [part for each in chunks for part in reader.take(each)]
    reader.ended = True
    return [*found, *reader.finish()]


def test_a_file_search() -> None:
    pieces = calls(call(0, "file_search", '{"que', "a"), call(0, None, 'ry": "gr\\u00fcn"}'))[:-1]
    assert parts(*pieces, tools=({"type": "file_search"},)) == [
        ToolCallDelta(0, id="a", kind="file_search"),
        ToolCallDelta(0, arguments="grün", kind="file_search"),
    ]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ('{"code": "print(1)\\nprint(2)"}', "print(1)\nprint(2)"),
        ('{"code": "print(1)\nprint(2)"}', "print(1)\nprint(2)"),
        ("print(1)", "print(1)"),
        ('{"source": "print(1)"}', "print(1)"),
        ('{"code": ["a"]}', '["a"]'),
        ("1 + 1", "1 + 1"),
        ("12", "12"),
        ("{}", ""),
        ("", ""),
    ],
)
def test_a_program(arguments: str, code: str) -> None:
    pieces = calls(call(0, "code_interpreter", arguments, "a"))[:-1]
    found = parts(*pieces, tools=({"type": "code_interpreter"},))
    assert "".join(part.arguments for part in found) == code
    assert {part.kind for part in found} == {"code_interpreter"}


def test_functions_and_searches_together() -> None:
    pieces = calls([call(0, "lookup", "{}", "a"), call(1, "file_search", '{"query": "x"}', "b")])[:-1]
    assert parts(*pieces, tools=(LOOKUP, {"type": "file_search"})) == [
        ToolCallDelta(0, name="lookup", id="a"),
        ToolCallDelta(0, arguments="{}"),
        ToolCallDelta(1, id="b", kind="file_search"),
        ToolCallDelta(1, arguments="x", kind="file_search"),
    ]


def test_a_function_of_the_user_with_a_reserved_name() -> None:
    pieces = calls([call(0, "file_search", "{}", "a"), call(1, "file_search_2", '{"query": "x"}', "b")])[:-1]
    found = parts(*pieces, tools=(tool("file_search"), {"type": "file_search"}))
    assert [(part.index, part.kind) for part in found] == [
        (0, "function"), (0, "function"), (1, "file_search"), (1, "file_search"),
    ]  # fmt: skip


def test_a_reserved_name_that_was_not_offered_is_a_function() -> None:
    found = parts(*calls(call(0, "file_search", "{}", "a"))[:-1], tools=(LOOKUP,))
    assert {part.kind for part in found} == {"function"}


def test_ids_of_earlier_turns_are_not_used_again() -> None:
    earlier = (Round("", (FileSearchCall("call_0", "x", ()),)),)
    found = parts(*calls(call(0, "lookup", "{}", "call_0"))[:-1], tools=(LOOKUP,), rounds=earlier)
    assert found[0].id is None


# How answers end


def test_usage_that_comes_with_every_chunk() -> None:
    growing = [{**chunk({"content": "a"}), "usage": {"prompt_tokens": 5, "completion_tokens": n}} for n in (1, 2)]
    assert parts(*growing)[-1] == Usage(5, 2)


@pytest.mark.parametrize(
    "usage", [None, {}, {"prompt_tokens": None}, {"prompt_tokens": 1}, {"prompt_tokens": "1", "completion_tokens": "2"}]
)
def test_usage_that_says_nothing_is_counted_here(usage: Any) -> None:
    assert parts({**chunk({"content": "a"}), "usage": usage}) == [TextDelta("a")]


def test_the_limit_of_tokens(chat: Callable[..., Api], upstream: Upstream) -> None:
    upstream.play([chunk({"content": "Hel"}), chunk(finish="length"), {"choices": [], "usage": USAGE}, DONE])
    api = chat()
    run = ask(api, run={"max_completion_tokens": 300})
    assert (run["status"], run["incomplete_details"]) == ("incomplete", {"reason": "max_completion_tokens"})
    assert (answer(api, run), run["usage"]["completion_tokens"]) == ("Hel", USAGE["completion_tokens"])
    assert upstream.bodies[0]["max_completion_tokens"] == 300


def test_calls_that_the_limit_cuts_off_are_not_made() -> None:
    cut = calls(call(0, "file_search", '{"qu', "a"), finish="length")[:-1]
    assert parts(*cut, tools=({"type": "file_search"},))[-1] == Finish("length")


def test_the_content_filter(chat: Callable[..., Api], upstream: Upstream) -> None:
    upstream.play([chunk({"content": "Hel"}), chunk(finish="content_filter"), DONE])
    api = chat()
    run = ask(api)
    assert (run["status"], run["incomplete_details"]) == ("incomplete", {})  # there is no such reason of runs
    message = api.messages(run["thread_id"])[-1]
    assert (answer(api, run), message["incomplete_details"]) == ("Hel", {"reason": "content_filter"})


def test_an_answer_of_nothing(chat: Callable[..., Api], upstream: Upstream) -> None:
    upstream.play([chunk({"role": "assistant"}), chunk(finish="stop"), DONE])
    api = chat()
    run = ask(api)
    assert run["status"] == "completed"
    assert len(api.messages(run["thread_id"])) == 1


ERRORS: list[tuple[Piece | list[Piece], str, str]] = [
    ({"error": {"message": "Out of memory", "code": 500}}, "server_error", "reported an error: Out of memory"),
    ({"error": "Out of memory"}, "server_error", "reported an error: Out of memory"),
    ({"object": "error", "message": "Out of memory", "code": 40303}, "server_error", "Out of memory"),
    ({"error": {"message": "Slow down", "code": "rate_limit_exceeded"}}, "rate_limit_exceeded", "Slow down"),
    ({"error": {"message": "Slow down", "code": 429}}, "rate_limit_exceeded", "Slow down"),
    ({"error": {"message": "No", "type": "invalid_prompt"}}, "invalid_prompt", "No"),
    (b'event: error\ndata: {"message": "Overloaded"}\n\n', "server_error", "Overloaded"),
    (b'event: error\ndata: {"error": {"message": "Overloaded"}}\n\n', "server_error", "Overloaded"),
    (b"event: error\ndata: overloaded\n\n", "server_error", "overloaded"),
    ([chunk(finish="error")], "server_error", "because of an error"),
    ("no json", "server_error", "no chat completion: no json"),
    ("[1]", "server_error", "no chat completion: [1]"),
    ('{"choices": "none"}', "server_error", "no chat completion"),
    ('{"message": "hi"}', "server_error", "no chat completion"),
]


@pytest.mark.parametrize(("piece", "code", "message"), ERRORS)
@pytest.mark.parametrize("begun", [False, True])
def test_errors_within_the_stream(
    chat: Callable[..., Api], upstream: Upstream, piece: Any, code: str, message: str, begun: bool
) -> None:
    before = [chunk({"content": "Hel"})] if begun else []
    upstream.play([*before, *(piece if isinstance(piece, list) else [piece]), chunk(finish="stop"), DONE])
    run = ask(chat())
    assert (run["status"], run["last_error"]["code"]) == ("failed", code)
    assert message in run["last_error"]["message"]
    assert len(upstream.requests) == 1


@pytest.mark.parametrize("body", [{"error": {"message": "Out of memory"}}, {"choices": []}, {}, [1]], ids=str)
def test_answers_that_are_none(chat: Callable[..., Api], upstream: Upstream, body: Any) -> None:
    upstream.play(Reply(body=body))
    run = ask(chat(max_retries=0))
    if body == {"choices": []}:
        assert run["status"] == "completed"
    else:
        assert (run["status"], run["last_error"]["code"]) == ("failed", "server_error")


def test_the_end_must_be_said() -> None:
    reader = AnswerReader(turn("q"), OfferedTools(turn("q")))
    assert list(reader.take(chunk({"content": "Hel"}))) == [TextDelta("Hel")]
    with pytest.raises(CutShort, match=r"^The answer of the model server ended before it was complete\.$"):
        list(reader.finish())
    assert issubclass(CutShort, ModelError)
