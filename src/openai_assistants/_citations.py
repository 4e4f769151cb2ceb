"""Citations: the places in a message's text that point to files, and footnotes in their stead. No I/O."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Callable, Iterable, Iterator, Literal, Sequence

from ._guards import is_list

BETWEEN_BLOCKS = "\n\n"
"""What joins the text blocks of a message: the model writes Markdown, where a blank line ends whatever came before."""

_MARKER = re.compile(r"【[^【】]*】|sandbox:\S+")
"""Markers of the API itself; only these are looked for beyond the places that annotations name."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a message's text that points to a file."""

    kind: Literal["file_citation", "file_path"]
    """`file_citation`: file search found what is said in the file; `file_path`: the code interpreter wrote the file."""
    number: int
    """Number of its footnote, from 1 in the order of the text; citations of one file have the same."""
    marker: str
    """What stands for it in the text, such as `【4:0†source】` or `sandbox:/mnt/data/plot.csv`."""
    start_index: int | None
    """Where the marker starts in `message.text`, in characters from 0; None if it is not there."""
    end_index: int | None
    """Where it ends; the first character behind it."""
    file_id: str
    """Id of the file."""
    quote: str | None = None
    """The passage in the file, where the server or the run's steps say it."""
    file_name: str | None = None
    """Name of the file; None until `cite` has looked it up, and for a file that is gone."""


def footnote_mark(citation: Citation) -> str:
    """The usual mark of a footnote, such as `[1]`."""
    return f"[{citation.number}]"


def text_of(message: Any) -> str:
    """The text blocks of a message, joined."""
    return BETWEEN_BLOCKS.join(value for value, _ in text_blocks(message))


def citations_of(message: Any) -> list[Citation]:
    """The citations of a message, in the order of its text."""
    found: list[Citation] = []
    start = 0
    for value, marked in text_blocks(message):
        found += _in_block(value, marked, start)
        start += len(value) + len(BETWEEN_BLOCKS)
    found.sort(key=_place)
    numbers: dict[str, int] = {}
    return [replace(each, number=numbers.setdefault(each.file_id, len(numbers) + 1)) for each in found]


def with_footnotes(text: str, citations: Iterable[Citation], mark: Callable[[Citation], str] = footnote_mark) -> str:
    """The text with marks in the place of markers.

    Of overlapping markers the first counts; marks that are the same and have nothing between them are put once.
    """
    pieces: list[str] = []
    done, last = 0, None
    for citation in sorted(citations, key=_place):
        start, end = citation.start_index, citation.end_index
        if start is None or end is None or start < done:
            continue
        between, new = text[done:start], mark(citation)
        if between or new != last:
            pieces += between, new
        done, last = max(start, end), new
    return "".join([*pieces, text[done:]])


# ---- what a message says --------------------------------------------------------------------------------------------
# Values of deviating servers may be of any type here, whatever the annotations say.


def text_blocks(message: Any) -> Iterator[tuple[str, list[Any]]]:
    """The text blocks of a message, each with its annotations."""
    content: Any = message.content
    if isinstance(content, str):
        yield content, []
    for block in content if is_list(content) else ():
        text: Any = getattr(block, "text", None) if getattr(block, "type", None) == "text" else None
        value = getattr(text, "value", None)
        if isinstance(value, str):
            marked: Any = getattr(text, "annotations", None)
            yield value, marked if is_list(marked) else []


def _in_block(value: str, annotations: list[Any], offset: int) -> Iterator[Citation]:
    known = [citation for citation in map(_read, annotations) if citation is not None]
    places = _places(value, known)
    for citation, place in zip(known, places, strict=True):
        yield _moved(citation, place, offset)
    by_marker = {citation.marker: citation for citation in reversed(known)}
    taken = [place for place in places if place is not None]
    for match in _MARKER.finditer(value):
        if match[0] in by_marker and not any(start < match.end() and match.start() < end for start, end in taken):
            yield _moved(by_marker[match[0]], match.span(), offset)


def _read(annotation: Any) -> Citation | None:
    kind = getattr(annotation, "type", None)
    if kind != "file_citation" and kind != "file_path":
        return None
    file: Any = getattr(annotation, kind, None)
    file_id, quote = getattr(file, "file_id", None), getattr(file, "quote", None)
    if not isinstance(file_id, str):
        return None
    return Citation(
        kind=kind,
        number=0,
        marker=_text(annotation.text) or "",
        start_index=annotation.start_index if isinstance(annotation.start_index, int) else None,
        end_index=annotation.end_index if isinstance(annotation.end_index, int) else None,
        file_id=file_id,
        quote=_text(quote) or None,
    )


Place = tuple[int, int]


def _places(value: str, citations: Sequence[Citation]) -> list[Place | None]:
    """Where each marker really is: where its annotation says, or else the nearest place that no other one has."""
    places = [_as_said(value, citation) for citation in citations]
    taken = {place for place in places if place is not None}
    occurrences: dict[str, list[Place]] = {}
    for index, citation in enumerate(citations):
        if places[index] is None and citation.marker:
            if citation.marker not in occurrences:
                found = re.finditer(re.escape(citation.marker), value)
                occurrences[citation.marker] = [match.span() for match in found]
            all_places = occurrences[citation.marker]
            free = [place for place in all_places if place not in taken]
            said = citation.start_index or 0
            places[index] = min(free or all_places, key=lambda place: abs(place[0] - said), default=None)
            taken.update(place for place in [places[index]] if place is not None)
    return places


def _as_said(value: str, citation: Citation) -> Place | None:
    start, end = citation.start_index, citation.end_index
    if not citation.marker:  # nothing stands for it: the footnote goes behind the place
        return None if end is None or not 0 <= end <= len(value) else (end, end)
    is_there = start is not None and start >= 0 and value.startswith(citation.marker, start)
    return (start, start + len(citation.marker)) if start is not None and is_there else None


def _moved(citation: Citation, place: Place | None, offset: int) -> Citation:
    start, end = (None, None) if place is None else (place[0] + offset, place[1] + offset)
    return replace(citation, start_index=start, end_index=end)


def _place(citation: Citation) -> tuple[bool, int, int]:
    """For sorting: those that are not in the text come last."""
    return citation.start_index is None, citation.start_index or 0, -(citation.end_index or 0)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
