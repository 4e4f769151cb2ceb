"""What a stream has delivered so far: which run it is about, how that stands, which events have been seen. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._urls import is_id

if TYPE_CHECKING:
    from ._assemble import Assembly
    from ._known_ids import KnownIds

RUN_EVENTS = "thread.run."
STEP_EVENTS = "thread.run.step."
FINAL_STATUSES = frozenset({"completed", "incomplete", "failed", "cancelled", "expired"})
STREAM_ENDS_WITH = FINAL_STATUSES | {"requires_action"}
"""Run statuses after which a stream has nothing more to say."""

TAIL = 4096
"""How many events are kept as they came, before they are folded into snapshots."""


class Progress:
    """What a stream has delivered."""

    def __init__(self, into: Any = None, known: KnownIds | None = None) -> None:
        self._into = into
        """Type of the events."""
        self._known = known
        self.run_id: str | None = None
        self.thread_id: str | None = None
        self.run_status: str | None = None
        self.done = False
        """The server has said that the stream is over."""
        self.started = False
        """Whether any byte of an answer has come."""
        self.seen: set[tuple[str, str]] = set()
        """Names of the events and ids of their objects, apart from deltas."""
        self.tail: list[Any] = []
        """Events since the snapshots: deltas as the bytes that came, which cost the garbage collector nothing."""
        self._folded = 0
        """Events that are not kept any more."""
        self._assembly: Assembly | None = None

    @property
    def knows_run(self) -> bool:
        """Whether the run can be asked for."""
        return self.run_id is not None and self.thread_id is not None

    @property
    def at_its_end(self) -> bool:
        """Whether the run's last event has come."""
        return self.run_status in STREAM_ENDS_WITH

    @property
    def count(self) -> int:
        """How many events there were."""
        return self._folded + len(self.tail)

    def pass_on(self) -> None:
        """Note that there was an event, of which nothing is kept."""
        self._folded += 1

    def keep(self, event: Any) -> Any:
        """Note an event that says nothing about how the run stands; returns it."""
        self.tail.append(event)
        return event

    def trim(self) -> None:
        """See to it that not too much is kept."""
        if len(self.tail) > TAIL:
            self.assembly()

    def add(self, event: Any) -> Any:
        """Note an event, and how the run stands; returns it."""
        name = _text(getattr(event, "event", None)) or ""
        data = getattr(event, "data", None)
        object_id = _text(getattr(data, "id", None))
        self.run_id = _id(getattr(data, "run_id", None)) or self.run_id
        self.thread_id = _id(getattr(data, "thread_id", None)) or self.thread_id
        if name == "thread.created":
            self.thread_id = _id(object_id) or self.thread_id
        elif name.startswith(RUN_EVENTS) and not name.startswith(STEP_EVENTS):
            self.run_id = _id(object_id) or self.run_id
            if self._known is not None and (name, object_id) not in self.seen:
                self._known.claim(object_id)  # it is not what a later request has created
            self.run_status = _text(getattr(data, "status", None)) or name.removeprefix(RUN_EVENTS)
        if not name.endswith(".delta"):
            self.seen.add((name, object_id or ""))
        return self.keep(event)

    def assembly(self) -> Assembly:
        """The snapshots that the events have led to. They are put together when somebody asks, and before the events
        kept for it become many: most streams end without anybody asking."""
        from ._folding import folded

        if self._assembly is None:
            from ._assemble import Assembly

            self._assembly = Assembly(self._into)
        for event in folded(self.tail, self._into):
            self._assembly.feed(event)
        self._folded += len(self.tail)
        self.tail.clear()
        return self._assembly


def _id(value: object) -> str | None:
    return value if is_id(value) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
