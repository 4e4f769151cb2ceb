"""What the workers of one database tell each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

Hear: TypeAlias = Callable[[str, str], None]
"""Takes a topic and a value; called from a thread."""

RUN: Final = "run"
"""A run has new events, or none will come any more; its id."""
STOP: Final = "stop"
"""A run is no longer to be worked on; its id."""
BATCHES: Final = "batches"
"""A batch is being cancelled."""
LEFT: Final = "left"
"""A worker is gone."""
BEAT: Final = "beat"
"""Not told by others: time has passed, and whatever was missed is to be looked for now."""
