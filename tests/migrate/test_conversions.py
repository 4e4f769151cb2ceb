"""Objects of version 1 as parameters of version 2: what becomes of what, and that nothing is lost silently."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from openai_assistants import MigrationError, migrate
from openai_assistants.migrate import Note
from openai_assistants.types import v1
from tests.operations.spec import errors_of, request_schema
from tests.operations.table import BY_ID
from tests.operations.v1_objects import ANSWERS
from tests.soak import count

from .objects import (
    CITATION,
    NOW,
    WATERING,
    WRITTEN,
    assistant,
    assistants,
    cited,
    message,
    messages,
    text_block,
    thread,
    threads,
)


def told(notes: Iterable[Note]) -> list[tuple[str, str, object]]:
    return [(note.path, note.effect, note.value) for note in notes]


# ---- assistants -----------------------------------------------------------------------------------------------------


def test_retrieval_becomes_file_search_over_a_vector_store_that_has_to_be_made() -> None:
    found = migrate.convert_assistant(assistant(tools=[{"type": "retrieval"}], file_ids=["file-1", "file-2"]))
    assert found.params == {
        "model": "gpt-4",
        "name": "Gardener",
        "instructions": "You know all plants of the garden.",
        "tools": [{"type": "file_search"}],
        "metadata": {"v1_id": "asst_1", "v1_created_at": str(NOW)},
    }
    assert found.vector_store is not None
    assert found.vector_store.params == {
        "name": "Files of Gardener",
        "file_ids": ["file-1", "file-2"],
        "metadata": {"v1_assistant_id": "asst_1"},
    }
    assert found.notes == ()
    complete = found.with_vector_store("vs_1")
    assert complete == {**found.params, "tool_resources": {"file_search": {"vector_store_ids": ["vs_1"]}}}
    assert "tool_resources" not in found.params


def test_files_of_the_code_interpreter_and_of_both_tools() -> None:
    code = migrate.convert_assistant(assistant(tools=[{"type": "code_interpreter"}], file_ids=["file-1"]))
    assert code.params["tool_resources"] == {"code_interpreter": {"file_ids": ["file-1"]}}
    assert code.vector_store is None
    both = [{"type": "code_interpreter"}, {"type": "retrieval"}, WATERING]
    names = {"file-1": "plan.PNG", "file-2": "plan.md"}
    found = migrate.convert_assistant(assistant(tools=both, file_ids=["file-1", "file-2"]), file_names=names)
    assert found.params["tools"] == [{"type": "code_interpreter"}, {"type": "file_search"}, WATERING]
    assert found.vector_store is not None and found.vector_store.file_ids == ("file-2",)
    assert found.with_vector_store("vs_1")["tool_resources"] == {
        "code_interpreter": {"file_ids": ["file-1", "file-2"]},
        "file_search": {"vector_store_ids": ["vs_1"]},
    }
    assert told(found.notes) == [("file_ids", "dropped", "plan.PNG (file-1)")]


def test_file_search_without_files_needs_no_vector_store() -> None:
    found = migrate.convert_assistant(assistant(tools=[{"type": "retrieval"}]))
    assert (found.params["tools"], found.vector_store, found.notes) == ([{"type": "file_search"}], None, ())


def test_files_without_a_tool_are_noted() -> None:
    found = migrate.convert_assistant(assistant(tools=[WATERING], file_ids=["file-1"]))
    assert "tool_resources" not in found.params and found.vector_store is None
    assert told(found.notes) == [("file_ids", "dropped", "file-1")]
    assert "none of its tools" in found.notes[0].reason


def test_files_get_new_ids_or_are_gone() -> None:
    both = [{"type": "code_interpreter"}, {"type": "retrieval"}]
    given_ids = ["file-1", "file-2", "file-3"]
    found = migrate.convert_assistant(
        assistant(tools=both, file_ids=given_ids), file_ids={"file-1": "file-x", "file-2": None}
    )
    assert found.params["tool_resources"] == {"code_interpreter": {"file_ids": ["file-x", "file-3"]}}
    assert found.vector_store is not None and found.vector_store.file_ids == ("file-x", "file-3")
    assert told(found.notes) == [("file_ids[1]", "dropped", "file-2")]


def test_limits_of_an_assistant() -> None:
    found = migrate.convert_assistant(
        assistant(
            name="n" * 257,
            description="d" * 600,
            tools=[{"type": "code_interpreter"}, *[WATERING] * 130],
            file_ids=[f"file-{number}" for number in range(22)],
        )
    )
    assert (len(str(found.params["name"])), len(str(found.params["description"]))) == (256, 512)
    assert len(list(found.params["tools"])) == 128
    assert len(found.params["tool_resources"]["code_interpreter"]["file_ids"]) == 20  # type: ignore[index,typeddict-item,call-overload]
    assert [note.path for note in found.notes] == [
        "name",
        "description",
        *(f"tools[{place}]" for place in (128, 129, 130)),
        "file_ids",
        "file_ids",
    ]
    assert found.notes[0].value == "n"


def test_results_of_the_client_are_converted_like_plain_data() -> None:
    data = assistant(tools=[{"type": "retrieval"}, WATERING], file_ids=["file-1"], metadata={"a": "b"})
    assert migrate.convert_assistant(v1.Assistant.model_validate(data)) == migrate.convert_assistant(data)
    result = v1.Message.model_validate(cited(file_ids=["file-1"]))
    assert migrate.convert_message(result) == migrate.convert_message(cited(file_ids=["file-1"]))
    assert migrate.convert_thread(v1.Thread.model_validate(thread()), [result]) == migrate.convert_thread(
        thread(), [cited(file_ids=["file-1"])]
    )


def test_prints_of_the_documents_are_converted() -> None:
    convert: dict[str, Any] = {
        "assistant": migrate.convert_assistant,
        "thread": migrate.convert_thread,
        "thread.message": migrate.convert_message,
    }
    printed = [item for *_, data in ANSWERS for item in data.get("data", [data]) if item["object"] in convert]
    assert {each["object"] for each in printed} == set(convert) and len(printed) > 10
    for data in printed:
        paths = {note.path for note in convert[data["object"]](data).notes}
        assert all("annotations" in path for path in paths), (data, paths)


def test_old_prints_lack_keys() -> None:
    found = migrate.convert_assistant({"id": "asst_1", "model": "gpt-4", "name": None, "tools": None})
    assert (found.params, found.notes) == ({"model": "gpt-4", "metadata": {"v1_id": "asst_1"}}, ())
    said = migrate.convert_message({"id": "msg_1", "role": "user", "content": "Hello"})
    assert said.params == {"role": "user", "content": "Hello", "metadata": {"v1_id": "msg_1"}}
    assert migrate.convert_thread({"id": "thread_1"}).params == {"metadata": {"v1_id": "thread_1"}}


# ---- metadata -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("pairs", "kept"), [(14, ["v1_id", "v1_created_at"]), (15, ["v1_id"]), (16, [])])
def test_the_origin_goes_into_the_metadata_as_far_as_there_is_room(pairs: int, kept: list[str]) -> None:
    given = {f"k{number}": "v" for number in range(pairs)}
    found = migrate.convert_assistant(assistant(metadata=given))
    metadata = found.params["metadata"]
    assert metadata is not None and [*metadata] == [*given, *kept]
    assert [note.path for note in found.notes] == [name for name in ("id", "created_at") if f"v1_{name}" not in kept]
    assert all(note.effect == "dropped" and "16 pairs already" in note.reason for note in found.notes)
    more = migrate.convert_assistant(assistant(metadata={f"k{number}": "v" for number in range(18)}))
    assert told(more.notes)[:2] == [("metadata.k16", "dropped", "v"), ("metadata.k17", "dropped", "v")]


def test_an_origin_that_is_there_already_or_too_long() -> None:
    found = migrate.convert_message(cited(metadata={"v1_id": "msg_2"}, assistant_id="a" * 513, run_id=""))
    assert found.params is not None
    assert found.params["metadata"] == {"v1_id": "msg_2", "v1_created_at": str(NOW)}
    assert ("assistant_id", "dropped", "a" * 513) in told(found.notes)


def test_what_a_server_of_version_1_may_leave_out_or_add() -> None:
    found = migrate.convert_assistant(assistant(zork=None, tools=[{"type": "function", "function": {"strict": True}}]))
    assert "tools" not in found.params
    assert [note.path for note in found.notes] == ["tools[0]"] and "without a name" in found.notes[0].reason
    for text, kept, notes in (("Hi", "Hi", 0), ({"value": None}, None, 3), ({"value": 5}, None, 4)):
        block = {"type": "text", "text": text}
        said = migrate.convert_message(message(content=[block]))
        assert (said.params and said.params["content"], len(said.notes)) == (kept, notes)


def test_metadata_that_version_2_would_refuse() -> None:
    given = {"a": "x" * 513, "b": {"c": [1]}, "k" * 65: "v", "d": None, "v1_id": "mine", "e": ""}
    found = migrate.convert_assistant(assistant(metadata=given, created_at=NOW + 0.0))
    assert found.params["metadata"] == {
        "a": "x" * 512,
        "b": '{"c": [1]}',
        "v1_id": "mine",
        "e": "",
        "v1_created_at": str(NOW),
    }
    assert told(found.notes) == [
        ("metadata.a", "changed", "x"),
        ("metadata.b", "changed", {"c": [1]}),
        (f"metadata.{'k' * 65}", "dropped", "v"),
        ("metadata.d", "dropped", None),
        ("id", "dropped", "asst_1"),
    ]


# ---- messages -------------------------------------------------------------------------------------------------------


def test_a_message_keeps_role_text_and_metadata_and_says_where_it_is_from() -> None:
    found = migrate.convert_message(cited(metadata={"a": "b"}))
    assert found.params == {
        "role": "assistant",
        "content": "April 【1†source】.",
        "metadata": {
            "a": "b",
            "v1_id": "msg_2",
            "v1_created_at": str(NOW),
            "v1_assistant_id": "asst_1",
            "v1_run_id": "run_1",
        },
    }
    assert (found.source_id, found.thread_id) == ("msg_2", "thread_1")
    assert told(found.notes) == [("content[0].text.annotations[0]", "dropped", CITATION)]


def test_files_of_a_message_become_attachments() -> None:
    both = [{"type": "file_search"}, {"type": "code_interpreter"}]
    found = migrate.convert_message(message(file_ids=["file-1", "file-2"]), file_ids={"file-2": "file-x"})
    assert found.params is not None
    assert found.params["attachments"] == [{"file_id": "file-1", "tools": both}, {"file_id": "file-x", "tools": both}]
    only = migrate.convert_message(message(file_ids=["file-1"]), tools=["file_search"])
    assert only.params is not None
    assert only.params["attachments"] == [{"file_id": "file-1", "tools": both[:1]}]
    image = migrate.convert_message(message(file_ids=["file-1"]), file_names={"file-1": "a.png"})
    assert image.params is not None
    assert image.params["attachments"] == [{"file_id": "file-1", "tools": both[1:]}]
    assert told(image.notes) == [("file_ids", "changed", "file-1")]
    none = migrate.convert_message(message(file_ids=["file-1"]), tools=[])
    assert none.params is not None and "attachments" not in none.params
    assert told(none.notes) == [("file_ids", "dropped", "file-1")]


def test_images_and_several_parts_stay() -> None:
    image = {"type": "image_file", "image_file": {"file_id": "file-1"}}
    parts = [image, text_block("Here it is", WRITTEN), text_block("and more")]
    found = migrate.convert_message(message(content=parts), file_ids={"file-1": "file-x"})
    assert found.params is not None
    assert found.params["content"] == [
        {"type": "image_file", "image_file": {"file_id": "file-x"}},
        {"type": "text", "text": "Here it is"},
        {"type": "text", "text": "and more"},
    ]
    assert told(found.notes) == [("content[1].text.annotations[0]", "dropped", WRITTEN)]
    gone = migrate.convert_message(message(content=parts), file_ids={"file-1": None})
    assert told(gone.notes)[0] == ("content[0].image_file.file_id", "dropped", "file-1")


def test_a_text_that_is_too_long_becomes_several_parts() -> None:
    text = "".join(map(str, range(100_000)))[:300_000]
    found = migrate.convert_message(message(content=[text_block(text)]))
    assert found.params is not None
    parts: Any = found.params["content"]
    assert [len(part["text"]) for part in parts] == [256_000, 44_000]
    assert "".join(part["text"] for part in parts) == text
    assert told(found.notes) == [("content[0]", "changed", 300_000)]


def test_a_message_with_nothing_in_it_is_left_out() -> None:
    for content in ([], None, [text_block("")], ""):
        found = migrate.convert_message(message(content=content, file_ids=["file-1"], metadata={"a": "b"}))
        assert found.params is None
        assert [note.path for note in found.notes] == ["role", "attachments", "metadata", "content"]


def test_other_roles_and_states_are_noted() -> None:
    state = {"status": "incomplete", "incomplete_details": {"reason": "max_tokens"}, "incomplete_at": NOW}
    found = migrate.convert_message(message(role="system", **state))
    assert found.params is not None and found.params["role"] == "user"
    assert told(found.notes) == [
        ("role", "changed", "system"),
        ("status", "changed", "incomplete"),
        ("incomplete_details", "dropped", {"reason": "max_tokens"}),
        ("incomplete_at", "dropped", NOW),
    ]


# ---- threads --------------------------------------------------------------------------------------------------------


def test_a_thread_with_its_messages() -> None:
    first = message(file_ids=["file-1"])
    found = migrate.convert_thread(thread(a="b"), [first, cited(created_at=NOW + 1, file_ids=["file-1", "file-2"])])
    assert found.params == {"metadata": {"a": "b", "v1_id": "thread_1", "v1_created_at": str(NOW)}}
    assert [each.source_id for each in found.messages] == ["msg_1", "msg_2"]
    assert found.vector_store is not None
    assert found.vector_store.file_ids == ("file-1", "file-2")
    assert found.vector_store.metadata == {"v1_thread_id": "thread_1"}
    assert found.with_vector_store("vs_1")["tool_resources"] == {"file_search": {"vector_store_ids": ["vs_1"]}}
    assert migrate.convert_thread(thread(), [first], tools=["code_interpreter"]).vector_store is None


@pytest.mark.parametrize(
    ("times", "order"),
    [
        ([3, 2, 1], "cba"),
        ([1, 2, 3], "abc"),
        ([2, 2, 1], "cba"),
        ([1, 1, 2], "abc"),
        ([1, 1, 1], "abc"),
        ([3, None, 1], "abc"),
        (["2024-01-02", "2024-01-01", "2023-01-01"], "cba"),
        ([2, 3, 1], "cab"),
    ],
)
def test_messages_come_oldest_first(times: list[Any], order: str) -> None:
    given = [message(id=name, created_at=time) for name, time in zip("abc", times, strict=True)]
    found = migrate.convert_thread(thread(), given)
    assert "".join(each.source_id for each in found.messages) == order


def test_the_code_interpreter_of_a_thread_gets_20_files() -> None:
    given = [
        message(id=f"msg_{place}", created_at=NOW + place, file_ids=[f"file-{place}-{number}" for number in range(10)])
        for place in range(3)
    ]
    given.append(message(id="msg_3", created_at=NOW + 3, file_ids=["file-0-0"]))
    found = migrate.convert_thread(thread(), given)
    assert [len(each.notes) for each in found.messages] == [0, 0, 10, 0]
    assert found.vector_store is not None and len(found.vector_store.file_ids) == 30
    last: Any = found.messages[2].params
    assert {tool["type"] for each in last["attachments"] for tool in each["tools"]} == {"file_search"}
    only = migrate.convert_thread(thread(), given, tools=["code_interpreter"]).messages[2]
    assert only.params is not None and "attachments" not in only.params
    assert {note.effect for note in only.notes} == {"dropped"}


def test_a_vector_store_takes_500_files_at_once() -> None:
    store = migrate.NewVectorStore("n", tuple(f"file-{number}" for number in range(1201)), {})
    first: list[str] = store.params["file_ids"]
    assert [len(each) for each in (first, *store.more_file_ids())] == [500, 500, 201]
    assert [each for some in (first, *store.more_file_ids()) for each in some] == list(store.file_ids)


# ---- what is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "it is of the type NoneType"),
        ("asst_1", "it is of the type str"),
        ([], "it is of the type list"),
        ({}, "it has no id"),
        ({"id": ""}, "it has no id"),
        ({"id": 5}, "it has no id"),
        (thread(), "its `object` is 'thread', not 'assistant'"),
        ({"id": "asst_1", "object": "assistant.deleted", "deleted": True}, "its `object` is 'assistant.deleted'"),
        (assistant(model=None), "asst_1 has no model"),
        (assistant(tools=[{"type": "file_search"}]), "asst_1 is of version 2 already: it has file_search"),
        (assistant(tool_resources={"code_interpreter": {}}), "of version 2 already: it has tool_resources"),
    ],
)
def test_what_is_no_assistant_of_version_1(value: Any, said: str) -> None:
    with pytest.raises(MigrationError, match=said.replace("(", "\\(")):
        migrate.convert_assistant(value)


def test_what_is_no_thread_or_message_of_version_1() -> None:
    with pytest.raises(MigrationError, match="no thread of version 1"):
        migrate.convert_thread(assistant())
    with pytest.raises(MigrationError, match=r"no message of version 1: its `object` is 'thread\.message\.file'"):
        migrate.convert_message({"id": "file-1", "object": "thread.message.file"})
    with pytest.raises(MigrationError, match="it has attachments"):
        migrate.convert_message(message(attachments=[{"file_id": "file-1"}]))
    with pytest.raises(MigrationError, match="msg_1 is of thread thread_2, not of thread_1"):
        migrate.convert_thread(thread(), [message(thread_id="thread_2")])
    with pytest.raises(MigrationError, match="no message of version 1"):
        migrate.convert_thread(thread(), [cited(), assistant()])


# ---- nothing is lost silently, and version 2 takes the result -------------------------------------------------------

KEPT_BY_SHAPE = {"retrieval", "code_interpreter", "function", "assistant", "thread", "thread.message", "completed"}
KEPT_BY_SHAPE |= {"text", "image_file", "image_url"}
"""What becomes something else by definition: tags."""


def leaves(value: Any) -> Iterator[str]:
    """Everything that a value says, keys of unknown objects included."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if str(key).startswith(("<", "v1_<")):
                yield str(key)
            yield from leaves(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from leaves(inner)
    elif value is not None and value != "":
        yield str(int(value)) if isinstance(value, float) else str(value)


def assert_nothing_is_lost(source: Any, result: Any, notes: Iterable[Note]) -> None:
    kept = list(leaves(result))
    noted = [*leaves([note.value for note in notes]), *(note.path for note in notes)]
    everything = "\n".join([*kept, *noted])
    for leaf in leaves(source):
        mark = leaf.partition(">")[0]  # long texts are cut or split
        assert leaf in KEPT_BY_SHAPE or mark in everything, (leaf[:80], notes)


def assert_taken(operation: str, params: Any) -> None:
    # What is wrong within a function is the caller's, and the same in both versions.
    assert errors_of(request_schema(BY_ID[operation]), json.loads(json.dumps(params))) == []
    assert len(params["metadata"]) <= 16
    assert all(len(key) <= 64 and len(value) <= 512 for key, value in params["metadata"].items())


@given(assistants())
@settings(max_examples=count(50, 2000))
def test_any_assistant(data: dict[str, Any]) -> None:
    found = migrate.convert_assistant(data)
    store = found.vector_store
    params = found.params if store is None else found.with_vector_store("vs_1")
    assert_taken("createAssistant", params)
    if store is not None:
        assert_taken("createVectorStore", store.params)
    assert_nothing_is_lost(data, [found.source_id, params, store and (store.name, store.file_ids)], found.notes)


@given(messages())
@settings(max_examples=count(50, 2000))
def test_any_message(data: dict[str, Any]) -> None:
    found = migrate.convert_message(data)
    if found.params is not None:
        assert_taken("createMessage", found.params)
    assert_nothing_is_lost(data, [found.source_id, found.thread_id, found.params], found.notes)


@given(threads(), st.sets(st.sampled_from(["file_search", "code_interpreter"])))
@settings(max_examples=count(30, 1000))
def test_any_thread(data: tuple[dict[str, Any], list[dict[str, Any]]], tools: set[Any]) -> None:
    found = migrate.convert_thread(*data, tools=tools)
    assert_taken("createThread", found.params)
    sent = [each.params for each in found.messages if each.params is not None]
    for params in sent:
        assert_taken("createMessage", params)
    notes = [*found.notes, *(note for each in found.messages for note in each.notes)]
    ids = [(each.source_id, each.thread_id) for each in found.messages]
    assert_nothing_is_lost(data, [found.source_id, ids, found.params, sent], notes)
    code = {
        each["file_id"]
        for params in sent
        for each in params.get("attachments") or ()
        if "code_interpreter" in str(each)
    }  # type: ignore[index,union-attr]
    assert len(code) <= 20
