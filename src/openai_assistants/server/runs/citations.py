"""Markers in what a model says become annotations: passages of this run's searches, files of its programs.

The one place for that, between model and scribe. Text that may be the beginning of a marker is held back until it is
decided, so a marker is never cut by deltas and its annotation comes along with it. Unknown markers stay text.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator, Mapping
from typing import cast
from urllib.parse import quote

from ..models.base import Finish, Part, Round, TextDelta, ToolCallDelta, Turn
from ..spec import JsonObject

_SANDBOX = "sandbox:"
_NAME_GOES_ON = r"(?![\w%/-]|\.\w)"
"""Behind a link to a file: this is not the end of the file's name."""


def marked(parts: AsyncIterator[Part], turn: Turn) -> AsyncIterator[Part]:
    """What a model says, with annotations where it writes markers that earlier turns of its run have given it."""
    known = known_markers(turn.rounds)
    return _marked(parts, known) if known else parts


def known_markers(rounds: Iterable[Round]) -> dict[str, JsonObject]:
    """The markers that stand for something, each with its annotation, still without a place."""
    known: dict[str, JsonObject] = {}
    for each in rounds:
        for search in each.searches:
            for found in search.results:
                citation = {"file_id": found.file_id}
                known[found.marker] = {"type": "file_citation", "text": found.marker, "file_citation": citation}
        for program in each.programs:
            for file_id, path in zip(program.file_ids, program.paths, strict=True):
                for link in (_SANDBOX + path, _SANDBOX + quote(path)):
                    known[link] = {"type": "file_path", "text": link, "file_path": {"file_id": file_id}}
    return known


async def _marked(parts: AsyncIterator[Part], known: Mapping[str, JsonObject]) -> AsyncIterator[Part]:
    marker = Marker(known)
    try:
        async for part in parts:
            match part:
                case TextDelta(annotations=()):
                    for piece in marker.feed(part.text):
                        yield piece
                case TextDelta():  # a model that knows by itself
                    for piece in marker.flush():
                        yield piece
                    marker.skip(part.text)
                    yield part
                case ToolCallDelta() | Finish():  # end the message
                    for piece in marker.flush():
                        yield piece
                    marker.restart()
                    yield part
                case _:
                    yield part
    except Exception:
        for piece in marker.flush():
            yield piece
        raise
    finally:
        if isinstance(parts, AsyncGenerator):
            await cast("AsyncGenerator[Part, None]", parts).aclose()
    for piece in marker.flush():
        yield piece


class Marker:
    """Finds the markers of one text, which comes in pieces."""

    def __init__(self, known: Mapping[str, JsonObject]) -> None:
        self._known = known
        longest_first = sorted(known, key=len, reverse=True)
        self._pattern = re.compile(
            "|".join(re.escape(each) + (_NAME_GOES_ON if each.startswith(_SANDBOX) else "") for each in longest_first)
        )
        self._longest = len(longest_first[0])
        self._beginnings = {each[:end] for each in known for end in range(1, len(each))}
        self._held = ""
        self._position = 0

    def feed(self, text: str) -> Iterator[TextDelta]:
        """What of the text is decided now."""
        self._held += text
        return self._release(final=False)

    def flush(self) -> Iterator[TextDelta]:
        """What is left at the end of the text."""
        return self._release(final=True)

    def skip(self, text: str) -> None:
        """This text has gone another way."""
        self._position += len(text)

    def restart(self) -> None:
        """Another text begins."""
        self._position = 0

    def _release(self, *, final: bool) -> Iterator[TextDelta]:
        while (found := self._pattern.search(self._held)) is not None:
            if not final and self._may_go_on(found):
                yield from self._say(found.start())
                return
            yield from self._say(found.start())
            yield from self._say(len(found[0]), self._known[found[0]])
        undecided = len(self._held) if final else self._undecided()
        yield from self._say(undecided)

    def _may_go_on(self, found: re.Match[str]) -> bool:
        if self._held[found.start() :] in self._beginnings:
            return True
        return found[0].startswith(_SANDBOX) and self._held[found.end() :] in ("", ".")

    def _undecided(self) -> int:
        """Where text begins that may become a marker."""
        first = max(0, len(self._held) - self._longest)
        places = range(first, len(self._held))
        return next((at for at in places if self._held[at:] in self._beginnings), len(self._held))

    def _say(self, length: int, annotation: JsonObject | None = None) -> Iterator[TextDelta]:
        if not length:
            return
        text, self._held = self._held[:length], self._held[length:]
        start, self._position = self._position, self._position + length
        if annotation is None:
            yield TextDelta(text)
        else:
            yield TextDelta(text, ({**annotation, "start_index": start, "end_index": self._position},))
