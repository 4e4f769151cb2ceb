"""Text of docstrings: what the spec says, limits that it only has as keywords, and line breaks."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping
from typing import Final

from codegen.ir import Note

WIDTH: Final = 120
METHOD_INDENT: Final = 8
WORDS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
RANGES: Final[Mapping[tuple[str, str], tuple[str, str, str]]] = {
    ("minimum", "maximum"): ("From {} to {}.", "At least {}.", "At most {}."),
    ("minLength", "maxLength"): ("From {} to {} characters.", "At least {} characters.", "At most {} characters."),
    ("minItems", "maxItems"): ("From {} to {} items.", "At least {} items.", "At most {} items."),
}
SINGLE: Final[Mapping[str, str]] = {
    "maxProperties": "At most {} entries.",
    "keyLength": "Keys up to {} characters.",
    "valueLength": "Values up to {} characters.",
    "pattern": "Matches {}.",
}


def described(note: Note, *, default: bool = False) -> str:
    """The description with the limits, and on demand the default, that it does not mention itself."""
    limits = dict(note.limits)
    missing = {key: value for key, value in limits.items() if not mentions(note.text, value)}
    sentences = [note.text]
    for (low, high), (both, least, most) in RANGES.items():
        if low in limits and high in limits and (low in missing or high in missing):
            sentences.append(both.format(number(limits[low]), number(limits[high])))
        elif low in missing:
            sentences.append(least.format(number(missing[low])))
        elif high in missing:
            sentences.append(most.format(number(missing[high])))
    sentences += [text.format(number(missing[key])) for key, text in SINGLE.items() if key in missing]
    if default and note.default is not None:
        sentences.append(f"Default: {number(note.default)}.")
    return " ".join(sentences)


def mentions(text: str, value: float | str) -> bool:
    """Whether a text names a number, in digits with or without separators, or as a small word."""
    forms = {str(value), number(value)}
    if isinstance(value, int) and value < len(WORDS):
        forms.add(WORDS[value])
    return any(re.search(rf"(?<![\w.,]){re.escape(form)}(?!\w|[.,]\d)", text) for form in forms)


def number(value: float | str) -> str:
    """A number for people; other text as code."""
    if isinstance(value, str):
        return f"{int(value):,}" if value.isdecimal() else f"`{value}`"
    return f"{value:,}"


def docstring(text: str, indent: int) -> str:
    """A docstring of a class, field or module, from its opening to its closing quotes."""
    text = escape(text)
    if "\n" not in text and indent + len(text) + 6 <= WIDTH:
        return f'"""{text}"""'
    margin = " " * indent
    paragraphs = [wrap(part, indent, first=0 if at else 3) for at, part in enumerate(text.split("\n\n"))]
    return '"""' + f"\n\n{margin}".join(paragraphs) + f'\n{margin}"""'


def method_docstring(
    text: str, request: str, arguments: Iterable[tuple[str, str]], returns: str, errors: Iterable[tuple[str, str]]
) -> str:
    """A docstring of a method: what it does, the request, then the sections."""
    margin = " " * METHOD_INDENT
    inner = METHOD_INDENT + 4

    def section(title: str, lines: Iterable[str]) -> str:
        return f"\n{margin}    ".join([f"{title}:", *lines])

    def items(pairs: Iterable[tuple[str, str]]) -> list[str]:
        return [wrap(f"{name}: {about}", inner, hanging=4) for name, about in pairs]

    paragraphs = [wrap(part, METHOD_INDENT, first=0 if at else 3) for at, part in enumerate(escape(text).split("\n\n"))]
    sections = [
        section("Args", items((name, escape(about)) for name, about in arguments)),
        section("Returns", [wrap(escape(returns), inner)]),
        section("Raises", items(errors)),
    ]
    return '"""' + f"\n\n{margin}".join([*paragraphs, request, *sections]) + f'\n{margin}"""'


def wrap(text: str, indent: int, *, first: int = 0, hanging: int = 0) -> str:
    """One paragraph; `first` columns of its first line are taken, further lines hang in by `hanging`."""
    lines = textwrap.wrap(
        text,
        WIDTH - indent,
        initial_indent="\0" * first,
        subsequent_indent=" " * hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return ("\n" + " " * indent).join(lines).replace("\0", "")


def escape(text: str) -> str:
    """Text that can stand between triple quotes."""
    return text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
