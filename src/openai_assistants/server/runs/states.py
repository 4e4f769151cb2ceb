"""The state machine of a run. Nothing else decides which change of status is possible."""

from __future__ import annotations

from typing import Final

QUEUED: Final = "queued"
IN_PROGRESS: Final = "in_progress"
REQUIRES_ACTION: Final = "requires_action"
CANCELLING: Final = "cancelling"
CANCELLED: Final = "cancelled"
COMPLETED: Final = "completed"
INCOMPLETE: Final = "incomplete"
FAILED: Final = "failed"
EXPIRED: Final = "expired"

TRANSITIONS: Final[dict[str, frozenset[str]]] = {
    QUEUED: frozenset({IN_PROGRESS, CANCELLING, FAILED, EXPIRED}),
    IN_PROGRESS: frozenset({REQUIRES_ACTION, CANCELLING, COMPLETED, INCOMPLETE, FAILED, EXPIRED}),
    REQUIRES_ACTION: frozenset({QUEUED, CANCELLING, EXPIRED}),
    CANCELLING: frozenset({CANCELLED}),
    CANCELLED: frozenset(),
    COMPLETED: frozenset(),
    INCOMPLETE: frozenset(),
    FAILED: frozenset(),
    EXPIRED: frozenset(),
}

ACTIVE: Final = frozenset(status for status, successors in TRANSITIONS.items() if successors)
TERMINAL: Final = frozenset(TRANSITIONS) - ACTIVE
CANCELLABLE: Final = frozenset(status for status, successors in TRANSITIONS.items() if CANCELLING in successors)
EXPIRABLE: Final = frozenset(status for status, successors in TRANSITIONS.items() if EXPIRED in successors)


class IllegalTransitionError(Exception):
    """A change of status that no run makes; a bug of the server."""


def check(current: str, new: str) -> None:
    """Raise unless a run may go from one status to the other."""
    if new not in TRANSITIONS[current]:
        raise IllegalTransitionError(f"a run cannot go from {current} to {new}")
