"""The official client, from an environment of its own, works against the server: every operation, sync and async."""

from __future__ import annotations

import csv
import json
import os
import subprocess
from pathlib import Path

import pytest

from openai_assistants.server import Call, Code, Fail, Fault, LocalServer, Script, Search, Turn
from openai_assistants.server.code import CodeResult
from tests.server.test_code_interpreter import FakeSandbox, made

PROGRAMS = Path(__file__).parent / "programs"
OPERATIONS = Path(__file__).parents[1] / "operations.csv"

PARALLEL = Script(
    (
        Turn(calls=[Call("get_weather", {"city": "Rome"}, pieces=['{"ci', 'ty": "Rome"}']), Call("get_weather", {})]),
        Turn("It is sunny."),
    ),
    model="parallel",
    times=None,
)
SEARCHING = Script(
    (Turn(calls=[Search("What do whales sing?")]), Turn(calls=[Call("get_weather", {})]), Turn("They sing songs.")),
    model="searching",
    times=None,
)
PROGRAMMING = Script(
    (Turn(calls=[Code("x = 7\nprint(x)\n", pieces=["x = 7\n", "print(x)\n"])]), Turn("See sandbox:/mnt/data/plot.png")),
    model="programming",
    times=None,
)
SCRIPTS = (
    PARALLEL,
    SEARCHING,
    PROGRAMMING,
    Script((Turn("It beg", fail=Fail("Too many.", code="rate_limit_exceeded")),), model="failing", times=None),
    Script((Turn("word " * 3000),), model="endless", times=None),
    Script((Turn(deltas=["One", " two", " three."]),), model="spoken", times=None),
    Script((Turn(deltas=["Well", 60.0, "."]),), model="waiting", times=None),
)
FAULTS = (
    Fault("status", path="/v1/models/flaky", times=2, status=500, retry_after=0.01),
    Fault("status", path="/v1/models/limited", times=1, status=429),
    Fault("status", path="/v1/models/broken", times=1, status=500),
)
REFUSED = {"deleteModel"}
"""No model here is the caller's to delete: 403."""


def run_program(python: str, *arguments: str) -> dict[str, str]:
    """What each check found wrong."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "OPENAI"))}
    result = subprocess.run(
        [python, "-W", "error", "-W", "ignore::DeprecationWarning", str(PROGRAMS / "run_all.py"), *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=environment,
    )
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    reports = [json.loads(line) for line in result.stdout.splitlines()]
    return {report["check"]: report["problem"] for report in reports}


def operations() -> list[str]:
    """All operations of version 2, from the table that was checked by hand."""
    with OPERATIONS.open(encoding="utf-8", newline="") as file:
        return [row["operation"] for row in csv.DictReader(file) if row["version"] == "v2"]


@pytest.mark.parametrize("flavour", ["sync", "async"])
def test_the_official_client_works(peer_python: str, flavour: str) -> None:
    sandbox = FakeSandbox(CodeResult("7\n", (made("/mnt/data/plot.png", b"\x89PNG", is_image=True),)))
    with LocalServer(drain_seconds=0.0, poll_after_ms=30, code=sandbox) as server:
        for script in SCRIPTS:
            server.scripts.add(script)
        server.faults.add(*FAULTS)
        gate = server.processing.hold("held-*")
        server.processing.fail("broken*")
        found = run_program(peer_python, server.base_url, flavour)
        gate.open()
        requests = list(server.requests)
    wrong = {check: problem for check, problem in found.items() if problem}
    assert not wrong, "\n\n".join(f"{check}:\n{problem}" for check, problem in wrong.items())
    assert len(found) > 30
    good = {each.operation for each in requests if each.status == 200}
    assert [each for each in operations() if each not in good | REFUSED] == []
    assert {each.operation for each in requests if each.status == 403} == REFUSED
    assert not [each for each in requests if (each.status or 0) >= 500 and "/models/" not in each.path]
