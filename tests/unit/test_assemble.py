"""Snapshots and callbacks that follow from events, for servers that keep the documents and for those that do not."""

from __future__ import annotations

import copy
import json
from typing import Any, Callable

import pytest
from hypothesis import given, strategies as st

from openai_assistants import BaseModel
from openai_assistants._assemble import Assembly
from openai_assistants._models import parser_for
from openai_assistants.server import Call, LocalServer, Script, Turn
from openai_assistants.types import run_steps, threads as messages
from openai_assistants.types.beta import assistant_stream_event as events

RUN = {"id": "run_1", "object": "thread.run", "thread_id": "thread_1", "assistant_id": "asst_1", "created_at": 1}
OPEN: dict[str, Any] = {"run_id": "run_1", "thread_id": "thread_1", "assistant_id": "asst_1", "created_at": 2}


def event(name: str, data: Any) -> Any:
    """An event as the stream's reader gives it, repaired where it deviates."""
    document = json.dumps({"event": name, "data": data}).encode()
    return parser_for(events.AssistantStreamEvent).parse(document)[0]


def run(kind: str, status: str | None = None) -> Any:
    return event(f"thread.run.{kind}", {**RUN, "status": status or kind})


def message(kind: str, *content: Any, id: str = "msg_1", **fields: Any) -> Any:
    status = "in_progress" if kind in ("created", "in_progress") else kind
    data = {"id": id, "object": "thread.message", **OPEN, "role": "assistant", "status": status}
    return event(f"thread.message.{kind}", {**data, "content": list(content), **fields})


def part(value: str = "", *annotations: Any) -> dict[str, Any]:
    return {"type": "text", "text": {"value": value, "annotations": list(annotations)}}


def said(value: str | None, index: int = 0, **fields: Any) -> dict[str, Any]:
    return {"index": index, "type": "text", "text": {"value": value, **fields}}


def message_delta(*content: Any, id: str | None = "msg_1", **fields: Any) -> Any:
    delta = {"content": list(content), **fields}
    return event("thread.message.delta", {"id": id, "object": "thread.message.delta", "delta": delta})


def step(kind: str, details: Any = None, id: str = "step_1", **fields: Any) -> Any:
    status = "in_progress" if kind in ("created", "in_progress") else kind
    details = {"type": "tool_calls", "tool_calls": []} if details is None else details
    data = {"id": id, "object": "thread.run.step", **OPEN, "status": status, "type": details["type"]}
    return event(f"thread.run.step.{kind}", {**data, "step_details": details, **fields})


def calls(*tool_calls: Any) -> dict[str, Any]:
    return {"type": "tool_calls", "tool_calls": list(tool_calls)}


def step_delta(*tool_calls: Any, id: str | None = "step_1", kind: str = "tool_calls", **fields: Any) -> Any:
    delta = {"step_details": {**calls(*tool_calls), "type": kind}, **fields}
    return event("thread.run.step.delta", {"id": id, "object": "thread.run.step.delta", "delta": delta})


def call(index: int | None, arguments: str | None, *, name: str | None = None, **fields: Any) -> dict[str, Any]:
    function = {"arguments": arguments, **({} if name is None else {"name": name})}
    return {**({} if index is None else {"index": index}), "type": "function", "function": function, **fields}


def function(id: str, name: str, arguments: str, output: str | None = None) -> dict[str, Any]:
    return {"id": id, "type": "function", "function": {"name": name, "arguments": arguments, "output": output}}


def code(index: int, input: str | None = None, *outputs: Any, **fields: Any) -> dict[str, Any]:
    details = {**({} if input is None else {"input": input}), **({"outputs": list(outputs)} if outputs else {})}
    return {"index": index, "type": "code_interpreter", "code_interpreter": details, **fields}


def show(value: Any) -> Any:
    """An argument of a callback, as short as it can be told apart."""
    match value:
        case messages.Text() | messages.TextDelta():
            return value.value
        case messages.ImageFile():
            return value.file_id
        case run_steps.FunctionToolCall() | run_steps.FunctionToolCallDelta():
            return value.function.arguments if value.function else None
        case run_steps.CodeInterpreterToolCall() | run_steps.CodeInterpreterToolCallDelta():
            return value.code_interpreter.input if value.code_interpreter else None
        case messages.Message() | run_steps.RunStep():
            return value.id
        case _:
            return type(value).__name__


def follow(*stream: Any, into: Assembly | None = None) -> tuple[Assembly, list[Any]]:
    """The assembly after some events, and the callbacks; arguments are shown as they were when the event came."""
    assembly = into or Assembly(events.AssistantStreamEvent)
    told = [(name, *map(show, args)) for item in stream for name, args in assembly.feed(item)]
    return assembly, told


def names(told: list[Any]) -> list[str]:
    return [name for name, *_ in told]


def text_of(assembly: Assembly, id: str = "msg_1") -> list[Any]:
    return [block.text.value if block.type == "text" else block.to_dict() for block in assembly.messages[id].content]


def calls_of(assembly: Assembly, id: str = "step_1") -> list[Any]:
    details = assembly.steps[id].step_details
    assert details.type == "tool_calls"
    return [item.to_dict() for item in details.tool_calls]


HELLO = [message("created"), message_delta(said("Hel")), message_delta(said("lo")), message("completed", part("Hello"))]


def test_a_message() -> None:
    assembly, told = follow(run("created", "queued"), run("in_progress"), *HELLO, run("completed"))
    assert told == [
        ("message_created", "msg_1"),
        ("text_created", "Hel"),
        ("text_delta", "Hel", "Hel"),
        ("message_delta", "MessageDelta", "msg_1"),
        ("text_delta", "lo", "Hello"),
        ("message_delta", "MessageDelta", "msg_1"),
        ("text_done", "Hello"),
        ("message_done", "msg_1"),
    ]
    assert (assembly.run_status, assembly.thread_id) == ("completed", "thread_1")
    assert assembly.run is not None and assembly.run.id == "run_1"
    assert assembly.current_message is assembly.messages["msg_1"]
    assert assembly.current_message.status == "completed"


def test_events_are_not_changed() -> None:
    stream = [
        *HELLO,
        step("created"),
        step_delta(call(0, '{"a"', name="f", id="call_1", extra={"x": {"y": 1}})),
        step_delta(call(0, ":1}", extra={"x": {"z": 1}})),
        step("completed", calls(function("call_1", "f", '{"a":1}'))),
        step("completed", calls(function("call_1", "f", '{"a":1}'))),
    ]
    before = copy.deepcopy(stream)
    follow(*stream)
    assert [item.to_dict() for item in stream] == [item.to_dict() for item in before]


def test_snapshots_keep_their_identity() -> None:
    assembly, _ = follow(message("created"))
    snapshot = assembly.messages["msg_1"]
    follow(message_delta(said("Hel")), into=assembly)
    text = snapshot.content[0]
    follow(message_delta(said("lo")), message("completed", part("Hello!"), metadata={"a": "b"}), into=assembly)
    assert assembly.messages["msg_1"] is snapshot
    assert snapshot.content[0] is text
    assert isinstance(text, messages.TextContentBlock) and text.text.value == "Hello!"
    assert (snapshot.metadata, snapshot.status) == ({"a": "b"}, "completed")


def test_snapshots_grow_in_place() -> None:
    assembly, _ = follow(message("created"), message_delta(said("a")))
    block = assembly.messages["msg_1"].content[0]
    for _ in range(100):
        follow(message_delta(said("b")), into=assembly)
    assert assembly.messages["msg_1"].content[0] is block
    assert block.to_dict() == part("a" + "b" * 100)


def test_many_messages() -> None:
    stream = [
        message("created"),
        message_delta(said("one")),
        message("created", id="msg_2"),
        message_delta(said("two"), id="msg_2"),
        message_delta(said("!")),
        message("completed", part("two"), id="msg_2"),
        message("incomplete", part("one!")),
    ]
    assembly, told = follow(*stream)
    assert list(assembly.messages) == ["msg_1", "msg_2"]
    assert (text_of(assembly), text_of(assembly, "msg_2")) == (["one!"], ["two"])
    assert [item for item in told if item[0] in ("text_done", "message_done")] == [
        ("text_done", "two"),
        ("message_done", "msg_2"),
        ("text_done", "one!"),
        ("message_done", "msg_1"),
    ]


def test_parts_of_a_message() -> None:
    image = {"type": "image_file", "image_file": {"file_id": "file_1"}}
    refusal = {"type": "refusal", "refusal": "I won't."}
    stream = [
        message("created"),
        message_delta({"index": 0, **image}),
        message_delta(said("See", 1)),
        message_delta({"index": 2, "type": "refusal", "refusal": "I "}),
        message_delta({"index": 2, "type": "refusal", "refusal": "won't."}),
        message_delta({"index": 3, "type": "image_url", "image_url": {"url": "https://x.test"}}),
    ]
    assembly, told = follow(*stream)
    found = assembly.messages["msg_1"].content
    assert [type(item).__name__ for item in found] == [
        "ImageFileContentBlock", "TextContentBlock", "RefusalContentBlock", "ImageURLContentBlock",
    ]  # fmt: skip
    url = {"type": "image_url", "image_url": {"url": "https://x.test"}}
    assert [item.to_dict() for item in found] == [image, part("See"), refusal, url]
    assert names(told) == [
        "message_created",
        "message_delta",
        "image_file_done", "text_created", "text_delta", "message_delta",
        "text_done", "message_delta",
        "message_delta",
        "message_delta",
    ]  # fmt: skip
    _, told = follow(message("completed", image, part("See"), refusal, url), into=assembly)
    assert told == [("message_done", "msg_1")]


def test_an_image_at_the_end_is_told() -> None:
    image = {"type": "image_file", "image_file": {"file_id": "file_1", "detail": "low"}}
    _, told = follow(message("created"), message_delta({"index": 0, **image}), message("completed", image))
    assert told[2:] == [("image_file_done", "file_1"), ("message_done", "msg_1")]


def test_annotations() -> None:
    citation = {"type": "file_citation", "text": "[0]", "start_index": 2, "end_index": 5}
    path = {"type": "file_path", "text": "sandbox:/a", "file_path": {"file_id": "f2"}, "start_index": 6, "end_index": 9}
    stream = [
        message("created"),
        message_delta(said("Hi[0]", annotations=[{"index": 0, **citation, "file_citation": {"file_id": "f1"}}])),
        message_delta(said(None, annotations=[{"index": 1, **path}, {"index": 2, "type": "footnote", "note": "n"}])),
        message_delta(said(None, annotations=[{"index": 0, "type": "file_citation", "file_citation": {"quote": "q"}}])),
    ]
    assembly, told = follow(*stream)
    block = assembly.messages["msg_1"].content[0]
    assert isinstance(block, messages.TextContentBlock)
    assert [type(item) for item in block.text.annotations] == [
        messages.FileCitationAnnotation, messages.FilePathAnnotation, messages.UnknownAnnotation,
    ]  # fmt: skip
    assert block.to_dict() == part(
        "Hi[0]",
        {**citation, "file_citation": {"file_id": "f1", "quote": "q"}},
        path,
        {"type": "footnote", "note": "n"},
    )
    assert names(told).count("text_delta") == 3


def test_a_step_with_parallel_calls() -> None:
    stream = [
        run("in_progress"),
        step("created"),
        step("in_progress"),
        step_delta(call(0, "", name="f", id="call_1")),
        step_delta(call(0, '{"a"')),
        step_delta(call(0, ": 1}")),
        step_delta(call(1, "{}", name="g", id="call_2")),
        run("requires_action"),
    ]
    assembly, told = follow(*stream)
    assert told == [
        ("run_step_created", "step_1"),
        ("tool_call_created", ""),
        ("tool_call_delta", "", ""),
        ("run_step_delta", "RunStepDelta", "step_1"),
        ("tool_call_delta", '{"a"', '{"a"'),
        ("run_step_delta", "RunStepDelta", "step_1"),
        ("tool_call_delta", ": 1}", '{"a": 1}'),
        ("run_step_delta", "RunStepDelta", "step_1"),
        ("tool_call_done", '{"a": 1}'),
        ("tool_call_created", "{}"),
        ("tool_call_delta", "{}", "{}"),
        ("run_step_delta", "RunStepDelta", "step_1"),
        ("tool_call_done", "{}"),
    ]
    assert calls_of(assembly) == [function("call_1", "f", '{"a": 1}'), function("call_2", "g", "{}")]


def test_interleaved_calls_are_done_when_they_are_whole() -> None:
    stream = [
        step("created"),
        step_delta(call(0, '{"a"', name="f", id="call_1"), call(1, '{"b"', name="g", id="call_2")),
        step_delta(call(1, ": 2}")),
        step_delta(call(0, ": 1}")),
        step_delta(call(2, "{}", name="h", id="call_3")),
        run("requires_action"),
    ]
    assembly, told = follow(*stream)
    assert [item for item in told if item[0] in ("tool_call_created", "tool_call_done")] == [
        ("tool_call_created", '{"a"'),
        ("tool_call_created", '{"b"'),
        ("tool_call_done", '{"a": 1}'),
        ("tool_call_done", '{"b": 2}'),
        ("tool_call_created", "{}"),
        ("tool_call_done", "{}"),
    ]
    assert [item["function"]["arguments"] for item in calls_of(assembly)] == ['{"a": 1}', '{"b": 2}', "{}"]


@pytest.mark.parametrize("end", ["completed", "failed", "cancelled", "expired"])
def test_calls_are_done_when_their_step_ends(end: str) -> None:
    final = calls(function("call_1", "f", '{"a":1}', "out"))
    assembly, told = follow(step("created"), step_delta(call(0, '{"a":', name="f", id="call_1")), step(end, final))
    assert told[-2:] == [("tool_call_done", '{"a":1}'), ("run_step_done", "step_1")]
    assert assembly.current_step is assembly.steps["step_1"]
    assembly, told = follow(run(end), into=assembly)
    assert told == []
    assert assembly.current_step is None


@pytest.mark.parametrize("end", ["requires_action", "completed", "failed", "cancelled", "expired", "incomplete"])
def test_calls_are_done_when_the_run_stops(end: str) -> None:
    _, told = follow(step("created"), step_delta(call(0, "{", name="f", id="call_1")), run(end))
    assert told[-1] == ("tool_call_done", "{")


def test_calls_are_not_done_while_the_run_works() -> None:
    _, told = follow(step("created"), step_delta(call(0, "{}", name="f", id="call_1")), run("in_progress"))
    assert "tool_call_done" not in names(told)


def test_code_interpreter() -> None:
    stream = [
        step("created"),
        step_delta(code(0, "", id="call_1")),
        step_delta(code(0, "print(")),
        step_delta(code(0, "1)")),
        step_delta(code(0, None, {"index": 0, "type": "logs", "logs": "1"})),
        step_delta(code(0, None, {"index": 0, "type": "logs", "logs": "\n2"})),
        step_delta(code(0, None, {"index": 1, "type": "image", "image": {"file_id": "file_1"}})),
        step_delta(code(0, None, {"index": 2, "type": "video", "video": {"file_id": "file_2"}})),
        step_delta(code(1, "2", id="call_2")),
    ]
    assembly, told = follow(*stream)
    outputs = [
        {"type": "logs", "logs": "1\n2"},
        {"type": "image", "image": {"file_id": "file_1"}},
        {"type": "video", "video": {"file_id": "file_2"}},
    ]
    assert calls_of(assembly) == [
        {"id": "call_1", "type": "code_interpreter", "code_interpreter": {"input": "print(1)", "outputs": outputs}},
        {"id": "call_2", "type": "code_interpreter", "code_interpreter": {"input": "2", "outputs": []}},
    ]
    details = assembly.steps["step_1"].step_details
    assert isinstance(details, run_steps.ToolCallsStepDetails)
    first = details.tool_calls[0]
    assert isinstance(first, run_steps.CodeInterpreterToolCall)
    assert [type(output).__name__ for output in first.code_interpreter.outputs] == [
        "CodeInterpreterLogsOutput", "CodeInterpreterImageOutput", "UnknownCodeInterpreterOutput",
    ]  # fmt: skip
    assert names(told)[-4:] == ["tool_call_done", "tool_call_created", "tool_call_delta", "run_step_delta"]


def test_code_that_has_given_nothing_yet_may_go_on_when_the_next_call_begins() -> None:
    logs = {"index": 0, "type": "logs", "logs": "1"}
    stream = [
        step("created"),
        step_delta(code(0, "a", id="call_1")),
        step_delta(code(1, "b", id="call_2")),
        step_delta(code(0, None, logs)),
        run("completed"),
    ]
    _, told = follow(*stream)
    assert names(told)[-4:] == ["tool_call_delta", "run_step_delta", "tool_call_done", "tool_call_done"]


def test_a_brace_at_the_end_of_a_piece_is_not_the_end_of_a_call() -> None:
    stream = [
        step("created"),
        step_delta(call(0, '{"a": {}', name="f", id="call_1")),
        step_delta(call(1, "{}", name="g", id="call_2")),
        step_delta(call(0, "}")),
        run("requires_action"),
    ]
    _, told = follow(*stream)
    assert [item for item in told if item[0] == "tool_call_done"] == [
        ("tool_call_done", '{"a": {}}'),
        ("tool_call_done", "{}"),
    ]


def test_a_call_shown_without_arguments() -> None:
    bare = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": None}}
    _, told = follow(step("created", calls(bare, function("call_2", "g", "{}"))), run("requires_action"))
    assert told[1:] == [
        ("tool_call_created", None),
        ("tool_call_created", "{}"),
        ("tool_call_done", None),
        ("tool_call_done", "{}"),
    ]


def test_details_of_another_type_take_the_place_of_calls() -> None:
    creation = {"type": "message_creation", "message_creation": {"message_id": "msg_1"}}
    made = event("thread.run.step.delta", {"id": "step_1", "object": "o", "delta": {"step_details": creation}})

    def interpreter(input: str) -> dict[str, Any]:
        return {"type": "code_interpreter", "code_interpreter": {"input": input, "outputs": []}}

    stream = [
        step("created"),
        step_delta(call(0, "{", name="f", id="call_1")),
        made,
        step("in_progress", calls({"id": "call_2", **interpreter("1")})),
        step_delta(code(0, "+1")),
        run("completed"),
    ]
    assembly, told = follow(*stream)
    assert calls_of(assembly) == [{"id": "call_2", **interpreter("1+1")}]
    assert [item for item in told if "tool_call" in item[0]] == [
        ("tool_call_created", "{"),
        ("tool_call_delta", "{", "{"),
        ("tool_call_done", "{"),
        ("tool_call_created", "1"),
        ("tool_call_delta", "+1", "1+1"),
        ("tool_call_done", "1+1"),
    ]
    assembly, told = follow(made, step_delta(call(0, "{}", name="f", id="call_3")), into=assembly)
    assert calls_of(assembly) == [function("call_3", "f", "{}")]
    assert names(told) == ["run_step_delta", "tool_call_created", "tool_call_delta", "run_step_delta"]


def test_calls_that_the_final_step_leaves_out_are_done_all_the_same() -> None:
    assembly, told = follow(
        step("created"), step_delta(call(0, "{}", name="f", id="call_1")), step("completed", calls())
    )
    assert told[-2:] == [("tool_call_done", "{}"), ("run_step_done", "step_1")]
    assert calls_of(assembly) == []  # the final object counts


def test_file_search() -> None:
    found = {"file_id": "f", "file_name": "n", "score": 0.5, "content": [{"type": "text", "text": "t"}]}
    ranking = {"ranker": "auto", "score_threshold": 0.1}
    stream = [
        step("created"),
        step_delta({"index": 0, "id": "call_1", "type": "file_search", "file_search": {}}),
        step_delta({"index": 0, "type": "file_search", "file_search": {"ranking_options": ranking}}),
        step_delta({"index": 0, "type": "file_search", "file_search": {"results": [found]}}),
        step_delta(call(1, "{}", name="f", id="call_2")),
    ]
    assembly, told = follow(*stream)
    assert calls_of(assembly)[0] == {
        "id": "call_1",
        "type": "file_search",
        "file_search": {"ranking_options": ranking, "results": [found]},
    }
    details = assembly.steps["step_1"].step_details
    assert isinstance(details, run_steps.ToolCallsStepDetails)
    first = details.tool_calls[0]
    assert isinstance(first, run_steps.FileSearchToolCall) and first.file_search.results
    assert isinstance(first.file_search.results[0], run_steps.FileSearchResult)
    assert isinstance(first.file_search.ranking_options, run_steps.FileSearchCallRankingOptions)
    assert names(told)[-4:] == ["tool_call_done", "tool_call_created", "tool_call_delta", "run_step_delta"]


def test_many_steps() -> None:
    creation = {"type": "message_creation", "message_creation": {"message_id": "msg_1"}}
    stream = [
        step("created", creation),
        *HELLO,
        step("completed", creation),
        step("created", id="step_2"),
        step_delta(call(0, "{}", name="f", id="call_1"), id="step_2"),
        step("completed", calls(function("call_1", "f", "{}", "x")), id="step_2"),
        step("created", id="step_3"),
        step_delta(call(0, "[]", name="g", id="call_2"), id="step_3"),
        run("requires_action"),
    ]
    assembly, told = follow(*stream)
    assert list(assembly.steps) == ["step_1", "step_2", "step_3"]
    assert assembly.current_step is assembly.steps["step_3"]
    assert [item for item in told if "call" in item[0] or "step" in item[0]] == [
        ("run_step_created", "step_1"),
        ("run_step_done", "step_1"),
        ("run_step_created", "step_2"),
        ("tool_call_created", "{}"),
        ("tool_call_delta", "{}", "{}"),
        ("run_step_delta", "RunStepDelta", "step_2"),
        ("tool_call_done", "{}"),
        ("run_step_done", "step_2"),
        ("run_step_created", "step_3"),
        ("tool_call_created", "[]"),
        ("tool_call_delta", "[]", "[]"),
        ("run_step_delta", "RunStepDelta", "step_3"),
        ("tool_call_done", "[]"),
    ]


def test_a_message_creation_delta() -> None:
    creation = {"type": "message_creation", "message_creation": {"message_id": "msg_1"}}
    assembly, told = follow(
        step("created", {"type": "message_creation", "message_creation": None}),
        event("thread.run.step.delta", {"id": "step_1", "object": "o", "delta": {"step_details": creation}}),
    )
    assert assembly.steps["step_1"].step_details.to_dict() == creation
    assert names(told) == ["run_step_created", "run_step_delta"]


# Deviations


def test_ids_and_names_repeated_on_each_delta_are_not_doubled() -> None:
    stream = [
        step("created"),
        *(step_delta({**call(0, piece, name="f"), "id": "call_1", "kind": "k"}) for piece in ('{"a"', ": 1", "}")),
    ]
    assembly, _ = follow(*stream)
    assert calls_of(assembly) == [{**function("call_1", "f", '{"a": 1}'), "kind": "k"}]
    assembly, _ = follow(step("created"), *(step_delta(code(0, piece, id="call_1")) for piece in ("print(", "1)")))
    assert calls_of(assembly)[0]["code_interpreter"]["input"] == "print(1)"


def test_one_id_for_all_parallel_calls() -> None:
    stream = [
        step("created"),
        step_delta(call(0, '{"a":1}', name="f", id="same")),
        step_delta(call(1, '{"b":2}', name="g", id="same")),
        step("completed", calls(function("same", "f", '{"a":1}'), function("same", "g", '{"b":2}'))),
    ]
    assembly, told = follow(*stream)
    assert calls_of(assembly) == [function("same", "f", '{"a":1}'), function("same", "g", '{"b":2}')]
    assert (names(told).count("tool_call_created"), names(told).count("tool_call_done")) == (2, 2)


def test_output_replaces() -> None:
    stream = [
        step("created"),
        step_delta(call(0, "{}", name="f", id="call_1")),
        step_delta({"index": 0, "type": "function", "function": {"output": "4"}}),
        step_delta({"index": 0, "type": "function", "function": {"output": "42"}}),
    ]
    assembly, _ = follow(*stream)
    assert calls_of(assembly) == [function("call_1", "f", "{}", "42")]


def test_null_fields_change_nothing() -> None:
    stream = [
        step("created"),
        step_delta(call(0, "{}", name="f", id="call_1")),
        step_delta({"index": 0, "id": None, "type": "function", "function": {"name": None, "arguments": None}}),
        step_delta({"index": 0, "type": "function", "function": None}),
        message("created"),
        message_delta(said("Hello"), role="assistant"),
        message_delta(said(None, annotations=None), role=None),
        message_delta({"index": 0, "type": "text", "text": None}),
        event("thread.message.delta", {"id": "msg_1", "object": "o", "delta": {"content": None}}),
        event("thread.message.delta", {"id": "msg_1", "object": "o", "delta": None}),
        event("thread.run.step.delta", {"id": "step_1", "object": "o", "delta": {"step_details": None}}),
        event("thread.run.step.delta", {"id": "step_1", "object": "o", "delta": None}),
    ]
    assembly, told = follow(*stream)
    assert calls_of(assembly) == [function("call_1", "f", "{}")]
    assert text_of(assembly) == ["Hello"]
    assert assembly.messages["msg_1"].role == "assistant"
    assert names(told).count("text_delta") == 2


def test_items_of_unknown_type() -> None:
    stream = [
        message("created"),
        message_delta({"index": 0, "type": "audio", "audio": {"id": "a", "format": "x"}}),
        message_delta({"index": 0, "type": "audio", "audio": {"id": "b", "length": 3}, "text": {"value": "c"}}),
        step("created"),
        step_delta({"index": 0, "id": "call_1", "type": "web_search", "web_search": {"query": "q"}}),
        step_delta({"index": 0, "type": "web_search", "web_search": {"query": "r"}, "depth": 2}),
    ]
    assembly, told = follow(*stream)
    audio = {"id": "b", "format": "x", "length": 3}
    assert text_of(assembly) == [{"type": "audio", "audio": audio, "text": {"value": "c", "annotations": []}}]
    assert "text_delta" not in names(told)
    assert isinstance(assembly.messages["msg_1"].content[0], messages.UnknownMessageContent)
    assert calls_of(assembly) == [{"id": "call_1", "type": "web_search", "web_search": {"query": "r"}, "depth": 2}]
    assert names(told)[-5:] == [
        "tool_call_created", "tool_call_delta", "run_step_delta", "tool_call_delta", "run_step_delta",
    ]  # fmt: skip


def test_a_delta_is_told_as_it_came() -> None:
    assembly, _ = follow(message("created"), step("created"))
    came = message_delta(said("Hello"))
    told = dict(assembly.feed(came))
    assert told["text_delta"][0] is came.data.delta.content[0].text
    assert told["message_delta"][0] is came.data.delta
    came = step_delta(call(0, "{}", name="f", id="call_1"))
    told = dict(assembly.feed(came))
    assert told["tool_call_delta"][0] is came.data.delta.step_details.tool_calls[0]


@pytest.mark.parametrize("again", [message_delta, lambda part: message_delta(outputs=[part])])
def test_lists_of_the_same_name_in_many_places(again: Callable[[Any], Any]) -> None:
    """Each has its own indexes, also where these have gaps."""

    def sent(index: int, left: list[int], right: list[int]) -> dict[str, Any]:
        def outputs(indexes: list[int]) -> dict[str, Any]:
            return {"outputs": [{"index": i, "type": "logs", "logs": f"<{i}>"} for i in indexes]}

        return {"index": index, "type": "newer", "left": outputs(left), "right": outputs(right)}

    assembly, _ = follow(
        message("created"),
        message_delta(sent(0, [0, 2], [1, 3])),
        message_delta(sent(1, [4, 6], [5, 7])),
        message_delta(outputs=[sent(0, [2, 4], [3, 7])]),
        message_delta(outputs=[sent(1, [6, 8], [5, 9])]),
        again(sent(0, [2], [])),
        again(sent(1, [], [5])),
    )
    snapshot = assembly.messages["msg_1"].to_dict()

    def logs(parts: list[Any], side: str) -> list[list[str]]:
        return [[output["logs"] for output in part[side]["outputs"]] for part in parts]

    content, outputs = snapshot["content"], snapshot["outputs"]
    grown = (content if again is message_delta else outputs)[0]["left"]["outputs"]
    [two] = [output for output in grown if output["logs"] == "<2><2>"]
    two["logs"] = "<2>"
    grown = (content if again is message_delta else outputs)[1]["right"]["outputs"]
    assert grown[0]["logs"] == "<5><5>"
    grown[0]["logs"] = "<5>"
    assert logs(content, "left") == [["<0>", "<2>"], ["<4>", "<6>"]]
    assert logs(content, "right") == [["<1>", "<3>"], ["<5>", "<7>"]]
    assert logs(outputs, "left") == [["<2>", "<4>"], ["<6>", "<8>"]]
    assert logs(outputs, "right") == [["<3>", "<7>"], ["<5>", "<9>"]]


def test_what_is_no_list_where_one_belongs_takes_its_place() -> None:
    assembly, _ = follow(message("created"), message_delta(said("a", annotations=5)), message_delta(said("b")))
    assert text_of(assembly) == ["ab"]
    assert assembly.messages["msg_1"].content[0].to_dict()["text"]["annotations"] == 5


def test_pieces_of_an_item_of_unknown_type() -> None:
    piece = {"index": 0, "type": "audio", "refusal": "no"}
    assembly, _ = follow(message("created"), message_delta(piece), message_delta(piece))
    assert text_of(assembly) == [{"type": "audio", "refusal": "nono"}]


def test_results_that_break_the_documents_are_kept_as_they_came() -> None:
    results = [{"file_id": "f", "file_name": "n", "score": "high"}]
    found = {"id": "call_1", "type": "file_search", "file_search": {"results": results}}
    assembly, _ = follow(step("created"), step_delta({"index": 0, **found}))
    assert calls_of(assembly) == [found]


def test_fields_that_only_the_end_has() -> None:
    assembly, _ = follow(message("created", old="x"), HELLO[1], message("completed", part("Hello"), mood="calm"))
    snapshot = assembly.messages["msg_1"]
    assert snapshot.to_dict() == message("completed", part("Hello"), mood="calm").data.to_dict()
    assert "mood" in snapshot.model_fields_set and "old" not in snapshot.model_fields_set


@pytest.mark.parametrize("name", ["content", "tool_calls"])
def test_a_list_in_a_part_of_unknown_type_grows_item_by_item(name: str) -> None:
    def piece(index: int, **fields: str) -> Any:
        return message_delta({"index": 0, "type": "album", "album": {name: [{"index": index, **fields}]}})

    assembly, _ = follow(message("created"), piece(0, name="sun"), piece(1, name="moon"), piece(0, size="1"))
    [album] = text_of(assembly)
    found = [{key: each[key] for key in ("name", "size") if key in each} for each in album["album"][name]]
    assert found == [{"name": "sun", "size": "1"}, {"name": "moon"}]


@pytest.mark.parametrize("details", [{}, {"type": None, "tool_calls": None}])
def test_details_that_say_nothing_change_nothing(details: dict[str, Any]) -> None:
    stream = [step("created"), step_delta(call(0, '{"a":', name="f", id="call_1"))]
    empty = step_delta(call(0, "")).model_copy(deep=True)
    empty.data.delta.step_details = details  # as a server sent it
    assembly, told = follow(*stream, empty, step_delta(call(0, "1}")))
    assert calls_of(assembly) == [function("call_1", "f", '{"a":1}')]
    assert names(told).count("tool_call_created") == 1 and "tool_call_done" not in names(told)


def test_empty_texts_are_none() -> None:
    assembly, _ = follow(message("created", thread_id=""))
    assert assembly.thread_id is None


def test_a_delta_does_not_change_the_type_of_a_step() -> None:
    assembly, _ = follow(step("created"), step_delta(call(0, "{}"), type="message_creation"))
    assert assembly.steps["step_1"].type == "tool_calls"


def test_an_event_without_a_name_changes_nothing() -> None:
    event = message("created")
    event.event = None  # type: ignore[assignment]
    assembly, told = follow(event)
    assert (assembly.messages, told) == ({}, [])


def test_extra_fields_are_kept() -> None:
    stream = [
        message("created", mood="calm"),
        message_delta({**said("Hello", language="en"), "voice": "low"}, seed=1),
        step_delta(call(0, "{}"), seed=2),
    ]
    assembly, _ = follow(*stream)
    assert assembly.steps["step_1"].to_dict()["seed"] == 2
    assert "seed" in assembly.steps["step_1"].model_fields_set
    snapshot: Any = assembly.messages["msg_1"]
    assert (snapshot.mood, snapshot.seed, snapshot.content[0].voice) == ("calm", 1, "low")
    assert snapshot.content[0].to_dict() == {
        "type": "text", "text": {"value": "Hello", "annotations": [], "language": "en"}, "voice": "low",
    }  # fmt: skip


@pytest.mark.parametrize("order", [[0, 2, 5], [5, 2, 0], [2, 0, 5, 2, 0, 5]])
def test_gaps_and_disorder_of_indexes(order: list[int]) -> None:
    stream = [step("created"), *(step_delta(call(i, f"<{i}>", name=f"f{i}", id=f"call_{i}")) for i in order)]
    assembly, _ = follow(*stream)
    once = len(order) == 3
    assert calls_of(assembly) == [
        function(f"call_{i}", f"f{i}", f"<{i}>" * (1 if once else 2)) for i in (0, 2, 5)
    ]  # fmt: skip
    final = calls(*(function(f"call_{i}", f"f{i}", "{}") for i in (0, 2, 5)))
    assembly, told = follow(step("completed", final), into=assembly)
    assert names(told) == ["tool_call_done"] * 3 + ["run_step_done"]


def test_deltas_without_index() -> None:
    stream = [
        message("created"),
        message_delta({"type": "text", "text": {"value": "a"}}),
        message_delta({"type": "text", "text": {"value": "b"}}),
        message_delta({"type": "image_file", "image_file": {"file_id": "f1"}}),
        message_delta({"type": "image_file", "image_file": {"file_id": "f2"}}),
        message_delta({"type": "text", "text": {"value": "c"}}),
        step("created"),
        step_delta(call(None, '{"a"', name="f", id="call_1")),
        step_delta(call(None, ":1}")),
        step_delta(call(None, '{"b"', name="g", id="call_2")),
        step_delta(call(None, ":2}", id="call_2")),
        step_delta(call(None, "", id="call_1")),
    ]
    assembly, told = follow(*stream)
    assert text_of(assembly) == [
        "ab",
        {"type": "image_file", "image_file": {"file_id": "f1"}},
        {"type": "image_file", "image_file": {"file_id": "f2"}},
        "c",
    ]
    assert calls_of(assembly) == [function("call_1", "f", '{"a":1}'), function("call_2", "g", '{"b":2}')]
    assert names(told).count("tool_call_created") == 2
    assert names(told).count("image_file_done") == 2


def test_deltas_of_which_some_have_an_index() -> None:
    image = {"type": "image_file", "image_file": {"file_id": "f1"}}
    detail = {"type": "image_file", "image_file": {"detail": "low"}}
    audio = {"type": "audio", "audio": {"id": "a"}}
    assembly, _ = follow(
        message("created"),
        message_delta(image),
        message_delta(image),
        message_delta({"index": 0, **detail}),
        message_delta({"index": 1, **detail}),
        message_delta({"index": False, **audio}),
        message_delta({"index": False, **audio}),
        message_delta(said("a", 7), {"mood": "calm"}),
    )
    whole = {"type": "image_file", "image_file": {"file_id": "f1", "detail": "low"}}
    assert text_of(assembly) == [whole, whole, audio, audio, "a"]
    assert assembly.messages["msg_1"].content[-1].mood == "calm"


def test_deltas_without_type() -> None:
    stream = [
        message("created"),
        message_delta({"index": 0, "text": {"value": "Hel"}}),
        message_delta({"index": 0, "text": {"value": "lo"}}),
        step("created"),
        step_delta({"index": 0, "id": "call_1", "function": {"name": "f", "arguments": "{"}}),
        step_delta({"index": 0, "function": {"arguments": "}"}}),
        event("thread.run.step.delta", {"id": "step_1", "delta": {"step_details": {"tool_calls": [call(0, " ")]}}}),
    ]
    assembly, told = follow(*stream)
    assert (text_of(assembly), calls_of(assembly)) == (["Hello"], [function("call_1", "f", "{} ")])
    assert [item for item in told if item[0] in ("text_delta", "tool_call_delta")] == [
        ("text_delta", "Hel", "Hel"),
        ("text_delta", "lo", "Hello"),
        ("tool_call_delta", "{", "{"),
        ("tool_call_delta", "}", "{}"),
        ("tool_call_delta", " ", "{} "),
    ]


def test_what_a_part_or_call_is_before_its_first_piece() -> None:
    logs = {"index": 0, "type": "logs"}
    assembly, _ = follow(
        message("created"),
        message_delta({"index": 0, "type": "text"}, {"index": 1, "type": "refusal"}),
        step("created"),
        step_delta({"index": 0, "type": "function"}, code(1), {"index": 2, "type": "file_search"}),
        step_delta(code(3, None, logs)),
    )
    assert text_of(assembly) == ["", {"type": "refusal", "refusal": ""}]
    assert assembly.messages["msg_1"].content[0].to_dict() == part()
    interpreter = {"id": "", "type": "code_interpreter"}
    assert calls_of(assembly) == [
        function("", "", ""),
        {**interpreter, "code_interpreter": {"input": "", "outputs": []}},
        {"id": "", "type": "file_search", "file_search": {}},
        {**interpreter, "code_interpreter": {"input": "", "outputs": [{"type": "logs", "logs": ""}]}},
    ]


TYPELESS = [
    ({"refusal": "no"}, "RefusalContentBlock"),
    ({"refusal": "no", "type": 5}, "RefusalContentBlock"),
    ({"image_file": {"file_id": "f"}}, "ImageFileContentBlock"),
    ({"image_url": {"url": "https://x.test"}}, "ImageURLContentBlock"),
    ({"text": {"annotations": [{"index": 0, "file_citation": {"file_id": "f"}}]}}, "FileCitationAnnotation"),
    ({"text": {"annotations": [{"index": 0, "file_path": {"file_id": "f"}}]}}, "FilePathAnnotation"),
]


@pytest.mark.parametrize(("sent", "kind"), TYPELESS)
def test_a_part_without_type_is_what_its_fields_say(sent: dict[str, Any], kind: str) -> None:
    assembly, _ = follow(message("created"), message_delta({"index": 0, **sent}))
    [part] = assembly.messages["msg_1"].content
    assert kind == type(part.text.annotations[0] if "text" in sent else part).__name__


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        ({"file_search": {}}, "FileSearchToolCall"),
        ({"code_interpreter": {"outputs": [{"index": 0, "logs": "1"}]}}, "CodeInterpreterLogsOutput"),
        ({"code_interpreter": {"outputs": [{"index": 0, "image": {"file_id": "f"}}]}}, "CodeInterpreterImageOutput"),
    ],
)
def test_a_call_without_type_is_what_its_fields_say(sent: dict[str, Any], kind: str) -> None:
    assembly, _ = follow(step("created"), step_delta({"index": 0, "id": "call_1", **sent}))
    details: Any = assembly.steps["step_1"].step_details
    [found] = details.tool_calls
    assert kind == type(found.code_interpreter.outputs[0] if "code_interpreter" in sent else found).__name__


def test_details_without_type_are_what_their_fields_say() -> None:
    details = {"message_creation": {"message_id": "msg_1"}}
    assembly, _ = follow(event("thread.run.step.delta", {"id": "step_1", "delta": {"step_details": details}}))
    assert assembly.steps["step_1"].step_details.to_dict() == {"type": "message_creation", **details}


def test_two_types_at_one_index_are_two_parts() -> None:
    image = {"type": "image_file", "image_file": {"file_id": "f1"}}
    stream = [message("created"), message_delta(said("a")), message_delta({"index": 0, **image})]
    assembly, _ = follow(*stream, message_delta(said("b")))
    assert text_of(assembly) == [image, "ab"]


def test_what_is_no_object_is_passed_over() -> None:
    assembly, told = follow(
        message("created"),
        message_delta("oops", said("Hello")),
        message_delta({"index": 0, "type": "text", "text": "x"}),
    )
    assert text_of(assembly) == ["Hello"]
    assert names(told).count("text_delta") == 1


def test_calls_that_are_no_objects_are_passed_over() -> None:
    assembly, told = follow(step("created"), step_delta("oops", call(0, "{}", name="f", id="call_1"), None))
    assert calls_of(assembly) == [function("call_1", "f", "{}")]
    assert names(told).count("tool_call_delta") == 1


def test_deltas_that_do_not_say_what_they_are() -> None:
    """A delta with an index belongs to the part at this place; the first one there makes a part of unknown type."""
    assembly, _ = follow(message("created"), message_delta(said("Hello")), message_delta({"index": 0, "mood": "calm"}))
    assert assembly.messages["msg_1"].content[0].mood == "calm"
    assembly, _ = follow(message_delta({"index": 3, "mood": "calm"}), into=assembly)
    assert [item.to_dict() for item in assembly.messages["msg_1"].content[1:]] == [{"type": "", "mood": "calm"}]


def test_an_object_where_a_string_belongs_changes_only_that() -> None:
    odd = {"index": 1, "type": "refusal", "refusal": {"why": "x"}}
    assembly, _ = follow(message("created"), message_delta(said("Hel"), odd), message_delta(said("lo"), odd))
    assert text_of(assembly) == ["Hello", {"type": "refusal", "refusal": {"why": "x"}}]


def test_events_of_other_objects_than_those_of_a_run_say_nothing() -> None:
    assembly, told = follow(event("error", {"message": "no", "code": None, "param": None, "type": "x"}))
    assert (told, assembly.run, assembly.messages, assembly.steps) == ([], None, {}, {})


def test_a_delta_before_its_message_was_created() -> None:
    assembly, told = follow(run("in_progress"), *HELLO[1:2])
    assert told[:2] == [("message_created", "msg_1"), ("text_created", "Hel")]
    snapshot = assembly.messages["msg_1"]
    assert (snapshot.thread_id, snapshot.run_id, snapshot.assistant_id) == ("thread_1", "run_1", "asst_1")
    assert (snapshot.role, snapshot.status, snapshot.object) == ("assistant", "in_progress", "thread.message")
    _, told = follow(message("created", metadata={"a": "b"}), HELLO[2], HELLO[3], into=assembly)
    assert names(told) == ["text_delta", "message_delta", "text_done", "message_done"]
    assert text_of(assembly) == ["Hello"]


def test_a_delta_before_its_step_was_created() -> None:
    assembly, told = follow(run("in_progress"), step_delta(call(0, "{", name="f", id="call_1")))
    assert names(told) == ["run_step_created", "tool_call_created", "tool_call_delta", "run_step_delta"]
    snapshot = assembly.steps["step_1"]
    assert (snapshot.thread_id, snapshot.run_id, snapshot.type, snapshot.object) == (
        "thread_1", "run_1", "tool_calls", "thread.run.step",
    )  # fmt: skip
    _, told = follow(step("created"), step_delta(call(0, "}")), into=assembly)
    assert names(told) == ["tool_call_delta", "run_step_delta"]
    assert calls_of(assembly) == [function("call_1", "f", "{}")]


def test_a_delta_that_only_says_whose_message_it_is() -> None:
    assembly, told = follow(message_delta(role="user", content=None))
    assert names(told) == ["message_created", "message_delta"]
    assert (assembly.messages["msg_1"].role, assembly.messages["msg_1"].content) == ("user", [])


def test_a_delta_without_id_belongs_to_what_is_current() -> None:
    stream = [
        message("created"),
        message_delta(said("Hi"), id=None),
        step("created"),
        step_delta(call(0, "{}", name="f", id="call_1"), id=None),
    ]
    assembly, _ = follow(*stream)
    assert (text_of(assembly), calls_of(assembly)) == (["Hi"], [function("call_1", "f", "{}")])
    assembly, told = follow(message_delta(said("Hi"), id=None), step_delta(call(0, "{}"), id=None))
    assert (told[0], told[4]) == (("message_created", ""), ("run_step_created", ""))


def test_created_twice() -> None:
    stream = [message("created"), HELLO[1], message("created", metadata={"a": "b"}), message("in_progress"), HELLO[2]]
    assembly, told = follow(*stream)
    assert text_of(assembly) == ["Hello"]
    assert assembly.messages["msg_1"].metadata == {"a": "b"}
    assert names(told).count("message_created") == 1
    stream = [
        step("created"),
        step_delta(call(0, "{", name="f")),
        step("created", usage=None),
        step_delta(call(0, "}")),
    ]
    assembly, told = follow(*stream)
    assert calls_of(assembly) == [function("", "f", "{}")]
    assert names(told).count("run_step_created") == 1
    assert names(told).count("tool_call_created") == 1


def test_nothing_changes_what_is_over() -> None:
    final = step("completed", calls(function("call_1", "f", "{}", "out")))
    assembly, _ = follow(*HELLO, step("created"), final)
    before = [assembly.messages["msg_1"].to_dict(), assembly.steps["step_1"].to_dict()]
    again = [*HELLO, message_delta(said("late")), step("created"), step_delta(call(0, "late")), final]
    _, told = follow(*again, into=assembly)
    assert told == []
    assert [assembly.messages["msg_1"].to_dict(), assembly.steps["step_1"].to_dict()] == before


@pytest.mark.parametrize("created", [[message("created")], []], ids=["created", "not created"])
def test_a_message_that_comes_whole(created: list[Any]) -> None:
    image = {"type": "image_file", "image_file": {"file_id": "file_1"}}
    assembly, told = follow(*created, message("completed", part("Hello"), image, part("")))
    assert told == [
        ("message_created", "msg_1"),
        ("text_created", "Hello"),
        ("text_delta", "Hello", "Hello"),
        ("text_done", "Hello"),
        ("image_file_done", "file_1"),
        ("text_created", ""),
        ("text_done", ""),
        ("message_done", "msg_1"),
    ]
    assert text_of(assembly) == ["Hello", image, ""]


def test_what_no_delta_said_is_told_at_the_end() -> None:
    _, told = follow(*HELLO[:2], message("completed", part("Hello"), part("more")))
    assert told[4:] == [
        ("text_delta", "lo", "Hello"),
        ("text_done", "Hello"),
        ("text_created", "more"),
        ("text_delta", "more", "more"),
        ("text_done", "more"),
        ("message_done", "msg_1"),
    ]


def test_a_text_that_was_changed_at_the_end_is_not_told_as_a_delta() -> None:
    assembly, told = follow(*HELLO[:2], message("completed", part("Goodbye")))
    assert names(told[4:]) == ["text_done", "message_done"]
    assert text_of(assembly) == ["Goodbye"]


def test_a_part_that_turns_out_to_be_of_another_type() -> None:
    image = {"type": "image_file", "image_file": {"file_id": "file_1"}}
    _, told = follow(message("created"), message_delta(said("a")), message("completed", image))
    assert told[4:] == [("image_file_done", "file_1"), ("message_done", "msg_1")]


def test_a_call_of_which_no_delta_told_between_others() -> None:
    began = [step_delta(call(i, f"{{{i}", name="f", id=f"call_{i}")) for i in (0, 2)]
    _, told = follow(
        step("created"), *began, step("completed", calls(*(function("", "f", f"<{i}>") for i in range(3))))
    )
    assert [item for item in told if item[0] in ("tool_call_created", "tool_call_done")] == [
        ("tool_call_created", "{0"),
        ("tool_call_created", "{2"),
        ("tool_call_created", "<1>"),
        ("tool_call_done", "<0>"),
        ("tool_call_done", "<2>"),
        ("tool_call_done", "<1>"),
    ]


def test_snapshots_that_somebody_has_changed() -> None:
    assembly, _ = follow(*HELLO[:2])
    snapshot = assembly.messages["msg_1"]
    snapshot.content.clear()
    follow(HELLO[2], into=assembly)
    assert text_of(assembly) == ["lo"]
    snapshot.content.clear()
    _, told = follow(HELLO[3], into=assembly)
    assert told[-1] == ("message_done", "msg_1")
    assert text_of(assembly) == ["Hello"]


def test_a_message_created_with_text() -> None:
    assembly, told = follow(message("created", part("Hel")), HELLO[2], HELLO[3])
    assert [item[1] for item in told if item[0] == "text_delta"] == ["Hel", "lo"]
    assert names(told).count("text_created") == 1
    assert text_of(assembly) == ["Hello"]


def test_messages_of_the_user_are_not_told_as_an_answer() -> None:
    _, told = follow(message("created", part("Hi"), role="user"), message("completed", part("Hi"), role="user"))
    assert told == [("message_created", "msg_1"), ("message_done", "msg_1")]


def test_a_message_whose_end_leaves_out_the_content_keeps_it() -> None:
    assembly, told = follow(*HELLO[:3], message("completed", content=None))
    assert text_of(assembly) == ["Hello"]
    assert assembly.messages["msg_1"].status == "completed"
    assert told[-2:] == [("text_done", "Hello"), ("message_done", "msg_1")]


def test_usage_smuggled_in_a_message_event_makes_no_message() -> None:
    smuggled = message("in_progress", id="chatcmpl-1", thread_id="", created_at=0)
    assembly, told = follow(run("in_progress"), smuggled, *HELLO)
    assert list(assembly.messages) == ["msg_1"]
    assert told[0] == ("message_created", "msg_1")
    assert assembly.thread_id == "thread_1"


def test_a_step_of_an_earlier_stream_is_only_done() -> None:
    final = calls(function("call_1", "f", "{}", "42"))
    assembly, told = follow(run("queued"), run("in_progress"), step("completed", final), *HELLO)
    assert told[0] == ("run_step_done", "step_1")
    assert not any("tool_call" in name for name in names(told))
    assert calls_of(assembly) == [function("call_1", "f", "{}", "42")]


def test_outputs_added_to_a_step_of_an_earlier_stream_create_nothing() -> None:
    output = {"index": 0, "id": "call_1", "type": "function", "function": {"output": "42"}}
    stream = [step("in_progress"), step("in_progress"), step_delta(output)]
    _, told = follow(*stream)
    assert names(told) == ["tool_call_delta", "run_step_delta"]
    _, told = follow(step_delta(output))
    assert names(told) == ["tool_call_delta", "run_step_delta"]


@pytest.mark.parametrize("beginning", [{"name": "f"}, {"arguments": "{}"}])
def test_outputs_of_calls_that_begin_now(beginning: dict[str, str]) -> None:
    """Some server tells of a call when it has been carried out."""
    output = {"index": 0, "id": "call_1", "type": "function", "function": {"output": "42"}}
    whole = {**output, "index": 1, "function": {"output": "42", **beginning}}
    for sent in ([whole], [output, whole]):
        _, told = follow(step_delta(*sent))
        assert names(told) == [
            "run_step_created", *["tool_call_created", "tool_call_delta"] * len(sent), "run_step_delta",
        ]  # fmt: skip


def test_in_progress_before_created() -> None:
    _, told = follow(step("in_progress"), step("created"), step_delta(call(0, "{}", name="f")), step("completed"))
    assert names(told)[:2] == ["run_step_created", "tool_call_created"]
    _, told = follow(message("in_progress"), *HELLO)
    assert names(told).count("message_created") == 1


@pytest.mark.parametrize("kind", ["created", "in_progress", "completed"])
def test_calls_that_a_whole_step_shows(kind: str) -> None:
    shown = calls(function("call_1", "f", "{}"), function("call_2", "g", "{}"))
    stream = [step("created"), step(kind, shown), run("requires_action")]
    assembly, told = follow(*stream)
    assert [item for item in names(told) if "call" in item] == [
        "tool_call_created", "tool_call_done", "tool_call_created", "tool_call_done",
    ]  # fmt: skip
    assert len(calls_of(assembly)) == 2
    _, told = follow(run("completed", "requires_action"), step("completed", shown), into=assembly)
    assert names(told) == ([] if kind == "completed" else ["run_step_done"])


@pytest.mark.parametrize("kind", ["failed", "cancelled", "expired"])
def test_calls_of_which_only_a_failed_step_tells_are_not_told(kind: str) -> None:
    _, told = follow(step("created"), step(kind, calls(function("call_1", "f", "{}"))))
    assert names(told) == ["run_step_created", "run_step_done"]


def test_the_status_of_the_run_is_trusted() -> None:
    stream = [step("created"), step_delta(call(0, "{}", name="f", id="call_1"))]
    assembly, told = follow(*stream, run("requires_action"), run("completed", "requires_action"))
    assert names(told).count("tool_call_done") == 1
    assert assembly.run_status == "requires_action"
    assembly, told = follow(*stream, run("completed", "in_progress"))
    assert "tool_call_done" not in names(told)


def test_a_run_without_status() -> None:
    _, told = follow(
        step("created"), step_delta(call(0, "{}", name="f")), event("thread.run.completed", {**RUN, "status": None})
    )
    assert told[-1] == ("tool_call_done", "{}")


def test_unknown_events_change_nothing() -> None:
    assembly, told = follow(
        *HELLO[:2],
        event("thread.run.paused", {"id": "run_1"}),
        event("thread.message.thinking", {"id": "msg_9"}),
        event(
            "thread.message.delta", {"id": "msg_1", "object": "o", "delta": {"content": [{"index": 0, "type": "x"}]}}
        ),
        event("thread.archived", None),
    )
    assert assembly.run is None
    assert list(assembly.messages) == ["msg_1"]
    assert names(told)[-1] == "message_delta"
    assert assembly.current_event.event == "thread.archived"


def test_the_thread_of_create_and_run() -> None:
    thread = {"id": "thread_9", "object": "thread", "created_at": 1, "metadata": {}}
    assembly, told = follow(event("thread.created", thread))
    assert (assembly.thread_id, told) == ("thread_9", [])


THREADLESS = [
    event("thread.created", {"id": ""}),
    event("thread.run.queued", {**RUN, "thread_id": "", "status": "queued"}),
    message("created", id="msg_2", thread_id=""),
    step("created", id="step_2", thread_id=""),
]


@pytest.mark.parametrize("first", [run("created"), message("created", id="msg_2"), step("created", id="step_2")])
@pytest.mark.parametrize("then", [None, *THREADLESS])
def test_the_thread_of_what_begins_with_a_delta(first: Any, then: Any) -> None:
    stream = [first, *([] if then is None else [then]), message_delta(said("a")), step_delta(call(0, "{}"))]
    assembly, _ = follow(*stream)
    assert assembly.messages["msg_1"].thread_id == assembly.steps["step_1"].thread_id == "thread_1"


def test_step_details_left_out() -> None:
    data = {"id": "step_1", "object": "thread.run.step", **OPEN, "status": "in_progress", "type": "tool_calls"}
    for created in (
        event("thread.run.step.created", data),
        step("created", {"type": "tool_calls", "tool_calls": None}),
    ):
        assembly, _ = follow(created, step_delta(call(0, "{}", name="f", id="call_1")))
        assert calls_of(assembly) == [function("call_1", "f", "{}")]


# Properties

pieces = st.lists(st.text(max_size=4), min_size=0, max_size=12)


@given(pieces, pieces)
def test_any_split_of_texts_gives_the_final_object(first: list[str], second: list[str]) -> None:
    deltas = [said(piece, 0) for piece in ["", *first]] + [said(piece, 1) for piece in ["", *second]]
    final = message("completed", part("".join(first)), part("".join(second)))
    assembly, told = follow(message("created"), *map(message_delta, deltas))
    assert text_of(assembly) == ["".join(first), "".join(second)]
    assert [block.to_dict() for block in assembly.messages["msg_1"].content] == final.data.to_dict()["content"]
    assembly, more = follow(final, into=assembly)
    assert assembly.messages["msg_1"].to_dict() == final.data.to_dict()
    joined = "".join(item[1] for item in [*told, *more] if item[0] == "text_delta")
    assert joined == "".join(first) + "".join(second)


@given(st.lists(st.tuples(st.integers(0, 3), st.text(max_size=3)), max_size=20), st.permutations(range(4)))
def test_any_order_of_pieces_of_parallel_calls_gives_the_final_object(
    sent: list[tuple[int, str]], order: list[int]
) -> None:
    openings = [call(index, "", name=f"f{index}", id=f"call_{index}") for index in order]
    stream = [step("created"), *map(step_delta, openings), *(step_delta(call(index, piece)) for index, piece in sent)]
    assembly, told = follow(*stream)
    expected = [
        function(f"call_{index}", f"f{index}", "".join(piece for at, piece in sent if at == index))
        for index in range(4)
    ]
    assert calls_of(assembly) == expected
    assembly, more = follow(step("completed", calls(*expected)), into=assembly)
    assert assembly.steps["step_1"].to_dict() == step("completed", calls(*expected)).data.to_dict()
    assert names([*told, *more]).count("tool_call_created") == 4
    assert names([*told, *more]).count("tool_call_done") == 4


# What is no object in the place of one


@pytest.mark.parametrize("tool_calls", [5, "x", {"a": 1}, [None, 5, "x"]], ids=repr)
def test_calls_that_are_none(tool_calls: Any) -> None:
    details = {"type": "tool_calls", "tool_calls": tool_calls}
    data = {"id": "step_1", "object": "thread.run.step.delta", "delta": {"step_details": details}}
    assembly, told = follow(event("thread.run.step.delta", data), step_delta(call(0, "{}", name="f", id="call_1")))
    assert names(told)[0] == "run_step_created"
    assert calls_of(assembly) == [function("call_1", "f", "{}")]


def test_a_call_in_details_without_a_type_for_a_step_without_details() -> None:
    details = {"type": "", "tool_calls": [call(0, "{}", name="f", id="call_1")]}
    data = {"id": "step_1", "object": "thread.run.step.delta", "delta": {"step_details": details}}
    assembly, told = follow(event("thread.run.step.delta", data))
    assert names(told)[-1] == "run_step_delta"
    [found] = assembly.steps["step_1"].to_dict()["step_details"]["tool_calls"]
    assert found["function"]["arguments"] == "{}"


def test_an_object_in_the_place_of_a_text() -> None:
    log = {"index": 0, "type": "logs", "logs": {"a": 1}}
    assembly, told = follow(step("created"), step_delta(code(0, "1", log, id="call_1")))
    assert names(told)[-1] == "run_step_delta"
    assert calls_of(assembly)[0]["code_interpreter"]["outputs"] == [{"type": "logs", "logs": {"a": 1}}]
    odd = {"index": 0, "type": "refusal", "refusal": {"a": 1}}
    assembly, told = follow(message("created"), message_delta(odd))
    assert text_of(assembly) == [{"type": "refusal", "refusal": {"a": 1}}]


@pytest.mark.parametrize("known", [["Hel"], [None], [5]], ids=repr)
def test_a_delta_for_a_part_that_is_none(known: list[Any]) -> None:
    """It takes its place: nothing can be added to it."""
    bare = {"index": 0, "brand_new": {"value": "lo"}}
    assembly, told = follow(message("created", *known), message_delta(bare))
    assert names(told)[-1] == "message_delta"
    [part] = assembly.messages["msg_1"].to_dict()["content"]
    assert part["brand_new"] == {"value": "lo"}


# Against the server in the box


def collect(stream: Any, assembly: Assembly, each: Callable[[Any], None] = lambda _: None) -> None:
    for item in stream:
        assembly.feed(item)
        each(item)


def test_snapshots_equal_the_objects_fetched_afterwards() -> None:
    parameters = {"type": "object", "properties": {"query": {"type": "string"}}}
    tool: Any = {"type": "function", "function": {"name": "lookup", "parameters": parameters}}
    with LocalServer(in_process=True) as server, server.client() as client:
        two = [Call("lookup", {"query": "a"}, pieces=['{"que', 'ry": "a"}']), Call("lookup", {"query": "b"})]
        server.scripts.add(Script([Turn("Let me see.", calls=two), Turn(calls=[two[1]]), Turn("Größe 🙂 done.")]))
        assistant = client.beta.assistants.create(model="gpt-4o", tools=[tool])
        thread = client.beta.threads.create(messages=[{"role": "user", "content": "q"}])
        runs, assembly = client.beta.threads.runs, Assembly(events.AssistantStreamEvent)

        def check_progress(item: Any) -> None:
            """What has ended is by now as the server has it."""
            if isinstance(item.data, BaseModel) and item.event.endswith(".completed") and "step" in item.event:
                step = assembly.steps[item.data.id]
                fetched = runs.steps.retrieve(step.id, thread_id=thread.id, run_id=step.run_id)
                assert step.to_dict() == fetched.to_dict()

        collect(runs.create(thread.id, assistant_id=assistant.id, stream=True), assembly, check_progress)
        while assembly.run is not None and assembly.run.required_action is not None:
            asked = assembly.run.required_action.submit_tool_outputs.tool_calls
            step = list(assembly.steps.values())[-1]
            fetched = runs.steps.retrieve(step.id, thread_id=thread.id, run_id=step.run_id)
            assert step.step_details.to_dict() == fetched.step_details.to_dict()
            outputs: Any = [{"tool_call_id": call.id, "output": "42"} for call in asked]
            stream = runs.submit_tool_outputs(assembly.run.id, thread_id=thread.id, tool_outputs=outputs, stream=True)
            collect(stream, assembly, check_progress)
        assert assembly.run is not None and assembly.run_status == "completed"
        assert assembly.run.to_dict() == runs.retrieve(assembly.run.id, thread_id=thread.id).to_dict()
        answers = [
            item for item in client.beta.threads.messages.list(thread.id, order="asc") if item.role == "assistant"
        ]
        assert [item.to_dict() for item in assembly.messages.values()] == [item.to_dict() for item in answers]
        steps = list(runs.steps.list(assembly.run.id, thread_id=thread.id, order="asc"))
        assert [item.to_dict() for item in assembly.steps.values()] == [item.to_dict() for item in steps]
        assert len(steps) == 4
