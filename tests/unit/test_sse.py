"""The decoder of server-sent events against the WHATWG's rules."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any, NamedTuple

import pytest
from hypothesis import given, strategies as st

from openai_assistants import _sse
from openai_assistants._sse import EventTooLarge, ServerSentEvent, SSEDecoder

from .support import cut

BOM = b"\xef\xbb\xbf"

Event = tuple[str, bytes, str]


class Case(NamedTuple):
    """A stream and what it says."""

    name: str
    stream: bytes
    events: list[Event]
    pending: Event | None = None
    retry: int | None = None


def plain(*data: bytes) -> list[Event]:
    """Events without name and id."""
    return [("", item, "") for item in data]


CASES = [
    Case("nothing", b"", []),
    Case("LF", b"data: a\n\ndata: b\n\n", plain(b"a", b"b")),
    Case("CR", b"data: a\r\rdata: b\r\r", plain(b"a", b"b")),
    Case("CRLF", b"data: a\r\n\r\ndata: b\r\n\r\n", plain(b"a", b"b")),
    Case("mixed line ends", b"data: a\r\n\rdata: b\n\r\ndata: c\r\ndata: d\n\n", plain(b"a", b"b", b"c\nd")),
    Case("LF CR is two line ends", b"data: a\n\rdata: b\r\n\n", plain(b"a", b"b")),
    Case("CRLF is one line end", b"data: a\r\ndata: b\r\n\r\n", plain(b"a\nb")),
    Case("BOM", BOM + b"data: a\n\n", plain(b"a")),
    Case("BOM alone", BOM, []),
    Case("a second BOM belongs to the field name", BOM + BOM + b"data: a\n\ndata: b\n\n", plain(b"b")),
    Case("BOM inside data stays", b"data: " + BOM + b"a\n\n", plain(BOM + b"a")),
    Case("two bytes of a BOM are no BOM", BOM[:2] + b"data: a\n\ndata: b\n\n", plain(b"b")),
    Case("one byte of a BOM is no BOM", BOM[:1] + b"\n\ndata: b\n\n", plain(b"b")),
    Case("comments", b": ping\n\n:\ndata: a\n: more\ndata: b\n\n", plain(b"a\nb")),
    Case("data without value", b"data:\n\n", plain(b"")),
    Case("field without colon", b"data\n\n", plain(b"")),
    Case("two empty data lines", b"data\ndata:\n\n", plain(b"\n")),
    Case("several data lines", b"data: a\ndata:\ndata: c\n\n", plain(b"a\n\nc")),
    Case("only one space is taken off", b"data:  a \n\ndata:b\n\ndata:\tc\n\n", plain(b" a ", b"b", b"\tc")),
    Case("colons in the value", b"data: a: b:c\n\n", plain(b"a: b:c")),
    Case("event without data says nothing", b"event: x\n\ndata: a\n\n", plain(b"a")),
    Case("event name", b"event: x\ndata: a\n\ndata: b\n\n", [("x", b"a", ""), ("", b"b", "")]),
    Case("the last event name counts", b"event: x\nevent: y\ndata: a\n\n", [("y", b"a", "")]),
    Case("an empty event line takes the name back", b"event: x\nevent\ndata: a\n\n", plain(b"a")),
    Case("unknown fields", b"data: a\nfoo: b\nDATA: c\n data: d\ndata : e\n\n", plain(b"a")),
    Case("id stays until changed", b"id: 1\ndata: a\n\ndata: b\n\n", [("", b"a", "1"), ("", b"b", "1")]),
    Case("empty id takes it back", b"id: 1\ndata: a\n\nid\ndata: b\n\n", [("", b"a", "1"), ("", b"b", "")]),
    Case("id with NUL", b"id: 1\ndata: a\n\nid: 2\x003\ndata: b\n\n", [("", b"a", "1"), ("", b"b", "1")]),
    Case("id of an event without data", b"id: 7\n\ndata: a\n\n", [("", b"a", "7")]),
    Case("retry", b"retry: 3000\ndata: a\n\n", plain(b"a"), retry=3000),
    Case("retry that is no number", b"retry: 3s\nretry: -1\nretry:\nretry: 1.5\ndata: a\n\n", plain(b"a")),
    Case("a number in another field is no retry", b"rest: 3000\ndata: a\n\n", plain(b"a")),
    Case("retry of absurd length", b"retry: " + b"9" * 5000 + b"\ndata: a\n\n", plain(b"a")),
    Case(
        "other separators of Unicode are data",
        "data: a\u2028b\u2029c\x85d\x0be\x0cf\x1cg\x1dh\x1ei\n\n".encode(),
        plain("a\u2028b\u2029c\x85d\x0be\x0cf\x1cg\x1dh\x1ei".encode()),
    ),
    Case("UTF-8", "event: größe\ndata: Größe 🙂 語\n\n".encode(), [("größe", "Größe 🙂 語".encode(), "")]),
    Case("broken UTF-8", b"event: \xff\ndata: \xfe\n\n", [("\ufffd", b"\xfe", "")]),
    Case("blank lines", b"\n\r\n\r\n\ndata: a\n\n\n\n", plain(b"a")),
    Case("pending without blank line", b"data: a\n\nevent: x\ndata: b\n", plain(b"a"), pending=("x", b"b", "")),
    Case("pending without line end", b"data: a\n\ndata: b", plain(b"a"), pending=("", b"b", "")),
    Case("pending after CR", b"data: a\r", [], pending=("", b"a", "")),
    Case("pending after lines that end with CR", b"data: a\rdata: bcd", [], pending=("", b"a\nbcd", "")),
    Case("lines that end with CR and begin alike", b"data: xxx\rdata: xxx\r\r", plain(b"xxx\nxxx")),
    Case("pending name is no event", b"data: a\n\nevent: x\n", plain(b"a")),
    Case("pending start of a BOM", BOM[:2], []),
    Case("one long line", b"data: " + b"x" * 250_000 + b"\n\n", plain(b"x" * 250_000)),
]


USUAL = b"event: x\ndata: a\n\nevent: y\ndata: bb\n\nevent: z\ndata: {}\n\n"
NUMBERED = b"id: 1\nevent: x\ndata: a\n\nid: 22\nevent: y\ndata: bb\n\nid: 3\nevent: z\ndata: {}\n\n"


def as_tuples(events: list[ServerSentEvent]) -> list[Event]:
    return [(event.event, event.data, event.id) for event in events]


def decode(pieces: list[bytes]) -> tuple[list[Event], Event | None, int | None]:
    """Everything that a stream says, its pending event and its retry time."""
    decoder = SSEDecoder()
    events = [event for piece in pieces for event in decoder.feed(piece)]
    pending = decoder.finish()
    return as_tuples(events), as_tuples([pending])[0] if pending else None, decoder.retry


@pytest.mark.parametrize("size", [1, 2, 3, 97, 100_000])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_stream_says_the_same_however_it_is_cut(case: Case, size: int) -> None:
    events, pending, retry = decode(cut(case.stream, size))
    assert events == case.events
    assert pending == case.pending
    if case.name != "retry of absurd length":
        assert retry == case.retry


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_empty_pieces_change_nothing(case: Case) -> None:
    pieces = [piece for part in cut(case.stream, 2) for piece in (b"", part, b"")]
    assert decode(pieces)[:2] == (case.events, case.pending)


def by_the_book(stream: bytes) -> list[Event]:
    """The WHATWG's algorithm, word for word, over the whole stream at once; what is pending at the end is dropped."""
    lines = re.split(rb"\r\n|\n|\r", stream.removeprefix(BOM))[:-1]
    events: list[Event] = []
    data, kind, last_id = b"", b"", b""
    for line in lines:
        name, _, value = line.partition(b":")
        value = value[1:] if value[:1] == b" " else value
        if not line:
            if data:
                events.append((kind.decode("utf-8", "replace"), data[:-1], last_id.decode("utf-8", "replace")))
            data, kind = b"", b""
        elif name == b"event":
            kind = value
        elif name == b"data":
            data += value + b"\n"
        elif name == b"id" and b"\0" not in value:
            last_id = value
    return events


@pytest.mark.parametrize("size", [*range(1, 20), 1000])
@pytest.mark.parametrize(("stream", "ids"), [(USUAL, ("", "", "")), (NUMBERED, ("1", "22", "3"))], ids=["", "ids"])
def test_what_servers_usually_send_takes_the_short_way(
    monkeypatch: pytest.MonkeyPatch, stream: bytes, ids: tuple[str, ...], size: int
) -> None:
    monkeypatch.delattr(SSEDecoder, "_lines")
    decoder = SSEDecoder()
    events = as_tuples([event for piece in cut(stream, size) for event in decoder.feed(piece)])
    assert events == [("x", b"a", ids[0]), ("y", b"bb", ids[1]), ("z", b"{}", ids[2])]
    assert decoder.last_event_id == ids[-1]


BLOCKS = [
    b"event: x\ndata: a\n\n",
    b"id: 1\nevent: y\ndata: b\n\n",
    b"id: 2\nevent: z\ndata: c\n\n",
    b"data: d\n\n",
    b"id\ndata: e\n\n",
    b"event: x\r",
    b"id: 3\r\n\r\n",
    b": ping\n\n",
    b"foo\rbar",
]


@pytest.mark.parametrize("third", BLOCKS, ids=repr)
@pytest.mark.parametrize("second", BLOCKS, ids=repr)
@pytest.mark.parametrize("first", BLOCKS, ids=repr)
def test_the_short_way_and_the_long_way_know_of_each_other(first: bytes, second: bytes, third: bytes) -> None:
    pieces = [first, second, third, b"\n\ndata: end\n\n"]
    assert decode(pieces)[0] == by_the_book(b"".join(pieces))


WORDS = [b"data", b"event", b"id", b"retry", b":", b" ", b"a", b"7", b"\0", b"data: x\n"]
ENDS = [b"\r", b"\n", b"\r\n", b"\n\n", BOM, b"\xc3", b"\xa9", b"\xe2\x80\xa8"]
streams = st.lists(st.sampled_from(WORDS + ENDS), max_size=40).map(b"".join)


@given(streams, st.lists(st.integers(0, 120), max_size=8))
def test_any_stream_cut_anywhere_reads_as_by_the_book(stream: bytes, places: list[int]) -> None:
    edges = [0, *sorted(min(place, len(stream)) for place in places), len(stream)]
    pieces = [stream[start:end] for start, end in pairwise(edges)]
    whole = decode([stream])
    assert decode(pieces) == whole
    assert whole[0] == by_the_book(stream)


def test_the_id_to_resume_after_is_that_of_the_last_complete_event() -> None:
    decoder = SSEDecoder()
    assert decoder.last_event_id == ""
    decoder.feed(b"id: 1\ndata: a\n\nid: 2\ndata: b\n")
    assert decoder.last_event_id == "1"
    decoder.feed(b"\n")
    assert decoder.last_event_id == "2"
    decoder.feed(NUMBERED)
    assert decoder.last_event_id == "3"
    assert as_tuples(decoder.feed(USUAL)) == [("x", b"a", "3"), ("y", b"bb", "3"), ("z", b"{}", "3")]
    assert decoder.last_event_id == "3"


def test_the_data_of_an_event_as_json() -> None:
    assert ServerSentEvent("", b'{"a": 1}', "").json() == {"a": 1}
    with pytest.raises(ValueError):
        ServerSentEvent("", b"{", "").json()


def held(value: Any) -> list[int]:
    """Lengths of all bytes objects that a decoder holds."""
    if isinstance(value, bytes):
        return [len(value)]
    if isinstance(value, (list, tuple)):
        return [length for item in value for length in held(item)]
    return []


def test_a_huge_line_in_small_pieces_is_not_copied_again_for_each_piece() -> None:
    decoder = SSEDecoder()
    piece = b"x" * 64
    decoder.feed(b"data: ")
    for _ in range(5000):
        assert decoder.feed(piece) == []
    # A buffer that grows by copying would hold the line so far; only the pieces themselves may be held.
    assert max(held(list(vars(decoder).values()))) <= len(piece)
    assert as_tuples(decoder.feed(b"\n\n")) == plain(piece * 5000)
    assert sum(held(list(vars(decoder).values()))) == 0


@pytest.mark.parametrize("begins", [b"data: ", b"", b": ping", b"event: ", b"data: a\n\ndata: ", b"data: a\r"])
@pytest.mark.parametrize("piece", [b"x", b"x" * 1000, b"data\n", b"\ndata: y", b"\rdata:y"], ids=repr)
def test_an_event_without_an_end_is_given_up(monkeypatch: pytest.MonkeyPatch, begins: bytes, piece: bytes) -> None:
    monkeypatch.setattr(_sse, "MAX_EVENT", 5000)
    decoder = SSEDecoder()
    decoder.feed(begins)
    with pytest.raises(EventTooLarge, match="end"):
        for _ in range(6000):
            decoder.feed(piece)
    assert decoder._partial_size + decoder._data_size <= 5000 + len(piece)


@pytest.mark.parametrize("size", [1, 7, 5000])
@pytest.mark.parametrize("before", [b"", b"data: a\n\n" * 2, b"data: a\r\r" * 2, b": x\r"], ids=repr)
@pytest.mark.parametrize("line_end", [b"\n", b"\r"], ids=repr)
def test_an_event_may_be_as_large_as_the_limit(
    monkeypatch: pytest.MonkeyPatch, before: bytes, line_end: bytes, size: int
) -> None:
    monkeypatch.setattr(_sse, "MAX_EVENT", 5000)
    decoder = SSEDecoder()
    for piece in cut(before, size):
        decoder.feed(piece)
    event = b"data: " + b"y" * 2000 + line_end + b"data: "
    event += b"z" * (5000 - len(event.replace(b"\r", b"")))
    for piece in cut(event, size):
        assert decoder.feed(piece) == []
    with pytest.raises(EventTooLarge):
        decoder.feed(b"z")


def test_what_is_said_of_the_limit_is_true() -> None:
    assert str(EventTooLarge()).startswith("An event of the stream has more than 64 MiB, ")
    assert _sse.MAX_EVENT == 64 * 2**20


@pytest.mark.parametrize("size", [1, 3, 64])
def test_many_events_of_some_size_are_no_large_one(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(_sse, "MAX_EVENT", 200)
    decoder = SSEDecoder()
    stream = b"event: x\ndata: " + b"y" * 60 + b"\r\n: comment" + b"z" * 60 + b"\n\n"
    events = [event for piece in cut(stream * 50, size) for event in decoder.feed(piece)]
    assert len(events) == 50
