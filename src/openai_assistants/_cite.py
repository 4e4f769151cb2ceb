"""A message's text with footnotes and named sources: citations, with what the run's steps and the files API know."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Callable, Coroutine, Iterable, Iterator, cast, overload

from ._calls import Call
from ._citations import BETWEEN_BLOCKS, Citation, citations_of, footnote_mark, text_of, with_footnotes
from ._errors import NotFoundError, NotSupportedByServerError
from ._exchange import fetch
from ._guards import is_list
from ._urls import is_id

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ._client import BaseAsyncOpenAI, BaseOpenAI
    from ._core import Core
    from ._flow import Flow
    from ._options import RequestOptions
    from .types.files import FileObject
    from .types.messages import Message
    from .types.run_steps import FileSearchResult, RunStep
    from .types.v1.runs import RunStep as V1RunStep
    from .types.v1.threads import Message as V1Message

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
    return client.connection.drive(_look_up(client.connection.core, message, citations, mark, options))


def _with_passages(citations: list[Citation], steps: Iterable[RunStep | V1RunStep]) -> list[Citation]:
    """Quotes and names as far as the searches of a run give them."""
    searches = [results for step in steps for results in _searches(step)]
    names = {result.file_id: result.file_name for results in searches for result in results}
    return [
        replace(
            citation,
            file_name=names.get(citation.file_id, citation.file_name),
            quote=citation.quote or _passage(citation, searches),
        )
        for citation in citations
    ]


def _searches(step: RunStep | V1RunStep) -> Iterator[list[FileSearchResult]]:
    """The results of each search of a step. What a deviating server sent in the place of results is none."""
    for call in _listed(getattr(step.step_details, "tool_calls", None)):
        found = _listed(getattr(getattr(call, "file_search", None), "results", None))
        yield [result for result in found if isinstance(getattr(result, "file_id", None), str)]


def _passage(citation: Citation, searches: list[list[FileSearchResult]]) -> str | None:
    """The result that the marker numbers, if it is of this file; else the best one of the file."""
    if citation.kind == "file_path":
        return None
    if match := _PASSAGE_NUMBER.fullmatch(citation.marker):
        number = int(match[1])
        for results in reversed(searches):
            if number < len(results) and results[number].file_id == citation.file_id:
                return _content(results[number])
    of_file = [result for results in searches for result in results if result.file_id == citation.file_id]
    return _content(max(of_file, key=_rank, default=None))


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
