"""What the offline model reads out of texts, without understanding anything: the sentences that have most to do with a
question, and values for the parameters of a function."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..spec import JsonObject, is_array, is_object

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
    "email": r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    "uri": r"https?://[^\s\"'<>]+",
    "date": r"\d{4}-\d{2}-\d{2}",
    "date-time": r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})?",
    "uuid": r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
}
_DAY = r"\d{4}-\d{2}-\d{2}|today|tomorrow|yesterday|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_LONGEST = 4000


def fill(function: Mapping[str, Any], message: str) -> dict[str, Any] | None:
    """Arguments for all required parameters, or None if one of them cannot be found in the message. Optional ones are
    filled where the message names one of their values."""
    parameters: Mapping[str, Any] = function.get("parameters") or {}
    required: list[str] = list(parameters.get("required", ()))
    arguments: dict[str, Any] = {}
    for name, schema in _properties(parameters).items():
        value = find_value(name, schema, message)
        if value is UNKNOWN:
            if name in required:
                return None
        elif name in required or "enum" in schema or "pattern" in schema:
            arguments[name] = value
    return arguments if all(name in arguments for name in required) else None


def fill_anyway(function: Mapping[str, Any], message: str) -> dict[str, Any]:
    """Arguments for a call that is demanded: what the message does not tell gets a value of the right type."""
    parameters: Mapping[str, Any] = function.get("parameters") or {}
    required: list[str] = list(parameters.get("required", ()))
    arguments: dict[str, Any] = {}
    for name, schema in _properties(parameters).items():
        value = find_value(name, schema, message)
        if value is not UNKNOWN:
            if name in required or "enum" in schema or "pattern" in schema:
                arguments[name] = value
        elif name in required:
            arguments[name] = example(schema, message)
    return arguments


def find_value(name: str, schema: Mapping[str, Any], message: str) -> Any:
    """A value for one parameter, or `UNKNOWN`."""
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
            return _string(name, schema, message)
        case _:
            return UNKNOWN


def example(schema: Mapping[str, Any], text: str) -> Any:
    """Some value that fits a schema; strings are the text."""
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return schema["enum"][0]
    for union in ("anyOf", "oneOf"):
        if schema.get(union):
            return example(schema[union][0], text)
    match _type(schema):
        case "integer" | "number":
            return schema.get("minimum", 0)
        case "boolean":
            return False
        case "array":
            return [example(schema.get("items") or {}, text) for _ in range(min(schema.get("minItems", 0), 20))]
        case "null":
            return None
        case "object":
            required = schema.get("required", list(_properties(schema)))
            return {name: example(item, text) for name, item in _properties(schema).items() if name in required}
        case _:
            return text


def _string(name: str, schema: Mapping[str, Any], message: str) -> Any:
    if (pattern := schema.get("pattern")) is not None:
        return _matching(pattern, message)
    if (known := _FORMATS.get(schema.get("format", ""))) is not None:
        return _first(known, message)
    if re.search(r"e_?mail", name, re.I):
        return _first(_FORMATS["email"], message)
    if re.search(r"ur[il]$|link", name, re.I):
        return _first(_FORMATS["uri"], message)
    if (quoted := re.search(r"[\"\u201c]([^\"\u201d]+)[\"\u201d]", message)) is not None:
        return quoted[1]
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


_CAPITALISED: Final = r"[A-Z\u00c0-\u00de][\w'\u2019-]+(?: [A-Z\u00c0-\u00de][\w'\u2019-]+)*"


def _first(pattern: str, message: str) -> Any:
    found = re.search(pattern, message)
    return found[0].rstrip(".,;:!?") if found else UNKNOWN


def _listed(choices: list[Any], message: str) -> Any:
    for choice in sorted(choices, key=lambda each: -len(str(each))):
        spoken = re.escape(str(choice)).replace("_", "[_ -]")
        if choice is not None and re.search(rf"(?<!\w){spoken}(?!\w)", message, re.I):
            return choice
    return UNKNOWN


def _matching(pattern: str, message: str) -> Any:
    # A pattern comes from whoever wrote the tool. One with a repeated group can take exponential time, and nothing
    # can stop the regex engine, so such a pattern is not tried.
    if len(pattern) > 200 or re.search(r"\)[*+{]|\\\d", pattern):
        return UNKNOWN
    try:
        compiled = re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return UNKNOWN
    words = [word.strip(".,;:!?\"'()") for word in message.split()]
    return next((word for word in words if 0 < len(word) <= 100 and compiled.search(word)), UNKNOWN)


def _properties(schema: Mapping[str, Any]) -> dict[str, JsonObject]:
    properties = schema.get("properties")
    return {name: item for name, item in properties.items() if is_object(item)} if is_object(properties) else {}


def _type(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type", "")
    if is_array(kind):
        return next((str(each) for each in kind if each != "null"), "")
    return str(kind) or ("object" if "properties" in schema else "")
