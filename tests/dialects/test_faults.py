"""Broken connections on servers that speak a dialect: nothing is lost, nothing is done twice."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from openai_assistants import NotSupportedByServerError, StreamInterruptedError
from openai_assistants.server import Fault, LocalServer, Script
from openai_assistants.server.dialects import MESSAGE_ENDS, NAMED, STOPS, Dialect, Events, Lists
from openai_assistants.server.store.tables import messages, runs
from tests.server.support import NOW, in_database
from tests.unit.support import FLAVOURS, Flavour

from .flavoured import carry_out, items, opened, settled
from .program import ANSWER, LOOKUP, PARTS, TWO_CALLS
from .test_programs import plain

# On trio the HTTP library leaves its own async generators to the garbage collector when a body is not read to its end.
pytestmark = pytest.mark.filterwarnings(r"ignore:Async generator 'httpx\.:ResourceWarning")

TRIED = {part.name: part for part in PARTS}
SPEAK = [name for name, dialect in NAMED.items() if dialect.profile.has("createRun")]
CAN_LOOK = [name for name in SPEAK if NAMED[name].profile.has("listRuns")]


def counted(server: LocalServer) -> tuple[int, int]:
    """How many runs and messages lie in the database."""

    def count(tx: Any) -> tuple[int, int]:
        found = [tx.connection.scalar(select(func.count()).select_from(table)) for table in (runs, messages)]
        return found[0], found[1]

    return in_database(server, count)


@pytest.mark.parametrize("kind", ["reset_after", "status_after"])
@pytest.mark.parametrize(
    ("part", "operation"),
    [
        ("polled", "createRun"),
        ("streamed", "createMessage"),
        ("tools_polled", "submitToolOuputsToRun"),
    ],
)
@pytest.mark.parametrize("dialect", CAN_LOOK)
def test_a_lost_answer_is_looked_for(dialect: str, part: str, operation: str, kind: Any) -> None:
    """The newest runs and messages are read in the dialect too."""
    with LocalServer(in_process=True, drain_seconds=0.0, dialect=dialect) as server, server.client() as client:
        server.clock.freeze(NOW)
        server.faults.add(Fault(kind, operation=operation, status=502))
        assert carry_out(FLAVOURS[0], lambda: TRIED[part].do(client, server)) == plain(TRIED[part])
        assert not server.faults.waiting
        assert counted(server) == (1, 3 if part == "tools_polled" else 2)


CUTS = [
    *((FLAVOURS[0], "close", cut_after) for cut_after in range(1, 14, 2)),
    *((FLAVOURS[1], "end", cut_after) for cut_after in (2, 8)),
    *((FLAVOURS[2], "close", cut_after) for cut_after in (4, 6)),
]


@pytest.mark.parametrize(("flavour", "ending", "cut_after"), CUTS, ids=str)
@pytest.mark.parametrize("dialect", CAN_LOOK)
def test_a_stream_that_is_cut_goes_on(dialect: str, ending: Any, cut_after: int, flavour: Flavour) -> None:
    """Wherever it is cut: the same text, the same end, each event once."""
    with LocalServer(in_process=True, drain_seconds=0.0, dialect=dialect) as server:
        server.scripts.add(Script([ANSWER]))
        server.faults.add(Fault("cut", operation="createRun", events=cut_after, ending=ending))

        async def look() -> tuple[Any, list[Any], list[Any]]:
            client: Any = server.async_client() if flavour.is_async else server.client()
            assistant = await settled(client.beta.assistants.create(model="m"))
            thread = await settled(client.beta.threads.create())
            manager = client.beta.threads.runs.stream(thread.id, assistant_id=assistant.id, resume=True)
            async with opened(manager) as stream:
                seen = await items(stream)
                return await settled(stream.get_final_run()), seen, await settled(stream.get_final_messages())

        run, seen, final = carry_out(flavour, look)
    deltas = [event.data.delta.content[0].text.value for event in seen if event.event == "thread.message.delta"]
    assert (run.status, "".join(deltas)) == ("completed", "Good mörning ☀, you.")
    assert [message.text for message in final] == ["Good mörning ☀, you."]
    names = [event.event for event in seen if not event.event.endswith(".delta")]
    assert names[-1] == "thread.run.completed"
    twice = 2 if NAMED[dialect].events.created_twice else 1
    odd = {"thread.message.in_progress", "thread.run.heartbeat"}  # one also tells of tokens, the other is unknown
    assert all(names.count(name) <= twice for name in set(names) - odd)


def test_a_server_without_runs_to_look_at_says_so(flavour: Flavour) -> None:
    """LiteLLM: what became of a stream that was cut cannot be found out."""
    with LocalServer(in_process=True, drain_seconds=0.0, dialect="litellm") as server:
        server.scripts.add(Script([ANSWER]))
        server.faults.add(Fault("cut", operation="createRun", events=4))

        async def look() -> None:
            client: Any = server.async_client() if flavour.is_async else server.client()
            assistant = await settled(client.beta.assistants.create(model="m"))
            thread = await settled(client.beta.threads.create())
            manager = client.beta.threads.runs.stream(thread.id, assistant_id=assistant.id, resume=True)
            async with opened(manager) as stream:
                with pytest.raises(StreamInterruptedError, match="cannot say how its run stands") as caught:
                    await settled(stream.until_done())
            assert caught.value.run_id is not None

        carry_out(flavour, look)


def test_events_made_up_are_complete_where_lists_say_nothing_of_more(flavour: Flavour) -> None:
    """More messages than a page holds, on a server that sends bare arrays of its own size."""
    dialect = Dialect(
        lists=Lists(array=True, default_limit=2),
        events=Events(left_out=STOPS | MESSAGE_ENDS, done="left_out"),
    )
    with LocalServer(in_process=True, drain_seconds=0.0, dialect=dialect) as server:
        server.scripts.add(TWO_CALLS)

        async def look() -> list[str]:
            client: Any = server.async_client() if flavour.is_async else server.client()
            assistant = await settled(client.beta.assistants.create(model="m", tools=[LOOKUP]))
            thread = await settled(client.beta.threads.create())
            async with opened(client.beta.threads.runs.stream(thread.id, assistant_id=assistant.id)) as stream:
                return [event.event for event in await items(stream) if event.synthesized]

        assert carry_out(flavour, look) == ["thread.message.completed", "thread.run.requires_action"]


def test_a_profile_without_threads_and_runs_names_the_operation(flavour: Flavour) -> None:
    with LocalServer(in_process=True, drain_seconds=0.0, dialect="astra") as server:

        async def look() -> None:
            client: Any = server.async_client() if flavour.is_async else server.client()
            with pytest.raises(NotSupportedByServerError, match="cancelRun"):
                await settled(client.beta.threads.runs.cancel("run_1", thread_id="thread_1"))

        carry_out(flavour, look)
