"""Programs that are ended if they take for ever."""

from __future__ import annotations

import subprocess
import sys
import textwrap

SECONDS = 30
"""What takes milliseconds, but took minutes."""


def done(program: str) -> str:
    """What a program prints that must not take long."""
    command = [sys.executable, "-c", textwrap.dedent(program)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()
