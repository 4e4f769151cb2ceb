"""The changes that a run goes through, each one a piece of a transaction.

`LoadedRun` is a run within a transaction: it collects changes and events, `save` writes both. Whoever makes the change
(a request, the engine, the clock) makes it here, so rows, events and the state machine always agree.

The worker that queued a run carries it out; when that one is gone, another takes over. A run is claimed in the
transaction that changes it, under the lock of its row, so of several workers that see the same orphan exactly one gets
it; whoever has lost a run finds that out at its next write.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from sqlalchemy import select, update

from ..spec import ApiError, JsonObject, child, not_found
from ..store import Tx, backends, dumps, records, tables
from ..store.tables import is_orphan, messages, runs, steps
from . import (
    ACTIVE,
    CANCELLABLE,
    CANCELLED,
    CANCELLING,
    COMPLETED,
    EXPIRABLE,
    EXPIRED,
    FAILED,
    IN_PROGRESS,
    INCLUDE_CONTENT,
    INCOMPLETE,
    QUEUED,
    REQUIRES_ACTION,
    TERMINAL,
    assembled_calls,
    check_transition,
    events,
    shown_step,
)
from .events import Draft, Feed

NO_USAGE = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
_ENDED_AT = {COMPLETED: "completed_at", CANCELLED: "cancelled_at", FAILED: "failed_at"}
_MESSAGE_REASONS = {
    CANCELLED: "run_cancelled",
    EXPIRED: "run_expired",
    FAILED: "run_failed",
    INCOMPLETE: "max_tokens",
}
_FILTERED = "content_filter"
_STEP_STATUS = {
    CANCELLED: (CANCELLED, "cancelled_at"),
    EXPIRED: (EXPIRED, "expired_at"),
    FAILED: (FAILED, "failed_at"),
    # Steps know no "incomplete": one that was cut short by a limit has done what it could.
    INCOMPLETE: (COMPLETED, "completed_at"),
}

_NOBODY: Final = ""
_DIED: JsonObject = {"code": "server_error", "message": "The server ended while this run was in progress."}


class LoadedRun:
    """A run within one transaction."""

    def __init__(self, tx: Tx, feed: Feed, row: Any) -> None:
        self.tx = tx
        self.feed = feed
        self.id: str = row.id
        self.thread_id: str = row.thread_id
        self.worker: str = row.worker
        self.owner: str = row.owner
        self.data: JsonObject = row.data
        self.private: JsonObject = row.private
        self._segment: int = row.segment
        self._last: int = row.last_event
        self._drafts: list[Draft] = []

    @property
    def status(self) -> str:
        """The status as it is now."""
        return str(self.data["status"])

    @property
    def segment(self) -> int:
        """The segment that the next event belongs to."""
        return self._segment + sum(draft.name == events.DONE for draft in self._drafts)

    def emit(self, name: str, data: object, object_id: str | None = None) -> None:
        """Note an event; its data is taken as it is now."""
        self._drafts.append(Draft(name, data if isinstance(data, str) else dumps(data), object_id))

    def become(self, status: str, **changes: object) -> None:
        """Go to another status, with the fields that change along with it, and say so in an event."""
        check_transition(self.status, status)
        self.data.update(status=status, **changes)
        self.emit(f"thread.run.{status}", self.data)

    def done(self) -> None:
        """End the segment, and with it the stream that follows it."""
        self.emit(events.DONE, events.DONE_DATA)

    def flush(self) -> None:
        """Write the events noted so far to the log."""
        if not self._drafts:
            return
        events.store(self.tx, self.feed, self.id, self._segment, self._last, self._drafts)
        self._segment = self.segment
        self._last += len(self._drafts)
        self._drafts = []

    def save_log(self) -> None:
        """Write events that do not touch the run itself: deltas, steps, messages."""
        self.flush()
        self.tx.connection.execute(update(runs).where(runs.c.id == self.id).values(last_event=self._last))

    def save(self) -> JsonObject:
        """Write the run and its events; the run as it is answered."""
        self.flush()
        records.put(
            self.tx,
            runs,
            self.data,
            status=self.status,
            worker=self.worker,
            private=self.private,
            segment=self._segment,
            last_event=self._last,
            ended_at=self.tx.now if self.status in TERMINAL else None,
        )
        return self.data


def create(
    tx: Tx, feed: Feed, data: JsonObject, private: JsonObject, *, worker: str, first: Draft | None = None
) -> LoadedRun:
    """Store a new run in status `queued` and begin its log, with `thread.created` if the thread is new too."""
    records.add(
        tx,
        runs,
        data,
        thread_id=data["thread_id"],
        model=data["model"],
        status=data["status"],
        expires_at=data["expires_at"],
        worker=worker,
        segment=0,
        last_event=0,
        private=private,
    )
    run = LoadedRun(tx, feed, records.get(tx, runs, data["id"]))
    if first is not None:
        run.emit(first.name, first.data, first.object_id)
    run.emit("thread.run.created", run.data)
    run.emit("thread.run.queued", run.data)
    run.save()
    return run


def find(tx: Tx, feed: Feed, run_id: str) -> LoadedRun | None:
    """A run that may have gone."""
    row = records.find(tx, runs, run_id)
    return None if row is None else LoadedRun(tx, feed, row)


def load(tx: Tx, feed: Feed, run_id: str, thread_id: str) -> LoadedRun:
    """A run of a thread, or the API's 404."""
    row = records.find(tx, runs, run_id, thread_id=thread_id)
    if row is None:
        raise not_found("run", run_id)
    return LoadedRun(tx, feed, row)


def active_run(tx: Tx, thread_id: str) -> str | None:
    """The id of the thread's active run."""
    query = select(runs.c.id).where(runs.c.thread_id == thread_id, runs.c.status.in_(ACTIVE))
    return tx.connection.scalar(query.where(runs.c.deleted.is_(False)))


def begin(run: LoadedRun, worker: str) -> None:
    """`queued` becomes `in_progress`, in the hands of this worker."""
    run.worker = worker
    run.become(IN_PROGRESS, started_at=run.data["started_at"] or run.tx.now)
    run.save()


def require_action(run: LoadedRun, tool_calls: Sequence[JsonObject]) -> None:
    """Stop until the outputs of these calls come; ends the stream."""
    action = {"type": "submit_tool_outputs", "submit_tool_outputs": {"tool_calls": list(tool_calls)}}
    run.become(REQUIRES_ACTION, required_action=action)
    run.done()
    run.save()


def submit(run: LoadedRun, outputs: Sequence[JsonObject]) -> int:
    """Take the outputs of the open calls and queue the run again; the segment that the answer is followed in."""
    if run.status != REQUIRES_ACTION:
        raise ApiError(f'Runs in status "{run.status}" do not accept tool outputs.')
    expected = [call["id"] for call in run.data["required_action"]["submit_tool_outputs"]["tool_calls"]]
    got = [output.get("tool_call_id") for output in outputs]
    if sorted(expected) != sorted(map(str, got)):
        raise ApiError(f"Expected tool outputs for call_ids {expected}, got {got}", param="tool_outputs")
    by_id = {output["tool_call_id"]: output.get("output", "") for output in outputs}
    segment = run.segment
    for row in _open_steps(run):
        step: JsonObject = row.data
        for call in step["step_details"]["tool_calls"]:
            if call["type"] == "function":
                call["function"]["output"] = by_id[call["id"]]
        finish_step(run, step, COMPLETED, "completed_at", run.private.pop("open_usage", None) or NO_USAGE)
    run.private.pop("include", None)  # it was said with the request that began the segment before
    run.worker = run.tx.worker
    run.become(QUEUED, required_action=None)
    run.save()
    return segment


def cancel(run: LoadedRun) -> JsonObject:
    """Begin to cancel; the engine ends it."""
    if run.status not in CANCELLABLE:
        raise ApiError(f"Cannot cancel run with status '{run.status}'.")
    run.worker = run.tx.worker
    run.become(CANCELLING, required_action=None)
    run.tx.tell(backends.RUN_STOPPED, run.id)
    return run.save()


def finish(
    run: LoadedRun,
    status: str,
    *,
    error: JsonObject | None = None,
    reason: str | None = None,
    usage: JsonObject | None = None,
) -> None:
    """End a run. A message that was being written becomes incomplete and keeps the text that was streamed, open steps
    end like the run; `usage` is what the last step used."""
    run.flush()
    tx = run.tx
    open_messages = select(messages).where(messages.c.run_id == run.id, messages.c.status == IN_PROGRESS)
    for row in tx.connection.execute(open_messages.where(messages.c.deleted.is_(False))).all():
        message: JsonObject = row.data
        message["content"] = _streamed_content(tx, run.id, message["id"])
        finish_message(run, message, reason=reason if reason == _FILTERED else _MESSAGE_REASONS.get(status))
    open_steps = _open_steps(run)
    for index, row in enumerate(open_steps):
        step: JsonObject = row.data
        if step["type"] == "tool_calls" and not step["step_details"]["tool_calls"]:
            deltas = events.texts(tx, run.id, step["id"], "thread.run.step.delta")
            step["step_details"]["tool_calls"] = assembled_calls(deltas)
        step["last_error"] = _step_error(error)
        ended, moment = _STEP_STATUS[status]
        last = index == len(open_steps) - 1
        used = (usage or run.private.pop("open_usage", None)) if last else None
        finish_step(run, step, ended, moment, used or NO_USAGE)
    changes: JsonObject = {"expires_at": None, "required_action": None, "usage": _total_usage(run)}
    if (field := _ENDED_AT.get(status)) is not None:
        changes[field] = tx.now
    if error is not None:
        changes["last_error"] = error
    if reason is not None:
        # Messages know this reason, runs do not.
        changes["incomplete_details"] = {} if reason == _FILTERED else {"reason": reason}
    run.become(status, **changes)
    run.done()
    run.save()


def open_step(run: LoadedRun, details: JsonObject, turn: int) -> JsonObject:
    """Begin a step of a run in progress."""
    step: JsonObject = {
        "id": run.tx.ids.new("step_"),
        "object": "thread.run.step",
        "created_at": run.tx.now,
        "run_id": run.id,
        "assistant_id": run.data["assistant_id"],
        "thread_id": run.thread_id,
        "type": details["type"],
        "status": IN_PROGRESS,
        "step_details": details,
        "last_error": None,
        "expired_at": None,
        "cancelled_at": None,
        "failed_at": None,
        "completed_at": None,
        "metadata": {},
        "usage": None,
    }
    records.add(run.tx, steps, step, run_id=run.id, status=IN_PROGRESS, turn=turn)
    run.emit("thread.run.step.created", step, step["id"])
    run.emit("thread.run.step.in_progress", step, step["id"])
    return step


def finish_step(run: LoadedRun, step: JsonObject, status: str, field: str, usage: JsonObject) -> None:
    """End a step."""
    step.update({"status": status, field: run.tx.now, "usage": usage})
    records.put(run.tx, steps, step, status=status)
    content = INCLUDE_CONTENT in run.private.get("include", ())
    run.emit(f"thread.run.step.{status}", shown_step(step, content=content), step["id"])


def open_message(run: LoadedRun, message_id: str) -> JsonObject:
    """Begin the message that a run writes."""
    message: JsonObject = {
        "id": message_id,
        "object": "thread.message",
        "created_at": run.tx.now,
        "thread_id": run.thread_id,
        "status": IN_PROGRESS,
        "incomplete_details": None,
        "completed_at": None,
        "incomplete_at": None,
        "role": "assistant",
        "content": [],
        "assistant_id": run.data["assistant_id"],
        "run_id": run.id,
        "attachments": [],
        "metadata": {},
    }
    records.add(run.tx, messages, message, thread_id=run.thread_id, run_id=run.id, status=IN_PROGRESS)
    run.emit("thread.message.created", message, message_id)
    run.emit("thread.message.in_progress", message, message_id)
    return message


def finish_message(run: LoadedRun, message: JsonObject, *, reason: str | None = None) -> None:
    """End the message that a run writes: complete, or incomplete for a reason. One that was deleted stays so."""
    if reason is None:
        message.update(status="completed", completed_at=run.tx.now)
    else:
        message.update(status="incomplete", incomplete_at=run.tx.now, incomplete_details={"reason": reason})
    live = update(messages).where(messages.c.id == message["id"], messages.c.deleted.is_(False))
    run.tx.connection.execute(live.values(data=message, status=message["status"]))
    run.emit(f"thread.message.{message['status']}", message, message["id"])


def due(tx: Tx) -> list[str]:
    """Active runs whose time is over."""
    query = select(runs.c.id).where(runs.c.status.in_(EXPIRABLE), runs.c.expires_at <= tx.now)
    return list(tx.connection.scalars(query.where(runs.c.deleted.is_(False)).order_by(runs.c.seq)))


def next_due(tx: Tx) -> int | None:
    """When the next run expires."""
    query = select(runs.c.expires_at).where(runs.c.status.in_(EXPIRABLE), runs.c.deleted.is_(False))
    return tx.connection.scalar(query.order_by(runs.c.expires_at).limit(1))


def _open_steps(run: LoadedRun) -> Sequence[Any]:
    query = select(steps).where(steps.c.run_id == run.id, steps.c.status == IN_PROGRESS)
    return run.tx.connection.execute(query.order_by(steps.c.seq)).all()


def _step_error(error: JsonObject | None) -> JsonObject | None:
    """Steps do not know `invalid_prompt`."""
    return error and error | {"code": "server_error" if error["code"] == "invalid_prompt" else error["code"]}


def _total_usage(run: LoadedRun) -> JsonObject:
    total = dict(NO_USAGE)
    for data in run.tx.connection.scalars(select(steps.c.data).where(steps.c.run_id == run.id)):
        for name, tokens in child(data, "usage").items():
            total[name] += tokens
    return total


def _streamed_content(tx: Tx, run_id: str, message_id: str) -> list[JsonObject]:
    """The content of an unfinished message, put together from its deltas."""
    deltas = [json.loads(data) for data in events.texts(tx, run_id, message_id, "thread.message.delta")]
    content: dict[int, JsonObject] = {}
    for block in (block for delta in deltas for block in delta["delta"]["content"]):
        if block["type"] == "refusal":
            refused = content.setdefault(block["index"], {"type": "refusal", "refusal": ""})
            refused["refusal"] += block["refusal"]
            continue
        empty: JsonObject = {"value": "", "annotations": []}
        text = content.setdefault(block["index"], {"type": "text", "text": empty})["text"]
        text["value"] += block["text"]["value"]
        text["annotations"] += [
            {name: item for name, item in annotation.items() if name != "index"}
            for annotation in block["text"].get("annotations", ())
        ]
    return [content[index] for index in sorted(content)]


def forget(tx: Tx, feed: Feed, thread_id: str) -> list[str]:
    """Delete the runs of a thread with their steps and logs; their ids."""
    query = select(runs.c.id).where(runs.c.thread_id == thread_id, runs.c.deleted.is_(False)).order_by(runs.c.seq)
    found = list(tx.connection.scalars(tx.locked(query)))
    for run_id in found:
        tx.tell(backends.RUN_CHANGED, run_id)
        tx.tell(backends.RUN_STOPPED, run_id)
        events.drop(tx, run_id)
        tx.connection.execute(update(steps).where(steps.c.run_id == run_id).values(deleted=True, data={}))
        tx.connection.execute(
            update(runs).where(runs.c.id == run_id).values(deleted=True, data={}, status="deleted", ended_at=tx.now)
        )
        tx.after_commit(partial(feed.recheck, run_id))
    return found


# Claims.


def claim(run: LoadedRun, worker: str) -> bool:
    """Claim a run for its next turn; False if it is not to be begun, or another was faster."""
    if run.status == QUEUED:
        begin(run, worker)
        return True
    if run.status == IN_PROGRESS and run.worker == _NOBODY:
        run.worker = worker
        run.save()
        return True
    return False


def take_over(tx: Tx, feed: Feed) -> list[str]:
    """Settle the runs of workers that are gone; ids of those that are to be carried out now.

    Those not begun are taken over, and those of which nothing was heard since they began. Those half done fail: text
    that was streamed cannot be unsaid, and how it was to go on cannot be known. Cancels are completed. Runs that wait
    for tool outputs just go on waiting; whoever gets those carries on.
    """
    open_ended = (QUEUED, IN_PROGRESS, CANCELLING)
    query = select(runs.c.id, runs.c.worker).where(runs.c.status.in_(open_ended), is_orphan(runs.c.worker))
    to_do: list[str] = []
    for run_id, owner in tx.connection.execute(query.where(runs.c.deleted.is_(False)).order_by(runs.c.seq)).all():
        run = find(tx, feed, run_id)
        if run is None or run.worker != owner or run.status not in open_ended:
            continue  # another was faster
        if run.status == QUEUED:
            run.worker = tx.worker
            run.save()
            to_do.append(run_id)
        elif _has_said_nothing(run):
            run.worker = _NOBODY
            run.save()
            to_do.append(run_id)
        elif run.status == IN_PROGRESS:
            finish(run, FAILED, error=_DIED)
        else:
            finish(run, CANCELLED)
        tx.tell(backends.RUN_STOPPED, run_id)  # the owner may live after all
    return to_do


def _has_said_nothing(run: LoadedRun) -> bool:
    """Whether the newest event of a run is that it began; then it is in progress."""
    newest = select(tables.events.c.name).where(tables.events.c.run_id == run.id)
    newest = newest.order_by(tables.events.c.seq.desc()).limit(1)
    return run.tx.connection.scalar(newest) == f"thread.run.{IN_PROGRESS}"
