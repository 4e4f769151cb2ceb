"""Dialects: our server speaks as other servers of this API do, so that programs can be tried against them.

    with LocalServer(dialect="litellm") as server:
        client = server.client()

`NAMES` lists the servers that are known. A dialect is plain data, so that a test can have one of its own:

    from openai_assistants.server.dialects import NAMED, Dialect, Events, Profile

    LocalServer(dialect=Dialect(times="iso", errors="html", events=Events(frames="data", done="left_out")))
    LocalServer(dialect=dataclasses.replace(NAMED["astra-assistants-api"], profile=Profile()))

A program or a suite of tests that starts its own `LocalServer` is tried against a dialect as it stands: the environment
variable `OPENAI_ASSISTANTS_DIALECT` names it.

Forms of answers, errors, lists and streams are changed at the edge of the application; ids are made in another form
from the start. What is stored stays as it is.
"""

from __future__ import annotations

import os
from types import MappingProxyType
from typing import Final

from .dialect import (
    ASSISTANTS,
    CONVERSATIONS,
    FILE_BATCHES,
    FILES,
    MESSAGE_ENDS,
    MESSAGES,
    MODELS,
    RUNS,
    STEPS,
    STOPS,
    STORAGE,
    THREADS,
    VECTOR_STORES,
    Dialect,
    Events,
    Fields,
    Lists,
    Profile,
)

# Each line says what that server does; the facts come from its code and its issues.

OPEN_ASSISTANT_API: Final = Dialect(
    name="open-assistant-api",
    profile=Profile(
        # No vector stores, uploads, batches or models. Errors of its framework are put into the API's form.
        operations=ASSISTANTS | THREADS | (MESSAGES - {"deleteMessage"}) | RUNS | STEPS | FILES,
        missing="error",
    ),
    ids="object_id",  # 24 hex digits of BSON, for all kinds of objects
    times="float",  # in JSON and in streams
    fields={
        "assistant": Fields(
            left_out=frozenset({"response_format", "temperature", "top_p", "tool_resources"}),
            set={"file_ids": [], "extra_body": {}, "updated_at": 1_700_000_000.0},
        ),
        "thread": Fields(left_out=frozenset({"tool_resources"}), set={"updated_at": 1_700_000_000.0}),
        "thread.message": Fields(  # no status: it is stored when it is whole
            left_out=frozenset({"status", "completed_at", "incomplete_at", "incomplete_details", "attachments"}),
            set={"file_ids": [], "updated_at": 1_700_000_000.0},
        ),
        "thread.run": Fields(
            left_out=frozenset({"parallel_tool_calls"}),
            null=frozenset({"instructions", "model", "tool_choice", "truncation_strategy", "usage"}),
            as_text=frozenset({"incomplete_details"}),
            set={"file_ids": [], "extra_body": {}, "updated_at": 1_700_000_000.0},
        ),
        "thread.run.step": Fields(left_out=frozenset({"expired_at", "usage"}), set={"message_id": None}),
        "file": Fields(set={"key": "local/file"}),
    },
    event_fields={  # a status is made up for messages in streams, of which the end keeps that of its begin
        "thread.message": Fields(
            left_out=frozenset({"completed_at", "incomplete_at", "incomplete_details", "attachments"}),
            set={"status": "in_progress", "file_ids": []},
        ),
        "thread.run": Fields(
            left_out=frozenset({"parallel_tool_calls"}),
            null=frozenset({"instructions", "tool_choice", "truncation_strategy", "usage"}),
            as_text=frozenset({"incomplete_details"}),
        ),
        "thread.run.step": Fields(left_out=frozenset({"expired_at", "usage"}), set={"message_id": None}),
    },
    roles=frozenset({"system", "function", "tool"}),
    tools=({"type": "web_search"},),  # its own tools; clients of its streams would not know them
    tools_in_events="functions",
    lists=Lists(extra={"next_page": None}),
    lists_of={"listFiles": Lists(kind="file", has_more="left_out", ids="left_out")},
    invalid_status=422,  # its framework validates the requests
    events=Events(
        line_end="\r\n",  # sse-starlette, with pings as comments
        comments=True,
        done="left_out",
        completed_after_requires_action=True,
        usage_in_message=True,
        failure="cut",  # raises inside the generator of the body
    ),
)

ASTRA_ASSISTANTS_API: Final = Dialect(
    name="astra-assistants-api",
    profile=Profile(
        operations=ASSISTANTS
        | THREADS
        | MESSAGES
        | (RUNS - {"modifyRun", "cancelRun"})
        | FILES
        | VECTOR_STORES
        | MODELS,
        missing="detail",
        lists_threads=True,
    ),
    shared_call_ids=True,
    times="milliseconds",
    fields={"vector_store": Fields(set={"usage_bytes": -1})},
    lists=Lists(ids="none"),
    lists_of={
        # Takes the first item of what it found for its answer. Cursors fail here and are ignored there.
        "listThreads": Lists(kind="threads", ids="none", empty_fails=True, breaks_on=frozenset({"after", "before"})),
        "listVectorStores": Lists(
            kind="vector_stores", ids="none", empty_fails=True, ignores=frozenset({"after", "before"})
        ),
    },
    errors="detail",
    errors_of={400: "message"},
    events=Events(frames="data", done="left_out", left_out=STOPS | MESSAGE_ENDS, failure="silent"),
    content_is_text=True,
    ignored_fields={"createThreadAndRun": frozenset({"stream"})},
)

LITELLM: Final = Dialect(
    name="litellm",
    profile=Profile(
        # Eight operations of the Assistants API; files and models it passes on.
        operations=frozenset(
            {
                "listAssistants",
                "createAssistant",
                "deleteAssistant",
                "createThread",
                "getThread",
                "createMessage",
                "listMessages",
                "createRun",
            }
        )
        | FILES
        | {"listModels", "retrieveModel"},
        missing="detail",
    ),
    nulls="drop",  # pydantic's exclude_none, in answers and events
    waits_for_runs=True,  # calls create_and_poll of its client
    events=Events(frames="data", done="bare", comments=True, failure="text"),
)

OPENOPENAI: Final = Dialect(
    name="openopenai",
    # It speaks version 1 only; these are the deviations of form that any version can have.
    profile=Profile(operations=CONVERSATIONS | FILES, missing="text"),
    nulls="drop",
    lists=Lists(has_more="full_page", default_limit=10),
    errors="text",
    errors_of={500: "empty"},
    ignored_fields={  # no streaming
        "createRun": frozenset({"stream"}),
        "createThreadAndRun": frozenset({"stream"}),
        "submitToolOuputsToRun": frozenset({"stream"}),
    },
)

LOCALAI: Final = Dialect(
    name="localai",
    # Assistants and files until 2025-07; never threads or runs.
    profile=Profile(operations=ASSISTANTS | FILES | {"listModels"}, missing="text"),
    times_of={"file": "iso"},
    fields={"assistant": Fields(renamed={"created_at": "created"})},
    lists_of={
        "listAssistants": Lists(array=True),
        "listFiles": Lists(has_more="left_out", ids="left_out"),
    },
    errors="string",
    errors_of={404: "text"},
)

OGX: Final = Dialect(
    name="ogx",
    profile=Profile(
        operations=FILES | VECTOR_STORES | FILE_BATCHES | {"listModels", "retrieveModel"},
        missing="detail",
    ),
    ids="hex",  # of files it takes only `file-` and hex digits
    prefixes={"vsfb_": "batch_"},
    fields={
        "vector_store": Fields(instead_of_null={"name": ""}),
        "vector_store.files_batch": Fields(set={"object": "vector_store.file_batch"}),
        "text": Fields(set={"embedding": None, "chunk_metadata": {}}),
    },
    float_attributes=True,
    lists=Lists(empty_id=""),
    errors="detail",
    errors_of={422: "details"},
    invalid_status=422,
)

FOUNDRY_CLASSIC: Final = Dialect(
    name="foundry-classic",
    profile=Profile(
        operations=CONVERSATIONS | FILES | VECTOR_STORES | FILE_BATCHES,
        lists_threads=True,
    ),
    tools=(
        {"type": "azure_ai_search"},
        {"type": "bing_grounding", "bing_grounding": {"search_configurations": [{"connection_id": "local"}]}},
        {"type": "connected_agent", "connected_agent": {"id": "asst_other", "name": "other", "description": "Helps."}},
        {"type": "openapi", "openapi": {"name": "weather", "spec": {}, "auth": {"type": "anonymous"}}},
        {"type": "azure_function", "azure_function": {"function": {"name": "queue", "parameters": {}}}},
        {"type": "mcp", "server_label": "local", "server_url": "http://localhost/mcp", "allowed_tools": []},
    ),
    approvals=frozenset({"mcp_call"}),  # `required_action` of a type that old clients do not know
    fields={"file_citation": Fields(left_out=frozenset({"quote"}))},
    file_states=("pending", "running"),
)

AFTER_SHUTDOWN: Final = Dialect(
    name="openai-after-shutdown",
    # 404 with "Invalid URL (POST /v1/assistants)" since 2026-08-26; files, vector stores and the rest still answer.
    profile=Profile(operations=STORAGE, missing="unknown_url"),
)

WORST: Final = Dialect(
    name="worst",
    # No server in particular: as much at once as can still be understood.
    ids="odd",
    shared_call_ids=True,
    times="iso",
    times_of={"thread.run": "milliseconds", "thread.message": "float"},
    nulls="drop",
    fields={
        "assistant": Fields(left_out=frozenset({"tools", "metadata"}), set={"flavour": {"is": "odd"}}),
        "thread.run": Fields(left_out=frozenset({"tools", "metadata", "model"}), as_text=frozenset({"last_error"})),
        "thread.run.step": Fields(left_out=frozenset({"metadata", "assistant_id"})),
        "thread.message": Fields(left_out=frozenset({"attachments", "metadata"}), set={"mood": None}),
        "file": Fields(set={"bytes": "many", "purpose": "amusement"}),
    },
    float_attributes=True,
    lists=Lists(array=True),
    lists_of={"listMessages": Lists(kind="page", has_more="left_out", ids="none", extra={"next_page": 2})},
    errors="string",
    errors_of={404: "detail", 400: "message"},
    statuses={"POST": 201, "DELETE": 204},
    events=Events(
        frames="data",
        line_end="\r",
        bom=True,
        comments=True,
        blanks=True,
        multi_line=True,
        piece_bytes=7,
        done="left_out",
        left_out=(STOPS - {"thread.run.requires_action"}) | MESSAGE_ENDS,
        created_twice=True,
        delta_before_created=True,
        completed_after_requires_action=True,
        repeated_call_ids=True,
        unknown_event=True,
        failure="silent",
    ),
)

NAMED: Final = MappingProxyType(
    {
        dialect.name: dialect
        for dialect in (
            OPEN_ASSISTANT_API,
            ASTRA_ASSISTANTS_API,
            LITELLM,
            OPENOPENAI,
            LOCALAI,
            OGX,
            FOUNDRY_CLASSIC,
            AFTER_SHUTDOWN,
            WORST,
        )
    }
)

VARIABLE = "OPENAI_ASSISTANTS_DIALECT"
ALIASES = {"astra": "astra-assistants-api"}
NAMES = tuple(NAMED)
"""Names of the servers that can be imitated."""


def named(dialect: Dialect | str) -> Dialect:
    """A dialect by its name; one that is given as such stays as it is.

    Raises:
        ValueError: No dialect has this name.
    """
    if isinstance(dialect, Dialect):
        return dialect
    found = NAMED.get(ALIASES.get(dialect, dialect))
    if found is None:
        raise ValueError(f"there is no dialect {dialect!r}; known are {', '.join(NAMES)}")
    return found


def of_environment() -> Dialect | None:
    """The dialect that the environment names; None if it names none.

    Raises:
        ValueError: No dialect has this name.
    """
    name = os.environ.get(VARIABLE)
    if not name:
        return None
    try:
        return named(name)
    except ValueError as error:
        raise ValueError(f"{VARIABLE}: {error}") from None
