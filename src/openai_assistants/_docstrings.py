"""What a docstring says about a function and its arguments, in the styles of Google, NumPy and reST."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, field
from typing import Collection, Iterable

_ARGUMENT_TITLES = {
    "args",
    "arguments",
    "parameters",
    "params",
    "keyword args",
    "keyword arguments",
    "other parameters",
}
_OTHER_TITLES = {"return", "returns", "yield", "yields", "raise", "raises", "example", "examples", "note", "notes"}
_UNDERLINE = re.compile(r"[-=~]{3,}\s*")
_FIELD = re.compile(r":(?:param|parameter|arg|argument|key|keyword)\s+(?:[^:]*\s)?\\?\*{0,2}(\w+)\s*:(?P<text>.*)")
_ANY_FIELD = re.compile(r":(?:param|parameter|arg|argument|key|keyword|type|returns?|rtype|raises?|yields?)\b[^:]*:")
_NAMES = r"(?P<names>\\?\*{0,2}\w+(?:\s*,\s*\\?\*{0,2}\w+)*)"
_GOOGLE_ENTRY = re.compile(_NAMES + r"\s*(?:\(.*?\))?\s*:(?!:)(?P<text>.*)")
_NUMPY_ENTRY = re.compile(_NAMES + r"\s*(?::.*)?(?P<text>)")


@dataclass(frozen=True, slots=True)
class Docstring:
    """What a docstring says, each on one line."""

    summary: str = ""
    """Its first paragraph."""
    arguments: dict[str, str] = field(default_factory=dict[str, str])
    """Descriptions of arguments by name."""


def parse_docstring(text: str | None, names: Collection[str]) -> Docstring:
    """Read a docstring.

    Args:
        text: The docstring, None if there is none.
        names: The arguments of the function; words that look like others are no arguments.
    """
    lines = inspect.cleandoc(text or "").splitlines()
    return Docstring(_summary(lines), _Arguments(lines, names).found)


def _summary(lines: list[str]) -> str:
    paragraph: list[str] = []
    for number, line in enumerate(lines):
        if not line.strip() or _ends_text(lines, number):
            break
        paragraph.append(line)
    return _joined(paragraph)


class _Arguments:
    """Collects the descriptions of arguments; the first one of a name counts."""

    def __init__(self, lines: list[str], names: Collection[str]) -> None:
        self.found: dict[str, str] = {}
        self._names = names
        for number, line in enumerate(lines):
            if match := _FIELD.match(line.strip()):
                self._add([match[1]], [match["text"], *_deeper(lines, number)])
            elif _is_underlined(lines, number) and _title(line) in _ARGUMENT_TITLES:
                self._read(_up_to_next_section(lines, number + 2), _NUMPY_ENTRY)
            elif line.rstrip().endswith(":") and _title(line) in _ARGUMENT_TITLES:
                self._read(_deeper(lines, number), _GOOGLE_ENTRY)

    def _read(self, lines: list[str], entry: re.Pattern[str]) -> None:
        """Entries stand at one indentation, their further lines deeper."""
        indent = next((_indent(line) for line in lines if line.strip()), 0)
        names: list[str] = []
        text: list[str] = []
        for line in lines:
            match = entry.fullmatch(line.strip()) if _indent(line) <= indent else None
            if match:
                self._add(names, text)
                names, text = re.findall(r"\w+", match["names"]), [match["text"]]
            else:
                text.append(line)
        self._add(names, text)

    def _add(self, names: list[str], text: Iterable[str]) -> None:
        description = _joined(text)
        for name in names:
            if description and name in self._names:
                self.found.setdefault(name, description)


def _ends_text(lines: list[str], number: int) -> bool:
    """Whether a section or a field begins here."""
    title = _title(lines[number])
    is_title = title in _ARGUMENT_TITLES or title in _OTHER_TITLES
    is_section = is_title and (lines[number].rstrip().endswith(":") or _is_underlined(lines, number))
    return is_section or _ANY_FIELD.match(lines[number].strip()) is not None


def _title(line: str) -> str:
    return line.strip().removesuffix(":").rstrip().lower()


def _is_underlined(lines: list[str], number: int) -> bool:
    return number + 1 < len(lines) and _UNDERLINE.fullmatch(lines[number + 1].strip()) is not None


def _up_to_next_section(lines: list[str], start: int) -> list[str]:
    end = next((i for i in range(start, len(lines)) if _is_underlined(lines, i)), len(lines))
    return lines[start:end]


def _deeper(lines: list[str], number: int) -> list[str]:
    """The lines after this one that are indented deeper, and blank ones among them."""
    indent = _indent(lines[number])
    following: list[str] = []
    for line in lines[number + 1 :]:
        if line.strip() and _indent(line) <= indent:
            break
        following.append(line)
    return following


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _joined(lines: Iterable[str]) -> str:
    return " ".join(" ".join(lines).split())
