"""An assistant of version 1 as parameters of version 2."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Mapping, cast

from .._errors import MigrationError
from .._guards import is_mapping
from . import _limits as limits
from ._files import NO_TEXT, Files, NewIds, usable
from ._metadata import metadata
from ._notes import Fields, Note, entries
from ._objects import read
from ._stores import NewVectorStore

if TYPE_CHECKING:
    from ..types.assistants_params import AssistantCreateParams
    from ..types.v1.assistants import Assistant

_FUNCTION_FIELDS = ("name", "description", "parameters", "strict")


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
        ("name", limits.NAME),
        ("description", limits.DESCRIPTION),
        ("instructions", limits.INSTRUCTIONS),
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
        f"Files of {params.get('name') or source_id}"[: limits.NAME], tuple(searched), {"v1_assistant_id": source_id}
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
        elif len(tools) == limits.TOOLS:
            fields.drop(name, f"version 2 takes at most {limits.TOOLS} tools", tool)
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
    for each in read[limits.CODE_FILES :]:
        reason = f"version 2 gives the code interpreter at most {limits.CODE_FILES} files"
        fields.drop("file_ids", reason, each)
    for each in ids:
        if not kinds & {"code_interpreter", "file_search"}:
            fields.drop("file_ids", "none of its tools can use files; in version 2 files belong to tools", each)
        elif "file_search" in kinds and each not in searched:
            fields.drop("file_ids", NO_TEXT, files.called(each))
    code = [str(files.renamed(each)) for each in read[: limits.CODE_FILES]]
    resources = {"code_interpreter": {"file_ids": code}} if code else {}
    return resources, [str(files.renamed(each)) for each in searched]
