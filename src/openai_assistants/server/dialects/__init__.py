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
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias

from ..spec import check_fields

# What a dialect is made of: plain data, one field for each way to deviate. The defaults deviate in nothing. Profiles
# are put together from sets of operations, by the spec's operationIds.

Json: TypeAlias = dict[str, Any]

Times: TypeAlias = Literal["seconds", "float", "milliseconds", "iso"]
"""How moments are written: `1700000000`, `1700000000.0`, `1700000000000` or `2023-11-14T22:13:20Z`."""

IdForm: TypeAlias = Literal["prefixed", "hex", "object_id", "uuid", "odd"]
"""What ids look like: as the API's own, a prefix and 32 hex digits, 24 hex digits without prefix, a UUID, or a text
with a slash, a space, a percent sign and letters that are not ASCII."""

ErrorForm: TypeAlias = Literal["openai", "string", "detail", "details", "message", "text", "html", "empty"]
"""The body of an error: `{"error": {"message": ..}}`, `{"error": ".."}`, `{"detail": ".."}`,
`{"detail": [{"msg": ..}]}`, `{"message": ..}`, plain text, a page of HTML, or nothing."""

MissingForm: TypeAlias = Literal["unknown_url", "detail", "error", "text", "html", "empty", "not_implemented"]
"""What an endpoint that does not exist answers: the API's `Invalid URL (..)`, FastAPI's `{"detail": "Not Found"}`, the
same words as an error object, text, a page of HTML, nothing (all 404; in the second and third form 405 where the path
has other methods), or 501."""

Frames: TypeAlias = Literal["events", "data"]
"""Where the name of an event stands: in an `event:` line, or with its object in the data:
`{"event": .., "data": ..}`."""

Failure: TypeAlias = Literal["event", "text", "silent", "cut"]
"""What a stream shows of a failed run: `thread.run.failed`, the message as bare `data:`, nothing (the stream just
ends), or a connection that is closed."""

RUN_ENDS = frozenset(f"thread.run.{end}" for end in ("completed", "incomplete", "failed", "cancelled", "expired"))
MESSAGE_ENDS = frozenset({"thread.message.completed", "thread.message.incomplete"})
STOPS = RUN_ENDS | {"thread.run.requires_action"}
"""Events after which a stream of a run has nothing more to say."""

NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Fields:
    """How one kind of object differs."""

    left_out: frozenset[str] = NONE
    null: frozenset[str] = NONE
    """Fields that are always null."""
    renamed: Mapping[str, str] = field(default_factory=dict[str, str])
    set: Mapping[str, object] = field(default_factory=Json)
    """Fields with a value of their own: replaced, or added."""
    instead_of_null: Mapping[str, object] = field(default_factory=Json)
    as_text: frozenset[str] = NONE
    """Objects of which only the first value is shown: `{"reason": "max_completion_tokens"}` as the string alone."""

    def __post_init__(self) -> None:
        check_fields(self)


@dataclass(frozen=True, kw_only=True)
class Lists:
    """How lists differ."""

    array: bool = False
    """A bare array, with nothing around it."""
    kind: str = "list"
    """What stands in `object`."""
    has_more: Literal["right", "left_out", "full_page"] = "right"
    """`full_page`: said of every page that is full, also of the last one."""
    ids: Literal["right", "left_out", "none"] = "right"
    """`first_id` and `last_id`; `none` is the string."""
    empty_id: str | None = None
    """What stands for the ids of an empty list."""
    extra: Mapping[str, object] = field(default_factory=Json)
    empty_fails: bool = False
    """An empty list is answered with status 500."""
    default_limit: int | None = None
    """Items of a page for which no limit was given."""
    ignores: frozenset[str] = NONE
    """Query parameters that change nothing. Without cursors every page is the first one."""
    breaks_on: frozenset[str] = NONE
    """Query parameters that are answered with status 502."""

    def __post_init__(self) -> None:
        check_fields(self)


@dataclass(frozen=True, kw_only=True)
class Events:
    """How streams differ."""

    frames: Frames = "events"
    line_end: Literal["\n", "\r\n", "\r"] = "\n"
    bom: bool = False
    comments: bool = False
    """A comment line (`: ping`) before each event."""
    blanks: bool = False
    """Events without data among the others."""
    multi_line: bool = False
    """The JSON of an event is spread over several `data:` lines."""
    piece_bytes: int | None = None
    """The body is written in pieces of so many bytes, also in the middle of a character."""
    done: Literal["named", "bare", "left_out"] = "named"
    """How the stream says that it is over: `event: done`, only `data: [DONE]`, or not at all."""
    left_out: frozenset[str] = NONE
    """Names of events that are never sent."""
    created_twice: bool = False
    delta_before_created: bool = False
    """The first delta of each message and step comes before the object was created."""
    completed_after_requires_action: bool = False
    """A run that waits for tool outputs is also said to be completed; its status is right."""
    repeated_call_ids: bool = False
    """Every delta of a tool call says its id and name again."""
    usage_in_message: bool = False
    """The tokens of a run come in a `thread.message.in_progress` about a message that does not exist."""
    unknown_event: bool = False
    """An event that the API does not have."""
    failure: Failure = "event"

    def __post_init__(self) -> None:
        check_fields(self)


@dataclass(frozen=True, kw_only=True)
class Profile:
    """Which endpoints exist."""

    operations: frozenset[str] | None = None
    """The spec's operationIds; None: all."""
    missing: MissingForm = "unknown_url"
    lists_threads: bool = False
    """`GET /threads` exists, which the API does not have."""

    def __post_init__(self) -> None:
        check_fields(self)

    def has(self, operation: str) -> bool:
        """Whether an operation exists."""
        return self.operations is None or operation in self.operations


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """A way to speak the API that is not quite that of its documents, and the set of endpoints that exist.

        LocalServer(dialect="astra-assistants-api")
        LocalServer(dialect=Dialect(times="iso", nulls="drop", events=Events(frames="data", done="left_out")))
        LocalServer(dialect=replace(NAMED["litellm"], errors="html"))

    It changes how the server answers, not what it does. A server with a dialect knows nothing of idempotency keys, of
    `Last-Event-ID` and of hints how often to poll, like the servers that it imitates.
    """

    name: str = "custom"
    profile: Profile = Profile()

    ids: IdForm = "prefixed"
    prefixes: Mapping[str, str] = field(default_factory=dict[str, str])
    """Other prefixes of ids, by those of the API."""
    shared_call_ids: bool = False
    """All tool calls of a round have the same id; outputs are taken in the order of the calls."""

    times: Times = "seconds"
    times_of: Mapping[str, Times] = field(default_factory=dict[str, Times])
    """Other forms for some kinds of objects, by their `object`."""
    nulls: Literal["keep", "drop"] = "keep"
    fields: Mapping[str, Fields] = field(default_factory=dict[str, Fields])
    """By the `object` of an object; where it has none, by its `type`."""
    event_fields: Mapping[str, Fields] | None = None
    """The same for objects in streams; None: as elsewhere."""
    float_attributes: bool = False
    """Whole numbers among attributes of files become floats."""
    tools: tuple[Json, ...] = ()
    """Tools of types that the API does not have: every assistant and run has them. Requests may name them."""
    tools_in_events: Literal["same", "functions"] = "same"
    """`functions`: in streams those tools look like functions."""
    approvals: frozenset[str] = NONE
    """Functions whose calls are shown as calls of an MCP server that wait for an approval."""
    file_states: tuple[str, ...] = ()
    """Statuses that a file has at first, one for each time that it is answered."""

    lists: Lists = Lists()
    lists_of: Mapping[str, Lists] = field(default_factory=dict[str, Lists])
    """Other forms for the lists of some operations; `listThreads` is `GET /threads`."""

    errors: ErrorForm = "openai"
    errors_of: Mapping[int, ErrorForm] = field(default_factory=dict[int, ErrorForm])
    """Other forms for some statuses."""
    invalid_status: int = 400
    """Status of requests of which a parameter is wrong."""
    statuses: Mapping[str, int] = field(default_factory=dict[str, int])
    """Statuses of good answers by method; with 204 the body is left out."""

    events: Events = Events()

    roles: frozenset[str] = NONE
    """Roles of messages beside those of the API. The process remembers them; for models they are users."""
    content_is_text: bool = False
    """A message's content must be a string: an array is answered with status 422."""
    ignored_fields: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    """Fields of request bodies that change nothing, by operation."""
    waits_for_runs: bool = False
    """A run that is not streamed is answered when it has ended or needs tool outputs."""

    def __post_init__(self) -> None:
        check_fields(self)

    def list_of(self, operation: str) -> Lists:
        """How the list of an operation looks."""
        return self.lists_of.get(operation, self.lists)


# Sets of operations.


ASSISTANTS: Final = frozenset(
    {"listAssistants", "createAssistant", "getAssistant", "modifyAssistant", "deleteAssistant"}
)
THREADS: Final = frozenset({"createThread", "getThread", "modifyThread", "deleteThread"})
MESSAGES: Final = frozenset({"listMessages", "createMessage", "getMessage", "modifyMessage", "deleteMessage"})
STEPS: Final = frozenset({"listRunSteps", "getRunStep"})
RUNS: Final = frozenset(
    {
        "listRuns",
        "createRun",
        "createThreadAndRun",
        "getRun",
        "modifyRun",
        "cancelRun",
        "submitToolOuputsToRun",
    }
)
FILES: Final = frozenset({"listFiles", "createFile", "retrieveFile", "deleteFile", "downloadFile"})
UPLOADS: Final = frozenset({"createUpload", "addUploadPart", "completeUpload", "cancelUpload"})
FILE_BATCHES: Final = frozenset(
    {
        "createVectorStoreFileBatch",
        "getVectorStoreFileBatch",
        "cancelVectorStoreFileBatch",
        "listFilesInVectorStoreBatch",
    }
)
VECTOR_STORES: Final = frozenset(
    {
        "listVectorStores",
        "createVectorStore",
        "getVectorStore",
        "modifyVectorStore",
        "deleteVectorStore",
        "searchVectorStore",
        "listVectorStoreFiles",
        "createVectorStoreFile",
        "getVectorStoreFile",
        "updateVectorStoreFileAttributes",
        "deleteVectorStoreFile",
        "retrieveVectorStoreFileContent",
    }
)
BATCHES: Final = frozenset({"listBatches", "createBatch", "retrieveBatch", "cancelBatch"})
MODELS: Final = frozenset({"listModels", "retrieveModel", "deleteModel"})

CONVERSATIONS: Final = ASSISTANTS | THREADS | MESSAGES | RUNS | STEPS
"""What OpenAI and Azure OpenAI switched off."""
STORAGE: Final = FILES | UPLOADS | VECTOR_STORES | FILE_BATCHES | BATCHES | MODELS
"""What they still have."""


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
