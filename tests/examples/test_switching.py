"""An existing program runs with only its import changed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from openai_assistants.server import LocalServer

PROGRAM = Path(__file__).with_name("existing_program.py")

EXPECTED = """\
assistant: Forecast
polled: completed True
messages: ['user', 'assistant'] True
steps: ['message_creation', 'tool_calls']
step: completed
streamed: completed True
message: {'seen': 'yes'}
runs: ['completed', 'completed']
run: {'kept': 'yes'}
file: notes.txt Take an umbrella.
models: True
together: completed
error: 404 True
file True
thread.message.deleted True
thread.deleted True
assistant.deleted True
"""


def test_an_existing_program_runs_with_its_import_changed() -> None:
    with LocalServer() as server:
        result = subprocess.run(
            [sys.executable, "-W", "error", str(PROGRAM), server.base_url],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert result.stderr == ""
    assert result.stdout == EXPECTED
