"""Errors, raw responses and settings of the official client."""

from __future__ import annotations

import openai
from peer import Peer, user


async def error_classes(p: Peer) -> None:
    error = await p.refused(openai.BadRequestError, lambda: p.assistants.create(model="m", name="x" * 300))
    assert (error.code, error.param, error.type) == ("string_above_max_length", "name", "invalid_request_error")
    assert (error.status_code, error.request_id.startswith("req_")) == (400, True)
    error = await p.refused(openai.BadRequestError, lambda: p.assistants.create(model="m", extra_body={"colour": 1}))
    assert (error.code, error.param) == ("unknown_parameter", "colour")
    assert "Unknown parameter: 'colour'." in error.message
    error = await p.refused(openai.BadRequestError, lambda: p.assistants.list(limit=101))
    assert (error.code, error.param) == ("integer_above_max_value", "limit")
    for send in (
        lambda: p.assistants.delete("asst_none"),
        lambda: p.threads.update("thread_none"),
        lambda: p.messages.list("thread_none"),
        lambda: p.runs.retrieve("run_none", thread_id="thread_none"),
        lambda: p.steps.list("run_none", thread_id="thread_none"),
        lambda: p.stores.search("vs_none", query="x"),
        lambda: p.stores.files.content("file-none", vector_store_id="vs_none"),
        lambda: p.stores.file_batches.retrieve("vsfb_none", vector_store_id="vs_none"),
        lambda: p.client.uploads.complete("upload_none", part_ids=[]),
        lambda: p.client.uploads.parts.create("upload_none", data=b"x"),
        lambda: p.client.batches.retrieve("batch_none"),
    ):
        error = await p.refused(openai.NotFoundError, send)
        assert error.body["message"].startswith("No ") and " found with id '" in error.body["message"], error


async def the_version_header(p: Peer) -> None:
    without = {"OpenAI-Beta": openai.Omit()}
    error = await p.refused(openai.BadRequestError, lambda: p.assistants.list(extra_headers=without))
    assert error.code == "invalid_beta"


async def unknown_places(p: Peer) -> None:
    error = await p.refused(openai.NotFoundError, lambda: p.client.embeddings.create(model="m", input="x"))
    assert error.code == "unknown_url"
    assert "Invalid URL (POST /v1/embeddings)" in error.message


async def raw_responses(p: Peer) -> None:
    raw = await p(p.assistants.with_raw_response.create(model="raw"))
    assert (raw.status_code, raw.http_request.method) == (200, "POST")
    assert raw.headers["openai-version"] == "2020-10-01"
    made = raw.parse()
    assert made.model == "raw"
    async with p.opened(p.assistants.with_streaming_response.retrieve(made.id)) as response:
        assert (await p(response.parse())).id == made.id
    raw = await p(p.messages.with_raw_response.list((await p(p.threads.create(messages=[user("x")]))).id))
    assert len(raw.parse().data) == 1
    raw = await p(
        p.threads.with_raw_response.create_and_run(assistant_id=made.id, thread={"messages": [user("x")]}, stream=True)
    )
    assert (await p.every(raw.parse()))[-1].event == "thread.run.completed"


async def retries(p: Peer) -> None:
    """The server behaves as the faults say that the test has set for this one model name."""
    client = p.make(max_retries=2)
    raw = await p(client.models.with_raw_response.retrieve("flaky"))
    assert raw.retries_taken == 2
    error = await p.refused(openai.RateLimitError, lambda: p.client.models.retrieve("limited"))
    assert error.status_code == 429
    await p.refused(openai.InternalServerError, lambda: p.client.models.retrieve("broken"))
    await p(client.close())
