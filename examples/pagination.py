"""Lists: iterate over everything, take the first few, walk page by page, go backward."""

import asyncio

from openai_assistants import OpenAI
from openai_assistants.server import LocalServer
from openai_assistants.types.beta.threads import Message


def text(message: Message) -> str:
    """The text of the first block."""
    block = message.content[0]
    return block.text.value if block.type == "text" else block.type


def walk(client: OpenAI, thread_id: str) -> None:
    """The ways through a list."""
    messages = client.beta.threads.messages

    # Iterating fetches page after page; `limit` is the size of a page and no limit of the whole.
    everything = [text(message) for message in messages.list(thread_id, order="asc", limit=10)]
    print(f"all {len(everything)}: {everything[0]} to {everything[-1]}")

    # At most three, and no more pages than that takes.
    print("newest three:", *map(text, messages.list(thread_id).first(3)))

    # One page at a time.
    page = messages.list(thread_id, order="asc", limit=10)
    print("first page:", len(page.data), "has more:", page.has_more)
    print("pages:", *(len(each.data) for each in page.iter_pages()))

    # Those before a message, the nearest first.
    fifth = page.data[4]
    print(f"before {text(fifth)}:", *map(text, messages.list(thread_id, order="asc", before=fifth.id, limit=2)))


async def walk_async(server: LocalServer, thread_id: str) -> None:
    """The same on the async client: `await` gives a page, `async for` everything."""
    async with server.async_client() as client:
        messages = client.beta.threads.messages
        page = await messages.list(thread_id, limit=10)
        everything = [message async for message in messages.list(thread_id, limit=10)]
        print(f"async: a page of {len(page.data)}, all {len(everything)}, first {text(everything[0])}")


if __name__ == "__main__":
    with LocalServer() as server, server.client() as client:
        thread = client.beta.threads.create(messages=[{"role": "user", "content": f"m{i}"} for i in range(1, 26)])
        walk(client, thread.id)
        asyncio.run(walk_async(server, thread.id))
