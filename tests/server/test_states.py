"""The state machine of a run, against a table written by hand."""

from __future__ import annotations

import pytest

from openai_assistants.server.runs import (
    ACTIVE,
    CANCELLABLE,
    EXPIRABLE,
    TERMINAL,
    IllegalTransitionError,
    check_transition,
)

pytestmark = pytest.mark.once

# One line for each status: where a run may go from there.
TABLE = {
    "queued": "in_progress cancelling failed expired",
    "in_progress": "requires_action cancelling completed incomplete failed expired",
    "requires_action": "queued cancelling expired",
    "cancelling": "cancelled",
    "cancelled": "",
    "completed": "",
    "incomplete": "",
    "failed": "",
    "expired": "",
}


@pytest.mark.parametrize("current", TABLE)
@pytest.mark.parametrize("new", TABLE)
def test_only_the_transitions_of_the_table_are_legal(current: str, new: str) -> None:
    if new in TABLE[current].split():
        check_transition(current, new)
    else:
        with pytest.raises(IllegalTransitionError, match=f"from {current} to {new}"):
            check_transition(current, new)


def test_groups_of_states() -> None:
    assert {"queued", "in_progress", "requires_action", "cancelling"} == ACTIVE
    assert {"cancelled", "completed", "incomplete", "failed", "expired"} == TERMINAL
    assert {"queued", "in_progress", "requires_action"} == CANCELLABLE
    assert {"queued", "in_progress", "requires_action"} == EXPIRABLE
