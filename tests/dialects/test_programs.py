"""The same program against every dialect: it sees the same, or ends with an error that names what the server lacks."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from openai_assistants import NotSupportedByServerError
from openai_assistants.server import Fail, LocalServer, Turn
from openai_assistants.server.dialects import NAMED, Dialect
from tests.server.support import NOW
from tests.unit.support import FLAVOURS, Flavour

from .flavoured import carry_out, opened, settled
from .program import PARTS, Part, Seen


def run_part(part: Part, dialect: Dialect | str | None, flavour: Flavour, *, in_process: bool = True) -> Seen:
    """What a part of the program sees on a server that speaks a dialect."""
    with LocalServer(in_process=in_process, drain_seconds=0.0, poll_after_ms=1, dialect=dialect) as server:
        server.clock.freeze(NOW)

        async def program() -> Seen:
            client: Any = server.async_client() if flavour.is_async else server.client()
            async with opened(client):
                return await part.do(client, server)

        return carry_out(flavour, program)


@cache
def plain(part: Part) -> Seen:
    """What it sees on a server without a dialect."""
    return run_part(part, None, FLAVOURS[0])


LOST: dict[tuple[str, str], Seen] = {
    ("localai", "assistants"): {"created_at": None},
}
"""What a dialect really does not say, by dialect and part."""


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
@pytest.mark.parametrize("dialect", NAMED)
def test_a_program_sees_the_same(dialect: str, part: Part, flavour: Flavour) -> None:
    lacks = part.lacks(NAMED[dialect])
    if lacks is None:
        assert run_part(part, dialect, flavour) == {**plain(part), **LOST.get((dialect, part.name), {})}
        return
    with pytest.raises(NotSupportedByServerError, match=lacks):
        run_part(part, dialect, flavour)


@pytest.mark.parametrize("part", ["conversation", "polled", "streamed", "thread_and_run", "files"])
def test_over_the_network_too(part: str, flavour: Flavour) -> None:
    tried = next(each for each in PARTS if each.name == part)
    assert run_part(tried, "worst", flavour, in_process=False) == plain(tried)


def test_a_stream_that_breaks_off_over_the_network(flavour: Flavour) -> None:
    with LocalServer(drain_seconds=0.0, dialect="open-assistant-api") as server:
        server.scripts.add([Turn("Well", fail=Fail("Too much."))])

        async def look() -> Any:
            client: Any = server.async_client() if flavour.is_async else server.client()
            async with opened(client):
                assistant = await settled(client.beta.assistants.create(model="m"))
                thread = await settled(client.beta.threads.create())
                manager = client.beta.threads.runs.stream(thread.id, assistant_id=assistant.id, resume=True)
                async with opened(manager) as stream:
                    await settled(stream.until_done())
                    return await settled(stream.get_final_run())

        assert carry_out(flavour, look).status == "failed"
