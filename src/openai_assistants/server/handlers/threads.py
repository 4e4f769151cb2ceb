"""Assistants with the checks of their tools, the models of this server, threads, their messages with attachments,
their runs and the steps of these."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from ..runs import INCLUDE_CONTENT, lifecycle, shown_step
from ..runs.events import Draft
from ..runs.lifecycle import LoadedRun
from ..spec import ApiError, JsonObject, child, is_object
from ..store import Tx, dumps, records
from ..store.records import Window, visible
from ..store.tables import assistants, members, messages, runs, steps, threads, vector_stores
from ..vector_stores import stores
from . import Answer, Call, StreamAnswer, deleted, handles, merge, require_files, tool_resources

# Assistants, the checks of the tools that they and runs have, and models: the routes of this server and the names
# that are in use.

_DEFAULTS: Final[JsonObject] = {
    "name": None,
    "description": None,
    "instructions": None,
    "tools": [],
    "tool_resources": {},
    "metadata": {},
    "temperature": 1.0,
    "top_p": 1.0,
    "response_format": "auto",
    "reasoning_effort": None,
}

_NAME: Final = r"^[a-zA-Z0-9_-]+$"
_MAX_NAME: Final = 64
_LONGEST_MODEL: Final = 256


@handles("createAssistant")
def create_assistant(call: Call) -> JsonObject:
    """A new assistant."""
    empty: JsonObject = {
        "id": call.tx.ids.new("asst_"),
        "object": "assistant",
        "created_at": call.tx.now,
        "model": call.body["model"],
    }
    data = _normal(merge(empty | _DEFAULTS, _with_resources(call), _DEFAULTS))
    return records.add(call.tx, assistants, data, model=data["model"])


@handles("getAssistant")
def retrieve_assistant(call: Call) -> JsonObject:
    """One assistant."""
    return records.read(call.tx, assistants, call.path["assistant_id"])


@handles("modifyAssistant")
def update_assistant(call: Call) -> JsonObject:
    """Change the fields that are given."""
    current = records.read(call.tx, assistants, call.path["assistant_id"])
    data = _normal(merge(current, _with_resources(call), _DEFAULTS | {"model": current["model"]}))
    return records.put(call.tx, assistants, data, model=data["model"])


@handles("deleteAssistant")
def delete_assistant(call: Call) -> JsonObject:
    """Delete an assistant; its runs stay."""
    assistant_id = call.path["assistant_id"]
    records.get(call.tx, assistants, assistant_id)
    records.remove(call.tx, assistants, assistant_id)
    return deleted(assistant_id, "assistant.deleted")


@handles("listAssistants")
def list_assistants(call: Call) -> JsonObject:
    """A page of assistants."""
    return records.page(call.tx, assistants, Window.of(call.query))


def normal_tools(tools: list[Any] | None) -> list[JsonObject]:
    """Tools as the API answers them: a function says whether it is strict."""
    return [
        tool | {"function": {"strict": False} | tool["function"]} if tool["type"] == "function" else tool
        for tool in tools or ()
    ]


def _with_resources(call: Call) -> JsonObject:
    """The body, looked through, its vector stores created."""
    check_tools(call.body)
    if not call.body.get("tool_resources"):
        return call.body
    return call.body | {"tool_resources": tool_resources(call, call.body)}


def _normal(data: JsonObject) -> JsonObject:
    return data | {"tools": normal_tools(data["tools"])}


# What a schema cannot say, or says in its text only, about the tools and formats that a request gives.


def check_tools(body: JsonObject) -> None:
    """Refuse functions and formats whose names models could not use, and parameters that are no object."""
    for index, tool in enumerate(body.get("tools") or ()):
        if tool["type"] == "function":
            path = f"tools[{index}].function"
            _check_name(tool["function"]["name"], f"{path}.name")
            _check_parameters(tool["function"], f"{path}.parameters")
    wanted = body.get("response_format")
    if is_object(wanted) and wanted["type"] == "json_schema":
        _check_name(wanted["json_schema"]["name"], "response_format.json_schema.name")


def check_choice(choice: str | JsonObject, tools: list[JsonObject]) -> None:
    """Refuse a choice of a tool that the run does not have."""
    if not is_object(choice):
        return
    kind = str(choice["type"])
    if kind != "function":
        if not any(tool["type"] == kind for tool in tools):
            raise ApiError(
                f"Invalid 'tool_choice': the run has no tool of the type '{kind}'.",
                param="tool_choice",
                code="invalid_value",
            )
        return
    if "function" not in choice:
        raise ApiError(
            "Missing required parameter: 'tool_choice.function'.",
            param="tool_choice.function",
            code="missing_required_parameter",
        )
    name: Any = choice["function"]["name"]
    if not any(child(tool, "function").get("name") == name for tool in tools):
        raise ApiError(
            f"Invalid 'tool_choice': the run has no function named '{name}'.", param="tool_choice", code="invalid_value"
        )


def _check_name(name: str, path: str) -> None:
    if not name:
        raise ApiError(
            f"Invalid '{path}': empty string. Expected a string with minimum length 1, but got an empty string "
            "instead.",
            param=path,
            code="empty_string",
        )
    if len(name) > _MAX_NAME:
        raise ApiError(
            f"Invalid '{path}': string too long. Expected a string with maximum length {_MAX_NAME}, "
            f"but got a string with length {len(name)} instead.",
            param=path,
            code="string_above_max_length",
        )
    if re.fullmatch(_NAME, name) is None:
        raise ApiError(
            f"Invalid '{path}': string does not match pattern. Expected a string that matches the pattern '{_NAME}'.",
            param=path,
            code="invalid_value",
        )


def _check_parameters(function: JsonObject, path: str) -> None:
    kind = child(function, "parameters").get("type", "object")
    if kind != "object":
        raise ApiError(
            f"Invalid schema for function '{function['name']}': schema must be a JSON Schema of 'type: \"object\"', "
            f"got 'type: \"{kind}\"'.",
            param=path,
            code="invalid_function_parameters",
        )


# Models.


@handles("listModels")
def list_models(call: Call) -> JsonObject:
    """Every route that is a name, not a pattern, and every name that an assistant or a run uses, unless it is longer
    than any model's: this list has no pages."""
    names = call.service.routes.names()
    for table in (assistants, runs):
        is_shown = table.c.deleted.is_(False), func.length(table.c.model) <= _LONGEST_MODEL
        query = select(table.c.model).where(*is_shown, *visible(call.tx, table))
        names.extend(call.tx.connection.scalars(query.distinct().order_by(table.c.model)))
    return {"object": "list", "data": [_model(call, name) for name in dict.fromkeys(names)]}


@handles("retrieveModel")
def retrieve_model(call: Call) -> JsonObject:
    """What answers for a name; every name is answered by something."""
    return _model(call, call.path["model"])


@handles("deleteModel")
def delete_model(call: Call) -> JsonObject:
    """Refused: like the API's base models, these are not the caller's."""
    raise ApiError(
        f"The model '{call.path['model']}' is a base model. Only fine-tuned models can be deleted.",
        status=403,
        param="model",
    )


def _model(call: Call, name: str) -> JsonObject:
    return {
        "id": name,
        "object": "model",
        "created": call.service.started_at,
        "owned_by": f"openai-assistants:{call.service.routes.model_named(name).name}",
    }


# Threads, their messages with attachments, their runs and the steps of these.

MAX_CONTENT: Final = 256_000

UNUSED_FOR_A_WEEK: Final = {"anchor": "last_active_at", "days": 7}
"""When a vector store expires that was created along with its thread."""

_MOST_FILES: Final = 20


@handles("createThread")
def create_thread(call: Call) -> JsonObject:
    """A new thread, with messages if some are given."""
    return add_thread(call, call.body)


@handles("getThread")
def retrieve_thread(call: Call) -> JsonObject:
    """One thread."""
    return records.read(call.tx, threads, call.path["thread_id"])


@handles("modifyThread")
def update_thread(call: Call) -> JsonObject:
    """Change metadata or tool resources."""
    row = records.get(call.tx, threads, call.path["thread_id"])
    tool_resources(call, call.body)
    return records.put(call.tx, threads, merge(row.data, call.body, {"tool_resources": {}}))


@handles("deleteThread")
def delete_thread(call: Call) -> JsonObject:
    """Delete a thread with its messages and runs; a run that is active just ends."""
    tx, thread_id = call.tx, call.path["thread_id"]
    records.get(tx, threads, thread_id)
    for run_id in lifecycle.forget(tx, call.service.feed, thread_id):
        tx.after_commit(partial(call.service.engine.abandon, run_id))
    tx.connection.execute(
        update(messages).where(messages.c.thread_id == thread_id).values(deleted=True, data={}, status="deleted")
    )
    records.remove(tx, threads, thread_id)
    tx.after_commit(partial(call.service.engine.forget_thread, thread_id))
    return deleted(thread_id, "thread.deleted")


def add_thread(call: Call, body: JsonObject) -> JsonObject:
    """Store a new thread and its first messages. A vector store that is created along with it expires when nobody has
    used it for a week."""
    tx = call.tx
    thread: JsonObject = {
        "id": tx.ids.new("thread_"),
        "object": "thread",
        "created_at": tx.now,
        "metadata": body.get("metadata") or {},
        "tool_resources": tool_resources(call, body, expires_after=UNUSED_FOR_A_WEEK),
    }
    records.add(tx, threads, thread)
    add_messages(call, thread["id"], body.get("messages") or (), path="messages")
    return records.read(tx, threads, thread["id"])


# Messages.


@handles("createMessage")
def create_message(call: Call) -> JsonObject:
    """Add a message, unless a run works on the thread."""
    thread_id = call.path["thread_id"]
    records.get(call.tx, threads, thread_id)
    if (run_id := lifecycle.active_run(call.tx, thread_id)) is not None:
        raise ApiError(f"Can't add messages to {thread_id} while a run {run_id} is active.")
    return add_messages(call, thread_id, [call.body])[0]


@handles("getMessage")
def retrieve_message(call: Call) -> JsonObject:
    """One message."""
    return _message(call)


@handles("modifyMessage")
def update_message(call: Call) -> JsonObject:
    """Change metadata."""
    return records.put(call.tx, messages, merge(_message(call), call.body))


@handles("deleteMessage")
def delete_message(call: Call) -> JsonObject:
    """Delete a message."""
    message_id: str = _message(call)["id"]
    records.remove(call.tx, messages, message_id)
    return deleted(message_id, "thread.message.deleted")


@handles("listMessages")
def list_messages(call: Call) -> JsonObject:
    """A page of messages, of one run if that is asked for."""
    thread_id = call.path["thread_id"]
    records.get(call.tx, threads, thread_id)
    only = {"run_id": call.query["run_id"]} if call.query.get("run_id") else {}
    return records.page(call.tx, messages, Window.of(call.query), thread_id=thread_id, **only)


def add_messages(
    call: Call, thread_id: str, bodies: Sequence[JsonObject], *, path: str | None = None
) -> list[JsonObject]:
    """Store messages as a caller sends them, in a list of this name if there is one; the thread's tools get the files
    that are attached for them."""
    paths = (f"{path}[{index}]." if path else "" for index in range(len(bodies)))
    made = [_new_message(call, thread_id, body, path) for body, path in zip(bodies, paths, strict=True)]
    records.add_all(call.tx, messages, made, thread_id=thread_id, run_id=None, status="completed")
    return made


def _new_message(call: Call, thread_id: str, body: JsonObject, path: str) -> JsonObject:
    tx = call.tx
    content = _content(body["content"], path)
    attachments: list[JsonObject] = body.get("attachments") or []
    images = [block["image_file"]["file_id"] for block in content if block["type"] == "image_file"]
    require_files(tx, [*images, *(each["file_id"] for each in attachments if each.get("file_id"))])
    if attachments:
        attach(call, thread_id, attachments, path=path)
    return {
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


def attach(call: Call, thread_id: str, attachments: Sequence[JsonObject], *, path: str) -> None:
    """Give the attached files to the thread's tools: those for file search go into its vector store, which is created
    if there is none, those for the code interpreter into its list of files. The thread's `tool_resources` tell it."""
    thread = records.read(call.tx, threads, thread_id)
    resources: JsonObject = dict(thread["tool_resources"] or {})
    if searched := _files_for("file_search", attachments):
        store_id = _store_of(call.tx, resources)
        _put_in(call, store_id, searched)
        resources["file_search"] = {"vector_store_ids": [store_id]}
    if read := _files_for("code_interpreter", attachments):
        known: list[str] = child(resources, "code_interpreter").get("file_ids") or []
        file_ids = list(dict.fromkeys([*known, *read]))
        if len(file_ids) > _MOST_FILES:
            raise ApiError(
                f"A thread gives the code interpreter at most {_MOST_FILES} files; with these attachments it would "
                f"be {len(file_ids)}.",
                param=f"{path}attachments",
            )
        resources["code_interpreter"] = {"file_ids": file_ids}
    records.put(call.tx, threads, thread | {"tool_resources": resources})


def _files_for(tool: str, attachments: Sequence[JsonObject]) -> list[str]:
    return list(
        dict.fromkeys(
            each["file_id"]
            for each in attachments
            if each.get("file_id") and any(wanted["type"] == tool for wanted in each.get("tools") or ())
        )
    )


def _store_of(tx: Tx, resources: JsonObject) -> str:
    """The thread's vector store; a new one if it has none or lost it."""
    for store_id in child(resources, "file_search").get("vector_store_ids") or ():
        if records.find(tx, vector_stores, store_id) is not None:
            return str(stores.usable(tx, store_id)["id"])
    return str(stores.create(tx, {}, expires_after=UNUSED_FOR_A_WEEK)["id"])


def _put_in(call: Call, store_id: str, file_ids: list[str]) -> None:
    query = select(members.c.id).where(members.c.vector_store_id == store_id, members.c.deleted.is_(False))
    there = set(call.tx.connection.scalars(query.where(members.c.id.in_(file_ids))))
    new = [file_id for file_id in file_ids if file_id not in there]
    stores.add_members(call.tx, store_id, stores.same_for_all({"file_ids": new}))
    call.tx.after_commit(call.service.files_worker.wake)


# Runs and their steps.


@handles("createRun")
def create_run(call: Call) -> Answer:
    """Start a run on a thread."""
    thread_id = call.path["thread_id"]
    records.get(call.tx, threads, thread_id)
    assistant = _assistant(call)
    if (active := lifecycle.active_run(call.tx, thread_id)) is not None:
        raise ApiError(f"Thread {thread_id} already has an active run {active}.")
    add_messages(call, thread_id, call.body.get("additional_messages") or (), path="additional_messages")
    return _start(call, thread_id, assistant)


@handles("createThreadAndRun")
def create_thread_and_run(call: Call) -> Answer:
    """Create a thread and start a run on it."""
    assistant = _assistant(call)
    thread = add_thread(call, call.body.get("thread") or {})
    return _start(call, thread["id"], assistant, Draft("thread.created", dumps(thread), thread["id"]))


@handles("getRun")
def retrieve_run(call: Call) -> JsonObject:
    """One run."""
    return _load(call).data


@handles("modifyRun")
def update_run(call: Call) -> JsonObject:
    """Change metadata."""
    run = _load(call)
    run.data = merge(run.data, call.body)
    return run.save()


@handles("cancelRun")
def cancel_run(call: Call) -> JsonObject:
    """Begin to cancel a run."""
    run = _load(call)
    data = lifecycle.cancel(run)
    call.tx.after_commit(lambda: call.service.engine.settle_cancel(run.id))
    return data


@handles("submitToolOuputsToRun")
def submit_tool_outputs(call: Call) -> Answer:
    """Give a waiting run the outputs of its calls; it goes on."""
    run = _load(call)
    segment = lifecycle.submit(run, call.body["tool_outputs"])
    call.tx.after_commit(lambda: call.service.engine.launch(run.id))
    return StreamAnswer(run.id, segment) if call.body.get("stream") else run.data


@handles("listRuns")
def list_runs(call: Call) -> JsonObject:
    """A page of a thread's runs."""
    records.get(call.tx, threads, call.path["thread_id"])
    return records.page(call.tx, runs, Window.of(call.query), thread_id=call.path["thread_id"])


@handles("getRunStep")
def retrieve_step(call: Call) -> JsonObject:
    """One step."""
    step = records.read(call.tx, steps, call.path["step_id"], run_id=_load(call).id)
    return shown_step(step, content=_with_content(call))


@handles("listRunSteps")
def list_steps(call: Call) -> JsonObject:
    """A page of a run's steps."""
    page = records.page(call.tx, steps, Window.of(call.query), run_id=_load(call).id)
    return page | {"data": [shown_step(step, content=_with_content(call)) for step in page["data"]]}


def _with_content(call: Call) -> bool:
    return INCLUDE_CONTENT in call.query.get("include", ())


def _load(call: Call) -> LoadedRun:
    records.get(call.tx, threads, call.path["thread_id"])
    return lifecycle.load(call.tx, call.service.feed, call.path["run_id"], call.path["thread_id"])


def _assistant(call: Call) -> JsonObject:
    return records.read(call.tx, assistants, call.body["assistant_id"], only_look=True)


def _start(call: Call, thread_id: str, assistant: JsonObject, first: Draft | None = None) -> Answer:
    tx, service = call.tx, call.service
    private = {
        "reasoning_effort": call.body.get("reasoning_effort") or assistant.get("reasoning_effort"),
        "tool_resources": tool_resources(call, call.body) or assistant["tool_resources"],
        "include": call.query.get("include", []),
    }
    data = _new_run(call, thread_id, assistant)
    check_tools(call.body)
    check_choice(data["tool_choice"], data["tools"])
    if any(tool["type"] == "file_search" for tool in data["tools"]):
        thread = records.read(tx, threads, thread_id)
        for resources in (private["tool_resources"], thread["tool_resources"]):
            stores.touch(tx, child(resources or {}, "file_search").get("vector_store_ids") or ())
    try:
        run = lifecycle.create(tx, service.feed, data, private, worker=service.engine.worker, first=first)
    except IntegrityError:  # another worker was faster
        raise ApiError(f"Thread {thread_id} already has an active run.") from None
    tx.after_commit(lambda: service.engine.launch(run.id))
    return StreamAnswer(run.id, 0) if call.body.get("stream") else run.data


def _new_run(call: Call, thread_id: str, assistant: JsonObject) -> JsonObject:
    body, now = call.body, call.tx.now

    def chosen(name: str, default: Any = None) -> Any:
        value = body.get(name)
        if value is None:
            value = assistant.get(name)
        return default if value is None else value

    truncation = {"type": "auto", "last_messages": None} | child(body, "truncation_strategy")
    return {
        "id": call.tx.ids.new("run_"),
        "object": "thread.run",
        "created_at": now,
        "assistant_id": assistant["id"],
        "thread_id": thread_id,
        "status": "queued",
        "required_action": None,
        "last_error": None,
        "expires_at": now + call.service.settings.run_lifetime_seconds,
        "started_at": None,
        "cancelled_at": None,
        "failed_at": None,
        "completed_at": None,
        "incomplete_details": None,
        "model": chosen("model"),
        "instructions": _instructions(chosen("instructions", ""), body.get("additional_instructions")),
        "tools": normal_tools(chosen("tools", [])),
        "metadata": body.get("metadata") or {},
        "usage": None,
        "temperature": chosen("temperature", 1.0),
        "top_p": chosen("top_p", 1.0),
        "max_prompt_tokens": body.get("max_prompt_tokens"),
        "max_completion_tokens": body.get("max_completion_tokens"),
        "truncation_strategy": truncation,
        "tool_choice": body.get("tool_choice") or "auto",
        "parallel_tool_calls": body.get("parallel_tool_calls") is not False,
        "response_format": chosen("response_format", "auto"),
    }


def _instructions(instructions: str, additional: str | None) -> str:
    return "\n".join(each for each in (instructions, additional) if each)
