"""What is asked of a server, and the form of what is found. No I/O.

The calls are data: which method with which arguments. `$name` stands for something to be filled in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal

from openai_assistants._basics import is_dict, is_list, is_tuple

if TYPE_CHECKING:
    from openai_assistants._requests import Operation

Version = Literal["v1", "v2"]
Verdict = Literal["answers", "missing", "fails", "not tried"]
_RANK: dict[Verdict, int] = {"not tried": 0, "fails": 1, "missing": 2, "answers": 3}

ALL_FINE, DIFFERENT, UNREACHABLE, INTERRUPTED = 0, 1, 2, 130
"""Exit codes."""

MARK: Final = "openai-assistants doctor"
"""What things are called that are made only to be looked at."""
TEXT: Final = b"The sun is a star. Stars shine."
FUNCTION: Final[dict[str, Any]] = {
    "type": "function",
    "function": {
        "name": "look_up",
        "description": "Look up a word.",
        "parameters": {"type": "object", "properties": {"word": {"type": "string"}}, "required": ["word"]},
    },
}
QUESTION: Final = "Please say in a few words what the sun is."
QUESTION_FOR_TOOL: Final = 'Please look up the word "sun".'

UNKNOWN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "assistant": "asst_000000000000000000000000",
        "thread": "thread_000000000000000000000000",
        "message": "msg_000000000000000000000000",
        "run": "run_000000000000000000000000",
        "step": "step_000000000000000000000000",
        "file": "file-000000000000000000000000",
        "store": "vs_000000000000000000000000",
        "stored_file": "file-000000000000000000000000",
        "file_batch": "vsfb_000000000000000000000000",
        "job": "batch_000000000000000000000000",
        "upload": "upload_000000000000000000000000",
        "part": "part_000000000000000000000000",
        "listed_model": "no-such-model-000000000000",
    }
)
"""Ids that nothing has. What a server says of them shows whether it has the operation, and the form of its errors."""


@dataclass(frozen=True, slots=True)
class Check:
    """One call."""

    operation: str
    """The spec's operationId."""
    call: str
    """The client's method."""
    arguments: Mapping[str, Any] = field(default_factory=dict[str, Any])
    gives: str | None = None
    """Under which name the id of the result, or of the first item of a list, is kept."""
    of_ours_only: bool = False
    """Whether it would read contents: only those of what was made for this."""
    undo: str | None = None
    """The operation that deletes the result."""
    may_be_late: bool = False
    """Whether it may be refused because what it would stop has ended."""


_NEWEST: Final = {"limit": 2}
_MESSAGE: Final = {"message_id": "$message", "thread_id": "$thread"}
_RUN: Final = {"run_id": "$run", "thread_id": "$thread"}
_STORED: Final = {"file_id": "$stored_file", "vector_store_id": "$store"}
_FILE_BATCH: Final = {"batch_id": "$file_batch", "vector_store_id": "$store"}

READS: Final = (
    Check("listAssistants", "beta.assistants.list", _NEWEST, gives="assistant"),
    Check("listFiles", "files.list", _NEWEST, gives="file"),
    Check("listVectorStores", "vector_stores.list", _NEWEST, gives="store"),
    Check("listModels", "models.list", gives="listed_model"),
    Check("listBatches", "batches.list", _NEWEST, gives="job"),
    Check("getAssistant", "beta.assistants.retrieve", {"assistant_id": "$assistant"}),
    # Files of assistants and messages: version 1 only.
    Check("listAssistantFiles", "beta.assistants.files.list", {"assistant_id": "$assistant", **_NEWEST}),
    Check("getAssistantFile", "beta.assistants.files.retrieve", {"assistant_id": "$assistant", "file_id": "$file"}),
    Check("getThread", "beta.threads.retrieve", {"thread_id": "$thread"}),
    Check("listMessages", "beta.threads.messages.list", {"thread_id": "$thread", **_NEWEST}, gives="message"),
    Check("getMessage", "beta.threads.messages.retrieve", _MESSAGE),
    Check("listMessageFiles", "beta.threads.messages.files.list", {**_MESSAGE, **_NEWEST}),
    Check("getMessageFile", "beta.threads.messages.files.retrieve", {**_MESSAGE, "file_id": "$file"}),
    Check("listRuns", "beta.threads.runs.list", {"thread_id": "$thread", **_NEWEST}, gives="run"),
    Check("getRun", "beta.threads.runs.retrieve", _RUN),
    Check("listRunSteps", "beta.threads.runs.steps.list", {**_RUN, **_NEWEST}, gives="step"),
    Check("getRunStep", "beta.threads.runs.steps.retrieve", {"step_id": "$step", **_RUN}),
    Check("retrieveFile", "files.retrieve", {"file_id": "$file"}),
    Check("downloadFile", "files.content", {"file_id": "$file"}, of_ours_only=True),
    Check("getVectorStore", "vector_stores.retrieve", {"vector_store_id": "$store"}),
    Check(
        "listVectorStoreFiles",
        "vector_stores.files.list",
        {"vector_store_id": "$store", **_NEWEST},
        gives="stored_file",
    ),
    Check("getVectorStoreFile", "vector_stores.files.retrieve", _STORED),
    Check("retrieveVectorStoreFileContent", "vector_stores.files.content", _STORED, of_ours_only=True),
    Check("getVectorStoreFileBatch", "vector_stores.file_batches.retrieve", _FILE_BATCH),
    Check("listFilesInVectorStoreBatch", "vector_stores.file_batches.list_files", {**_FILE_BATCH, **_NEWEST}),
    Check("retrieveModel", "models.retrieve", {"model": "$listed_model"}),
    Check("retrieveBatch", "batches.retrieve", {"batch_id": "$job"}),
)
"""What can be asked without changing anything. Lists come first: what they show is looked at afterwards."""

_NAME: Final = {"openai-assistants": "doctor"}

CREATE_THREAD: Final = Check(
    "createThread", "beta.threads.create", {"metadata": _NAME}, gives="thread", undo="deleteThread"
)

MAKES: Final = (
    Check(
        "createAssistant",
        "beta.assistants.create",
        {"model": "$model", "name": "$mark", "instructions": "Be brief.", "metadata": _NAME},
        gives="assistant",
        undo="deleteAssistant",
    ),
    CREATE_THREAD,
    Check(
        "createMessage",
        "beta.threads.messages.create",
        {"thread_id": "$thread", "role": "user", "content": QUESTION, "metadata": _NAME},
        gives="message",
    ),
    Check(
        "createFile",
        "files.create",
        {"file": ("$mark.txt", TEXT), "purpose": "assistants"},
        gives="file",
        undo="deleteFile",
    ),
    Check(
        "createVectorStore",
        "vector_stores.create",
        {"name": "$mark", "metadata": _NAME},
        gives="store",
        undo="deleteVectorStore",
    ),
    Check(
        "createVectorStoreFile",
        "vector_stores.files.create",
        {"vector_store_id": "$store", "file_id": "$file", "attributes": {"made": 1}},
        gives="stored_file",
    ),
    Check(
        "createVectorStoreFileBatch",
        "vector_stores.file_batches.create",
        {"vector_store_id": "$store", "file_ids": ["$file"]},
        gives="file_batch",
    ),
)
"""What is made only to be looked at, and deleted afterwards."""

_UPLOAD: Final = {"filename": "$mark.txt", "bytes": len(TEXT), "purpose": "assistants", "mime_type": "text/plain"}

CREATE_UPLOAD: Final = Check("createUpload", "uploads.create", _UPLOAD, gives="upload", undo="cancelUpload")
ADD_PART: Final = Check("addUploadPart", "uploads.parts.create", {"upload_id": "$upload", "data": TEXT}, gives="part")
COMPLETE: Final = Check("completeUpload", "uploads.complete", {"upload_id": "$upload", "part_ids": ["$part"]})
CANCEL_UPLOAD: Final = Check("cancelUpload", "uploads.cancel", {"upload_id": "$upload"})

CHANGES: Final = (
    Check("modifyAssistant", "beta.assistants.update", {"assistant_id": "$assistant", "description": MARK}),
    Check("modifyThread", "beta.threads.update", {"thread_id": "$thread", "metadata": _NAME}),
    Check("modifyMessage", "beta.threads.messages.update", {**_MESSAGE, "metadata": _NAME}),
    Check("modifyVectorStore", "vector_stores.update", {"vector_store_id": "$store", "metadata": _NAME}),
    Check("updateVectorStoreFileAttributes", "vector_stores.files.update", {**_STORED, "attributes": {"made": 2}}),
    Check("searchVectorStore", "vector_stores.search", {"vector_store_id": "$store", "query": "star"}),
)

REMOVES: Final = (
    Check("cancelVectorStoreFileBatch", "vector_stores.file_batches.cancel", _FILE_BATCH, may_be_late=True),
    Check("deleteMessage", "beta.threads.messages.delete", _MESSAGE),
    Check("deleteVectorStoreFile", "vector_stores.files.delete", _STORED),
)

CREATE_RUN: Final = Check(
    "createRun", "beta.threads.runs.create", {"thread_id": "$thread", "assistant_id": "$assistant"}, gives="run"
)
GET_RUN: Final = Check("getRun", "beta.threads.runs.retrieve", _RUN)
MODIFY_RUN: Final = Check("modifyRun", "beta.threads.runs.update", {**_RUN, "metadata": _NAME})
CANCEL_RUN: Final = Check("cancelRun", "beta.threads.runs.cancel", _RUN, may_be_late=True)
SUBMIT: Final = Check(
    "submitToolOuputsToRun",
    "beta.threads.runs.submit_tool_outputs",
    {**_RUN, "tool_outputs": [{"tool_call_id": "call_0", "output": "The sun is a star."}]},
)
CREATE_THREAD_AND_RUN: Final = Check(
    "createThreadAndRun",
    "beta.threads.create_and_run",
    {"assistant_id": "$assistant", "thread": {"messages": [{"role": "user", "content": QUESTION}]}},
)

UNDO: Final[Mapping[str, Check]] = MappingProxyType(
    {
        each.operation: each
        for each in (
            Check("deleteAssistant", "beta.assistants.delete", {"assistant_id": "$it"}),
            Check("deleteThread", "beta.threads.delete", {"thread_id": "$it"}),
            Check("deleteFile", "files.delete", {"file_id": "$it"}),
            Check("deleteVectorStore", "vector_stores.delete", {"vector_store_id": "$it"}),
            Check("cancelUpload", "uploads.cancel", {"upload_id": "$it"}, may_be_late=True),
        )
    }
)

NEVER: Final[Mapping[str, str]] = MappingProxyType(
    {
        "createAssistantFile": "only what version 2 has, too, is changed",
        "deleteAssistantFile": "only what version 2 has, too, is changed",
        "deleteModel": "it would delete a model",
        "createBatch": "a batch cannot be deleted",
        "cancelBatch": "a batch cannot be deleted",
    }
)
"""What is not tried, and why."""

GROUPS: Final[Mapping[Version, Mapping[str, tuple[str, ...]]]] = MappingProxyType(
    {
        "v2": {
            "assistants": ("resources.assistants:ASSISTANTS",),
            "threads": ("resources.threads:THREADS",),
            "messages": ("resources.threads:MESSAGES",),
            "runs": ("resources.runs:RUNS",),
            "run steps": ("resources.runs:RUN_STEPS",),
            "files": ("resources.files:FILES",),
            "vector stores": (
                "resources.vector_stores:VECTOR_STORES",
                "resources.vector_stores:VECTOR_STORE_FILES",
                "resources.vector_stores:FILE_BATCHES",
            ),
            "uploads": ("resources.files:UPLOADS", "resources.files:UPLOAD_PARTS"),
            "models": ("resources:MODELS",),
            "batches": ("resources.files:BATCHES",),
        },
        "v1": {
            "assistants": ("resources.v1:ASSISTANTS", "resources.v1:ASSISTANT_FILES"),
            "threads": ("resources.v1.threads:THREADS",),
            "messages": ("resources.v1.threads:MESSAGES", "resources.v1.threads:MESSAGE_FILES"),
            "runs": ("resources.v1.runs:RUNS",),
            "run steps": ("resources.v1.runs:RUN_STEPS",),
            "files": ("resources.files:FILES",),
            "models": ("resources:MODELS",),
        },
    }
)
"""The operations by what they are about: the modules that have them, and what their names begin with."""


@cache
def operations(version: Version) -> Mapping[str, tuple[str, Operation]]:
    """The group and the request of each operation of a version of the API, by its id."""
    from openai_assistants._requests import Operation  # the command line starts without it

    found: dict[str, tuple[str, Operation]] = {}
    for group, modules in GROUPS[version].items():
        for module, _, prefix in (each.partition(":") for each in modules):
            for name, value in vars(import_module(f"openai_assistants.{module}")).items():
                if isinstance(value, Operation) and name.startswith(f"{prefix}_"):
                    found.setdefault(value.id, (group, value))
    return found


CALLS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{
            each.operation: each.call
            for each in (
                *(*READS, *MAKES, *CHANGES, *REMOVES, *UNDO.values()),
                *(CREATE_UPLOAD, ADD_PART, COMPLETE, CREATE_RUN, MODIFY_RUN, CANCEL_RUN, SUBMIT, CREATE_THREAD_AND_RUN),
            )
        },
        "createAssistantFile": "beta.assistants.files.create",
        "deleteAssistantFile": "beta.assistants.files.delete",
        "deleteModel": "models.delete",
        "createBatch": "batches.create",
        "cancelBatch": "batches.cancel",
    }
)
"""The client's methods by operation."""


def call_in(version: Version, call: str) -> str:
    """A method of the client, as a version of the API has it."""
    return call.replace("beta.", "beta.v1.", 1) if version == "v1" else call


def filled(value: Any, words: Mapping[str, str], unknown: set[str]) -> Any:
    """Arguments with `$names` filled in; `unknown` gets those of which only an id is known that nothing has."""
    if isinstance(value, str) and value.startswith("$"):
        name, dot, ending = value[1:].partition(".")
        if name not in words:
            unknown.add(name)
        return words.get(name, UNKNOWN.get(name, "")) + dot + ending
    if is_dict(value):
        return {key: filled(each, words, unknown) for key, each in value.items()}
    if is_list(value):
        return [filled(each, words, unknown) for each in value]
    if is_tuple(value):
        return tuple(filled(each, words, unknown) for each in value)
    return value


# ---- what is found ----


@dataclass(slots=True)
class Tried:
    """An operation, and what became of its call."""

    operation: str
    method: str
    path: str
    call: str
    """The client's method, such as `beta.threads.create`."""
    verdict: Verdict = "not tried"
    said: str = ""
    """What the server answered, in a few words; for what was not tried: why."""

    def note(self, verdict: Verdict, said: str) -> None:
        """Another outcome: the best one counts, and a good answer more than a good refusal."""
        if _RANK[verdict] > _RANK[self.verdict] or (verdict == self.verdict and said.isdecimal()):
            self.verdict, self.said = verdict, said


@dataclass(frozen=True, slots=True)
class Finding:
    """One way in which the server is not as the API is documented."""

    where: str
    """An operation, or an event of a stream."""
    path: str
    """The place in the answer, `data[*].created_at`; empty for the whole of it."""
    expected: str
    got: str
    means: str
    """What that means for a program, in a sentence."""
    noticed: bool = True
    """Whether a program would notice, although this client makes the best of it."""


@dataclass(slots=True)
class Use:
    """Something that programs do with several operations, and how it went."""

    name: str
    works: bool
    said: str


@dataclass(slots=True)
class Report:
    """All that was found out."""

    base_url: str
    api_version: Version
    write: bool
    operations: dict[str, Tried] = field(default_factory=dict[str, Tried])
    uses: list[Use] = field(default_factory=list[Use])
    findings: list[Finding] = field(default_factory=list[Finding])
    notes: list[str] = field(default_factory=list[str])
    """What else there is to know: limits of the server that are no deviations, and of this examination."""
    left_behind: list[str] = field(default_factory=list[str])
    """What was made and could not be deleted."""
    problem: str | None = None
    """Why the server could not be examined, or not to the end."""
    interrupted: bool = False

    def add(self, finding: Finding) -> None:
        """Note a finding, once."""
        if finding not in self.findings:
            self.findings.append(finding)

    def remark(self, note: str) -> None:
        """Note something, once."""
        if note not in self.notes:
            self.notes.append(note)

    def with_verdict(self, verdict: Verdict) -> list[Tried]:
        """The operations of which this was found."""
        return [each for each in self.operations.values() if each.verdict == verdict]

    @property
    def exit_code(self) -> int:
        """0: nothing that a program would notice; 1: something; 2: nothing could be examined; 130: interrupted."""
        if self.interrupted:
            return INTERRUPTED
        if not self.with_verdict("answers"):
            return UNREACHABLE
        different = (
            self.problem is not None
            or self.with_verdict("missing")
            or self.with_verdict("fails")
            or any(finding.noticed for finding in self.findings)
            or not all(use.works for use in self.uses)
            or self.left_behind
        )
        return DIFFERENT if different else ALL_FINE

    @property
    def summary(self) -> str:
        """The outcome in a line."""
        answering, missing, failing = (len(self.with_verdict(each)) for each in ("answers", "missing", "fails"))
        if not answering:
            return "Nothing of this API can be reached here."
        said = f"{answering} of {answering + missing + failing} operations that were tried answer"
        if missing or failing:
            said += f", {missing} missing, {failing} failing"
        deviations, noticed = len(self.findings), sum(finding.noticed for finding in self.findings)
        said += f"; {deviations} deviation{'' if deviations == 1 else 's'}, {noticed} that a program would notice."
        return f"{said} Everything is fine." if self.exit_code == ALL_FINE else said

    def as_data(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {**asdict(self), "operations": [asdict(each) for each in self.operations.values()]} | {
            "summary": self.summary,
            "exit_code": self.exit_code,
        }
