"""The offline model: no language model, no network, the same answer every time.

It calls a function when one is demanded or when the last user message holds values for all its required parameters,
has a Python block of that message run, or searches the files for the question. It answers with the sentences of the
tool outputs, of the passages found or of the thread that fit the question best, and cites the files that they are
from. A JSON schema for the answer is filled from what functions returned and from the message. It says what it is.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import re
import time
from collections import deque
from collections.abc import AsyncIterator, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from typing import Any, Final
from urllib.parse import quote

from pydantic_core import SchemaError, SchemaValidator, core_schema

from ..spec import JsonObject, child, is_array, is_object
from . import NOT_RUN, CodeCall, Part, TextDelta, ToolCallDelta, Turn

INTRODUCTION = (
    "I am the offline stand-in of this server: no language model is running here. "
    "I can call your functions and quote passages that share words with your question.\n\n"
)
_SHORT = 300
_PYTHON = re.compile(r"^[ \t]*```(?:python|py)[ \t]*\n(.*?)^[ \t]*```", re.DOTALL | re.MULTILINE | re.IGNORECASE)
_NOTHING_TO_RUN = 'print("The message has no Python code.")\n'

_STOP_WORD_LIST = """
a about above after again all also am an and any are as at be because been before being below between both but
by can could did do does doing down during each few find for from further get give had has have having he her
here hers him his how i if in into is it its itself just let look me more most my no nor not now of off on
once only or other our out over own please same say says search she should show so some such tell than that
the their them then there these they this those through to too under until up use very was we were what when
where which while who whom why will with would you your
"""
_STOP_WORDS = frozenset(_STOP_WORD_LIST.split())
_SENTENCE = re.compile(r"[^.!?\n]*(?:[.!?](?!\s|$)[^.!?\n]*)*(?:[.!?]+[\"')\]]*|\n|$)")
_MAX_TEXT = 1_000_000


class OfflineModel:
    """Answers by rules."""

    name = "offline"

    async def respond(self, turn: Turn) -> AsyncIterator[Part]:
        """A tool call, or text word by word."""
        # In threads: many tools and long texts take a while to read, and other runs want to go on.
        call = await asyncio.to_thread(_choose_call, turn)
        if isinstance(call, ToolCallDelta):
            yield call
            return
        if call is not None:
            name, values = call
            yield ToolCallDelta(0, name=name)
            for piece in _pieces(json.dumps(values, ensure_ascii=False)):
                yield ToolCallDelta(0, arguments=piece)
            return
        for piece in _pieces(await asyncio.to_thread(_answer, turn)):
            yield TextDelta(piece)


def _choose_call(turn: Turn) -> tuple[str, dict[str, Any]] | ToolCallDelta | None:
    """A function with its arguments, or a call that the server carries out; at the beginning of a run only."""
    if turn.rounds:
        return None
    question, choice, patience = turn.question, turn.tool_choice, Patience()
    forced = str(choice.get("type")) if is_object(choice) else None
    if forced == "function":
        name = str(child(choice, "function").get("name", ""))
        function = next((each for each in turn.functions if each["name"] == name), None)
        return None if function is None else (name, fill_anyway(function, question, patience))
    code = _PYTHON.search(question)
    runs_code = turn.has_tool("code_interpreter") and forced in (None, "code_interpreter")
    searches = turn.has_tool("file_search") and forced in (None, "file_search")
    if runs_code and code is not None:
        return ToolCallDelta(0, arguments=code[1], kind="code_interpreter")
    functions = sorted(turn.functions, key=lambda each: -_kinship(each, question)) if forced is None else []
    for function in functions:
        values = fill(function, question, patience)
        # A function that needs nothing can always be "filled": only one that the message speaks of is meant.
        if values is not None and (values or _kinship(function, question) > 0):
            return str(function["name"]), values
    demanded = forced is not None or choice == "required"
    if searches and (question.strip() or demanded):
        return ToolCallDelta(0, arguments=question, kind="file_search")
    if demanded and functions:
        return str(functions[0]["name"]), fill_anyway(functions[0], question, patience)
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
            return json.dumps(Form(schema, turn, text).filled(), ensure_ascii=False)
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


# What is read out of texts.


@dataclass(frozen=True)
class Passage:
    """A sentence, where it came from, and how well it fits."""

    text: str
    source: str
    score: float


def key_words(text: str) -> list[str]:
    """The words that carry meaning, in their order, each once."""
    words = re.findall(r"[^\W_]+(?:['\u2019-][^\W_]+)*", text)
    return list(dict.fromkeys(word for word in words if word.lower() not in _STOP_WORDS))


def best_passages(question: str, sources: Iterable[tuple[str, str]], count: int = 3) -> list[Passage]:
    """The sentences of (source, text) pairs that share most words with the question, best first; rare words count
    more. Sentences that share nothing are not returned."""
    wanted = {_stem(word) for word in key_words(question)}
    room = _MAX_TEXT
    sentences: list[tuple[str, str, set[str]]] = []
    for source, text in sources:
        sentences += [
            (source, sentence, {_stem(word) for word in key_words(sentence)}) for sentence in _sentences(text[:room])
        ]
        room = max(0, room - len(text))
    frequency: dict[str, int] = {}
    for _, _, stems in sentences:
        for stem in stems & wanted:
            frequency[stem] = frequency.get(stem, 0) + 1
    scored = [
        Passage(sentence, source, sum(1 / frequency[stem] ** 0.5 for stem in stems & wanted) / (1 + len(stems) / 40))
        for source, sentence, stems in sentences
        if stems & wanted
    ]
    scored.sort(key=lambda passage: -passage.score)
    unique: dict[str, Passage] = {}
    for passage in scored:
        unique.setdefault(passage.text, passage)
    return list(unique.values())[:count]


def readable(output: str) -> str:
    """The text in a tool's output: of JSON the values, short ones on a line, long ones in a paragraph of their own."""
    try:
        value: object = json.loads(output)
    except (ValueError, RecursionError):
        return output
    return "\n".join(_values(value)).strip("\n") if is_object(value) or is_array(value) else output


def _values(value: object, name: str = "") -> Iterable[str]:
    if is_object(value):
        for key, item in value.items():
            yield from _values(item, key)
    elif is_array(value):
        for item in value:
            yield from _values(item, name)
    elif isinstance(value, str):
        if len(value) > 60:
            yield f"\n{value}\n"
        else:
            yield f"{name}: {value}" if name else value
    elif value is not None:
        yield f"{name}: {json.dumps(value)}" if name else json.dumps(value)


_HEADING = re.compile(r"^#{1,6}\s.*$", re.MULTILINE)
"""A heading says what a passage is about, not what it says."""


def _sentences(text: str) -> list[str]:
    found = (" ".join(match.split()) for match in _SENTENCE.findall(_unwrap(_HEADING.sub("", text))))
    return [sentence for sentence in found if len(sentence) > 2]


def _unwrap(text: str) -> str:
    """Join the lines of a paragraph; a blank line, a list item or a heading still ends a sentence."""
    return re.sub(r"(?<![.!?:\n])\n(?![\n\s*#>-]|\d+[.)]\s)", " ", text)


def _stem(word: str) -> str:
    """Words that differ in a common ending only count as the same."""
    word = word.lower().replace("\u2019", "'").removesuffix("'s")
    for ending, instead in (("ies", "y"), ("s", ""), ("ing", ""), ("ed", ""), ("e", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)] + instead
    return word


UNKNOWN: Final = object()
"""No value for this parameter in the message."""

_TOPIC = re.compile(r"quer(y|ies)|topic|keyword|search|term|phrase|subject|needle", re.I)
_WHOLE = re.compile(r"question|text|message|prompt|input|content|request|sentence", re.I)
_PLACE = re.compile(r"city|location|place|town|country|region|destination|origin|address", re.I)
_NAME = re.compile(r"name|person|who|author|customer|user|title", re.I)
_DATE = re.compile(r"date|day|when", re.I)
_FORMATS: Final = {
    "email": r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    "uri": r"https?://[^\s\"'<>]+",
    "date": r"\d{4}-\d{2}-\d{2}",
    "date-time": r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})?",
    "uuid": r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
}
_DAY = r"\d{4}-\d{2}-\d{2}|today|tomorrow|yesterday|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_LONGEST = 4000
_LONGEST_NAME = 200
_MOST_LOOKS = 20_000
_PATTERN_SECONDS = 1.0


class Patience:
    """How much may be looked for and said in one answer. Ordinary tools need a hundredth of it.

    The time of patterns is that of computing and not by the clock, so that it does not matter what else a machine does.
    """

    def __init__(self) -> None:
        self._looks = _MOST_LOOKS
        self._left = _PATTERN_SECONDS
        self._room = _MAX_TEXT

    def allows_look(self) -> bool:
        """Whether one value more may be looked for or made up."""
        self._looks -= 1
        return self._looks >= 0

    def text(self, text: str) -> str:
        """As much of a text as there is room for."""
        text = text[: self._room]
        self._room -= len(text)
        return text

    @property
    def is_over(self) -> bool:
        """Whether no pattern is tried any more."""
        return self._left <= 0

    @contextlib.contextmanager
    def spent(self) -> Generator[None]:
        """What is done in the block takes some of it."""
        started = time.thread_time()
        yield
        self._left -= time.thread_time() - started


def fill(function: Mapping[str, Any], message: str, patience: Patience) -> dict[str, Any] | None:
    """Arguments for all required parameters, or None if one of them cannot be found in the message. Optional ones are
    filled where the message names one of their values."""
    parameters: Mapping[str, Any] = function.get("parameters") or {}
    required = _required(parameters)
    arguments: dict[str, Any] = {}
    for name, schema in _properties(parameters).items():
        value = find_value(name, schema, message, patience)
        if value is UNKNOWN:
            if name in required:
                return None
        elif name in required or "enum" in schema or "pattern" in schema:
            arguments[name] = value
    return arguments if all(name in arguments for name in required) else None


def fill_anyway(function: Mapping[str, Any], message: str, patience: Patience) -> dict[str, Any]:
    """Arguments for a call that is demanded: what the message does not tell gets a value of the right type."""
    parameters: Mapping[str, Any] = function.get("parameters") or {}
    required = _required(parameters)
    arguments: dict[str, Any] = {}
    for name, schema in _properties(parameters).items():
        value = find_value(name, schema, message, patience)
        if value is not UNKNOWN:
            if name in required or "enum" in schema or "pattern" in schema:
                arguments[name] = value
        elif name in required:
            arguments[name] = example(schema, message, patience)
    return arguments


def find_value(name: str, schema: Mapping[str, Any], message: str, patience: Patience | None = None) -> Any:
    """A value for one parameter, or `UNKNOWN`."""
    patience = patience or Patience()
    if not patience.allows_look():
        return UNKNOWN
    message = message[:_LONGEST]
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return _listed(schema["enum"], message)
    match _type(schema):
        case "integer":
            found = re.search(r"(?<![\w.])-?\d+(?![\w]|\.\d)", message)
            return int(found[0]) if found and len(found[0]) < 18 else UNKNOWN
        case "number":
            found = re.search(r"(?<![\w.])-?\d+(?:\.\d+)?(?!\w)", message)
            return float(found[0]) if found else UNKNOWN
        case "boolean":
            return True if re.search(rf"\b{re.escape(name.replace('_', ' '))}\b", message, re.I) else UNKNOWN
        case "array":
            if _type(schema.get("items") or {}) == "string" and (words := key_words(message)) and _TOPIC.search(name):
                return words
            return UNKNOWN
        case "string":
            return _string(name, schema, message, patience)
        case _:
            return UNKNOWN


def example(schema: Mapping[str, Any], text: str, patience: Patience) -> Any:
    """Some value that fits a schema; strings are the text."""
    if not patience.allows_look():
        return None
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return schema["enum"][0]
    for union in ("anyOf", "oneOf"):
        if schema.get(union):
            return example(schema[union][0], text, patience)
    match _type(schema):
        case "integer" | "number":
            return schema.get("minimum", 0)
        case "boolean":
            return False
        case "array":
            item: JsonObject = schema.get("items") or {}
            return [example(item, text, patience) for _ in range(min(schema.get("minItems", 0), 20))]
        case "null":
            return None
        case "object":
            properties = _properties(schema)
            required = _required(schema, properties)
            return {name: example(item, text, patience) for name, item in properties.items() if name in required}
        case _:
            return patience.text(text)


# An answer that has to fit a JSON schema.

_SAID = re.compile(
    r"text|message|content|sentence|answer|summary|expla|reason|respon|descri|comment|reply|result", re.I
)
"""Strings of these names are what the model has to say."""
_VERBS: Final = frozenset({"get", "fetch", "find", "look", "lookup", "read", "query", "search"})
"""What a function does does not tell what it returns: `get_price` returns a price."""
_MOST_VALUES = 2_000
"""Of outputs that are looked at, and of an answer."""
_DEEPEST = 30
"""A schema may refer to itself."""


class Form:
    """Fills a JSON schema. Values are those of the same name and type in what functions returned as JSON, else what the
    message tells, as for parameters of functions; strings that neither tells are the text, other values just fit."""

    def __init__(self, schema: JsonObject, turn: Turn, text: str) -> None:
        self._root = schema
        self._patience = Patience()
        self._text = text
        self._room = _MOST_VALUES
        self._depth = 0
        self._outputs: list[Any] = []
        calls = [call for each in turn.rounds for call in each.functions]
        for call in calls:
            with contextlib.suppress(ValueError, RecursionError):
                self._outputs.append({call.name: json.loads(call.output)})
        plain = [call.output for call in calls if not call.output.lstrip().startswith(("{", "["))]
        self._texts = [*plain, turn.question]

    def filled(self) -> Any:
        """The whole answer."""
        return self._value("", self._root, self._outputs)

    def _value(self, name: str, schema: JsonObject, outputs: list[Any]) -> Any:
        with self._deeper() as is_allowed:
            return self._filled(name, self._resolved(schema), outputs) if is_allowed else None

    def _filled(self, name: str, schema: JsonObject, outputs: list[Any]) -> Any:
        value = self._known(name, schema, outputs)
        if value is not UNKNOWN:
            return value
        branches = [self._resolved(each) for each in _branches(schema)]
        if branches:
            kinds = [_type(each) for each in branches]
            says = "string" in kinds and _SAID.search(name)
            place = kinds.index("string") if says else kinds.index("null") if "null" in kinds else 0
            return self._value(name, branches[place], outputs)
        match _type(schema):
            case "object":
                return self._object(schema, outputs)
            case "array":
                item = self._resolved(child(schema, "items"))
                listed = [self._object(item, [each]) for each in _objects(outputs) if self._answers(item, each)]
                missing = min(schema.get("minItems", 0), 20) - len(listed)
                return listed + [self._value("", item, outputs) for _ in range(missing)]
            case _:
                return example(schema, self._text, self._patience)

    def _object(self, schema: JsonObject, outputs: list[Any]) -> JsonObject:
        properties = _properties(schema)
        required = _required(schema, properties)
        values: JsonObject = {}
        for name, item in properties.items():
            if name in required:
                values[name] = self._value(name, item, outputs)
            elif (
                self._patience.allows_look()
                and (value := self._known(name, self._resolved(item), outputs)) is not UNKNOWN
            ):
                values[name] = value
        return values

    def _known(self, name: str, schema: JsonObject, outputs: list[Any]) -> Any:
        """What the outputs or the message tell of a property, or `UNKNOWN`."""
        for value in _named(name, outputs):
            if (fitting := self._fitting(schema, value)) is not UNKNOWN:
                return fitting
        for branch in map(self._resolved, _branches(schema) or [schema]):
            if "const" not in branch and "enum" not in branch and _type(branch) == "string" and _SAID.search(name):
                continue
            for text in self._texts:
                if (value := find_value(name, branch, text, self._patience)) is not UNKNOWN:
                    return value
        return UNKNOWN

    def _fitting(self, schema: JsonObject, value: Any) -> Any:
        """A value of an output in the form that the schema wants, or `UNKNOWN`."""
        with self._deeper() as is_allowed:
            return self._fitted(self._resolved(schema), value) if is_allowed else UNKNOWN

    def _fitted(self, schema: JsonObject, value: Any) -> Any:
        if branches := _branches(schema):
            fitting = (self._fitting(each, value) for each in branches)
            return next((each for each in fitting if each is not UNKNOWN), UNKNOWN)
        if "const" in schema or "enum" in schema:
            return value if value in schema.get("enum", [schema.get("const")]) else UNKNOWN
        match _type(schema):
            case "array" if is_array(value):
                items = [self._fitting(child(schema, "items"), each) for each in value]
                return UNKNOWN if any(each is UNKNOWN for each in items) else items
            case "object" if is_object(value):
                return self._object(schema, [value])
            case "integer" if isinstance(value, float) and value.is_integer():
                return int(value)
            case "integer" if isinstance(value, int) and not isinstance(value, bool):
                return value
            case "number" if isinstance(value, (int, float)) and abs(value) < math.inf and not isinstance(value, bool):
                return value
            case "boolean" if isinstance(value, bool):
                return value
            case "string" if isinstance(value, str):
                return value
            case "null" if value is None:
                return None
            case "":  # anything goes
                return value
            case _:
                return UNKNOWN

    def _answers(self, item: JsonObject, value: JsonObject) -> bool:
        """Whether an object of an output has all that an item needs."""
        told = {_plain(name) for name in value}
        needed = item.get("required", list(_properties(item)))
        return bool(needed) and all(_plain(name) in told for name in needed)

    @contextlib.contextmanager
    def _deeper(self) -> Generator[bool]:
        self._depth += 1
        self._room -= 1
        yield self._depth <= _DEEPEST and self._room > 0
        self._depth -= 1

    def _resolved(self, schema: JsonObject) -> JsonObject:
        """The schema that references within the form lead to."""
        for _ in range(10):
            reference = schema.get("$ref")
            if not isinstance(reference, str) or not reference.startswith("#"):
                break
            found: Any = self._root
            for part in reference.split("/")[1:]:
                found = found.get(part) if is_object(found) else None
            schema = found if is_object(found) else {}
        return schema


def _branches(schema: JsonObject) -> list[JsonObject]:
    return [each for each in schema.get("anyOf") or schema.get("oneOf") or () if is_object(each)]


def _named(name: str, outputs: list[Any]) -> Iterator[Any]:
    """The values of this name in outputs, those nearest to the surface first."""
    wanted = _plain(name)
    pairs = chain.from_iterable(each.items() for each in _objects(outputs))
    yield from (value for key, value in islice(pairs, _MOST_VALUES if wanted else 0) if _plain(key) == wanted)


def _objects(outputs: list[Any]) -> Iterator[JsonObject]:
    """The objects in outputs, those nearest to the surface first."""
    waiting = deque(outputs)
    for _ in range(_MOST_VALUES):
        if not waiting:
            break
        value = waiting.popleft()
        if is_object(value):
            yield value
        waiting.extend(value.values() if is_object(value) else value if is_array(value) else ())


def _plain(name: str) -> str:
    """A name in which case, signs between its words and a verb before them make no difference."""
    return _plain_name(name[:_LONGEST_NAME])


@lru_cache(maxsize=4 * _MOST_VALUES)
def _plain_name(name: str) -> str:
    words = re.findall(r"[A-Z]?[a-z0-9]+|[^\W_a-z0-9]+", name)
    return "".join(words[1:] if len(words) > 1 and words[0].lower() in _VERBS else words).lower()


def _string(name: str, schema: Mapping[str, Any], message: str, patience: Patience) -> Any:
    if (pattern := schema.get("pattern")) is not None:
        return _matching(pattern, message, patience)
    if (known := _FORMATS.get(schema.get("format", ""))) is not None:
        return _first(known, message)
    if re.search(r"e_?mail", name, re.I):
        return _first(_FORMATS["email"], message)
    if re.search(r"ur[il]$|link", name, re.I):
        return _first(_FORMATS["uri"], message)
    if (quoted := _QUOTED.search(message)) is not None and quoted["end"]:
        return quoted["said"]
    if _TOPIC.search(name):
        return " ".join(key_words(message)) or UNKNOWN
    if _DATE.search(name) and (found := re.search(_DAY, message, re.I)):
        return found[0]
    if _PLACE.search(name):
        return _first(r"(?<=\b(?:in|at|of|to) )" + _CAPITALISED, message) if message else UNKNOWN
    if _WHOLE.search(name):
        return message.strip() or UNKNOWN
    if _NAME.search(name):
        return _first(r"(?<=\w )" + _CAPITALISED, message)
    return UNKNOWN


_QUOTED = re.compile(r"[\"\u201c](?P<said>[^\"\u201d]+)(?P<end>[\"\u201d]|\Z)")
"""One that does not end leaves none behind it, so that it is not looked for."""
_CAPITALISED: Final = r"[A-Z\u00c0-\u00de][\w'\u2019-]+(?: [A-Z\u00c0-\u00de][\w'\u2019-]+)*"


def _first(pattern: str, message: str) -> Any:
    found = re.search(pattern, message)
    return found[0].rstrip(".,;:!?") if found else UNKNOWN


def _listed(choices: list[Any], message: str) -> Any:
    told = _loud(message)
    for choice in sorted(choices, key=lambda each: -len(str(each))):
        if _loud(str(choice)) not in told:
            continue  # a pattern for each of very many takes long
        spoken = re.escape(str(choice)).replace("_", "[_ -]")
        if choice is not None and re.search(rf"(?<!\w){spoken}(?!\w)", message, re.I):
            return choice
    return UNKNOWN


def _loud(text: str) -> str:
    """A text in which neither case nor what parts words makes a difference."""
    return text.replace("\u0130", "I").lower().upper().replace("_", " ").replace("-", " ")


def _matching(pattern: object, message: str, patience: Patience) -> Any:
    # A pattern comes from whoever wrote the tool, and some make Python's own engine compute for ever. This one tries no
    # way twice; in return it knows no look-around and no references back, and refuses what would become too large.
    if not isinstance(pattern, str) or len(pattern) > 200:
        return UNKNOWN
    words = dict.fromkeys(word.strip(".,;:!?\"'()") for word in message.split())
    if patience.is_over:
        return UNKNOWN
    with patience.spent():
        try:
            fits = SchemaValidator(core_schema.str_schema(pattern=pattern, regex_engine="rust-regex")).isinstance_python
        except (SchemaError, UnicodeError):
            return UNKNOWN
    for word in words:
        if 0 < len(word) <= 100 and not patience.is_over:
            with patience.spent():
                if fits(word):
                    return word
    return UNKNOWN


def _required(schema: Mapping[str, Any], default: Iterable[str] = ()) -> frozenset[str]:
    required = schema.get("required", default)
    return frozenset(map(str, required or ()))


def _properties(schema: Mapping[str, Any]) -> dict[str, JsonObject]:
    properties = schema.get("properties")
    return {name: item for name, item in properties.items() if is_object(item)} if is_object(properties) else {}


def _type(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type", "")
    if is_array(kind):
        return next((str(each) for each in kind if each != "null"), "")
    return str(kind) or ("object" if "properties" in schema else "")
