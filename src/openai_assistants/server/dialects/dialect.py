"""What a dialect is made of: plain data, one field for each way to deviate. The defaults deviate in nothing. Profiles
are put together from sets of operations, by the spec's operationIds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

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


@dataclass(frozen=True, kw_only=True)
class Profile:
    """Which endpoints exist."""

    operations: frozenset[str] | None = None
    """The spec's operationIds; None: all."""
    missing: MissingForm = "unknown_url"
    lists_threads: bool = False
    """`GET /threads` exists, which the API does not have."""

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
