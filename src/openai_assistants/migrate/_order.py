"""What is to be migrated, from where to where."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Sequence

from ._exports import V1Export
from ._journal import JournalPath
from ._report import OnProgress


@dataclass(frozen=True)
class Order:
    """The arguments of `v1_to_v2`."""

    source: Any
    """The client of a server that speaks version 1; None: there is only an export."""
    target: Any
    """The client of a server that speaks version 2."""
    same: bool
    """Whether files of the source may be at the target under their ids."""
    export: V1Export | None
    assistants: Sequence[str] | None
    threads: Sequence[str] | None
    apply: bool
    journal: JournalPath | None
    files: Path | None
    allow_missing_files: bool
    max_wait_seconds: float
    on_progress: OnProgress | None
    names: tuple[str | None, str]
    """What the journal calls the two servers."""
