"""`serve --workers`: several processes over one socket and one PostgreSQL database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from openai_assistants import OpenAI
from openai_assistants.cli.launch import _MAX_FALSE_STARTS
from tests.cluster import Cluster, url

from .support import Serving, script, serving, wait_for


@pytest.fixture(scope="module")
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database on the PostgreSQL server of the test run, or on one of this module."""
    plugin = request.config.pluginmanager.get_plugin("on-postgres")
    if plugin is not None:
        yield plugin.databases.take()
        return
    cluster = Cluster()
    yield url(cluster.directory, "postgres")
    cluster.stop()


@pytest.fixture
def pair(database: str, tmp_path: Path) -> Iterator[Serving]:
    """Two processes; each run takes a second."""
    with serving(
        "--database", database, "--workers", "2", "--model", script(tmp_path, 1.0), "--drain", "60"
    ) as running:
        wait_for(lambda: len(running.children) == 2)
        yield running


def is_gone(pid: int) -> bool:
    """Whether a process has ended."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def streamed(running: Serving, *numbers: int, to: str) -> list[str]:
    """The events of a run during which signals come."""
    names: list[str] = []
    left = list(numbers)
    with OpenAI(base_url=running.base_url, api_key="any", max_retries=0) as client:
        assistant = client.beta.assistants.create(model="m")
        thread = client.beta.threads.create(messages=[{"role": "user", "content": "Hi"}])
        for event in client.beta.threads.runs.create(thread.id, assistant_id=assistant.id, stream=True):
            names.append(event.event)
            if event.event == "thread.message.delta" and left:
                (os.killpg if to == "group" else os.kill)(running.process.pid, left.pop())
    return names


def test_a_process_that_dies_is_replaced(pair: Serving) -> None:
    before = pair.children
    victim = min(before)
    os.kill(victim, signal.SIGKILL)
    wait_for(lambda: len(pair.children) == 2 and victim not in pair.children)
    with OpenAI(base_url=pair.base_url, api_key="any") as client:
        for _ in range(10):
            client.models.list()
    after = pair.children
    assert pair.stop() == 0
    assert all(is_gone(pid) for pid in before | after)
    assert any(line.get("message") == f"worker {victim} ended with code -9; starting another" for line in pair.log)
    assert "workers   2" in "".join(pair.said)


@pytest.mark.parametrize(("number", "to"), [(signal.SIGTERM, "supervisor"), (signal.SIGINT, "group")])
def test_streams_end_properly_at_a_stop(pair: Serving, number: int, to: str) -> None:
    """A terminal sends Ctrl-C to the whole group of processes: each must count it once only."""
    workers = pair.children
    names = streamed(pair, number, to=to)
    assert names[-1] == "thread.run.completed" and names.count("thread.message.delta") == 2
    assert pair.ended() == 0
    assert all(is_gone(pid) for pid in workers)


def test_processes_do_not_outlive_the_one_that_watches_over_them(pair: Serving) -> None:
    workers = pair.children
    pair.stop(signal.SIGKILL)
    wait_for(lambda: all(is_gone(pid) for pid in workers))
    with pytest.raises(httpx.ConnectError):
        httpx.get(pair.base_url)


def test_processes_that_never_work_are_given_up() -> None:
    program = (
        "import socket\n"
        "from openai_assistants.cli import launch\n"
        "launch._YOUNG = 1000.0\n"  # however long a start takes here
        "listener = socket.create_server(('127.0.0.1', 0))\n"
        "command = ['serve', '--database', '/no/such/folder/a.db']\n"
        "raise SystemExit(launch.Supervisor(command, listener, 2, patience=1).run())\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "cannot open the database" in done.stderr and "Traceback" not in done.stderr
    assert "workers end as soon as they are started" in done.stderr


def supervised(*changes: str, patience: float, log: Path) -> subprocess.Popen[bytes]:
    """A program that watches over two processes, with other limits than usual."""
    program = (
        "import socket\n"
        "from openai_assistants.cli import launch\n"
        f"{chr(10).join(changes)}\n"
        "listener = socket.create_server(('127.0.0.1', 0))\n"
        "command = ['serve', '--database', '/no/such/folder/a.db']\n"
        f"raise SystemExit(launch.Supervisor(command, listener, 2, patience={patience}).run())\n"
    )
    with log.open("wb") as errors:
        return subprocess.Popen([sys.executable, "-c", program], stderr=errors)


def test_processes_that_have_worked_are_replaced_as_often_as_they_end(tmp_path: Path) -> None:
    log = tmp_path / "log"
    changes = ("launch._YOUNG = 0.0", "launch.sys.executable = 'false'")  # however soon it ends, that was a while
    process = supervised(*changes, patience=1, log=log)
    wait_for(lambda: log.read_text().count("starting another") >= 4)
    process.terminate()
    assert process.wait(30) == 0
    assert "as soon as they are started" not in log.read_text()


def test_processes_that_have_worked_once_are_not_given_up(tmp_path: Path) -> None:
    """However often they end as soon as they are started, later on: the database may be away for a while."""
    log, worker, first = tmp_path / "log", tmp_path / "worker", tmp_path / "first"
    worker.write_text(f"#!/bin/sh\n[ -e {first} ] && exit 3\ntouch {first}\nexec sleep 2\n")
    worker.chmod(0o755)
    changes = ("launch._YOUNG = 0.2", "launch._LONGEST_PAUSE = 0.3", f"launch.sys.executable = {str(worker)!r}")
    process = supervised(*changes, patience=1, log=log)
    wait_for(lambda: log.read_text().count("starting another") >= 3 * _MAX_FALSE_STARTS)
    process.terminate()
    assert process.wait(30) == 0
    assert "as soon as they are started" not in log.read_text()


def test_processes_that_do_not_stop_are_killed(tmp_path: Path) -> None:
    log, stubborn = tmp_path / "log", tmp_path / "stubborn"
    stubborn.write_text("#!/bin/sh\ntrap '' TERM\necho $$ >&2\nexec sleep 1000\n")
    stubborn.chmod(0o755)
    changes = (f"launch.sys.executable = {str(stubborn)!r}", "launch._GRACE = 0.0")
    process = supervised(*changes, patience=0.1, log=log)
    wait_for(lambda: len(log.read_text().split()) == 2)
    process.terminate()
    assert process.wait(30) == 0
    assert all(is_gone(int(pid)) for pid in log.read_text().split())
