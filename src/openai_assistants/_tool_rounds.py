"""The rounds of a tool loop: which calls a run waits for, who answers them, and when it is enough. No I/O."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Iterable, Literal, cast

from ._calls import Call, Operation
from ._errors import OpenAIError, ToolCallError, ToolLoopError
from ._exchange import begun, fetch, given, options_of_a_look
from ._flow import Flow, Perform, Together
from ._guards import is_list
from ._logs import logger
from ._progress import FINAL_STATUSES
from ._toolbox import PreparedToolCall, Toolbox, ToolResult
from ._urls import is_id
from ._waiting import has_status

if TYPE_CHECKING:
    from ._core import Core
    from ._flow import Done
    from ._options import RequestOptions
    from ._tool_like import ToolLike

GIVE_UP_SECONDS = 10.0
"""How long cancelling the run may hold up a loop that has failed."""


@dataclass(frozen=True, slots=True)
class ToolPolicy:
    """How a tool loop goes about its calls."""

    max_rounds: int = 10
    """How often outputs are submitted at most."""
    max_concurrency: int = 5
    """How many calls of one round are made at the same time at most; with 1 they are made in the calling thread."""
    on_unknown_tool: Literal["report", "raise", "leave"] = "report"
    """What to do when the model calls a function that is not among the tools: tell the model, raise, or leave the run
    as it is, for the program to answer."""
    on_tool_error: Literal["report", "raise"] = "report"
    """What to do when a tool fails or its arguments are wrong: tell the model, or raise."""
    on_failure: Literal["cancel", "leave"] = "cancel"
    """What to do with the run when the loop ends with an exception."""

    def __post_init__(self) -> None:
        for name in ("max_rounds", "max_concurrency"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be 1 or more, not {getattr(self, name)}")
        choices = {
            "on_unknown_tool": ("report", "raise", "leave"),
            "on_tool_error": ("report", "raise"),
            "on_failure": ("cancel", "leave"),
        }
        for name, allowed in choices.items():
            if getattr(self, name) not in allowed:
                raise ValueError(f"{name} must be one of {', '.join(allowed)}, not {getattr(self, name)!r}")


@dataclass(frozen=True, slots=True)
class ToolOperations:
    """The operations of one version of the API that a tool loop needs."""

    submit: Operation
    retrieve: Operation
    cancel: Operation
    messages: Operation
    by_run: bool = True
    """Whether messages can be listed by their run."""


class ToolRounds:
    """A tool loop between its requests."""

    def __init__(
        self,
        core: Core,
        start: Call[Any],
        tools: Iterable[ToolLike],
        operations: ToolOperations,
        policy: ToolPolicy,
        options: RequestOptions,
    ) -> None:
        self.core = core
        self.toolbox = Toolbox(tools)
        self.start = replace(start, body={**(start.body or {}), "tools": self.toolbox.definitions})
        self.operations = operations
        self.policy = policy
        self.rounds = 0
        """How often tools have been called."""
        self.results: list[ToolResult] = []
        """What became of all calls."""
        self._options = begun(given(options))

    def first_options(self) -> RequestOptions:
        """Options of the request that starts the run."""
        return self._options

    def options(self) -> RequestOptions:
        """Options of every later request: the deadline is that of the whole loop."""
        return options_of_a_look(self._options)

    def next_calls(self, run: Any) -> list[PreparedToolCall] | None:
        """The calls that are to be made now; None if the loop is over.

        Raises:
            ToolLoopError: The run cannot go on, or must not.
        """
        if getattr(run, "status", None) != "requires_action":
            return None
        calls = _calls_of(run)
        if not (is_id(getattr(run, "id", None)) and is_id(getattr(run, "thread_id", None))):
            raise ToolLoopError(
                "A run waits for the outputs of tools, but the server does not say which one of which thread.",
                run=run,
                results=self.results,
            )
        if not calls:
            action = getattr(getattr(run, "required_action", None), "type", None)
            raise ToolLoopError(
                f"Run {run.id} waits for something else than the outputs of functions ({action or 'unnamed'}); "
                "answer it by other means, or cancel it.",
                run=run,
                results=self.results,
            )
        if not all(isinstance(getattr(call, "id", None), str) for call in calls):
            raise ToolLoopError(
                f"Run {run.id} has a call of a tool without an id, so it cannot be answered.",
                run=run,
                results=self.results,
            )
        prepared = [self.toolbox.prepare(call) for call in calls]
        unknown = [each.name for each in prepared if _is_unknown(each)]
        if unknown and self.policy.on_unknown_tool == "leave":
            return None
        if unknown and self.policy.on_unknown_tool == "raise":
            known = ", ".join(self.toolbox.names) or "none"
            raise ToolLoopError(
                f"The model called {', '.join(unknown)} in run {run.id}; the tools of this loop are: {known}.",
                run=run,
                results=self.results,
            )
        if self.rounds >= self.policy.max_rounds:
            raise ToolLoopError(
                f"Run {run.id} calls tools again after {self.rounds} rounds; raise max_rounds if that is right.",
                run=run,
                results=self.results,
            )
        self.rounds += 1
        return prepared

    def carry_out(self, run: Any, prepared: list[PreparedToolCall]) -> Flow[Call[Any]]:
        """Make the calls of one round; returns the call that submits their outputs.

        Raises:
            ToolLoopError: A tool failed, and the model is not to be told.
        """
        limit = self.policy.max_concurrency
        if limit == 1 or len(prepared) == 1:
            results = yield from _one_by_one(prepared)
        else:
            outcomes = yield Together([_make(call) for call in prepared], limit, stop_on_error=True)
            results = [outcome.value for outcome in cast("list[Done[ToolResult]]", outcomes)]
        self.results += results
        failed = next((result for result in results if result.error is not None), None)
        if failed is not None and self.policy.on_tool_error == "raise":
            raise ToolLoopError(
                f"Tool {failed.name} failed in run {run.id}: {failed.output}", run=run, results=self.results
            ) from failed.error
        path = {"thread_id": run.thread_id, "run_id": run.id}
        body: dict[str, object] = {"tool_outputs": Toolbox.outputs(results)}
        if (self.start.body or {}).get("stream"):
            body["stream"] = True
        return Call(self.operations.submit, path, body=body, into=self.start.into, resume=self.start.resume)

    def give_up(self, run: Any) -> Flow[None]:
        """Let go of a run whose loop has failed: nobody will give it what it waits for."""
        path: dict[str, Any] = {"thread_id": getattr(run, "thread_id", None), "run_id": getattr(run, "id", None)}
        if self.policy.on_failure == "leave" or has_status(run, FINAL_STATUSES) or not all(map(is_id, path.values())):
            return
        options: RequestOptions = {**self.options(), "deadline": GIVE_UP_SECONDS}
        try:
            cancel: Call[Any] = Call(self.operations.cancel, path, into=self.start.into)
            yield from fetch(self.core, cancel, options)
        except OpenAIError as error:
            logger.warning("run %s could not be cancelled after its tool loop failed: %s", run.id, error)


def _one_by_one(prepared: list[PreparedToolCall]) -> Flow[list[ToolResult]]:
    results: list[ToolResult] = []
    for call in prepared:
        result = yield from _make(call)
        results.append(result)
    return results


def _make(call: PreparedToolCall) -> Flow[ToolResult]:
    result: ToolResult = yield Perform(call.run, call.run_async)
    return result


def _calls_of(run: Any) -> list[Any]:
    """The calls that a run waits for; none if it waits for something else."""
    outputs = getattr(getattr(run, "required_action", None), "submit_tool_outputs", None)
    calls = getattr(outputs, "tool_calls", None)
    return calls if is_list(calls) else []


def _is_unknown(call: PreparedToolCall) -> bool:
    return isinstance(call.error, ToolCallError) and call.error.reason == "unknown_tool"
