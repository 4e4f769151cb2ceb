"""The tools of a run: definitions for the model, Python functions that answer its calls, and the rounds of a loop:
which calls a run waits for, who answers them, and when it is enough. No I/O."""

from __future__ import annotations

import inspect
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Awaitable, Callable, Iterable, Literal, Sequence, TypeAlias, cast

from ._basics import is_collection, is_list, is_mapping, is_model_like
from ._errors import OpenAIError, ToolCallError, ToolLoopError
from ._events import FINAL_STATUSES
from ._exchange import begun, deadline_of, fetch, given, late_in_between, options_of_a_look
from ._flow import DeadlinePassed, Flow, Perform, Together
from ._functions import ToolFunction, bounded, error_text, fitted, result_text
from ._http import is_id
from ._logs import logger
from ._polling import has_status, log_refusal
from ._requests import Call, Operation

if TYPE_CHECKING:
    from ._flow import Done
    from ._requests import Core, RequestOptions
    from .types.beta import AssistantToolParam
    from .types.beta.threads import RequiredActionFunctionToolCall
    from .types.beta.threads.run_submit_tool_outputs_params import ToolOutput
    from .types.beta.threads.runs import FunctionToolCall

ToolLike: TypeAlias = "Callable[..., Any] | ToolFunction | AssistantToolParam"
"""A Python function, or any tool as the API describes it."""


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What became of one call."""

    tool_call_id: str
    name: str
    """Name of the tool."""
    output: str
    """What the model reads: the result, or what went wrong."""
    value: Any = None
    """What the function returned."""
    error: Exception | None = None
    """Why there is no result: a `ToolCallError` when the call could not be made, else what the function raised."""


@dataclass(frozen=True, slots=True)
class PreparedToolCall:
    """A call whose arguments have been validated. Run it once, with `run` or `run_async`; both answer every call."""

    tool_call_id: str
    name: str
    """Name of the tool."""
    is_async: bool = False
    """Whether the tool is an async function."""
    function: Callable[[], Any] | None = None
    """The function with its arguments; None if the call cannot be made."""
    error: Exception | None = None
    """Why the call cannot be made: a `ToolCallError`, or what a validator in the function's type hints raised."""

    def run(self) -> ToolResult:
        """Call a plain function.

        Raises:
            TypeError: It is an async function.
        """
        begun = self._begin()
        if isinstance(begun, ToolResult):
            return begun
        getattr(begun.value, "close", lambda: None)()
        raise TypeError(f"tool {self.name!r} is async; the sync client needs plain functions (or use AsyncOpenAI)")

    async def run_async(self) -> ToolResult:
        """Call an async function here, or a plain one in a worker thread, which a cancellation waits for."""
        if self.is_async or self.function is None:
            begun = self._begin()
        else:
            from anyio import to_thread

            begun = await to_thread.run_sync(self._begin)
        if isinstance(begun, ToolResult):
            return begun
        try:
            value = await begun.value
        except Exception as error:  # the model is told; what ends a program or a task is no Exception
            return self._failed(error)
        return self._succeeded(value)

    def _begin(self) -> ToolResult | _Pending:
        """Call the function."""
        if self.function is None:
            return self._failed(self.error or TypeError("there is no function"))
        try:
            value = self.function()
        except Exception as error:
            return self._failed(error)
        return _Pending(value) if inspect.isawaitable(value) else self._succeeded(value)

    def _succeeded(self, value: Any) -> ToolResult:
        try:
            return ToolResult(self.tool_call_id, self.name, result_text(value), value)
        except Exception as reason:
            error = TypeError(f"the result of {self.name} cannot be written as JSON: {reason}")
            error.__cause__ = reason
            return self._failed(error, value)

    def _failed(self, error: Exception, value: Any = None) -> ToolResult:
        if isinstance(error, ToolCallError):
            logger.info("tool call %s cannot be made: %s", self.tool_call_id, error)
            return ToolResult(self.tool_call_id, self.name, bounded(f"Error: {error}"), error=error)
        logger.warning("tool %s failed; the model is told", self.name, exc_info=error)
        return ToolResult(self.tool_call_id, self.name, error_text(error), value, error)


@dataclass(frozen=True, slots=True)
class _Pending:
    """What is to be awaited for a result. Trio lets no bare coroutine out of a worker thread."""

    value: Awaitable[Any]


class Toolbox:
    """The tools of a run.

    Args:
        tools: Python functions, `ToolFunction`s, and tools as the API describes them (`{"type": "file_search"}`, the
            `tools` of an assistant).

    Raises:
        TypeError: Something is no tool, or a function cannot be described.
        ValueError: Two tools have the same name.
    """

    definitions: list[AssistantToolParam]
    """All tools, to be sent as `tools=`."""
    functions: dict[str, ToolFunction]
    """The tools that can be called here, by name."""

    def __init__(self, tools: Iterable[ToolLike]) -> None:
        given: object = tools
        if is_mapping(given) or not is_collection(given):
            raise TypeError("tools must be a list of functions and tools; put a single one into a list")
        self.definitions = []
        self.functions = {}
        names: set[str] = set()
        for tool in tools:
            described = _described(tool)
            definition = described.definition if isinstance(described, ToolFunction) else described
            self.definitions.append(definition)
            name = _function_name(definition)
            if name in names:
                raise ValueError(f"two tools have the name {name!r}; give one of them another: ToolFunction(f, name=)")
            if name is not None:
                names.add(name)
            if isinstance(described, ToolFunction):
                self.functions[described.name] = described

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the tools that can be called here."""
        return tuple(self.functions)

    def require_plain_functions(self) -> None:
        """Make sure that the sync client can call every tool.

        Raises:
            TypeError: Some are async functions.
        """
        if found := [tool.name for tool in self.functions.values() if tool.is_async]:
            raise TypeError(
                f"async functions as tools: {', '.join(found)}; the sync client needs plain ones (or use AsyncOpenAI)"
            )

    def prepare(self, call: RequiredActionFunctionToolCall | FunctionToolCall) -> PreparedToolCall:
        """Find the function of a call and validate its arguments. Whatever the model wrote, this does not raise."""
        called: Any = getattr(call, "function", None)
        name = str(getattr(called, "name", None))
        tool = self.functions.get(name)
        if tool is None:
            return PreparedToolCall(call.id, name, error=self._unknown(name))
        try:
            function = tool.bind(getattr(called, "arguments", None))
        except Exception as error:
            return PreparedToolCall(call.id, name, tool.is_async, error=error)
        return PreparedToolCall(call.id, name, tool.is_async, function)

    @staticmethod
    def outputs(results: Sequence[ToolResult]) -> list[ToolOutput]:
        """The results of one round as `tool_outputs=`; the longest are cut where the API would refuse them."""
        texts = fitted([result.output for result in results])
        return [
            {"tool_call_id": result.tool_call_id, "output": text} for result, text in zip(results, texts, strict=True)
        ]

    def _unknown(self, name: str) -> ToolCallError:
        known = f"the tools are: {', '.join(self.functions)}" if self.functions else "there are no tools"
        return ToolCallError(f"there is no tool {name!r}; {known}", tool_name=name, reason="unknown_tool")


def _described(tool: ToolLike) -> ToolFunction | AssistantToolParam:
    if isinstance(tool, ToolFunction):
        return tool
    if not isinstance(tool, type):
        if is_mapping(tool) or is_model_like(tool):
            return cast("AssistantToolParam", tool)
        if callable(tool):
            return ToolFunction(tool)
    raise TypeError(f"{tool!r} is no tool; tools are Python functions and what the API describes, such as dicts")


def _function_name(tool: AssistantToolParam) -> str | None:
    """The name of a function that is described only, so that another one cannot have it too."""
    function = _data(_data(tool).get("function"))
    return str(function["name"]) if "name" in function else None


def _data(value: object) -> Any:
    return value.to_dict() if is_model_like(value) else value if is_mapping(value) else {}


# The rounds of a tool loop: which calls a run waits for, who answers them, and when it is enough. No I/O.

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
    """What to do with the run when the loop ends with an exception, be it one of a callback or of the block."""

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
        self.thread = {"thread_id": start.path["thread_id"]}
        """As it stands in paths. Not every server repeats it in its runs."""
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
        if not is_id(getattr(run, "id", None)):
            raise ToolLoopError(
                "A run waits for the outputs of tools, but the server does not say which one.",
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
            APITimeoutError: The deadline passed.
            ToolLoopError: A tool failed, and the model is not to be told.
        """
        path = {**self.thread, "run_id": run.id}
        submission: Call[Any] = Call(self.operations.submit, path, into=self.start.into, resume=self.start.resume)
        try:
            results = yield from self._results(prepared)
        except DeadlinePassed:
            when = f"while the tools of run {run.id} were called"
            raise late_in_between(self.core, submission, self._options, when) from None
        self.results += results
        failed = next((result for result in results if result.error is not None), None)
        if failed is not None and self.policy.on_tool_error == "raise":
            raise ToolLoopError(
                f"Tool {failed.name} failed in run {run.id}: {failed.output}", run=run, results=self.results
            ) from failed.error
        body: dict[str, object] = {"tool_outputs": Toolbox.outputs(results)}
        if (self.start.body or {}).get("stream"):
            body["stream"] = True
        return replace(submission, body=body)

    def _results(self, prepared: list[PreparedToolCall]) -> Flow[list[ToolResult]]:
        """Make calls, one by one or side by side."""
        limit, deadline = self.policy.max_concurrency, deadline_of(self._options)
        if limit == 1 or len(prepared) == 1:
            return (yield from _one_by_one(prepared, deadline))
        outcomes = yield Together([_make(call, deadline) for call in prepared], limit, stop_on_error=True)
        return [outcome.value for outcome in cast("list[Done[ToolResult]]", outcomes)]

    def give_up(self, run: Any) -> Flow[None]:
        """Let go of a run whose loop has failed: nobody will give it what it waits for."""
        run_id: object = getattr(run, "id", None)
        if self.policy.on_failure == "leave" or has_status(run, FINAL_STATUSES) or not is_id(run_id):
            return
        options: RequestOptions = {**self.options(), "deadline": GIVE_UP_SECONDS}
        try:
            cancel: Call[Any] = Call(self.operations.cancel, {**self.thread, "run_id": run_id}, into=self.start.into)
            yield from fetch(self.core, cancel, options)
        except OpenAIError as error:
            log_refusal(f"run {run.id}, whose tool loop failed,", error)


def _one_by_one(prepared: list[PreparedToolCall], deadline: float | None) -> Flow[list[ToolResult]]:
    results: list[ToolResult] = []
    for call in prepared:
        result = yield from _make(call, deadline)
        results.append(result)
    return results


def _make(call: PreparedToolCall, deadline: float | None) -> Flow[ToolResult]:
    result: ToolResult = yield Perform(call.run, call.run_async, deadline)
    if deadline is not None and time.monotonic() >= deadline:  # a plain function cannot be stopped
        raise DeadlinePassed
    return result


def _calls_of(run: Any) -> list[Any]:
    """The calls that a run waits for; none if it waits for something else."""
    outputs = getattr(getattr(run, "required_action", None), "submit_tool_outputs", None)
    calls = getattr(outputs, "tool_calls", None)
    return calls if is_list(calls) else []


def _is_unknown(call: PreparedToolCall) -> bool:
    return isinstance(call.error, ToolCallError) and call.error.reason == "unknown_tool"
