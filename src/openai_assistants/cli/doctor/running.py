"""What programs do with runs: poll them, stream them, answer their tool calls, cancel them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from openai_assistants import BaseModel, OpenAIError, UnknownVariant

from .checks import (
    CANCEL_RUN,
    CREATE_RUN,
    CREATE_THREAD,
    CREATE_THREAD_AND_RUN,
    FUNCTION,
    GET_RUN,
    MODIFY_RUN,
    QUESTION,
    QUESTION_FOR_TOOL,
    SUBMIT,
    Check,
)
from .findings import Finding, Use
from .judging import of_deviations, one_line
from .ledger import Ledger
from .states import State, state_in, state_of
from .streams import MAX_BYTES, of_stream
from .walk import Walk

T = TypeVar("T")

POLL: Final = "poll a run"
STREAM: Final = "stream a run"
TOOLS: Final = "answer a tool call"
CANCEL: Final = "cancel a run"
TOGETHER: Final = "make a thread and run it"

_FORCED: Final = {"type": "function", "function": {"name": FUNCTION["function"]["name"]}}
_OUTPUT: Final = "The sun is a star."


class Running:
    """The runs of a walk, one after the other."""

    def __init__(self, walk: Walk, ledger: Ledger) -> None:
        self._walk = walk
        self._ledger = ledger
        self._thread: str | None = walk.words["thread"] if walk.has("thread") else None
        """A thread without an active run."""

    def all(self) -> None:
        """Everything that can be done here."""
        if self._walk.has("assistant", "thread") and self._polled():
            self._sent()
            self._streamed()
            self._tools()
            self._cancelled()
        self._together()
        self._untried()

    # ---- each of them ----

    def _polled(self) -> bool:
        thread = self._free_thread()
        if thread is None:
            return False
        self._thread = None
        state = self._state(self._walk.step(CREATE_RUN, thread_id=thread))
        if state is None:
            return False
        self._noted(state)
        if state.ended:
            means = "A run is answered only when it has ended: until then there is nothing to poll or to cancel."
            self._walk.report.add(Finding("createRun", "status", "queued", state.status, means))
        self._walk.step(GET_RUN)
        self._end(POLL, state)
        self._walk.step(MODIFY_RUN)
        return True

    def _sent(self, **more: Any) -> State | None:
        """Stream a run, and look at the stream as it is sent. How the run stands at its end, if it says so."""
        thread = self._free_thread()
        if thread is None:
            return None
        create = self._walk.method("beta.threads.runs.with_streaming_response.create")
        arguments = {"assistant_id": self._walk.words["assistant"], "stream": True, **more}

        def read() -> tuple[str, bytes]:
            with create(thread, **arguments, deadline=self._walk.timeout) as response:
                body = bytearray()
                for piece in response.iter_bytes():
                    body += piece
                    if len(body) > MAX_BYTES:
                        break
                self._walk.heed_headers(response.headers)
                return response.headers.get("content-type", ""), bytes(body)

        self._thread = None
        sent = self._try(STREAM, read)
        if sent is None:
            return None
        for finding in of_stream(*sent):
            self._walk.report.add(finding)
        state = state_in(*sent)
        if state is not None:
            self._noted(state)
        return state

    def _streamed(self) -> None:
        """A stream as programs get it."""
        thread = self._free_thread()
        if thread is None:
            return
        stream_run = self._walk.method("beta.threads.runs.stream")
        arguments = {"assistant_id": self._walk.words["assistant"], "deadline": self._walk.timeout}

        def read() -> tuple[Any, str]:
            with stream_run(thread, **arguments) as stream:
                for event in stream:
                    self._event(event)
                return stream.get_final_run(), "".join(message.text for message in stream.get_final_messages())

        self._thread = None
        ended = self._try(STREAM, read)
        state = self._state(ended[0]) if ended is not None else None
        if ended is None or state is None:
            return
        self._noted(state)
        if state.status != "completed":
            self._says(STREAM, wrong=str(state))
        else:
            self._says(STREAM, wrong="" if ended[1] else "the stream has no text")

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
        state = self._asking(TOOLS)
        if state is None:
            return
        if len(set(state.calls)) < len(state.calls):
            means = "Several tool calls have one id: outputs are taken in the order of the calls."
            self._walk.report.add(Finding("getRun", "tool_calls[*].id", "an id for each call", "one for all", means))
        outputs = [{"tool_call_id": call, "output": _OUTPUT} for call in state.calls]
        self._follow(TOOLS, SUBMIT, state, "its outputs cannot be submitted", tool_outputs=outputs)

    def _cancelled(self) -> None:
        state = self._asking(CANCEL)
        if state is not None:
            self._follow(CANCEL, CANCEL_RUN, state, "there is no way to", wanted="cancelled")

    def _together(self) -> None:
        """A thread and its run at once."""
        self._ledger.doubt("thread", "deleteThread")
        state = self._state(self._walk.step(CREATE_THREAD_AND_RUN))
        if state is not None:
            self._ledger.add("thread", state.thread_id, "deleteThread")
        self._ledger.settle("thread")
        if state is not None:
            self._noted(state)
            self._end(TOGETHER, state)

    def _untried(self) -> None:
        """Whether there is what could not be used: asked about a run that does not exist."""
        self._walk.forget("run")
        for check in (CREATE_RUN, MODIFY_RUN, CANCEL_RUN, SUBMIT):
            if self._walk.report.operations[check.operation].verdict == "not tried":
                self._walk.step(check)

    # ---- their parts ----

    def _asking(self, name: str) -> State | None:
        """A run that waits for the outputs of a function; None if there is none to be had."""
        forced: dict[str, Any] = {"tool_choice": _FORCED}
        if self._walk.version == "v1":  # where nothing can be forced it must be asked for
            forced, self._thread = {}, self._new_thread(QUESTION_FOR_TOOL)
        state = self._sent(tools=[FUNCTION], **forced)
        state = None if state is None else self._over(name, state)
        if state is not None and (state.status != "requires_action" or not state.calls):
            self._walk.report.remark(
                f"To {name} could not be tried: {state}, although the model was told to call a function."
            )
            return None
        return state

    def _follow(
        self, name: str, check: Check, state: State, lacking: str, *, wanted: str = "completed", **more: Any
    ) -> None:
        """Do something with a run, and wait for its end."""
        place = {"run_id": state.id, "thread_id": state.thread_id}
        following = self._state(self._walk.step(check, **place, **more))
        if following is None:
            self._says(name, wrong=lacking)
        else:
            self._end(name, following, wanted)

    def _end(self, name: str, state: State, wanted: str = "completed") -> None:
        """Wait for the end of a run, and say how it ended."""
        ended = self._over(name, state)
        if ended is not None:
            self._says(name, wrong="" if ended.status == wanted else str(ended))

    def _over(self, name: str, state: State) -> State | None:
        """A run when it has ended or waits for tool outputs; None if that is not to be learned."""
        if state.rests:
            return state
        if self._walk.report.operations["getRun"].verdict != "answers":
            self._says(name, wrong="the server does not tell how a run stands")
            return None
        poll = self._walk.method("beta.threads.runs.poll")
        limits = {"max_wait_seconds": self._walk.timeout, "deadline": self._walk.timeout}
        ended = self._state(self._try(name, lambda: poll(state.id, thread_id=state.thread_id, **limits)))
        if ended is not None:
            self._noted(ended)
        return ended

    def _state(self, run: Any) -> State | None:
        state = None if run is None else state_of(run.to_dict())
        if run is not None and state is None:
            self._walk.report.remark("A run has no id, no thread or no status: nothing can be done with it.")
        return state

    def _noted(self, state: State) -> None:
        self._ledger.watch(state)
        if state.ended:
            self._thread = state.thread_id

    def _free_thread(self) -> str | None:
        if self._thread is None:
            self._thread = self._new_thread(QUESTION)
        return self._thread

    def _new_thread(self, question: str) -> str | None:
        thread = self._ledger.make(CREATE_THREAD, messages=[{"role": "user", "content": question}])
        return None if thread is None else str(thread.id)

    def _try(self, name: str, call: Callable[[], T]) -> T | None:
        """Do something; what it gives. If it fails, that is reported."""
        try:
            return self._walk.attempt(call)
        except OpenAIError as error:
            self._says(name, wrong=one_line(str(error)))
            return None

    def _says(self, name: str, *, wrong: str) -> None:
        """How a use went; what was wrong once stays so."""
        uses = self._walk.report.uses
        known = next((use for use in uses if use.name == name), None)
        if known is None:
            uses.append(Use(name, not wrong, wrong))
        elif known.works and wrong:
            known.works, known.said = False, wrong
