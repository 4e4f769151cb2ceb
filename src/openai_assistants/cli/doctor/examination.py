"""An examination from its beginning to its end: what is only asked, what is made, and what is done with runs."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from openai_assistants import OpenAIError, UnknownVariant
from openai_assistants._basics import is_list, is_mapping
from openai_assistants._events import FINAL_STATUSES, STREAM_ENDS_WITH

from . import checks
from .checks import Check, Finding, Report, Use, Version
from .judging import MAX_BYTES, frames_of, of_deviations, of_stream, one_line
from .walk import GiveUp, Ledger, Walk

if TYPE_CHECKING:
    from openai_assistants import OpenAI

T = TypeVar("T")

POLL: Final = "poll a run"
STREAM: Final = "stream a run"
TOOLS: Final = "answer a tool call"
CANCEL: Final = "cancel a run"
TOGETHER: Final = "make a thread and run it"

_FORCED: Final = {"type": "function", "function": {"name": checks.FUNCTION["function"]["name"]}}
_OUTPUT: Final = "The sun is a star."


def examine(
    client: OpenAI,
    *,
    version: Version = "v2",
    write: bool = False,
    timeout: float = 30.0,
    model: str = "gpt-4o",
    thread: str | None = None,
) -> Report:
    """Find out what a server does of the API.

    Args:
        client: A client of the server that does not retry.
        version: The version of the API.
        write: Whether things may be made; they are deleted at the end, whatever happens.
        timeout: Limit for each call and each wait, in seconds; the whole takes at most twelve times as long.
        model: The model of the assistant that is made.
        thread: A thread to look at, since threads cannot be listed.
    """
    url = str(client.base_url.copy_with(username=None, password=None))
    report = Report(url, version, write)
    words = {"model": model, "mark": f"{checks.MARK} {secrets.token_hex(4)}"}
    if thread is not None:
        words["thread"] = thread
    walk = Walk(client, report, version=version, timeout=timeout, words=words)
    try:
        walk.begin()
        if write:
            _write(walk)
        else:
            _read(walk)
    except GiveUp as reason:
        report.problem = str(reason)
    except KeyboardInterrupt:
        report.interrupted = True
    _explain(report)
    return report


def _read(walk: Walk) -> None:
    for check in checks.READS:
        walk.step(check)


def _write(walk: Walk) -> None:
    given = dict(walk.words)
    _read(walk)  # also for what is said of things that do not exist, and of empty lists
    walk.words = given
    if not walk.report.with_verdict("answers"):
        return
    ledger = Ledger(walk)
    try:
        for check in checks.MAKES:
            ledger.make(check)
        _wait_for_file(walk)
        for check in checks.CHANGES:
            walk.step(check)
        if "createUpload" in walk.report.operations:
            _upload(walk, ledger)
        _Running(walk, ledger).all()
        _read(walk)
        for check in checks.REMOVES:
            walk.step(check)
    except KeyboardInterrupt:
        walk.report.interrupted = True
    finally:
        ledger.clear()


def _wait_for_file(walk: Walk) -> None:
    """Until the vector store has taken its file in."""
    if not walk.has("store", "stored_file"):
        return
    poll = walk.method("vector_stores.files.poll")
    place = {"file_id": walk.words["stored_file"], "vector_store_id": walk.words["store"]}
    try:
        file = walk.attempt(lambda: poll(**place, max_wait_seconds=walk.timeout, deadline=walk.timeout))
    except OpenAIError as error:
        said = one_line(str(error))
    else:
        said = "" if file.status == "completed" else f"the file is {file.status}"
    walk.report.uses.append(Use("take a file into a vector store", not said, said))


def _upload(walk: Walk, ledger: Ledger) -> None:
    """A file in parts, and one that is given up."""
    upload = ledger.make(checks.CREATE_UPLOAD)
    if walk.step(checks.CANCEL_UPLOAD) is not None and upload is not None:
        ledger.forget(upload.id)
    if upload is not None:
        walk.forget("upload")
        ledger.make(checks.CREATE_UPLOAD)
    walk.step(checks.ADD_PART)
    ledger.doubt("file", "deleteFile")
    upload_id = walk.words.get("upload", "")
    completed = walk.step(checks.COMPLETE)
    if completed is not None:
        ledger.forget(upload_id)
        file_id: object = getattr(completed.file, "id", None)
        if isinstance(file_id, str) and file_id:
            ledger.add("file", file_id, "deleteFile")
    ledger.settle("file")


def _explain(report: Report) -> None:
    """Why operations were not tried, and why none answered."""
    tried = [each for each in report.operations.values() if each.verdict != "not tried"]
    if tried and report.problem is None and not report.with_verdict("answers"):
        shown = next((each for each in tried if each.operation.startswith("list")), tried[0])
        report.problem = f"no operation answers; {shown.method} {shown.path}: {shown.said}"
    if report.problem is not None or report.interrupted:
        why = "the examination ended before"
    else:
        why = "what it needs could not be made" if report.write else "--write tries it"
    for each in report.with_verdict("not tried"):
        each.said = each.said or why


# ---- what programs do with runs ----


class _Running:
    """The runs of a walk, one after the other."""

    def __init__(self, walk: Walk, ledger: Ledger) -> None:
        self._walk = walk
        self._ledger = ledger
        self._thread: str | None = None
        """A thread without an active run."""

    def all(self) -> None:
        """Everything that can be done here."""
        if self._walk.has("assistant", "thread") and self._polled(self._walk.words["thread"]):
            self._sent()
            self._streamed()
            self._tools()
            self._cancelled()
        self._together()
        self._untried()

    # ---- each of them ----

    def _polled(self, thread: str) -> bool:
        state = self._state(self._walk.step(checks.CREATE_RUN, thread_id=thread))
        if state is None:
            return False
        self._noted(state)
        if state.ended:
            means = "A run is answered only when it has ended: until then there is nothing to poll or to cancel."
            self._walk.report.add(Finding("createRun", "status", "queued", state.status, means))
        self._walk.step(checks.GET_RUN)
        self._end(POLL, state)
        self._walk.step(checks.MODIFY_RUN)
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
        else:
            for finding in of_deviations(str(event.event), event.deviations):
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
        self._follow(TOOLS, checks.SUBMIT, state, "its outputs cannot be submitted", tool_outputs=outputs)

    def _cancelled(self) -> None:
        state = self._asking(CANCEL)
        if state is not None:
            self._follow(CANCEL, checks.CANCEL_RUN, state, "there is no way to", wanted="cancelled")

    def _together(self) -> None:
        """A thread and its run at once."""
        self._ledger.doubt("thread", "deleteThread")
        state = self._state(self._walk.step(checks.CREATE_THREAD_AND_RUN))
        if state is not None:
            self._ledger.add("thread", state.thread_id, "deleteThread")
        self._ledger.settle("thread")
        if state is not None:
            self._noted(state)
            self._end(TOGETHER, state)

    def _untried(self) -> None:
        """Whether there is what could not be used: asked about a run that does not exist."""
        self._walk.forget("run")
        for check in (checks.CREATE_RUN, checks.MODIFY_RUN, checks.CANCEL_RUN, checks.SUBMIT):
            if self._walk.report.operations[check.operation].verdict == "not tried":
                self._walk.step(check)

    # ---- their parts ----

    def _asking(self, name: str) -> State | None:
        """A run that waits for the outputs of a function; None if there is none to be had."""
        forced: dict[str, Any] = {"tool_choice": _FORCED}
        if self._walk.version == "v1":  # where nothing can be forced it must be asked for
            forced, self._thread = {}, self._new_thread(checks.QUESTION_FOR_TOOL)
        state = self._sent(tools=[checks.FUNCTION], **forced)
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
        self._ledger.watch(state.id, state.thread_id, ended=state.ended)
        if state.ended:
            self._thread = state.thread_id

    def _free_thread(self) -> str | None:
        if self._thread is None:
            self._thread = self._new_thread(checks.QUESTION)
        return self._thread

    def _new_thread(self, question: str) -> str | None:
        thread = self._ledger.make(checks.CREATE_THREAD, messages=[{"role": "user", "content": question}])
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


# ---- how a run stands, read from whatever a server says of it ----


@dataclass(frozen=True, slots=True)
class State:
    """How a run stands."""

    id: str
    thread_id: str
    status: str
    calls: tuple[str, ...] = ()
    """Ids of the function calls that it waits for."""
    reason: str = ""
    """Why it ended as it did."""

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.status in FINAL_STATUSES

    @property
    def rests(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.status in STREAM_ENDS_WITH

    def __str__(self) -> str:
        return f"the run is {self.status}" + (f": {self.reason}" if self.reason else "")


def state_of(run: object) -> State | None:
    """How a run stands that is given as plain data; None if it has no id, thread or status."""
    if not is_mapping(run):
        return None
    id, thread_id, status = (_text(run.get(name)) for name in ("id", "thread_id", "status"))
    if not (id and thread_id and status):
        return None
    return State(id, thread_id, status, tuple(_calls(run.get("required_action"))), _reason(run.get("last_error")))


def _calls(asked: object) -> Iterator[str]:
    for name in ("submit_tool_outputs", "tool_calls"):
        asked = asked.get(name) if is_mapping(asked) else None
    for call in asked if is_list(asked) else []:
        if is_mapping(call) and isinstance(call.get("id"), str):
            yield call["id"]


def _reason(error: object) -> str:
    return _text(error.get("message") if is_mapping(error) else error)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def state_in(content_type: str, body: bytes) -> State | None:
    """How a run stands at the end of the answer to its creation, which may be a stream or the run itself."""
    if content_type.startswith("application/json"):
        try:
            return state_of(json.loads(body))
        except (ValueError, RecursionError):
            return None
    told = (data for name, data in frames_of(body).events if name.startswith("thread.run.") and "step" not in name)
    states = [state for state in map(state_of, told) if state is not None]
    return states[-1] if states else None
