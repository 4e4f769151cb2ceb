"""What the tests of migrations share: clients of two servers, what a server has, exports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

from openai_assistants import AsyncOpenAI, OpenAI
from openai_assistants.migrate import MigrationReport, V1Export, v1_to_v2, v1_to_v2_async
from openai_assistants.server import LocalServer
from tests.unit.support import Flavour

from .objects import NOW, assistant, cited, message, thread

OLD, NEW = "https://old.test/v1", "https://new.test/v1"
RETRIEVING = {"tools": [{"type": "retrieval"}], "file_ids": ["file-1", "file-2"]}


def export(*more: dict[str, Any]) -> V1Export:
    """An assistant with two files, and a thread of three messages."""
    return V1Export(
        [
            assistant(**RETRIEVING),
            thread(a="b"),
            message(file_ids=["file-1"]),
            cited(created_at=NOW + 1),
            message(id="msg_3", created_at=NOW + 2),
            *more,
        ]
    )


def client_of(server: LocalServer, url: str) -> OpenAI:
    """A blocking client of an in-process server, which is called by a name of its own."""
    return server.client(base_url=url, max_retries=0)


def migrated(
    flavour: Flavour,
    target: LocalServer | httpx.MockTransport,
    source: LocalServer | httpx.MockTransport | None = None,
    *,
    max_retries: int = 0,
    watch: Callable[[Any], Any] | None = None,
    **arguments: Any,
) -> MigrationReport:
    """The report of a migration with clients of a flavour."""
    if not flavour.is_async:
        with _client(target, NEW, max_retries) as to:
            if source is None:
                return v1_to_v2(target=to, on_progress=watch, **arguments)
            with _client(source, OLD, max_retries) as start:
                return v1_to_v2(target=to, source=start, on_progress=watch, **arguments)

    async def awaiting() -> MigrationReport:
        async with _async_client(target, NEW, max_retries) as to:
            if source is None:
                return await v1_to_v2_async(target=to, on_progress=watch, **arguments)
            async with _async_client(source, OLD, max_retries) as start:
                return await v1_to_v2_async(target=to, source=start, on_progress=watch, **arguments)

    report = flavour.do(awaiting)
    assert isinstance(report, MigrationReport)
    return report


def _client(server: LocalServer | httpx.MockTransport, url: str, max_retries: int) -> OpenAI:
    if isinstance(server, LocalServer):
        return server.client(base_url=url, max_retries=max_retries)
    return OpenAI(base_url=url, api_key="k", http_client=httpx.Client(transport=server), max_retries=max_retries)


def _async_client(server: LocalServer | httpx.MockTransport, url: str, max_retries: int) -> AsyncOpenAI:
    if isinstance(server, LocalServer):
        return server.async_client(base_url=url, max_retries=max_retries)
    http = httpx.AsyncClient(transport=server)
    return AsyncOpenAI(base_url=url, api_key="k", http_client=http, max_retries=max_retries)


def has(server: LocalServer, *thread_ids: str) -> dict[str, Any]:
    """What a server has, without ids and times of its own: files by name, and what refers to them."""
    with server.client() as client:
        names = {file.id: file.filename for file in client.files.list()}
        stores = {
            store.id: sorted(names[member.id] for member in client.vector_stores.files.list(store.id))
            for store in client.vector_stores.list()
        }

        def searched(resources: Any) -> list[list[str]]:
            ids = resources.file_search.vector_store_ids if resources and resources.file_search else None
            return [stores[each] for each in ids or ()]

        return {
            "files": sorted(names.values()),
            "stores": sorted(stores.values()),
            "assistants": [
                (each.name, [tool.type for tool in each.tools], searched(each.tool_resources), each.metadata)
                for each in client.beta.assistants.list(order="asc")
            ],
            "threads": [
                (
                    (found := client.beta.threads.retrieve(thread_id)).metadata,
                    searched(found.tool_resources),
                    [
                        (each.role, each.text, [names[str(a.file_id)] for a in each.attachments or ()], each.metadata)
                        for each in client.beta.threads.messages.list(thread_id, order="asc")
                    ],
                )
                for thread_id in thread_ids
            ],
        }


def thread_id_of(report: MigrationReport) -> str:
    """The id of the thread that was made."""
    (found,) = [each.target_id for each in report.objects if each.kind == "thread"]
    assert found is not None
    return found


def written(server: LocalServer) -> list[str | None]:
    """The operations of the requests that change something and were carried out."""
    return [each.operation for each in server.requests if each.method != "GET" and each.status == 200]
