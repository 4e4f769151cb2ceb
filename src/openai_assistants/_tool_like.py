"""What a tool may be, for annotations: importing this loads the types of tools."""

from __future__ import annotations

from typing import Any, Callable, TypeAlias

from ._functions import ToolFunction
from .types.assistants_params import AssistantToolParam

ToolLike: TypeAlias = Callable[..., Any] | ToolFunction | AssistantToolParam
"""A Python function, or any tool as the API describes it."""
