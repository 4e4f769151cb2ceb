"""Answers of version 1 of the API in the shapes in which its documents print them, nulls and missing keys and all.

By operation, each with the class of what it answers or lists.
"""

from __future__ import annotations

from typing import Any

NOW = 1_700_000_000


def page(*items: dict[str, Any], last_id: str | None = None) -> dict[str, Any]:
    """A list of objects."""
    last = items[-1]["id"] if last_id is None else last_id
    return {"object": "list", "data": list(items), "first_id": items[0]["id"], "last_id": last, "has_more": False}


def assistant(**changes: Any) -> dict[str, Any]:
    """An assistant; of description there is never any."""
    defaults = {
        "id": "asst_1",
        "object": "assistant",
        "created_at": NOW,
        "name": "Gardener",
        "description": None,
        "model": "gpt-4",
        "instructions": "You know all plants of the garden.",
        "tools": [],
        "file_ids": [],
        "metadata": {},
    }
    return defaults | changes


def thread(**metadata: str) -> dict[str, Any]:
    """A thread."""
    return {"id": "thread_1", "object": "thread", "created_at": NOW, "metadata": metadata}


def message(**changes: Any) -> dict[str, Any]:
    """A message of somebody who asks."""
    defaults = {
        "id": "msg_1",
        "object": "thread.message",
        "created_at": NOW,
        "thread_id": "thread_1",
        "role": "user",
        "content": [{"type": "text", "text": {"value": "When do tulips flower?", "annotations": []}}],
        "file_ids": [],
        "assistant_id": None,
        "run_id": None,
        "metadata": {},
    }
    return defaults | changes


def run(**changes: Any) -> dict[str, Any]:
    """A run that has ended: it has no `required_action`, and `expires_at` and `instructions` are null."""
    defaults = {
        "id": "run_1",
        "object": "thread.run",
        "created_at": NOW,
        "assistant_id": "asst_1",
        "thread_id": "thread_1",
        "status": "completed",
        "started_at": NOW,
        "expires_at": None,
        "cancelled_at": None,
        "failed_at": None,
        "completed_at": NOW + 9,
        "last_error": None,
        "model": "gpt-4",
        "instructions": None,
        "tools": [{"type": "code_interpreter"}],
        "file_ids": ["file-1", "file-2"],
        "metadata": {},
        "usage": {"prompt_tokens": 20, "completion_tokens": 7, "total_tokens": 27},
    }
    return defaults | changes


def waiting_run(**changes: Any) -> dict[str, Any]:
    """A run that has not ended."""
    begun = {"expires_at": NOW + 600, "completed_at": None, "instructions": "Be brief.", "file_ids": [], "usage": None}
    return run(**{"status": "queued", "tools": [], **begun, **changes})


def step(**changes: Any) -> dict[str, Any]:
    """A step, which has no metadata."""
    defaults = {
        "id": "step_1",
        "object": "thread.run.step",
        "created_at": NOW,
        "run_id": "run_1",
        "assistant_id": "asst_1",
        "thread_id": "thread_1",
        "type": "message_creation",
        "status": "completed",
        "cancelled_at": None,
        "completed_at": NOW,
        "expired_at": None,
        "failed_at": None,
        "last_error": None,
        "step_details": {"type": "message_creation", "message_creation": {"message_id": "msg_1"}},
        "usage": {"prompt_tokens": 20, "completion_tokens": 7, "total_tokens": 27},
    }
    return defaults | changes


def assistant_file(id: str = "file-1") -> dict[str, Any]:
    """A file of an assistant."""
    return {"id": id, "object": "assistant.file", "created_at": NOW, "assistant_id": "asst_1"}


def message_file(**more: Any) -> dict[str, Any]:
    """A file of a message."""
    return {"id": "file-1", "object": "thread.message.file", "created_at": NOW, "message_id": "msg_1", **more}


def deleted(id: str, kind: str) -> dict[str, Any]:
    """What is left of an object."""
    return {"id": id, "object": f"{kind}.deleted", "deleted": True}


HELPER = assistant(tools=[{"type": "retrieval"}], file_ids=["file-1"])
WATERING = {
    "type": "function",
    "function": {
        "name": "water",
        "description": "Water a bed.",
        "parameters": {
            "type": "object",
            "properties": {
                "bed": {"type": "string", "description": "Name of the bed"},
                "unit": {"type": "string", "enum": ["l", "gal"]},
            },
            "required": ["bed"],
        },
    },
}

ANSWERS: list[tuple[str, str, dict[str, Any]]] = [
    ("listAssistants", "Assistant", page(assistant(), assistant(id="asst_2", name=None, instructions=None))),
    ("createAssistant", "Assistant", assistant(tools=[{"type": "code_interpreter"}])),
    ("createAssistant", "Assistant", HELPER),
    ("getAssistant", "Assistant", HELPER),
    ("modifyAssistant", "Assistant", HELPER | {"file_ids": ["file-1", "file-2"]}),
    ("deleteAssistant", "AssistantDeleted", deleted("asst_1", "assistant")),
    ("listAssistantFiles", "AssistantFile", page(assistant_file(), assistant_file("file-2"))),
    ("createAssistantFile", "AssistantFile", assistant_file()),
    ("getAssistantFile", "AssistantFile", assistant_file()),
    ("deleteAssistantFile", "AssistantFileDeleted", deleted("file-1", "assistant.file")),
    ("createThread", "Thread", thread()),
    ("getThread", "Thread", thread()),
    ("modifyThread", "Thread", thread(modified="true", user="u1")),
    ("deleteThread", "ThreadDeleted", deleted("thread_1", "thread")),
    ("listMessages", "Message", page(message(), message(id="msg_2", file_ids=["file-1"]))),
    ("createMessage", "Message", message()),
    ("getMessage", "Message", message()),
    ("getMessage", "Message", message(role="assistant", assistant_id="asst_1", run_id="run_1")),
    ("modifyMessage", "Message", message(metadata={"modified": "true", "user": "u1"})),
    ("listMessageFiles", "MessageFile", page(message_file(), message_file())),
    ("getMessageFile", "MessageFile", message_file()),
    ("getMessageFile", "MessageFile", message_file(file_id="file-1")),
    ("createThreadAndRun", "Run", waiting_run(started_at=None)),
    ("listRuns", "Run", page(run(), run(id="run_2"))),
    ("createRun", "Run", run(status="queued", usage=None)),
    ("getRun", "Run", run()),
    ("getRun", "Run", run(tools=[{"type": "retrieval"}, {"type": "code_interpreter"}], file_ids=[])),
    ("modifyRun", "Run", run(metadata={"user_id": "u1"})),
    ("submitToolOuputsToRun", "Run", waiting_run(tools=[WATERING])),
    ("cancelRun", "Run", waiting_run(status="cancelling", tools=[{"type": "retrieval"}])),
    ("listRunSteps", "RunStep", page(step(), last_id="step_9")),
    ("getRunStep", "RunStep", step()),
]
