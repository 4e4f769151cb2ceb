"""The server under every kind of request and failure, with marked keys: its logs, its database, its record of requests
and its answers hold none of them."""

from __future__ import annotations

import base64
import json
import logging
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from openai_assistants.server import LocalServer, Turn
from openai_assistants.server.asgi import JsonFormatter
from openai_assistants.server.models.chat import KEY_VARIABLE
from tests.server.support import BETA, at_each
from tests.server.upstream import Reply, Upstream, upstream_server

from .search import MARK, listening, texts

KEY = f"sk-right-{MARK}"
NAMED = f"sk-named-{MARK}"
WRONG = f"sk-wrong-{MARK}-0123"
CHAT_KEY = f"sk-chat-{MARK}"


@pytest.fixture(scope="module")
def running_upstream() -> Iterator[Upstream]:
    with upstream_server() as running:
        yield running


def refusal(status: int, message: str) -> Reply:
    return Reply(status=status, body={"error": {"message": message}})


def stored(database: Path) -> Iterator[str]:
    """All that stands in a database: every table as SQL, and the bytes of all its files."""
    for file in database.parent.glob(database.name + "*"):
        yield file.read_bytes().decode("latin-1")
    with closing(sqlite3.connect(database)) as connection:
        yield "\n".join(connection.iterdump())


FORMS: list[dict[str, str]] = [
    {"Authorization": f"Bearer {KEY}"},
    {"Authorization": f"bearer {NAMED}"},
    {"api-key": KEY},
    {"Authorization": f"Bearer {WRONG}"},
    {"Authorization": f"Basic {base64.b64encode(f'user:{WRONG}'.encode()).decode()}"},
    {"Authorization": f"{WRONG}"},
    {"api-key": WRONG},
    {"X-Api-Key": WRONG, "Cookie": f"key={WRONG}", "X-Auth-Token": WRONG, "Proxy-Authorization": WRONG},
    {"Authorization": f"Bearer {KEY}", "X-Amz-Security-Token": WRONG, "X-Goog-Api-Key": WRONG},
]


def test_keys_of_callers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = tmp_path / "a.db"
    keys = {KEY: None, NAMED: "team"}
    answers: list[str] = []
    with listening() as records:
        with LocalServer(drain_seconds=0.0, database=str(database), api_keys=keys) as server:

            def broken(*arguments: Any, **options: Any) -> Any:
                raise RuntimeError("the disk is full")

            with httpx.Client(base_url=server.base_url, trust_env=False) as http:
                for headers in FORMS:
                    for method, path, options in (
                        ("GET", f"/assistants?limit=5&api_key={WRONG}&key={WRONG}&sig={WRONG}", {}),
                        ("POST", "/assistants", {"json": {"model": "m"}}),
                        ("POST", "/assistants", {"content": b"{"}),
                        ("POST", "/threads", {"json": {}, "headers": {"Idempotency-Key": "k"}}),
                        ("POST", "/files", {"files": {"file": b"x"}, "data": {"purpose": "assistants"}}),
                        ("GET", "/nowhere", {}),
                        ("PATCH", "/models", {}),
                    ):
                        given = {**BETA, **headers, **options.pop("headers", {})}
                        answers.append(http.request(method, path, headers=given, **options).text)
                for name in ("read", "write"):
                    with monkeypatch.context() as patch:
                        patch.setattr(server.service.database.__class__, name, broken)
                        for path in ("/models", f"/files?key={WRONG}"):
                            answers.append(http.get(path, headers=FORMS[0]).text)
                            answers.append(http.post("/threads", json={}, headers={**BETA, **FORMS[0]}).text)
            received = [repr(each) for each in server.requests]
            assert any("'***'" in each for each in received)
            shown = [repr(server), repr(server.settings), repr(server.service), repr(vars(server.service.keys))]
        records.records = [each for each in records.records if each.name.partition(".")[0] != "httpx"]  # of this test
        formatter = JsonFormatter()
        logged = [*(text for _, text in records.texts()), *(formatter.format(each) for each in records.records)]
    assert any("the disk is full" in text for text in logged)
    assert len(answers) > 60
    for text in (*answers, *received, *shown, *logged, *stored(database)):
        assert MARK not in text
        # Not as another can use it either: digests are of no use without the key.
        assert base64.b64encode(KEY.encode()).decode() not in text


def test_the_key_of_the_chat_model(running_upstream: Upstream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    upstream = running_upstream
    upstream.reset()
    monkeypatch.setenv(KEY_VARIABLE, CHAT_KEY)
    database = tmp_path / "a.db"
    told = f"Incorrect API key provided: {CHAT_KEY}."
    replies: list[Any] = [
        refusal(401, told),
        refusal(403, told),
        refusal(500, told),
        Reply(body={"error": told}),
        [{"error": {"message": told}}],
        [told],
        Reply(body=told, headers={"content-type": "application/json"}),
        [RuntimeError("cut")],
    ]
    url = upstream.url.replace("http://", f"http://user:{MARK}@")
    routes = {
        "password*": f"chat:{url}#max_retries=0",
        "query*": f"chat:{upstream.url}?code={MARK}-code&odd={MARK}-odd#max_retries=0",
        "*": f"chat:{upstream.url}#max_retries=0",
    }
    outcomes: list[str] = []
    with listening() as records:
        with LocalServer(drain_seconds=0.0, database=str(database), models=routes) as server, server.client() as client:
            outcomes += [str(model) for model in client.models.list().data]
            for name in ("m", "password", "query"):
                assistant = client.beta.assistants.create(model=name)
                for reply in replies if name == "m" else replies[::3]:
                    upstream.play(reply)
                    run = client.beta.threads.create_and_run_poll(assistant_id=assistant.id, thread={"messages": []})
                    assert run.status == "failed"
                    outcomes += [
                        run.to_json(),
                        str(client.beta.threads.runs.steps.list(run.id, thread_id=run.thread_id)),
                    ]
            sent = [str(request.headers) + request.query for request in upstream.requests]
            assert any(CHAT_KEY in each for each in sent)
            outcomes += [repr(each) for each in server.requests]
            outcomes += [text for _, text in texts(server.service.routes.described())]
        formatter = JsonFormatter()
        logged = [*(text for _, text in records.texts()), *(formatter.format(each) for each in records.records)]
    assert any("chat/completions" in text for text in logged)
    for text in (*outcomes, *logged, *stored(database)):
        assert MARK not in text


def test_keys_of_the_command(tmp_path: Path) -> None:
    """As a process, with the log at its most talkative."""
    database = tmp_path / "a.db"
    keys = tmp_path / "keys"
    keys.write_text(f"{KEY}\nteam={NAMED}\n")
    environment = {
        **os.environ,
        "OPENAI_ASSISTANTS_API_KEYS": f"sk-environment-{MARK} other=sk-other-{MARK}",
        KEY_VARIABLE: CHAT_KEY,
    }
    command = [sys.executable, "-m", "openai_assistants.cli", "serve", "--port", "0", "--log-level", "debug"]
    command += ["--database", str(database), "--api-key-file", str(keys), "--model", "chat*=chat:http://127.0.0.1:1/v1"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, bufsize=1
    )
    assert process.stdout is not None
    said = ""
    try:
        while "base_url" not in said:
            said += process.stdout.readline()
        url = next(word for word in said.split() if word.startswith("http://"))
        with httpx.Client(base_url=url, trust_env=False) as http:
            for headers in FORMS:
                http.get(f"/assistants?key={WRONG}", headers={**BETA, **headers})
            headers = {**BETA, **FORMS[0]}
            made = http.post("/assistants", json={"model": "chat"}, headers=headers).json()
            body = {"assistant_id": made["id"], "stream": True}
            assert "thread.run.failed" in http.post("/threads/runs", json=body, headers=headers).text
            assert http.get("/models", headers={"api-key": f"sk-other-{MARK}"}).status_code == 200
    finally:
        process.terminate()
        rest, errors = process.communicate(timeout=30)
    logged = [json.loads(line) for line in errors.splitlines()]
    assert {"debug", "info"} <= {line["level"] for line in logged}
    assert process.returncode == 0
    for text in (said, rest, errors, *stored(database)):
        assert MARK not in text


def test_logs_are_of_one_line_each(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a caller writes into paths, headers and names forges no line of a log and sends nothing to a terminal."""
    evil = "\r\n2026-01-01 CRITICAL forged\x1b[31m\x00\u2028\x85"
    quoted = "%0D%0A2026-01-01%20CRITICAL%20forged%1B%5B31m%00%E2%80%A8%C2%85"
    with caplog.at_level(1), LocalServer(in_process=True) as server:
        server.scripts.add(Turn("x"))
        with server.http_client(headers={**BETA, "User-Agent": b"agent \x85\xa0"}) as http:
            for path in (f"/assistants/{quoted}", f"/{quoted}", f"/threads/{quoted}/runs/{quoted}"):
                http.get(path)
            http.post("/files", files={"file": (evil, b"x")}, data={"purpose": evil})
            http.post("/assistants", json={"model": evil, "name": evil})
            at_each(server, "database", read=None)
            http.get(f"/assistants/{quoted}")
    assert any("failed" in record.getMessage() for record in caplog.records)
    text, lines = logging.Formatter("%(levelname)s %(name)s: %(message)s"), JsonFormatter()
    for record in caplog.records:
        if not record.name.startswith("openai_assistants"):
            continue
        record.exc_text, record.exc_info = None, None
        for line in (text.format(record), lines.format(record)):
            assert line.isprintable(), line
