"""The offline model: no language model, no network, the same answer every time.

It calls a function when one is demanded or when the last user message holds values for all its required parameters,
has a Python block of that message run, or searches the files for the question. It answers with the sentences of the
tool outputs, of the passages found or of the thread that fit the question best, and cites the files that they are
from. It says what it is.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import quote

from ..spec import child, is_object
from . import reading
from .base import NOT_RUN, CodeCall, Part, TextDelta, ToolCallDelta, Turn
from .reading import best_passages, key_words, readable

INTRODUCTION = (
    "I am the offline stand-in of this server: no language model is running here. "
    "I can call your functions and quote passages that share words with your question.\n\n"
)
_SHORT = 300
_PYTHON = re.compile(r"^[ \t]*```(?:python|py)[ \t]*\n(.*?)^[ \t]*```", re.DOTALL | re.MULTILINE | re.IGNORECASE)
_NOTHING_TO_RUN = 'print("The message has no Python code.")\n'


class OfflineModel:
    """Answers by rules."""

    name = "offline"

    async def respond(self, turn: Turn) -> AsyncIterator[Part]:
        """A tool call, or text word by word."""
        call = _choose_call(turn)
        if isinstance(call, ToolCallDelta):
            yield call
            return
        if call is not None:
            name, values = call
            yield ToolCallDelta(0, name=name)
            for piece in _pieces(json.dumps(values, ensure_ascii=False)):
                yield ToolCallDelta(0, arguments=piece)
            return
        # In a thread: a long text takes a while to read, and other runs want to go on.
        for piece in _pieces(await asyncio.to_thread(_answer, turn)):
            yield TextDelta(piece)


def _choose_call(turn: Turn) -> tuple[str, dict[str, Any]] | ToolCallDelta | None:
    """A function with its arguments, or a call that the server carries out; at the beginning of a run only."""
    if turn.rounds:
        return None
    question, choice = turn.question, turn.tool_choice
    forced = str(choice.get("type")) if is_object(choice) else None
    if forced == "function":
        name = str(child(choice, "function").get("name", ""))
        function = next((each for each in turn.functions if each["name"] == name), None)
        return None if function is None else (name, reading.fill_anyway(function, question))
    code = _PYTHON.search(question)
    runs_code = turn.has_tool("code_interpreter") and forced in (None, "code_interpreter")
    searches = turn.has_tool("file_search") and forced in (None, "file_search")
    if runs_code and code is not None:
        return ToolCallDelta(0, arguments=code[1], kind="code_interpreter")
    functions = sorted(turn.functions, key=lambda each: -_kinship(each, question)) if forced is None else []
    for function in functions:
        values = reading.fill(function, question)
        # A function that needs nothing can always be "filled": only one that the message speaks of is meant.
        if values is not None and (values or _kinship(function, question) > 0):
            return str(function["name"]), values
    demanded = forced is not None or choice == "required"
    if searches and (question.strip() or demanded):
        return ToolCallDelta(0, arguments=question, kind="file_search")
    if demanded and functions:
        return str(functions[0]["name"]), reading.fill_anyway(functions[0], question)
    if demanded and runs_code:
        return ToolCallDelta(0, arguments=_NOTHING_TO_RUN, kind="code_interpreter")
    return None


def _kinship(function: Mapping[str, Any], question: str) -> int:
    told = key_words(f"{function['name']} {function.get('description') or ''}".replace("_", " "))
    return len({word.lower() for word in told} & {word.lower() for word in key_words(question)})


def _answer(turn: Turn) -> str:
    text = _from_outputs(turn) if turn.rounds else _from_thread(turn)
    match turn.response_format:
        case {"type": "json_object"}:
            return json.dumps({"answer": text}, ensure_ascii=False)
        case {"type": "json_schema", "json_schema": {"schema": schema}}:
            return json.dumps(reading.example(schema, text), ensure_ascii=False)
        case _:
            known = any(message.role == "assistant" for message in turn.messages)
            return text if known else INTRODUCTION + text


def _from_outputs(turn: Turn) -> str:
    parts = [_report(program) for each in turn.rounds for program in each.programs]
    outputs = [(call.name, readable(call.output).strip()) for each in turn.rounds for call in each.functions]
    passages = [found for each in turn.rounds for search in each.searches for found in search.results]
    searched = any(each.searches for each in turn.rounds)
    # A marker stands for its passage; what it is followed by keeps it from being a name of a function.
    sources = [(f" ({name})", output) for name, output in outputs]
    sources += [(f" {found.marker}", found.text) for found in passages]
    quoted = best_passages(turn.question, sources)
    if quoted:
        parts.append("Here is what I found:\n\n" + "\n".join(f"> {each.text}{each.source}" for each in quoted))
        return "\n\n".join(parts)
    if passages:
        first = passages[0]
        parts.append(f"The passage that fits best begins:\n\n> {' '.join(first.text[:_SHORT].split())} {first.marker}")
    elif searched:
        parts.append(f"I found nothing in the files about: {_topic(turn.question)}.")
    lines: list[str] = []
    for name, output in outputs:
        if not output:
            lines.append(f"{name} returned nothing.")
        elif len(output) <= _SHORT:
            lines.append(f"{name} returned: {output}")
        else:
            lines.append(
                f"{name} returned a text that shares no words with your question. It begins: {output[:_SHORT]}"
            )
    return "\n\n".join([*parts, "\n".join(lines)] if lines else parts) or "I have nothing to add."


def _report(program: CodeCall) -> str:
    printed = program.logs.strip("\n")
    if printed.startswith(NOT_RUN):
        return printed.partition(". ")[0].removesuffix(".") + "."
    report = f"The program printed:\n\n```\n{printed}\n```" if printed else "The program printed nothing."
    if program.paths:
        links = (f"[{path.rpartition('/')[2]}](sandbox:{quote(path)})" for path in program.paths)
        report += "\n\nIt made " + ", ".join(links) + "."
    return report


def _from_thread(turn: Turn) -> str:
    if not turn.question.strip():
        return "There is no user message with text in this thread yet."
    last = max(index for index, message in enumerate(turn.messages) if message.role == "user")
    sources = [("instructions", turn.instructions)]
    sources += [(f"{each.role} message", each.text) for each in turn.messages[:last]]
    found = best_passages(turn.question, sources)
    if not found:
        return f"Nothing in my instructions or earlier in this thread is about: {_topic(turn.question)}."
    return "From this thread:\n\n" + "\n".join(f"> {each.text} ({each.source})" for each in found)


def _topic(question: str) -> str:
    return ", ".join(key_words(question)[:8]) or question.strip()[:80]


def _pieces(text: str) -> list[str]:
    return re.findall(r"\S+\s*|\s+", text)
