"""How a run stands, read from whatever a server says of it. No I/O."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from openai_assistants._basics import is_list, is_mapping
from openai_assistants._events import FINAL_STATUSES, STREAM_ENDS_WITH

from .streams import frames_of


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
