"""Messages."""

from __future__ import annotations

from typing import Final

from ..errors import ApiError
from ..runs import lifecycle
from ..spec import JsonObject
from ..store import records
from ..store.records import Window
from ..store.tables import messages, threads
from . import Call, deleted, handles, merge, require_files
from .attachments import attach

MAX_CONTENT: Final = 256_000


@handles("createMessage")
def create(call: Call) -> JsonObject:
    """Add a message, unless a run works on the thread."""
    thread_id = call.path["thread_id"]
    records.get(call.tx, threads, thread_id)
    if (run_id := lifecycle.active_run(call.tx, thread_id)) is not None:
        raise ApiError(f"Can't add messages to {thread_id} while a run {run_id} is active.")
    return add_message(call, thread_id, call.body)


@handles("getMessage")
def retrieve(call: Call) -> JsonObject:
    """One message."""
    return _message(call)


@handles("modifyMessage")
def update(call: Call) -> JsonObject:
    """Change metadata."""
    return records.put(call.tx, messages, merge(_message(call), call.body))


@handles("deleteMessage")
def delete(call: Call) -> JsonObject:
    """Delete a message."""
    message_id: str = _message(call)["id"]
    records.remove(call.tx, messages, message_id)
    return deleted(message_id, "thread.message.deleted")


@handles("listMessages")
def list_all(call: Call) -> JsonObject:
    """A page of messages, of one run if that is asked for."""
    thread_id = call.path["thread_id"]
    records.get(call.tx, threads, thread_id)
    only = {"run_id": call.query["run_id"]} if call.query.get("run_id") else {}
    return records.page(call.tx, messages, Window.of(call.query), thread_id=thread_id, **only)


def add_message(call: Call, thread_id: str, body: JsonObject, *, path: str = "") -> JsonObject:
    """Store a message as a caller sends it; the thread's tools get the files that are attached for them."""
    tx = call.tx
    content = _content(body["content"], path)
    attachments: list[JsonObject] = body.get("attachments") or []
    images = [block["image_file"]["file_id"] for block in content if block["type"] == "image_file"]
    require_files(tx, [*images, *(each["file_id"] for each in attachments if each.get("file_id"))])
    if attachments:
        attach(call, thread_id, attachments, path=path)
    message: JsonObject = {
        "id": tx.ids.new("msg_"),
        "object": "thread.message",
        "created_at": tx.now,
        "thread_id": thread_id,
        "status": "completed",
        "incomplete_details": None,
        "completed_at": tx.now,
        "incomplete_at": None,
        "role": body["role"],
        "content": content,
        "assistant_id": None,
        "run_id": None,
        "attachments": attachments,
        "metadata": body.get("metadata") or {},
    }
    return records.add(tx, messages, message, thread_id=thread_id, run_id=None, status=message["status"])


def _message(call: Call) -> JsonObject:
    records.get(call.tx, threads, call.path["thread_id"])
    return records.read(call.tx, messages, call.path["message_id"], thread_id=call.path["thread_id"])


def _content(content: str | list[JsonObject], path: str) -> list[JsonObject]:
    """What was sent as blocks, the way they are answered: text with annotations, images with their detail."""
    blocks: list[JsonObject] = [{"type": "text", "text": content}] if isinstance(content, str) else content
    normal: list[JsonObject] = []
    for block in blocks:
        if block["type"] == "text":
            text: str = block["text"]
            if not text:
                raise ApiError("Message content must be non-empty.", param=f"{path}content")
            if len(text) > MAX_CONTENT:
                raise ApiError(
                    f"Invalid '{path}content': string too long. Expected a string with maximum length {MAX_CONTENT}, "
                    f"but got a string with length {len(text)} instead.",
                    param=f"{path}content",
                    code="string_above_max_length",
                )
            normal.append({"type": "text", "text": {"value": text, "annotations": []}})
        else:
            kind: str = block["type"]
            normal.append({"type": kind, kind: {"detail": "auto"} | block[kind]})
    return normal
