"""schemathesis, driven by the spec, finds no server error and no answer that breaks its schema: it makes requests that
fit the spec and others that do not, goes to the limits of every field, and follows ids from answers into requests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from openai_assistants.server import LocalServer
from tests.fuzzing.document import strict_document
from tests.soak import SOAKING, count

ROOT = Path(__file__).parents[2]
CONFIG = """
# Left out of the form when it is an empty list, so there is nothing to refuse.
[[operations]]
include-operation-id = "createFile"
checks.negative_data_rejection.enabled = false
"""
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "allow_header_conformance",
    "use_after_free",
    "refused_for_a_reason",
    "says_what_went_wrong",
)


NEWEST = [("v2", "coverage", 1, 15), ("v2", "fuzzing", 4, 10), ("v2", "stateful", 30, 10)]
FIRST = [("v1", "coverage", 1, 4), ("v1", "fuzzing", 4, 6), ("v1", "stateful", 30, 8)]
"""For each phase: how many examples, and more than how many operations have to be answered well. Version 1 is for
soaking: its requests are checked by the same code, and the random sequences go through its handlers each time."""


@pytest.mark.parametrize(("version", "phase", "examples", "operations"), [*NEWEST, *(FIRST if SOAKING else [])])
def test_schemathesis_finds_nothing(version: str, phase: str, examples: int, operations: int, tmp_path: Path) -> None:
    seed = str(int.from_bytes(os.urandom(3))) if SOAKING else "1"
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", "openapi.json", "--phases", phase, "--seed", seed),
        *("--header", f"OpenAI-Beta: assistants={version}", "--checks", ",".join(CHECKS), "--continue-on-failure"),
        *(
            "--max-examples",
            str(count(examples, 40 * examples)),
            "--report",
            "json",
            "--report-json-path",
            "report.json",
        ),
    ]
    environment = os.environ | {"SCHEMATHESIS_HOOKS": "tests.fuzzing.hooks", "PYTHONPATH": str(ROOT)}
    with LocalServer(drain_seconds=0.0) as server:
        (tmp_path / "schemathesis.toml").write_text(CONFIG)
        (tmp_path / "openapi.json").write_text(json.dumps(strict_document(server.base_url, version)))
        result = subprocess.run(
            [*command, "--url", server.base_url],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=count(600, 3600),
            check=False,
            env=environment,
        )
        good = {each.operation for each in server.requests if each.status == 200}
    assert result.returncode == 0, f"seed {seed}: {result.stdout[-20_000:]}{result.stderr}"
    assert len(good) > operations, good
