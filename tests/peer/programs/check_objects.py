"""Assistants, threads, messages and models through the official client."""

from __future__ import annotations

import openai
from peer import FUNCTION, Peer, text_of, user


async def assistants(p: Peer) -> None:
    made = await p(
        p.assistants.create(
            model="gpt-4o",
            name="Weather",
            description="Knows the weather.",
            instructions="Be brief.",
            tools=[FUNCTION, {"type": "file_search"}, {"type": "code_interpreter"}],
            metadata={"team": "sky"},
            temperature=0.5,
            top_p=0.9,
            response_format={
                "type": "json_schema",
                "json_schema": {"name": "answer", "schema": {"type": "object", "properties": {}}, "strict": True},
            },
        )
    )
    assert (made.object, made.name, made.metadata, made.temperature) == ("assistant", "Weather", {"team": "sky"}, 0.5)
    assert [tool.type for tool in made.tools] == ["function", "file_search", "code_interpreter"]
    assert made.tools[0].function.name == "get_weather"
    assert made.response_format.json_schema.name == "answer"
    assert made._request_id.startswith("req_")
    changed = await p(
        p.assistants.update(made.id, name="Forecast", tools=[], response_format="auto", reasoning_effort="low")
    )
    assert (changed.name, changed.tools, changed.response_format) == ("Forecast", [], "auto")
    found = await p(p.assistants.retrieve(made.id))
    assert found.to_dict() == changed.to_dict()
    gone = await p(p.assistants.delete(made.id))
    assert (gone.id, gone.deleted, gone.object) == (made.id, True, "assistant.deleted")
    error = await p.refused(openai.NotFoundError, lambda: p.assistants.retrieve(made.id))
    assert error.body["message"] == f"No assistant found with id '{made.id}'."


async def assistants_with_resources(p: Peer) -> None:
    file = await p(p.files.create(file=("a.txt", b"The sky is blue."), purpose="assistants"))
    made = await p(
        p.assistants.create(
            model="gpt-4o",
            tools=[{"type": "file_search", "file_search": {"max_num_results": 3}}, {"type": "code_interpreter"}],
            tool_resources={
                "file_search": {"vector_stores": [{"file_ids": [file.id], "metadata": {"a": "b"}}]},
                "code_interpreter": {"file_ids": [file.id]},
            },
        )
    )
    assert made.tools[0].file_search.max_num_results == 3
    assert made.tool_resources.code_interpreter.file_ids == [file.id]
    (store_id,) = made.tool_resources.file_search.vector_store_ids
    assert (await p(p.stores.retrieve(store_id))).metadata == {"a": "b"}


async def pages_of_assistants(p: Peer) -> None:
    made = [(await p(p.assistants.create(model=f"page-{n}", metadata={"n": str(n)}))).id for n in range(5)]
    first = await p(p.assistants.list(limit=2))
    assert [each.id for each in first.data] == made[:-3:-1]
    assert (first.has_more, first.has_next_page()) == (True, True)
    second = await p(first.get_next_page())
    assert [each.id for each in second.data] == [made[2], made[1]]
    before = await p(p.assistants.list(limit=2, before=made[0]))
    assert [each.id for each in before.data] == [made[2], made[1]]
    after = await p(p.assistants.list(limit=100, order="asc", after=made[2]))
    assert [each.id for each in after.data][:2] == made[3:]
    listed = [each.id for each in await p.every(p.assistants.list(limit=2, order="asc"))]
    assert [each for each in listed if each in made] == made
    assert len(set(listed)) == len(listed)
    for each in made:
        await p(p.assistants.delete(each))


async def threads(p: Peer) -> None:
    empty = await p(p.threads.create())
    assert (empty.object, empty.metadata, empty.tool_resources.to_dict()) == ("thread", {}, {})
    store = await p(p.stores.create())
    thread = await p(
        p.threads.create(
            messages=[user("one"), {"role": "assistant", "content": [{"type": "text", "text": "two"}]}],
            metadata={"a": "b"},
            tool_resources={"file_search": {"vector_store_ids": [store.id]}},
        )
    )
    assert thread.tool_resources.file_search.vector_store_ids == [store.id]
    changed = await p(p.threads.update(thread.id, metadata={"c": "d"}))
    assert changed.metadata == {"c": "d"}
    assert (await p(p.threads.retrieve(thread.id))).to_dict() == changed.to_dict()
    texts = [text_of(each) for each in await p.every(p.messages.list(thread.id, order="asc", limit=1))]
    assert texts == ["one", "two"]
    gone = await p(p.threads.delete(thread.id))
    assert (gone.deleted, gone.object) == (True, "thread.deleted")
    await p.refused(openai.NotFoundError, lambda: p.threads.retrieve(thread.id))


async def messages(p: Peer) -> None:
    thread = await p(p.threads.create())
    image = await p(p.files.create(file=("a.png", b"\x89PNG"), purpose="vision"))
    text = await p(p.files.create(file=("a.txt", b"Rain."), purpose="assistants"))
    made = await p(
        p.messages.create(
            thread.id,
            role="user",
            content=[
                {"type": "text", "text": "What is this?"},
                {"type": "image_file", "image_file": {"file_id": image.id, "detail": "low"}},
                {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}},
            ],
            attachments=[{"file_id": text.id, "tools": [{"type": "code_interpreter"}, {"type": "file_search"}]}],
            metadata={"k": "v"},
        )
    )
    assert [block.type for block in made.content] == ["text", "image_file", "image_url"]
    assert made.content[1].image_file.detail == "low"
    assert made.content[2].image_url.detail == "auto"
    assert made.attachments[0].file_id == text.id
    changed = await p(p.messages.update(made.id, thread_id=thread.id, metadata={"k": "w"}))
    assert changed.metadata == {"k": "w"}
    assert (await p(p.messages.retrieve(made.id, thread_id=thread.id))).to_dict() == changed.to_dict()
    page = await p(p.messages.list(thread.id))
    assert [each.id for each in page.data] == [made.id]
    gone = await p(p.messages.delete(made.id, thread_id=thread.id))
    assert (gone.deleted, gone.object) == (True, "thread.message.deleted")
    await p.refused(openai.NotFoundError, lambda: p.messages.retrieve(made.id, thread_id=thread.id))


async def models(p: Peer) -> None:
    await p(p.assistants.create(model="of-the-list"))
    listed = await p.every(p.client.models.list())
    assert "of-the-list" in [each.id for each in listed]
    found = await p(p.client.models.retrieve("any-name"))
    assert (found.id, found.object) == ("any-name", "model")
    await p.refused(openai.PermissionDeniedError, lambda: p.client.models.delete("any-name"))
