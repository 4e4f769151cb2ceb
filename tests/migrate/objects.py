"""Objects of version 1 for the tests of migrations, in the shapes that the API's documents print, and odd ones."""

from __future__ import annotations

from itertools import count
from typing import Any

from hypothesis import strategies as st

from tests.operations.v1_objects import (
    NOW,
    WATERING,
    assistant,
    assistant_file,
    message,
    message_file,
    run,
    step,
    thread,
)

__all__ = [
    "NOW",
    "WATERING",
    "assistant",
    "assistant_file",
    "cited",
    "message",
    "message_file",
    "run",
    "step",
    "thread",
]

QUOTE = {"file_id": "file-1", "quote": "Tulips flower in April."}
CITATION = {"type": "file_citation", "text": "【1†source】", "file_citation": QUOTE, "start_index": 6, "end_index": 16}
WRITTEN = {
    "type": "file_path",
    "text": "sandbox:/mnt/data/beds.csv",
    "file_path": {"file_id": "file-9"},
    "start_index": 0,
    "end_index": 26,
}


def text_block(text: str, *annotations: dict[str, Any]) -> dict[str, Any]:
    """A part of a message."""
    return {"type": "text", "text": {"value": text, "annotations": list(annotations)}}


def cited(**changes: Any) -> dict[str, Any]:
    """An answer of an assistant that cites a file."""
    content = [text_block("April 【1†source】.", CITATION)]
    return message(
        **{
            "id": "msg_2",
            "role": "assistant",
            "assistant_id": "asst_1",
            "run_id": "run_1",
            "content": content,
            **changes,
        }
    )


# ---- any objects ----------------------------------------------------------------------------------------------------


class Marks:
    """Texts and numbers of which none comes twice, so that each can be found again."""

    def __init__(self) -> None:
        self._numbers = count(1001)

    def text(self, length: int = 0) -> str:
        """A text of at least so many characters."""
        return f"<{next(self._numbers)}>".ljust(length, "x")

    def number(self) -> int:
        """A number."""
        return 7_000_000 + next(self._numbers)


@st.composite
def values(draw: st.DrawFn, marks: Marks) -> Any:
    """Any JSON that says something."""
    kind = draw(st.sampled_from(["text", "number", "list", "object"]))
    made = {"text": marks.text(), "number": marks.number(), "list": [marks.text()], "object": {"k": marks.number()}}
    return made[kind]


@st.composite
def texts(draw: st.DrawFn, marks: Marks, *limits: int) -> Any:
    """A text of some length, or something else."""
    kind = draw(st.sampled_from(["short", "null", "missing", "long", "odd"]))
    if kind == "long":
        return marks.text(draw(st.sampled_from(limits)) + draw(st.integers(0, 3)))
    return {"short": marks.text(), "null": None, "missing": MISSING, "odd": draw(values(marks))}[kind]


MISSING = object()


@st.composite
def metadatas(draw: st.DrawFn, marks: Marks) -> Any:
    """Metadata; of the right kind, too much, or wrong."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.one_of(st.just(MISSING), st.none(), values(marks)))
    made: dict[str, Any] = {}
    for _ in range(draw(st.sampled_from([0, 1, 3, 14, 16, 20]))):
        key = draw(st.sampled_from([marks.text(), marks.text(), marks.text(66), f"v1_{marks.text()}"]))
        made[key] = draw(st.one_of(st.just(marks.text()), st.just(marks.text(600)), values(marks)))
    if draw(st.booleans()):
        made["v1_id"] = marks.text()
    return made


@st.composite
def extras(draw: st.DrawFn, marks: Marks) -> dict[str, Any]:
    """Fields that nobody knows."""
    return {marks.text(): draw(values(marks)) for _ in range(draw(st.integers(0, 2)))}


@st.composite
def id_lists(draw: st.DrawFn, marks: Marks) -> Any:
    """Ids of files."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.one_of(st.just(MISSING), st.none(), values(marks)))
    ids: list[Any] = [f"file-{marks.text()}" for _ in range(draw(st.sampled_from([0, 1, 2, 10, 23])))]
    if ids and draw(st.booleans()):
        ids.append(ids[0])
    if draw(st.integers(0, 5)) == 0:
        ids.append(draw(values(marks)))
    return ids


@st.composite
def tools(draw: st.DrawFn, marks: Marks) -> Any:
    """Tools."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.one_of(st.just(MISSING), st.none(), values(marks)))
    made: list[Any] = []
    for _ in range(draw(st.sampled_from([0, 1, 2, 4, 130]))):
        kind = draw(st.sampled_from(["retrieval", "code_interpreter", "function", "odd"]))
        if kind == "odd":
            made.append(draw(values(marks)))
        elif kind == "function":
            parameters = {"type": "object", "properties": {marks.text(): {"type": "string"}}}
            function = {"name": f"f{marks.number()}", "description": marks.text(), "parameters": parameters}
            made.append({"type": "function", "function": function | draw(extras(marks))} | draw(extras(marks)))
        else:
            made.append({"type": kind} | draw(extras(marks)))
    return made


@st.composite
def contents(draw: st.DrawFn, marks: Marks) -> Any:
    """Parts of a message."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.one_of(st.just(MISSING), st.none(), values(marks)))
    made: list[Any] = []
    for _ in range(draw(st.integers(0, 3))):
        kind = draw(st.sampled_from(["text", "text", "image_file", "odd", "image_url"]))
        if kind == "text":
            value = draw(st.one_of(st.just(marks.text()), st.just(marks.text(256_002)), st.just(""), values(marks)))
            annotation = {**CITATION, "text": marks.text(), "file_citation": {"file_id": marks.text(), "quote": "q"}}
            annotations = draw(st.sampled_from([[], None, [annotation], [annotation, marks.text()]]))
            inner = {"value": value, "annotations": annotations} | draw(extras(marks))
            made.append({"type": "text", "text": inner} | draw(extras(marks)))
        elif kind == "odd":
            made.append(draw(values(marks)))
        else:
            inner = {"file_id": marks.text()} | draw(extras(marks))
            made.append({"type": kind, kind: inner} | draw(extras(marks)))
    return made


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not MISSING}


@st.composite
def assistants(draw: st.DrawFn) -> dict[str, Any]:
    """Assistants as odd servers and old prints have them."""
    marks = Marks()
    return draw(extras(marks)) | _present(
        {
            "id": f"asst_{marks.text()}",
            "object": draw(st.sampled_from(["assistant", None, MISSING])),
            "created_at": draw(st.sampled_from([marks.number(), float(marks.number()), None, MISSING, marks.text()])),
            "name": draw(texts(marks, 256)),
            "description": draw(texts(marks, 512)),
            "model": marks.text(),
            "instructions": draw(texts(marks, 32_768, 256_000)),
            "tools": draw(tools(marks)),
            "file_ids": draw(id_lists(marks)),
            "metadata": draw(metadatas(marks)),
        }
    )


@st.composite
def messages(draw: st.DrawFn, shared: Marks | None = None, thread_id: str = "thread_1") -> dict[str, Any]:
    """Messages as odd servers and old prints have them."""
    marks = shared or Marks()
    return draw(extras(marks)) | _present(
        {
            "id": f"msg_{marks.text()}",
            "object": draw(st.sampled_from(["thread.message", MISSING])),
            "created_at": draw(st.sampled_from([marks.number(), None, MISSING])),
            "thread_id": draw(st.sampled_from([thread_id, None, MISSING])),
            "role": draw(st.sampled_from(["user", "assistant", marks.text(), MISSING])),
            "content": draw(contents(marks)),
            "file_ids": draw(id_lists(marks)),
            "assistant_id": draw(texts(marks, 64)),
            "run_id": draw(texts(marks, 64)),
            "metadata": draw(metadatas(marks)),
            "status": draw(st.sampled_from(["completed", marks.text(), None, MISSING])),
            "incomplete_details": draw(st.sampled_from([None, MISSING, {"reason": marks.text()}])),
            "completed_at": draw(st.sampled_from([marks.number(), None, MISSING])),
        }
    )


@st.composite
def threads(draw: st.DrawFn) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A thread and its messages."""
    marks = Marks()
    fields = _present(
        {
            "id": "thread_1",
            "object": draw(st.sampled_from(["thread", MISSING])),
            "created_at": draw(st.sampled_from([marks.number(), None])),
            "metadata": draw(metadatas(marks)),
        }
    )
    return draw(extras(marks)) | fields, draw(st.lists(messages(marks), max_size=3))
