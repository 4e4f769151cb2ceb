"""The sandbox in which the programs of the code interpreter run."""

from __future__ import annotations

from .base import (
    CodeResult,
    InputFile,
    Limits,
    MadeFile,
    Problem,
    Sandbox,
    SandboxError,
    SandboxUnavailableError,
    paths_of,
    safe_name,
)
from .sandbox import BubblewrapSandbox, open_sandbox

__all__ = [
    "BubblewrapSandbox",
    "CodeResult",
    "InputFile",
    "Limits",
    "MadeFile",
    "Problem",
    "Sandbox",
    "SandboxError",
    "SandboxUnavailableError",
    "open_sandbox",
    "paths_of",
    "safe_name",
]
