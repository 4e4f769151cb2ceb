"""Citations: the places in a message's text that point to files, and footnotes in their stead. No I/O."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import (
    TYPE_CHECKING,
    Any,
    Callable,
    Coroutine,
    Iterable,
    Iterator,
    Literal,
    Mapping,
    Sequence,
    cast,
    overload,
)

from ._basics import is_list
from ._errors import NotFoundError, NotSupportedByServerError
from ._exchange import begun, fetch
from ._http import is_id
from ._requests import Call

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ._client import BaseAsyncOpenAI, BaseOpenAI
    from ._flow import Flow
    from ._requests import Core, RequestOptions
    from .types.files import FileObject
    from .types.run_steps import FileSearchResult, RunStep
    from .types.threads import Message
    from .types.v1.threads import Message as V1Message, RunStep as V1RunStep

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
        value = text if isinstance(text, str) else getattr(text, "value", None)  # some echo the form of requests
        if isinstance(value, str):
            marked: Any = getattr(text, "annotations", None)
            yield value, marked if is_list(marked) else []


def _in_block(value: str, annotations: list[Any], offset: int) -> Iterator[Citation]:
    known = [citation for citation in map(_read, annotations) if citation is not None]
    places = _places(value, known)
    for citation, place in zip(known, places, strict=True):
        yield _moved(citation, place, offset)
    by_marker = {citation.marker: citation for citation in reversed(known)}
    taken = sorted(place for place in places if place is not None)
    ends = list(accumulate((end for _, end in taken), max))
    for match in _MARKER.finditer(value):
        if match[0] not in by_marker:
            continue
        before = bisect_left(taken, (match.end(), 0))  # so many start before its end
        if not before or ends[before - 1] <= match.start():
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
    occurrences: dict[str, tuple[list[Place], list[Place]]] = {}
    for index, citation in enumerate(citations):
        if places[index] is None and citation.marker:
            if citation.marker not in occurrences:
                found = list(_occurrences(value, citation.marker))
                occurrences[citation.marker] = found, [place for place in found if place not in taken]
            all_places, free = occurrences[citation.marker]
            at = _nearest(free or all_places, citation.start_index or 0)
            places[index] = None if at is None else free.pop(at) if free else all_places[at]
    return places


def _occurrences(value: str, marker: str) -> Iterator[Place]:
    start = value.find(marker)
    while start >= 0:
        end = start + len(marker)
        yield start, end
        start = value.find(marker, end)


def _nearest(places: Sequence[Place], start: int) -> int | None:
    """Which of some places, in their order, is nearest to where one should start."""
    behind = bisect_left(places, (start, 0))
    near = range(max(0, behind - 1), min(behind + 1, len(places)))
    return min(near, key=lambda at: abs(places[at][0] - start), default=None)


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


# A message's text with footnotes and named sources: citations, with what the run's steps and the files API know.

MOST_NAMES = 10_000
"""File names that a client remembers at most."""

_PASSAGE_NUMBER = re.compile(r"【\d+:(\d{1,9})†.*】", re.DOTALL)


@dataclass(frozen=True, slots=True)
class CitedText:
    """A message's text with footnotes. Printed, it ends with the list of its sources."""

    text: str
    """The text with footnote numbers, `[1]`, in the place of markers."""
    citations: tuple[Citation, ...]
    """All citations, in the order of the text."""

    @property
    def sources(self) -> tuple[Citation, ...]:
        """The first citation of each file, in the order of their numbers."""
        first: dict[int, Citation] = {}
        for citation in self.citations:
            first.setdefault(citation.number, citation)
        return tuple(first[number] for number in sorted(first))

    def __str__(self) -> str:
        listed = [f"{footnote_mark(source)} {source.file_name or source.file_id}" for source in self.sources]
        return BETWEEN_BLOCKS.join([self.text, "\n".join(listed)] if listed else [self.text])


@overload
def cite(
    message: Message | V1Message,
    *,
    steps: Iterable[RunStep | V1RunStep] = (),
    mark: Callable[[Citation], str] = footnote_mark,
) -> CitedText: ...


@overload
def cite(
    message: Message | V1Message,
    client: BaseOpenAI,
    *,
    steps: Iterable[RunStep | V1RunStep] = (),
    mark: Callable[[Citation], str] = footnote_mark,
    **options: Unpack[RequestOptions],
) -> CitedText: ...


@overload
def cite(
    message: Message | V1Message,
    client: BaseAsyncOpenAI,
    *,
    steps: Iterable[RunStep | V1RunStep] = (),
    mark: Callable[[Citation], str] = footnote_mark,
    **options: Unpack[RequestOptions],
) -> Coroutine[Any, Any, CitedText]: ...


def cite(
    message: Message | V1Message,
    client: BaseOpenAI | BaseAsyncOpenAI | None = None,
    *,
    steps: Iterable[RunStep | V1RunStep] = (),
    mark: Callable[[Citation], str] = footnote_mark,
    **options: Unpack[RequestOptions],
) -> CitedText | Coroutine[Any, Any, CitedText]:
    """A message's text with numbered footnotes, and their sources.

    Names of files come from the steps or from `GET /files/{file_id}`, one request for each file that `client` does not
    know yet. A file that is gone has no name.

    Args:
        message: The message.
        client: Looks up the names of files; with an `AsyncOpenAI`, await what is returned. Without it nothing is sent.
        steps: Steps of the message's run. If they were fetched with the search results included
            (`include=["step_details.tool_calls[*].file_search.results[*].content"]`), quotes come from there.
        mark: What to put in the place of a marker; it gets the citation with quote and name.
        **options: Request options, see `RequestOptions`.

    Returns:
        The text and its citations.

    Raises:
        APIStatusError: The server answered with another error than that there is no such file.
        APIConnectionError: No answer arrived, or not in time.
    """
    citations = _with_passages(citations_of(message), steps)
    if client is None:
        return _cited(message, citations, mark)
    return client.connection.drive(_look_up(client.connection.core, message, citations, mark, begun(options)))


def _with_passages(citations: list[Citation], steps: Iterable[RunStep | V1RunStep]) -> list[Citation]:
    """Quotes and names as far as the searches of a run give them."""
    searches = [results for step in steps for results in _searches(step)]
    names: dict[str, str] = {}
    best: dict[str, FileSearchResult] = {}
    for result in (result for results in searches for result in results):
        names[result.file_id] = result.file_name
        if result.file_id not in best or _rank(result) > _rank(best[result.file_id]):
            best[result.file_id] = result
    return [
        replace(
            citation,
            file_name=names.get(citation.file_id, citation.file_name),
            quote=citation.quote or _passage(citation, searches, best),
        )
        for citation in citations
    ]


def _searches(step: RunStep | V1RunStep) -> Iterator[list[FileSearchResult]]:
    """The results of each search of a step. What a deviating server sent in the place of results is none."""
    for call in _listed(getattr(step.step_details, "tool_calls", None)):
        found = _listed(getattr(getattr(call, "file_search", None), "results", None))
        yield [result for result in found if isinstance(getattr(result, "file_id", None), str)]


def _passage(
    citation: Citation, searches: list[list[FileSearchResult]], best: Mapping[str, FileSearchResult]
) -> str | None:
    """The result that the marker numbers, if it is of this file; else the best one of the file."""
    if citation.kind == "file_path":
        return None
    if match := _PASSAGE_NUMBER.fullmatch(citation.marker):
        number = int(match[1])
        for results in reversed(searches):
            if number < len(results) and results[number].file_id == citation.file_id:
                return _content(results[number])
    return _content(best.get(citation.file_id))


def _rank(result: FileSearchResult) -> tuple[bool, float]:
    score = getattr(result, "score", None)
    return _content(result) is not None, score if isinstance(score, (int, float)) else 0


def _content(result: FileSearchResult | None) -> str | None:
    texts = [getattr(part, "text", None) for part in _listed(getattr(result, "content", None))]
    return "\n".join(text for text in texts if isinstance(text, str) and text) or None


def _listed(value: object) -> list[Any]:
    return value if is_list(value) else []


def _look_up(
    core: Core,
    message: Message | V1Message,
    citations: list[Citation],
    mark: Callable[[Citation], str],
    options: RequestOptions,
) -> Flow[CitedText]:
    names = {citation.file_id: citation.file_name for citation in citations}
    for file_id, name in names.items():
        if name is None and is_id(file_id):
            names[file_id] = yield from _file_name(core, file_id, options)
    return _cited(message, [replace(each, file_name=names[each.file_id]) for each in citations], mark)


def _file_name(core: Core, file_id: str, options: RequestOptions) -> Flow[str | None]:
    """The name of a file, None if it is gone or the server has no files to ask for. Names never change."""
    from .resources.files import FILES_RETRIEVE
    from .types.files import FileObject

    known, place = core.file_names, (str(core.base_url), file_id)
    if place not in known:
        call: Call[FileObject] = Call(FILES_RETRIEVE, {"file_id": file_id}, into=FileObject)
        try:
            file = yield from fetch(core, call, options)
        except (NotFoundError, NotSupportedByServerError):
            return None
        if len(known) >= MOST_NAMES:
            known.clear()
        known[place] = file.filename if isinstance(cast("object", file.filename), str) else None
    return known[place]


def _cited(message: Message | V1Message, citations: list[Citation], mark: Callable[[Citation], str]) -> CitedText:
    return CitedText(with_footnotes(text_of(message), citations, mark), tuple(citations))
