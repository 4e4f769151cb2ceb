"""The tools of a run as functions of the chat-completions API, which knows no others."""

from __future__ import annotations

import json
from typing import Final

from ...spec import JsonObject, child, is_object
from ..base import CodeCall, FileSearchCall, FunctionCall, ToolCall, ToolKind, Turn

_BUILT_IN: Final[tuple[tuple[ToolKind, str, str, str], ...]] = (
    (
        "file_search",
        "query",
        "What to look for, as a question or key words.",
        "Search the files of this conversation for passages. Each passage that is found comes with a marker. Whenever "
        "a sentence of your answer rests on a passage, write the marker of that passage behind the sentence, "
        "exactly as it stands.",
    ),
    (
        "code_interpreter",
        "code",
        "The Python program.",
        "Run a Python program and see what it prints. Files of the user lie in its working directory, /mnt/data; it "
        "has no network. To give a file to the user, write it there and link to it in the answer, as in "
        "[table.csv](sandbox:/mnt/data/table.csv).",
    ),
)
"""Tools that the server carries out: kind, the one parameter and its description, what the tool does."""


class OfferedTools:
    """The tools that may be called in a turn. Those that the server carries out are functions under their own name,
    or under one behind which a number stands if the user has a function of that name."""

    def __init__(self, turn: Turn) -> None:
        self._choice = turn.tool_choice
        self._called_before = any(each.calls for each in turn.rounds)
        self._functions: list[JsonObject] = [tool["function"] for tool in turn.tools if tool["type"] == "function"]
        self._here = [each for each in _BUILT_IN if any(tool["type"] == each[0] for tool in turn.tools)]
        taken = {str(function["name"]) for function in self._functions}
        self._names: dict[ToolKind, str] = {kind: _free(kind, taken) for kind, *_ in _BUILT_IN}
        self._kinds: dict[str, tuple[ToolKind, str]] = {
            self._names[kind]: (kind, parameter) for kind, parameter, *_ in self._here
        }
        self.most_calls = 0 if self._choice == "none" else None if turn.parallel_tool_calls else 1
        """How many calls the turn may make; None: any number. Not every server keeps to what it is told."""

    @property
    def schemas(self) -> list[JsonObject]:
        """What the request offers. What may not be called is there only if earlier turns called it: some servers refuse
        calls of tools that they are not told of."""
        if self._choice == "none" and not self._called_before:
            return []
        functions: list[JsonObject] = [{"type": "function", "function": each} for each in self._functions]
        for kind, parameter, about, what in self._here:
            parameters = {
                "type": "object",
                "properties": {parameter: {"type": "string", "description": about}},
                "required": [parameter],
                "additionalProperties": False,
            }
            function = {"name": self._names[kind], "description": what, "parameters": parameters}
            functions.append({"type": "function", "function": function})
        return functions

    @property
    def choice(self) -> object:
        """The demand for a tool; None for the usual one."""
        choice: object = self._choice
        if not is_object(choice):
            return choice if choice in ("required", "none") else None
        name = next((self._names[kind] for kind in self._names if kind == choice.get("type")), None)
        return {"type": "function", "function": {"name": name or child(choice, "function").get("name", "")}}

    def carried_out_here(self, name: str) -> tuple[ToolKind, str] | None:
        """Kind and parameter of a tool that this server carries out; None for a function of the user."""
        return self._kinds.get(name)

    def call(self, call: ToolCall) -> JsonObject:
        """A call of an earlier turn."""
        match call:
            case FunctionCall():
                name, arguments = call.name, call.arguments if call.arguments.strip() else "{}"
            case FileSearchCall():
                name, arguments = self._names["file_search"], json.dumps({"query": call.query}, ensure_ascii=False)
            case CodeCall():
                name, arguments = self._names["code_interpreter"], json.dumps({"code": call.code}, ensure_ascii=False)
        return {"id": call.id, "type": "function", "function": {"name": name, "arguments": arguments}}


def outcome(call: ToolCall) -> str:
    """What came of a call, as text for the model."""
    match call:
        case FunctionCall():
            return call.output
        case FileSearchCall():
            if not call.results:
                return "Nothing was found."
            return "\n\n".join(f"{each.marker} from {each.filename}:\n{each.text}" for each in call.results)
        case CodeCall():
            made = f"Files made: {', '.join(f'sandbox:{path}' for path in call.paths)}" if call.paths else ""
            return "\n".join(each for each in (call.logs.rstrip("\n"), made) if each) or "The program printed nothing."


def _free(name: str, taken: set[str]) -> str:
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    return free
