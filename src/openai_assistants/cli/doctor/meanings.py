"""What it means for a program that a server lacks operations, in a sentence each. Data."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from .checks import CALLS, call_in, operations
from .findings import Version

GROUPS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "assistants": "There are no assistants: client.{beta}.assistants raises NotSupportedByServerError.",
        "threads": "There are no threads: client.{beta}.threads raises NotSupportedByServerError.",
        "messages": "There are no messages: client.{beta}.threads.messages raises NotSupportedByServerError.",
        "runs": "There are no runs: client.{beta}.threads.runs raises NotSupportedByServerError.",
        "run steps": "There are no run steps: client.{beta}.threads.runs.steps raises NotSupportedByServerError; "
        "events that the client makes up leave steps out.",
        "files": "There are no files: client.files raises NotSupportedByServerError.",
        "vector stores": "There are no vector stores: client.vector_stores raises NotSupportedByServerError, and "
        "file_search has nothing to search.",
        "uploads": "Large files cannot be uploaded in parts: client.uploads raises NotSupportedByServerError.",
        "models": "Models are not listed: client.models raises NotSupportedByServerError.",
        "batches": "There are no batches: client.batches raises NotSupportedByServerError.",
    }
)
"""Of all operations about one thing that were tried."""

SINGLE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "getRun": "Runs cannot be fetched: create_and_poll, poll and resume=True work only where a run is answered "
        "when it has ended.",
        "listRuns": "Runs cannot be listed: a POST whose answer was lost cannot be looked for, so an error is raised.",
        "cancelRun": 'Runs cannot be cancelled: on_deadline="cancel" leaves them running, on_active_run="cancel" '
        "raises NotSupportedByServerError.",
        "submitToolOuputsToRun": "Tools cannot be used: nothing takes their outputs.",
        "createThreadAndRun": "create_and_run and its helpers raise NotSupportedByServerError: make the thread first.",
        "listMessages": "Messages cannot be listed: answers can be read from streams only.",
        "listRunSteps": "Steps cannot be listed: events that the client makes up leave them out.",
        "createVectorStoreFileBatch": "Files go into vector stores one by one: file_batches raises "
        "NotSupportedByServerError.",
        "searchVectorStore": "Vector stores cannot be searched by programs, only by runs.",
    }
)

_OTHER = "{calls} raise{s} NotSupportedByServerError."


def of_missing(version: Version, missing: Collection[str], tried: Collection[str]) -> Iterator[str]:
    """What it means that operations are missing, of those that were tried."""
    beta = call_in(version, "beta.x").removesuffix(".x")
    groups: dict[str, list[str]] = {}
    for operation, (group, _) in operations(version).items():
        if operation in tried:
            groups.setdefault(group, []).append(operation)
    others: list[str] = []
    for group, members in groups.items():
        lacking = [each for each in members if each in missing]
        if lacking == members:
            yield GROUPS[group].format(beta=beta)
            continue
        for operation in lacking:
            if operation in SINGLE:
                yield SINGLE[operation]
            else:
                others.append(f"client.{call_in(version, CALLS[operation])}")
    if others:
        yield _OTHER.format(calls=", ".join(others), s="s" if len(others) == 1 else "")
