"""What programs do with runs: poll them, stream them, answer their tool calls, cancel them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from openai_assistants import BaseModel, OpenAIError, UnknownVariant
from openai_assistants._guards import is_mapping
from openai_assistants._progress import FINAL_STATUSES, STREAM_ENDS_WITH

from .checks import (
    CANCEL_RUN,
    CREATE_RUN,
    CREATE_THREAD,
    CREATE_THREAD_AND_RUN,
    FUNCTION,
    GET_RUN,
    MODIFY_RUN,
    QUESTION,
    SUBMIT,
)
from .findings import Finding, Use
from .judging import of_deviations, one_line
from .ledger import Ledger
from .streams import MAX_BYTES, frames_of, of_stream
from .walk import Walk

_FORCED = {"type": "function", "function": {"name": FUNCTION["function"]["name"]}}


class Running:
    """The runs of a walk, one after the other."""

    def __init__(self, walk: Walk, ledger: Ledger) -> None:
        self._walk = walk
        self._ledger = ledger
        self._thread: str | None = walk.words.get("thread") if walk.has("thread") else None
        """A thread without an active run."""

    def all(self) -> None:
        """Everything that can be done here."""
        if self._walk.has("assistant", "thread") and self._polled():
            self._bytes()
            self._streamed()
            self._tools()
            self._cancelled()
        self._together()
        self._untried()

    # ---- each of them ----

    def _polled(self) -> bool:
        run = self._create()
        if run is None:
            return False
        if run.status in FINAL_STATUSES:
            means = "A run is answered only when it has ended: until then there is nothing to poll or to cancel."
            self._walk.report.add(Finding("createRun", "status", "queued", run.status, means))
        self._walk.step(GET_RUN)
        self._end("poll a run", run)
        self._walk.step(MODIFY_RUN)
        return True

    def _bytes(self) -> None:
        """A stream as it is sent."""
        thread = self._free_thread()
        if thread is None:
            return
        create = self._walk.method("beta.threads.runs.with_streaming_response.create")

        def read() -> tuple[str, bytes]:
            arguments = {"assistant_id": self._walk.words["assistant"], "stream": True}
            with create(thread, **arguments, deadline=self._walk.timeout) as response:
                body = bytearray()
                for piece in response.iter_bytes():
                    body += piece
                    if len(body) > MAX_BYTES:
                        break
                self._walk.heed_headers(response.headers)
                return response.headers.get("content-type", ""), bytes(body)

        self._thread = None
        sent = self._use("stream a run", read, lambda _: None)
        if sent is None:
            return
        for finding in of_stream(*sent):
            self._walk.report.add(finding)
        runs = [data for name, data in frames_of(sent[1]).events if name.startswith("thread.run.") and is_mapping(data)]
        if any(run.get("status") in FINAL_STATUSES for run in runs):
            self._thread = thread

    def _streamed(self) -> None:
        """A stream as programs get it."""
        thread = self._free_thread()
        if thread is None:
            return
        walk = self._walk
        stream_run = walk.method("beta.threads.runs.stream")

        def read() -> Any:
            arguments = {"assistant_id": walk.words["assistant"], "deadline": walk.timeout}
            with stream_run(thread, **arguments) as stream:
                for event in stream:
                    self._event(event)
                return stream.get_final_run(), [message.text for message in stream.get_final_messages()]

        def wrong(ended: Any) -> str | None:
            run, texts = ended
            if run.status != "completed":
                return _end_of(run)
            return None if any(texts) else "the stream has no text"

        self._thread = None
        ended = self._use("stream a run", read, wrong)
        if ended is not None:
            self._noted(ended[0])

    def _event(self, event: Any) -> None:
        report = self._walk.report
        if isinstance(event, UnknownVariant):
            means = "Events that the API does not have are delivered as UnknownStreamEvent."
            report.add(Finding(str(event.event), "", "no such event", "an event", means, noticed=False))
        elif isinstance(event, BaseModel):
            for finding in of_deviations(str(getattr(event, "event", "stream")), event.deviations):
                report.add(finding)

    def _tools(self) -> None:
        """A round trip with a function."""
        name = "answer a tool call"
        run = self._waiting_for_tools(name)
        if run is None:
            return
        calls = run.required_action.submit_tool_outputs.tool_calls
        if len({call.id for call in calls}) < len(calls):
            means = "Several tool calls have one id: outputs are taken in the order of the calls."
            self._walk.report.add(Finding("getRun", "tool_calls[*].id", "an id for each call", "one for all", means))
        outputs = [{"tool_call_id": call.id, "output": "The sun is a star."} for call in calls]
        place = {"run_id": run.id, "thread_id": run.thread_id}
        run = self._walk.step(SUBMIT, **place, tool_outputs=outputs)
        if run is None:
            self._says(name, works=False, said="its outputs cannot be submitted")
            return
        self._end(name, run)

    def _cancelled(self) -> None:
        name = "cancel a run"
        run = self._waiting_for_tools(name)
        if run is None:
            return
        place = {"run_id": run.id, "thread_id": run.thread_id}
        cancelled = self._walk.step(CANCEL_RUN, **place)
        if cancelled is None:
            self._says(name, works=False, said="there is no way to")
            return
        self._end(name, cancelled, "cancelled")

    def _together(self) -> None:
        """A thread and its run at once."""
        self._ledger.doubt("thread", "deleteThread")
        run = self._walk.step(CREATE_THREAD_AND_RUN)
        if run is not None:
            self._ledger.add("thread", run.thread_id, "deleteThread")
        self._ledger.settle("thread")
        if run is not None:
            self._ledger.watch(run)
            self._end("make a thread and run it", run)

    def _untried(self) -> None:
        """Whether there is what could not be used: asked about a run that does not exist."""
        known, owned = self._walk.words.get("run"), self._walk.has("run")
        self._walk.forget("run")
        for check in (CREATE_RUN, MODIFY_RUN, CANCEL_RUN, SUBMIT):
            if self._walk.report.operations[check.operation].verdict == "not tried":
                self._walk.step(check)
        if known is not None and owned:
            self._walk.words["run"] = known
            self._walk.own.add("run")

    # ---- their parts ----

    def _create(self, **more: Any) -> Any:
        """Start a run on a thread that has none."""
        thread = self._free_thread()
        if thread is None:
            return None
        self._thread = None
        run = self._walk.step(CREATE_RUN, thread_id=thread, **more)
        if run is not None:
            self._noted(run)
        return run

    def _waiting_for_tools(self, name: str) -> Any:
        """A run that waits for the outputs of a function; None if there is none to be had."""
        forced = {"tool_choice": _FORCED} if self._walk.version == "v2" else {}
        run = self._create(tools=[FUNCTION], **forced)
        run = None if run is None else self._over(name, run)
        if run is None:
            return None
        if run.status != "requires_action" or getattr(run.required_action, "submit_tool_outputs", None) is None:
            self._walk.report.remark(
                f"To {name} could not be tried: the run is {run.status} although the model was told to call a function."
            )
            return None
        return run

    def _end(self, name: str, run: Any, wanted: str = "completed") -> None:
        """Wait for the end of a run, and say how it ended."""
        ended = self._over(name, run)
        if ended is not None:
            works = ended.status == wanted
            self._says(name, works=works, said="" if works else _end_of(ended))

    def _over(self, name: str, run: Any) -> Any:
        """A run when it has ended or needs tool outputs; None if that is not to be learned."""
        if run.status in STREAM_ENDS_WITH:
            return run
        if self._walk.report.operations["getRun"].verdict != "answers":
            self._says(name, works=False, said="the server does not tell how a run stands")
            return None
        poll = self._walk.method("beta.threads.runs.poll")
        limits = {"max_wait_seconds": self._walk.timeout, "deadline": self._walk.timeout}
        ended = self._use(name, lambda: poll(run.id, thread_id=run.thread_id, **limits), lambda _: None)
        if ended is not None:
            self._noted(ended)
        return ended

    def _noted(self, run: Any) -> None:
        self._ledger.watch(run)
        if run.status in FINAL_STATUSES:
            self._thread = run.thread_id

    def _free_thread(self) -> str | None:
        if self._thread is None:
            asked = [{"role": "user", "content": QUESTION}]
            thread = self._ledger.make(CREATE_THREAD, messages=asked)
            self._thread = None if thread is None else str(thread.id)
        return self._thread

    def _use(self, name: str, call: Callable[[], Any], wrong: Callable[[Any], str | None]) -> Any:
        """Do something; what it gives. If it fails, that is reported."""
        try:
            value = self._walk.attempt(call)
        except OpenAIError as error:
            self._says(name, works=False, said=one_line(str(error)))
            return None
        said = wrong(value)
        if said is not None or call.__name__ == "read":
            self._says(name, works=said is None, said=said or "")
        return value

    def _says(self, name: str, *, works: bool, said: str) -> None:
        uses = self._walk.report.uses
        if all(use.name != name for use in uses):
            uses.append(Use(name, works, said))
        elif not works:
            uses[:] = [Use(name, works, said) if use.name == name and use.works else use for use in uses]


def _end_of(run: Any) -> str:
    reason = getattr(run.last_error, "message", None) or run.incomplete_details
    return f"the run is {run.status}" + (f": {reason}" if reason else "")
