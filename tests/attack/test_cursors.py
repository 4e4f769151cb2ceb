"""Cursors of lists: the id of a file of another API key says no more than one that no file has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from openai_assistants.server import LocalServer
from tests.server.support import BETA_V1, Api, api_of

ALICE, BOB = "sk-alice-0123456789", "sk-bob-0123456789"
TOOLS = [{"type": "retrieval"}, {"type": "code_interpreter"}]
UNKNOWN = "file-000000000000000000000000"


@dataclass
class Shelf:
    """The lists of files of one key, each with two, and what else the key has."""

    api: Api
    files: list[str]
    lists: dict[str, str]
    loose: str
    """A file that is in no list."""
    deleted: str


def shelf(api: Api) -> Shelf:
    """Make an assistant and a message with files, as version 1 has them."""
    files = [api.file(f"File {number}".encode(), f"{number}.txt") for number in range(2)]
    loose, deleted = api.file(b"in no list"), api.file(b"deleted")
    api.delete(f"/files/{deleted}")
    assistant = api.post("/assistants", {"model": "m", "tools": TOOLS, "file_ids": files})["id"]
    thread = api.post("/threads")["id"]
    message = api.post(f"/threads/{thread}/messages", {"role": "user", "content": "Hi", "file_ids": files})["id"]
    lists = {"assistant": f"/assistants/{assistant}/files", "message": f"/threads/{thread}/messages/{message}/files"}
    return Shelf(api, files, lists, loose, deleted)


@pytest.fixture(scope="module")
def shelves() -> Iterator[tuple[Shelf, Shelf]]:
    """Those of two keys at one server."""
    with LocalServer(in_process=True, drain_seconds=0.0, api_keys=(ALICE, BOB)) as server, ExitStack() as stack:
        keys = ({**BETA_V1, "Authorization": f"Bearer {key}"} for key in (ALICE, BOB))
        hers, his = (shelf(stack.enter_context(api_of(server, headers))) for headers in keys)
        yield hers, his


def refusal(owner: Shelf, of: str, cursor: str, file_id: str) -> dict[str, Any]:
    """What is said of a cursor, without the id."""
    status, error = owner.api.error("GET", owner.lists[of], params={cursor: file_id})
    assert status == 400
    return {**error, "message": error["message"].replace(file_id, "<id>")}


@pytest.mark.parametrize("cursor", ["after", "before"])
@pytest.mark.parametrize("of", ["assistant", "message"])
def test_a_file_of_another_key_is_no_cursor(shelves: tuple[Shelf, Shelf], of: str, cursor: str) -> None:
    hers, his = shelves
    unknown = refusal(his, of, cursor, UNKNOWN)
    assert unknown["param"] == cursor
    for file_id in (*hers.files, hers.loose, hers.deleted):
        assert refusal(his, of, cursor, file_id) == unknown


@pytest.mark.parametrize("of", ["assistant", "message"])
def test_a_file_of_the_same_key_is_one(shelves: tuple[Shelf, Shelf], of: str) -> None:
    for owner in shelves:
        first, second = owner.files
        after = owner.api.get(owner.lists[of], order="asc", after=first)["data"]
        before = owner.api.get(owner.lists[of], order="asc", before=second)["data"]
        assert ([each["id"] for each in after], [each["id"] for each in before]) == ([second], [first])
