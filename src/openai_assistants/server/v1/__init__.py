"""Version 1 of the API over the same store: version 2 does the work, within the same transaction, and what came of it
is shown as version 1 has it.

`retrieval` is file search, the `file_ids` of an assistant are the files of its vector store and of the code
interpreter, those of a message its attachments. There is no second state: what one version changes, the other sees.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Final, TypeAlias

from ..handlers import HANDLERS as NEWEST, Answer, Call, Handler, deleted
from ..spec import ApiError, JsonObject, not_found
from ..store import Tx, records
from ..store.records import Window
from ..store.tables import assistants, messages, threads
from . import views
from .views import Events as Events, Place

Shown: TypeAlias = Callable[[Tx, Sequence[JsonObject]], list[JsonObject]]


# How objects look.


def _assistants(tx: Tx, found: Sequence[JsonObject]) -> list[JsonObject]:
    return [views.assistant(data, ids) for data, ids in zip(found, views.first_ids(tx, found), strict=True)]


def _threads(tx: Tx, found: Sequence[JsonObject]) -> list[JsonObject]:
    return [views.thread(data) for data in found]


def _messages(tx: Tx, found: Sequence[JsonObject]) -> list[JsonObject]:
    known = views.quotes_of_messages(tx, found)
    nothing = views.Quotes()
    return [views.message(data, known.get(data["run_id"], nothing).of) for data in found]


def _runs(tx: Tx, found: Sequence[JsonObject]) -> list[JsonObject]:
    ids = views.of_runs(tx, [data["id"] for data in found])
    return [views.run(data, ids[data["id"]]) for data in found]


def _steps(tx: Tx, found: Sequence[JsonObject]) -> list[JsonObject]:
    return [views.step(data) for data in found]


def _as_shown(call: Call, answer: Answer, shown: Shown) -> Answer:
    if not isinstance(answer, dict):
        return answer  # a stream, whose events are shown one by one
    if answer["object"] == "list":
        return answer | {"data": shown(call.tx, answer["data"])}
    return shown(call.tx, [answer])[0]


def _same(operation_id: str, shown: Shown) -> Handler:
    """An operation whose request is the same in both versions."""
    return lambda call: _as_shown(call, NEWEST[operation_id](call), shown)


# Assistants.


def create_assistant(call: Call) -> Answer:
    """A new assistant, with a vector store for its files if it is to look things up in them."""
    body = _without_files(call.body)
    body["tools"] = views.tools_body(call.body.get("tools", ()))
    body["tool_resources"] = views.for_new(call, body["tools"], call.body.get("file_ids", ()))
    return _as_shown(call, NEWEST["createAssistant"](replace(call, body=body)), _assistants)


def update_assistant(call: Call) -> Answer:
    """Change the fields that are given; files go with the tools that read them."""
    body = _without_files(call.body)
    if call.body.keys() & {"tools", "file_ids"}:
        assistant = _assistant(call)
        body["tools"] = (
            views.tools_body(call.body["tools"], assistant["tools"]) if "tools" in body else assistant["tools"]
        )
        body["tool_resources"] = views.for_tools(call, assistant, body["tools"], call.body.get("file_ids"))
    return _as_shown(call, NEWEST["modifyAssistant"](replace(call, body=body)), _assistants)


def delete_assistant(call: Call) -> Answer:
    """Delete an assistant, and the vector store that version 1 has made for it."""
    views.drop_store(call, _assistant(call))
    return NEWEST["deleteAssistant"](call)


def _assistant(call: Call) -> JsonObject:
    return records.read(call.tx, assistants, call.path["assistant_id"])


def _without_files(body: JsonObject) -> JsonObject:
    return {name: value for name, value in body.items() if name != "file_ids"}


# Their files.


def attach(call: Call) -> JsonObject:
    """Attach a file to an assistant; one that is there already stays as it is."""
    assistant, file_id = _assistant(call), call.body["file_id"]
    [own] = views.attached(call.tx, [assistant])
    there = [each.id for each in own]
    if file_id not in there and len(there) == views.MOST_FILES:
        raise ApiError(
            f"Assistant {assistant['id']} has {len(there)} files, which is as many as it can have. "
            "Detach one of them first.",
            param="file_id",
            code="array_above_max_length",
        )
    return _attached(call.tx, views.change(call, assistant, [*there, file_id]), file_id)


def retrieve_attached(call: Call) -> JsonObject:
    """One file of an assistant."""
    return _attached(call.tx, _assistant(call), call.path["file_id"])


def detach(call: Call) -> JsonObject:
    """Detach a file from an assistant; the file itself stays."""
    assistant, file_id = _assistant(call), call.path["file_id"]
    _attached(call.tx, assistant, file_id)
    [own] = views.attached(call.tx, [assistant])
    views.change(call, assistant, [each.id for each in own if each.id != file_id])
    return deleted(file_id, "assistant.file.deleted")


def list_attached(call: Call) -> JsonObject:
    """A page of the files of an assistant, in the order in which they were attached."""
    assistant = _assistant(call)
    [own] = views.attached(call.tx, [assistant])
    items = [(each.place, _assistant_file(assistant, each)) for each in own]
    return _page(items, Window.of(call.query), lambda file_id: views.place_of(call.tx, assistant, file_id))


def _attached(tx: Tx, assistant: JsonObject, file_id: str) -> JsonObject:
    [own] = views.attached(tx, [assistant])
    for each in own:
        if each.id == file_id:
            return _assistant_file(assistant, each)
    raise not_found("file", file_id)


def _assistant_file(assistant: JsonObject, file: views.Attached) -> JsonObject:
    # It was attached after both were there.
    return views.assistant_file(assistant["id"], file.id, max(assistant["created_at"], file.created_at))


def _page(
    items: Iterable[tuple[Place, JsonObject]], window: Window, place_of: Callable[[str], Place | None]
) -> JsonObject:
    """The window of a list of files, as `records.page` has it: `before` gives the items just before that one.

    Args:
        items: All items, with what sorts them.
        window: What of them is wanted.
        place_of: The place of an item of this id, also of one that is in the list no more.
    """
    backward = window.before is not None and window.after is None
    ordered = sorted(items, key=lambda item: item[0], reverse=window.order != "asc")

    def is_behind(place: Place, other: Place) -> bool:
        return place > other if window.order == "asc" else place < other

    def cursor(file_id: str, name: str) -> Place:
        place = place_of(file_id)
        if place is None:
            raise ApiError(not_found("file", file_id).message, param=name)
        return place

    if window.after is not None:
        start = cursor(window.after, "after")
        ordered = [item for item in ordered if is_behind(item[0], start)]
    if window.before is not None:
        end = cursor(window.before, "before")
        ordered = [item for item in ordered if is_behind(end, item[0])]
    data = [item for _, item in (ordered[-window.limit :] if backward else ordered[: window.limit])]
    return {
        "object": "list",
        "data": data,
        "first_id": data[0]["id"] if data else None,
        "last_id": data[-1]["id"] if data else None,
        "has_more": len(ordered) > window.limit,
    }


# Threads and messages.


def create_thread(call: Call) -> Answer:
    """A new thread, with messages if some are given."""
    with _naming_files():
        answer = NEWEST["createThread"](replace(call, body=_thread_body(call, call.body)))
    return _as_shown(call, answer, _threads)


def delete_thread(call: Call) -> Answer:
    """Delete a thread, and the vector store that version 1 has made for it."""
    views.drop_store(call, records.read(call.tx, threads, call.path["thread_id"]))
    return NEWEST["deleteThread"](call)


def create_message(call: Call) -> Answer:
    """Add a message; its files go to the tools of the thread."""
    thread, body = records.read(call.tx, threads, call.path["thread_id"]), views.message_body(call.body)
    resources = views.for_thread(call, thread, [body])
    if resources != thread["tool_resources"]:
        records.put(call.tx, threads, thread | {"tool_resources": resources})
    with _naming_files():
        answer = NEWEST["createMessage"](replace(call, body=body))
    return _as_shown(call, answer, _messages)


def _thread_body(call: Call, body: JsonObject) -> JsonObject:
    body = views.thread_body(body)
    return body | {"tool_resources": views.for_thread(call, {}, body.get("messages", ()))}


def retrieve_message_file(call: Call) -> JsonObject:
    """One file of a message."""
    message, file_id = _message(call), call.path["file_id"]
    if file_id not in views.files_of(message):
        raise not_found("file", file_id)
    return views.message_file(message, file_id)


def list_message_files(call: Call) -> JsonObject:
    """A page of the files of a message."""
    message = _message(call)
    places = {file_id: (0, number) for number, file_id in enumerate(views.files_of(message))}
    items = [(place, views.message_file(message, file_id)) for file_id, place in places.items()]
    return _page(items, Window.of(call.query), places.get)


def _message(call: Call) -> JsonObject:
    records.get(call.tx, threads, call.path["thread_id"])
    return records.read(call.tx, messages, call.path["message_id"], thread_id=call.path["thread_id"])


@contextmanager
def _naming_files() -> Generator[None]:
    """What is said of attachments is about files here."""
    try:
        yield
    except ApiError as error:
        if error.param is not None:
            error.param = error.param.replace("attachments", "file_ids")
        raise


# Runs.


def create_run(call: Call) -> Answer:
    """Start a run on a thread."""
    records.get(call.tx, threads, call.path["thread_id"])
    return _run(call, "createRun")


def create_thread_and_run(call: Call) -> Answer:
    """Create a thread and start a run on it."""
    return _run(call, "createThreadAndRun")


def _run(call: Call, operation_id: str) -> Answer:
    assistant = records.read(call.tx, assistants, call.body["assistant_id"], only_look=True)
    body = views.run_body(call.body, assistant["tools"])
    if "thread" in body:
        body["thread"] = _thread_body(call, body["thread"])
    views.fit(call, assistant, body.get("tools") or ())
    with _naming_files():
        answer = NEWEST[operation_id](replace(call, body=body))
    return _as_shown(call, answer, _runs)


HANDLERS: Final[dict[str, Handler]] = {
    "listAssistants": _same("listAssistants", _assistants),
    "createAssistant": create_assistant,
    "getAssistant": _same("getAssistant", _assistants),
    "modifyAssistant": update_assistant,
    "deleteAssistant": delete_assistant,
    "listAssistantFiles": list_attached,
    "createAssistantFile": attach,
    "getAssistantFile": retrieve_attached,
    "deleteAssistantFile": detach,
    "createThread": create_thread,
    "getThread": _same("getThread", _threads),
    "modifyThread": _same("modifyThread", _threads),
    "deleteThread": delete_thread,
    "listMessages": _same("listMessages", _messages),
    "createMessage": create_message,
    "getMessage": _same("getMessage", _messages),
    "modifyMessage": _same("modifyMessage", _messages),
    "listMessageFiles": list_message_files,
    "getMessageFile": retrieve_message_file,
    "listRuns": _same("listRuns", _runs),
    "createRun": create_run,
    "createThreadAndRun": create_thread_and_run,
    "getRun": _same("getRun", _runs),
    "modifyRun": _same("modifyRun", _runs),
    "cancelRun": _same("cancelRun", _runs),
    "submitToolOuputsToRun": _same("submitToolOuputsToRun", _runs),
    "listRunSteps": _same("listRunSteps", _steps),
    "getRunStep": _same("getRunStep", _steps),
}
"""By the spec's operationIds."""
