"""Runs and their steps."""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import IntegrityError

from ..errors import ApiError
from ..runs import calls, lifecycle
from ..runs.events import Draft
from ..runs.lifecycle import LoadedRun
from ..spec import JsonObject, child
from ..store import dumps, records
from ..store.records import Window
from ..store.tables import assistants, runs, steps, threads
from ..vector_stores import stores
from . import Answer, Call, StreamAnswer, handles, merge, tool_resources
from .assistants import normal_tools
from .messages import add_message
from .threads import create_thread
from .tool_checks import check_choice, check_tools


@handles("createRun")
def create(call: Call) -> Answer:
    """Start a run on a thread."""
    thread_id = call.path["thread_id"]
    records.get(call.tx, threads, thread_id)
    assistant = _assistant(call)
    if (active := lifecycle.active_run(call.tx, thread_id)) is not None:
        raise ApiError(f"Thread {thread_id} already has an active run {active}.")
    for index, message in enumerate(call.body.get("additional_messages") or ()):
        add_message(call, thread_id, message, path=f"additional_messages[{index}].")
    return _start(call, thread_id, assistant)


@handles("createThreadAndRun")
def create_with_thread(call: Call) -> Answer:
    """Create a thread and start a run on it."""
    assistant = _assistant(call)
    thread = create_thread(call, call.body.get("thread") or {})
    return _start(call, thread["id"], assistant, Draft("thread.created", dumps(thread), thread["id"]))


@handles("getRun")
def retrieve(call: Call) -> JsonObject:
    """One run."""
    return _load(call).data


@handles("modifyRun")
def update(call: Call) -> JsonObject:
    """Change metadata."""
    run = _load(call)
    run.data = merge(run.data, call.body)
    return run.save()


@handles("cancelRun")
def cancel(call: Call) -> JsonObject:
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
def list_all(call: Call) -> JsonObject:
    """A page of a thread's runs."""
    records.get(call.tx, threads, call.path["thread_id"])
    return records.page(call.tx, runs, Window.of(call.query), thread_id=call.path["thread_id"])


@handles("getRunStep")
def retrieve_step(call: Call) -> JsonObject:
    """One step."""
    step = records.read(call.tx, steps, call.path["step_id"], run_id=_load(call).id)
    return calls.shown(step, content=_with_content(call))


@handles("listRunSteps")
def list_steps(call: Call) -> JsonObject:
    """A page of a run's steps."""
    page = records.page(call.tx, steps, Window.of(call.query), run_id=_load(call).id)
    return page | {"data": [calls.shown(step, content=_with_content(call)) for step in page["data"]]}


def _with_content(call: Call) -> bool:
    return calls.INCLUDE_CONTENT in call.query.get("include", ())


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
