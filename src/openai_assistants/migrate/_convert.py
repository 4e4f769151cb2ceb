"""Assistants, messages and threads of version 1 as parameters of version 2. Nothing is sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Iterable, Literal, Mapping, cast

from .._basics import is_mapping
from .._errors import MigrationError
from ._objects import (
    GONE,
    MAX_CODE_FILES,
    MAX_DESCRIPTION,
    MAX_INSTRUCTIONS,
    MAX_NAME,
    MAX_TEXT,
    MAX_TOOLS,
    NO_TEXT,
    Fields,
    Files,
    NewIds,
    NewVectorStore,
    Note,
    entries,
    in_order,
    metadata,
    read,
    usable,
)

if TYPE_CHECKING:
    from ..types.assistants_params import AssistantCreateParams
    from ..types.threads_params import MessageCreateParams, ThreadCreateParams
    from ..types.v1.threads import Assistant, Message, Thread

FileTool = Literal["file_search", "code_interpreter"]
"""A tool that files can be attached for."""

FILE_TOOLS: tuple[FileTool, ...] = ("file_search", "code_interpreter")

_FUNCTION_FIELDS = ("name", "description", "parameters", "strict")
_ROLES = ("user", "assistant")
_UNMARKED = "version 2 takes no annotations with a new message; their marks stay in the text"


# ---- assistants ----


@dataclass(frozen=True, slots=True)
class ConvertedAssistant:
    """What an assistant of version 1 is in version 2."""

    source_id: str
    """Its id in version 1."""
    params: AssistantCreateParams
    """Arguments of `client.beta.assistants.create`; they lack the vector store."""
    vector_store: NewVectorStore | None
    """The vector store that has to be made for it; None if it does not search files."""
    notes: tuple[Note, ...]
    """What has another form, and what has no counterpart."""

    def with_vector_store(self, vector_store_id: str) -> AssistantCreateParams:
        """The arguments, once the vector store has been made."""
        resources: Any = self.params.get("tool_resources") or {}
        searched = {**resources, "file_search": {"vector_store_ids": [vector_store_id]}}
        return cast("AssistantCreateParams", {**self.params, "tool_resources": searched})


def convert_assistant(
    assistant: Assistant | Mapping[str, object],
    *,
    file_ids: NewIds | None = None,
    file_names: Mapping[str, str] | None = None,
) -> ConvertedAssistant:
    """An assistant of version 1 as parameters for making one of version 2. Nothing is sent.

    `retrieval` becomes `file_search` over a vector store that has to be made of its files; the code interpreter gets
    the files by id. Id and time of creation go into the metadata, as `v1_id` and `v1_created_at`, if there is room.

    Args:
        assistant: A result of `client.beta.v1.assistants`, or the same as parsed JSON; fields may be null or missing.
        file_ids: New ids of files, by their old ones; None as new id: the file is gone. Others keep their ids.
        file_names: Names of files by their old ids, as far as they are known. Files that hold no text (images,
            archives, spreadsheets) are not put into the vector store.

    Raises:
        MigrationError: It is no assistant of version 1, or has no model.
    """
    data = read(assistant, "assistant")
    notes: list[Note] = []
    fields = Fields(data, notes)
    files = Files(file_ids or {}, file_names or {})
    fields.take("object")
    source_id: str = fields.take("id")
    params: dict[str, Any] = {"model": _model(fields, source_id)}
    for name, limit in (
        ("name", MAX_NAME),
        ("description", MAX_DESCRIPTION),
        ("instructions", MAX_INSTRUCTIONS),
    ):
        if (text := fields.text(name, limit)) is not None:
            params[name] = text
    tools = _tools(fields)
    if tools:
        params["tools"] = tools
    kinds = {tool["type"] for tool in tools}
    resources, searched = _resources(fields, kinds, files)
    if resources:
        params["tool_resources"] = resources
    params["metadata"] = metadata(fields, id=source_id, created_at=fields.take("created_at"))
    fields.end()
    store = NewVectorStore(
        f"Files of {params.get('name') or source_id}"[:MAX_NAME], tuple(searched), {"v1_assistant_id": source_id}
    )
    return ConvertedAssistant(
        source_id, cast("AssistantCreateParams", params), store if searched else None, tuple(notes)
    )


def _model(fields: Fields, source_id: str) -> str:
    model = fields.take("model")
    if not isinstance(model, str) or not model:
        raise MigrationError(f"assistant {source_id} has no model, which version 2 asks for; put one into the object")
    return model


def _tools(fields: Fields) -> list[dict[str, Any]]:
    tools: list[dict[str, Any]] = []
    for place, tool in enumerate(entries(fields, "tools")):
        name = f"tools[{place}]"
        kind = tool.get("type") if is_mapping(tool) else None
        if not is_mapping(tool) or kind not in ("code_interpreter", "retrieval", "function"):
            fields.drop(name, "version 2 has no such tool", tool)
        elif len(tools) == MAX_TOOLS:
            fields.drop(name, f"version 2 takes at most {MAX_TOOLS} tools", tool)
        elif kind == "function":
            tools += _function(fields, name, tool)
        else:
            new = {"type": "file_search" if kind == "retrieval" else kind}
            rest = Fields(tool, fields.notes, fields.place(name))
            rest.take("type")
            rest.end("version 2 has no such setting of this tool")
            if new in tools:
                fields.change(name, "it is there twice; once is enough", tool)
            else:
                tools.append(new)
    return tools


def _function(fields: Fields, place: str, tool: Mapping[str, Any]) -> list[dict[str, Any]]:
    outer = Fields(tool, fields.notes, fields.place(place))
    outer.take("type")
    function = outer.take("function")
    outer.end()
    if not is_mapping(function) or not isinstance(function.get("name"), str):
        fields.drop(place, "it is a function without a name", tool)
        return []
    inner = Fields(function, fields.notes, f"{fields.place(place)}.function")
    kept = {name: value for name in _FUNCTION_FIELDS if (value := inner.take(name)) is not None}
    inner.end()
    return [{"type": "function", "function": kept}]


def _resources(fields: Fields, kinds: set[str], files: Files) -> tuple[dict[str, Any], list[str]]:
    """What the tools may use, without the vector store, and the new ids of the files for that."""
    ids = usable(fields, entries(fields, "file_ids"), files)
    read = ids if "code_interpreter" in kinds else []
    searched = [each for each in ids if files.is_searchable(each)] if "file_search" in kinds else []
    for each in read[MAX_CODE_FILES:]:
        reason = f"version 2 gives the code interpreter at most {MAX_CODE_FILES} files"
        fields.drop("file_ids", reason, each)
    for each in ids:
        if not kinds & {"code_interpreter", "file_search"}:
            fields.drop("file_ids", "none of its tools can use files; in version 2 files belong to tools", each)
        elif "file_search" in kinds and each not in searched:
            fields.drop("file_ids", NO_TEXT, files.called(each))
    code = [str(files.renamed(each)) for each in read[:MAX_CODE_FILES]]
    resources = {"code_interpreter": {"file_ids": code}} if code else {}
    return resources, [str(files.renamed(each)) for each in searched]


# ---- messages ----


@dataclass(frozen=True, slots=True)
class ConvertedMessage:
    """What a message of version 1 is in version 2."""

    source_id: str
    """Its id in version 1."""
    thread_id: str | None
    """Id of its thread in version 1; None if it does not say."""
    params: MessageCreateParams | None
    """Arguments of `client.beta.threads.messages.create`; None if nothing is left of it that could be sent."""
    notes: tuple[Note, ...]
    """What has another form, and what has no counterpart."""


@dataclass(slots=True)
class _Attaching:
    """How files are attached to the messages of a thread."""

    tools: frozenset[str]
    """Tools that the assistants of the thread have."""
    for_code: set[str] = field(default_factory=set[str])
    """Files that the code interpreter of the thread has by now."""
    searched: dict[str, None] = field(default_factory=dict[str, None])
    """New ids of the files that file search has by now, in their order."""


def convert_message(
    message: Message | Mapping[str, object],
    *,
    file_ids: NewIds | None = None,
    file_names: Mapping[str, str] | None = None,
    tools: Iterable[FileTool] = FILE_TOOLS,
) -> ConvertedMessage:
    """A message of version 1 as parameters for making one of version 2. Nothing is sent.

    Role and text stay; files are attached for the tools. Ids and times go into the metadata as `v1_id`,
    `v1_created_at`, `v1_assistant_id`, `v1_run_id` and (if it differs) `v1_completed_at`, as far as there is room. What
    the annotations say is in the notes.

    Args:
        message: A result of `client.beta.v1.threads.messages`, or the same as parsed JSON; fields may be null or
            missing.
        file_ids: New ids of files, by their old ones; None as new id: the file is gone. Others keep their ids.
        file_names: Names of files by their old ids, as far as they are known. Files that hold no text (images,
            archives, spreadsheets) are not attached for file search.
        tools: Tools that the files are attached for: those of the assistants that work on the thread.

    Raises:
        MigrationError: It is no message of version 1.
    """
    files = Files(file_ids or {}, file_names or {})
    return _converted(message, files, _Attaching(frozenset(tools)))


def _converted(message: object, files: Files, attaching: _Attaching) -> ConvertedMessage:
    """A message of a thread, as `convert_message` says."""
    notes: list[Note] = []
    fields = Fields(read(message, "thread.message"), notes)
    fields.take("object")
    source_id: str = fields.take("id")
    thread_id = fields.take("thread_id")
    role = _role(fields)
    content = _content(fields, files)
    attachments = _attachments(fields, files, attaching)
    params: dict[str, Any] = {"role": role, "content": content}
    if attachments:
        params["attachments"] = attachments
    created_at, completed_at = fields.take("created_at"), fields.take("completed_at")
    params["metadata"] = metadata(
        fields,
        id=source_id,
        created_at=created_at,
        assistant_id=fields.take("assistant_id"),
        run_id=fields.take("run_id"),
        completed_at=None if completed_at == created_at else completed_at,
    )
    _state(fields)
    fields.end()
    if not content:
        for name in ("role", "attachments", "metadata"):
            if params.get(name):
                fields.drop(name, "the message is left out", params[name])
        fields.drop("content", "there is nothing in the message; version 2 takes no empty ones", None)
    return ConvertedMessage(
        source_id,
        thread_id if isinstance(thread_id, str) else None,
        cast("MessageCreateParams", params) if content else None,
        tuple(notes),
    )


def _role(fields: Fields) -> str:
    role = fields.take("role")
    if role in _ROLES:
        return str(role)
    fields.change("role", "version 2 knows only user and assistant; it becomes a message of the user", role)
    return "user"


def _state(fields: Fields) -> None:
    """How far the message came, which only servers that can stream tell."""
    status = fields.take("status")
    if status not in (None, "completed"):
        fields.change("status", "a message that is made is complete", status)
    details = fields.take("incomplete_details")
    if details:
        fields.drop("incomplete_details", "a message that is made is complete", details)
    if (time := fields.take("incomplete_at")) is not None:
        fields.drop("incomplete_at", "a message that is made is complete", time)


def _content(fields: Fields, files: Files) -> str | list[dict[str, Any]]:
    """Text, or parts; empty if there is nothing to send."""
    given = fields.take("content")
    blocks: list[Any] = [given] if isinstance(given, str) else []
    if not blocks:
        blocks = entries(Fields({"content": given}, fields.notes), "content")
    parts: list[dict[str, Any]] = []
    for place, block in enumerate(blocks):
        path = f"content[{place}]"
        if isinstance(block, str):
            parts += _text(fields, path, block)
        elif is_mapping(block):
            parts += _part(fields, path, block, files)
        else:
            fields.drop(path, "it is no part of a message", block)
    if len(parts) == 1 and parts[0]["type"] == "text":
        return cast("str", parts[0]["text"])
    return parts


def _part(fields: Fields, path: str, block: Mapping[str, Any], files: Files) -> list[dict[str, Any]]:
    outer = Fields(block, fields.notes, path)
    kind = outer.take("type")
    inner = outer.take(kind) if kind in ("text", "image_file") else None
    if kind == "text" and isinstance(inner, str):
        inner = {"value": inner}
    if kind not in ("text", "image_file") or not is_mapping(inner):
        fields.drop(path, "version 2 takes no such part in a new message", block)
        return []
    outer.end()
    inside = Fields(inner, fields.notes, f"{path}.{kind}")
    parts = _text_part(fields, path, inside) if kind == "text" else _image(inside, files)
    inside.end("version 2 takes no such thing in a new message")
    return parts


def _text_part(fields: Fields, path: str, inside: Fields) -> list[dict[str, Any]]:
    for place, annotation in enumerate(entries(inside, "annotations")):
        inside.drop(f"annotations[{place}]", _UNMARKED, annotation)
    value = inside.take("value")
    if isinstance(value, str):
        return _text(fields, path, value)
    if value is not None:
        inside.drop("value", "it should be a text", value)
    return []


def _text(fields: Fields, path: str, text: str) -> list[dict[str, Any]]:
    """A text as parts, since one takes only so much."""
    pieces = [text[start : start + MAX_TEXT] for start in range(0, len(text), MAX_TEXT)]
    if len(pieces) > 1:
        reason = f"version 2 takes at most {MAX_TEXT:,} characters in a part; it becomes {len(pieces)} parts"
        fields.change(path, reason, len(text))
    return [{"type": "text", "text": piece} for piece in pieces]


def _image(inside: Fields, files: Files) -> list[dict[str, Any]]:
    file_id = inside.take("file_id")
    new_id = files.renamed(file_id) if isinstance(file_id, str) and file_id else None
    if new_id is None:
        inside.drop("file_id", GONE if isinstance(file_id, str) else "it is no id of a file", file_id)
        return []
    return [{"type": "image_file", "image_file": {"file_id": new_id}}]


def _attachments(fields: Fields, files: Files, attaching: _Attaching) -> list[dict[str, Any]]:
    attachments: list[dict[str, Any]] = []
    for file_id in usable(fields, entries(fields, "file_ids"), files):
        new_id = str(files.renamed(file_id))
        tools: list[str] = []
        reasons: list[str] = []
        if "file_search" in attaching.tools:
            if files.is_searchable(file_id):
                tools.append("file_search")
                attaching.searched[new_id] = None
            else:
                reasons.append("file search finds nothing in files of this kind")
        if "code_interpreter" in attaching.tools:
            if new_id in attaching.for_code or len(attaching.for_code) < MAX_CODE_FILES:
                tools.append("code_interpreter")
                attaching.for_code.add(new_id)
            else:
                reasons.append(f"version 2 gives the code interpreter of a thread at most {MAX_CODE_FILES} files")
        if tools:
            attachments.append({"file_id": new_id, "tools": [{"type": tool} for tool in tools]})
            if reasons:
                fields.change("file_ids", f"attached for {tools[0]} only: {'; '.join(reasons)}", file_id)
        else:
            why = "; ".join(reasons) or "no assistant of the thread has a tool that can use files"
            fields.drop("file_ids", f"not attached: {why}", file_id)
    return attachments


# ---- threads ----


@dataclass(frozen=True, slots=True)
class ConvertedThread:
    """What a thread of version 1 is in version 2."""

    source_id: str
    """Its id in version 1."""
    params: ThreadCreateParams
    """Arguments of `client.beta.threads.create`; they lack the messages, and the vector store."""
    vector_store: NewVectorStore | None
    """The vector store that has to be made of the files of its messages; None if none is searched."""
    messages: tuple[ConvertedMessage, ...]
    """Its messages, oldest first; to be added in this order."""
    notes: tuple[Note, ...]
    """What has another form, and what has no counterpart; those of the messages are with them."""

    def with_vector_store(self, vector_store_id: str) -> ThreadCreateParams:
        """The arguments, once the vector store has been made."""
        resources = {"file_search": {"vector_store_ids": [vector_store_id]}}
        return cast("ThreadCreateParams", {**self.params, "tool_resources": resources})


def convert_thread(
    thread: Thread | Mapping[str, object],
    messages: Iterable[Message | Mapping[str, object]] = (),
    *,
    file_ids: NewIds | None = None,
    file_names: Mapping[str, str] | None = None,
    tools: Iterable[FileTool] = FILE_TOOLS,
) -> ConvertedThread:
    """A thread of version 1 and its messages as parameters for making one of version 2. Nothing is sent.

    Runs and their steps are no part of this: they cannot be made. Id and time of creation go into the metadata as
    `v1_id` and `v1_created_at`, if there is room.

    Args:
        thread: A result of `client.beta.v1.threads`, or the same as parsed JSON; fields may be null or missing.
        messages: Its messages, as for `convert_message`, oldest or newest first.
        file_ids: New ids of files, by their old ones; None as new id: the file is gone. Others keep their ids.
        file_names: Names of files by their old ids, as far as they are known.
        tools: Tools that files are attached for: those of the assistants that work on the thread. The code interpreter
            of a thread gets at most 20 files, those of the first messages.

    Raises:
        MigrationError: Something is no thread or message of version 1, or a message is of another thread.
    """
    notes: list[Note] = []
    fields = Fields(read(thread, "thread"), notes)
    fields.take("object")
    source_id: str = fields.take("id")
    params = {"metadata": metadata(fields, id=source_id, created_at=fields.take("created_at"))}
    fields.end()
    files = Files(file_ids or {}, file_names or {})
    attaching = _Attaching(frozenset(tools))
    members = in_order([read(message, "thread.message") for message in messages])
    found = [_converted(message, files, attaching) for message in members]
    for message in found:
        if message.thread_id not in (None, source_id):
            raise MigrationError(f"message {message.source_id} is of thread {message.thread_id}, not of {source_id}")
    store = NewVectorStore(f"Files of {source_id}", tuple(attaching.searched), {"v1_thread_id": source_id})
    return ConvertedThread(
        source_id,
        cast("ThreadCreateParams", params),
        store if attaching.searched else None,
        tuple(found),
        tuple(notes),
    )
