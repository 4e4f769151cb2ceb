"""Calls as type checkers see them: what each gives, and pages, awaited or iterated over."""

from __future__ import annotations

from pathlib import Path
from typing import assert_type

from openai_assistants import (
    AsyncCursorPage,
    AsyncOpenAI,
    AsyncPage,
    AsyncPaginator,
    HttpxBinaryResponseContent,
    OpenAI,
    SyncCursorPage,
    SyncPage,
)
from openai_assistants.types import FileDeleted, FileObject, Model, ModelDeleted
from openai_assistants.types.beta import Assistant, AssistantDeleted, Thread, ThreadDeleted
from openai_assistants.types.beta.threads import Message, MessageDeleted, Run
from openai_assistants.types.beta.threads.runs import RunStep


def sync_calls(client: OpenAI) -> None:
    """Every operation that gives an object."""
    assistants, threads, files, models = client.beta.assistants, client.beta.threads, client.files, client.models
    assert_type(assistants.create(model="gpt-4o"), Assistant)
    assert_type(assistants.retrieve("a"), Assistant)
    assert_type(assistants.retrieve(assistant_id="a"), Assistant)
    assert_type(assistants.update("a", name=None), Assistant)
    assert_type(assistants.delete("a"), AssistantDeleted)
    assert_type(threads.create(), Thread)
    assert_type(threads.retrieve("t"), Thread)
    assert_type(threads.update("t", metadata={"a": "b"}), Thread)
    assert_type(threads.delete("t"), ThreadDeleted)
    assert_type(threads.messages.create("t", role="user", content="x"), Message)
    assert_type(threads.messages.create(thread_id="t", role="user", content="x"), Message)
    assert_type(threads.messages.retrieve("m", thread_id="t"), Message)
    assert_type(threads.messages.update("m", thread_id="t"), Message)
    assert_type(threads.messages.delete("m", thread_id="t"), MessageDeleted)
    assert_type(threads.runs.retrieve("r", thread_id="t"), Run)
    assert_type(threads.runs.update("r", thread_id="t", metadata=None), Run)
    assert_type(threads.runs.cancel("r", thread_id="t", timeout=5), Run)
    assert_type(threads.runs.steps.retrieve("s", run_id="r", thread_id="t"), RunStep)
    assert_type(files.create(file=Path("a.txt"), purpose="assistants"), FileObject)
    assert_type(files.create(file=("a.txt", b"x", "text/plain"), purpose="vision"), FileObject)
    assert_type(files.retrieve("f"), FileObject)
    assert_type(files.delete("f"), FileDeleted)
    assert_type(files.content("f"), HttpxBinaryResponseContent)
    assert_type(files.content("f").read(), bytes)
    assert_type(files.retrieve_content("f"), str)
    assert_type(files.wait_for_processing("f", poll_interval=1, max_wait_seconds=10), FileObject)
    assert_type(models.retrieve("m"), Model)
    assert_type(models.delete("m"), ModelDeleted)


def sync_helpers(client: OpenAI) -> None:
    """Helpers that wait."""
    runs, threads = client.beta.threads.runs, client.beta.threads
    assert_type(runs.create_and_poll("t", assistant_id="a", poll_interval_ms=100, max_wait_seconds=None), Run)
    assert_type(runs.poll("r", "t"), Run)
    assert_type(runs.poll("r", thread_id="t", on_deadline="cancel"), Run)
    assert_type(runs.submit_tool_outputs_and_poll("r", thread_id="t", tool_outputs=[]), Run)
    assert_type(threads.create_and_run_poll(assistant_id="a", deadline=60), Run)


def sync_pages(client: OpenAI) -> None:
    """A page, and iteration over all of them."""
    page = client.beta.threads.messages.list("t", limit=10, order="asc")
    assert_type(page, SyncCursorPage[Message])
    assert_type(page.data, list[Message])
    assert_type(page.has_more, bool | None)
    assert_type(page.has_next_page(), bool)
    assert_type(page.get_next_page(), SyncCursorPage[Message])
    assert_type(page.first(3), list[Message])
    assert_type([message for message in page], list[Message])  # noqa: C416
    assert_type([each for each in page.iter_pages()], list[SyncCursorPage[Message]])  # noqa: C416
    assert_type(client.beta.assistants.list(), SyncCursorPage[Assistant])
    assert_type(client.beta.threads.runs.list("t"), SyncCursorPage[Run])
    assert_type(client.beta.threads.runs.steps.list("r", thread_id="t"), SyncCursorPage[RunStep])
    assert_type(client.files.list(purpose="assistants"), SyncCursorPage[FileObject])
    assert_type(client.models.list(), SyncPage[Model])
    assert_type([model.id for model in client.models.list()], list[str])


async def async_calls(client: AsyncOpenAI) -> None:
    """The same, awaited."""
    assistants, threads, files, models = client.beta.assistants, client.beta.threads, client.files, client.models
    assert_type(await assistants.create(model="gpt-4o"), Assistant)
    assert_type(await assistants.delete("a"), AssistantDeleted)
    assert_type(await threads.create(), Thread)
    assert_type(await threads.messages.create("t", role="user", content="x"), Message)
    assert_type(await threads.runs.retrieve("r", thread_id="t"), Run)
    assert_type(await threads.runs.create_and_poll("t", assistant_id="a"), Run)
    assert_type(await threads.runs.steps.retrieve("s", run_id="r", thread_id="t"), RunStep)
    assert_type(await files.content("f"), HttpxBinaryResponseContent)
    assert_type((await files.content("f")).content, bytes)
    assert_type(await files.retrieve_content("f"), str)
    assert_type(await models.retrieve("m"), Model)


async def async_pages(client: AsyncOpenAI) -> None:
    """Awaited it is a page; iterated over it is everything."""
    listed = client.beta.threads.messages.list("t")
    assert_type(listed, AsyncPaginator[Message, AsyncCursorPage[Message]])
    page = await listed
    assert_type(page, AsyncCursorPage[Message])
    assert_type(page.data, list[Message])
    assert_type(await page.get_next_page(), AsyncCursorPage[Message])
    assert_type(await page.first(3), list[Message])
    assert_type([message async for message in page], list[Message])
    assert_type([message async for message in client.beta.threads.messages.list("t")], list[Message])
    assert_type([each async for each in listed.iter_pages()], list[AsyncCursorPage[Message]])
    assert_type(await client.beta.assistants.list().first(5), list[Assistant])
    assert_type(await client.files.list(), AsyncCursorPage[FileObject])
    assert_type(client.models.list(), AsyncPaginator[Model, AsyncPage[Model]])
    assert_type(await client.models.list(), AsyncPage[Model])
    assert_type([model.id async for model in client.models.list()], list[str])
