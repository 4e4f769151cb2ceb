"""The tools of a run: definitions for the model, and Python functions that answer its calls. The loop is elsewhere."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Awaitable, Callable, Iterable, Sequence, cast

from ._errors import ToolCallError
from ._functions import ToolFunction
from ._guards import is_collection, is_mapping, is_model_like
from ._logs import logger
from ._tool_texts import bounded, error_text, fitted, result_text

if TYPE_CHECKING:
    from ._tool_like import ToolLike
    from .types.beta import AssistantToolParam
    from .types.beta.threads import RequiredActionFunctionToolCall
    from .types.beta.threads.run_submit_tool_outputs_params import ToolOutput
    from .types.beta.threads.runs import FunctionToolCall


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
