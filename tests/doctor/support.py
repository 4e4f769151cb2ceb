"""Examinations for the tests: of a server in the box, and of functions that answer as broken servers do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
from sqlalchemy import func, select

from openai_assistants import OpenAI
from openai_assistants.cli.doctor.checks import Report
from openai_assistants.cli.doctor.examination import examine
from openai_assistants.server import LocalServer
from openai_assistants.server.store import tables
from tests.server.support import in_database

KEY = "sk-marked-0123456789-secret"
KINDS = ("assistants", "threads", "files", "vector_stores")


def examined(server: LocalServer, **options: Any) -> Report:
    """What is found out about a server in the box."""
    with server.client(max_retries=0) as client:
        return examine(client, timeout=20.0, **options)


def examined_answers(answer: Callable[[httpx.Request], httpx.Response], **options: Any) -> Report:
    """What is found out about a server that answers from a function."""
    http = httpx.Client(transport=httpx.MockTransport(answer))
    with OpenAI(base_url="http://localhost/v1", api_key=KEY, max_retries=0, http_client=http) as client:
        return examine(client, **{"timeout": 20.0, **options})


def left_at(server: LocalServer) -> dict[str, int]:
    """How many things of each kind lie in the database and are not deleted."""

    def count(tx: Any) -> dict[str, int]:
        counted: dict[str, int] = {}
        for kind in KINDS:
            table = getattr(tables, kind)
            counted[kind] = tx.connection.scalar(select(func.count()).select_from(table).where(~table.c.deleted))
        pending = select(func.count()).select_from(tables.uploads).where(tables.uploads.c.status == "pending")
        return {**counted, "pending uploads": tx.connection.scalar(pending)}

    return in_database(server, count)
