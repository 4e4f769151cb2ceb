"""The text of a message, its citations, and footnotes with sources."""

from __future__ import annotations

import copy
import json
import pickle
from collections import Counter
from collections.abc import Iterable
from dataclasses import FrozenInstanceError
from typing import Any

import httpx
import pytest
from hypothesis import given, strategies as st

from openai_assistants import APIStatusError, APITimeoutError, AsyncOpenAI, Citation, InternalServerError, OpenAI, cite
from openai_assistants._citations import MOST_NAMES, with_footnotes
from openai_assistants._models import parser_for
from openai_assistants.types.beta.threads import Message
from openai_assistants.types.beta.threads.runs import RunStep

from .support import KEY, Clock, Flavour

A, B = "【4:0†source】", "【4:1†source】"
PLOT = "sandbox:/mnt/data/plot.csv"


def read(into: Any, document: Any) -> Any:
    return parser_for(into).parse(json.dumps(document).encode())[0]


def message(*content: Any, **fields: Any) -> Message:
    """A message with these parts; a string is a text block without citations."""
    parts = [text_block(part) if isinstance(part, str) else part for part in content]
    document = {
        "id": "msg_1",
        "object": "thread.message",
        "created_at": 1_700_000_000,
        "thread_id": "thread_1",
        "status": "completed",
        "role": "assistant",
        "content": parts,
        **fields,
    }
    return read(Message, document)


def text_block(value: Any, *annotations: Any) -> dict[str, Any]:
    return {"type": "text", "text": {"value": value, "annotations": list(annotations)}}


def cited(
    marker: str, start: int, file_id: str = "file-a", quote: object = "left out", **fields: Any
) -> dict[str, Any]:
    """An annotation of a citation."""
    citation: dict[str, Any] = {"file_id": file_id}
    if quote != "left out":
        citation["quote"] = quote
    end = start + len(marker)
    base = {"type": "file_citation", "text": marker, "start_index": start, "end_index": end, "file_citation": citation}
    return {**base, **fields}


def written(marker: str, start: int, file_id: str = "file-w") -> dict[str, Any]:
    """An annotation of a file that code wrote."""
    end = start + len(marker)
    return {
        "type": "file_path",
        "text": marker,
        "start_index": start,
        "end_index": end,
        "file_path": {"file_id": file_id},
    }


IMAGE = {"type": "image_file", "image_file": {"file_id": "file-i"}}
REFUSAL = {"type": "refusal", "refusal": "I will not."}
NEWER = {"type": "audio", "text": {"value": "not this"}}


# ---- text -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ([], ""),
        (["one"], "one"),
        (["one", "two"], "one\n\ntwo"),
        (["one", IMAGE, REFUSAL, NEWER, "two"], "one\n\ntwo"),
        ([IMAGE], ""),
        (["", "two"], "\n\ntwo"),
        (["- a\n- b\n", "c"], "- a\n- b\n\n\nc"),
    ],
)
def test_text(content: list[Any], text: str) -> None:
    assert message(*content).text == text


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("plain text", "plain text"),
        (None, ""),
        ([{"type": "text", "text": "a string"}, text_block("good")], "a string\n\ngood"),
        ([{"type": "text"}, text_block(None), text_block(5)], ""),
        ([{"type": "text", "text": {"value": "x", "annotations": None}}], "x"),
        ([{"type": "text", "text": {"value": "x"}}], "x"),
        ([5, "x"], ""),
        ({}, ""),
    ],
    ids=str,
)
def test_text_and_citations_of_deviating_messages(content: Any, text: str) -> None:
    odd = message(content="left to the fields") if content == "left to the fields" else message()
    document = {**odd.to_dict(), "content": content}
    deviating = read(Message, document)
    assert deviating.text == text
    assert deviating.citations == []


def test_views_are_no_fields() -> None:
    sent = message("x", text="of the server", citations=[1])
    assert sent.text == "x"
    assert sent.citations == []
    assert sent.to_dict()["text"] == "of the server"
    assert "text" not in message("x").to_dict()
    with pytest.raises(AttributeError):
        sent.text = "y"  # type: ignore[misc]


# ---- citations ------------------------------------------------------------------------------------------------------


def test_citations_have_all_that_the_message_says() -> None:
    value = f"Ten minutes{A}. See [plot]({PLOT})."
    start = value.index(PLOT)
    found = message(text_block(value, cited(A, 11, quote="expires after ten minutes"), written(PLOT, start))).citations
    assert found == [
        Citation("file_citation", 1, A, 11, 11 + len(A), "file-a", "expires after ten minutes", None),
        Citation("file_path", 2, PLOT, start, start + len(PLOT), "file-w", None, None),
    ]


def test_citations_are_values() -> None:
    citation = message(text_block(A, cited(A, 0))).citations[0]
    with pytest.raises(FrozenInstanceError):
        citation.number = 5  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(citation)) == copy.deepcopy(citation) == citation
    assert len({citation, copy.copy(citation)}) == 1


@pytest.mark.parametrize("quote", ["left out", None, ""])
def test_no_quote_is_none(quote: object) -> None:
    assert message(text_block(A, cited(A, 0, quote=quote))).citations[0].quote is None


def test_places_are_in_the_whole_text() -> None:
    one = message(text_block(f"x{A}", cited(A, 1)), IMAGE, text_block(f"{B}y", cited(B, 0, "file-b")))
    assert [one.text[c.start_index : c.end_index] for c in one.citations] == [A, B]


def test_one_file_has_one_number_in_the_order_of_the_text() -> None:
    value = f"{B} {A} {B}"
    marks = [cited(A, value.index(A), "file-a"), cited(B, value.rindex(B), "file-b"), cited(B, 0, "file-b")]
    found = message(text_block(value, *marks)).citations
    assert [(c.number, c.marker, c.start_index) for c in found] == [(1, B, 0), (2, A, 13), (1, B, 26)]


@pytest.mark.parametrize(
    ("start", "end"),
    [(0, 5), (-3, 2), (9999, 10_003), (None, None), ("x", "y"), (14, 13), (13, 13), (13, 9999), (True, 1)],
)
def test_a_wrong_index_is_corrected_by_the_marker(start: Any, end: Any) -> None:
    value = f"Ten minutes. {A} So."
    one = message(text_block(value, cited(A, 0, start_index=start, end_index=end)))
    (citation,) = one.citations
    assert (citation.start_index, citation.end_index) == (13, 13 + len(A))
    assert cite(one).text == "Ten minutes. [1] So."


def test_wrong_indices_of_repeated_markers_go_to_the_nearest_place_that_is_free() -> None:
    value = f"a{A} b{A} c{A}"
    places = [1, 1 + len(A) + 2, 1 + 2 * (len(A) + 2)]
    marks = [cited(A, places[1]), cited(A, places[1] + 2), cited(A, places[1] - 2)]
    assert [c.start_index for c in message(text_block(value, *marks)).citations] == places


def test_a_marker_that_repeats_without_annotations_of_its_own() -> None:
    value = f"a{A} b{A} c{B} source"
    one = message(text_block(value, cited(A, 1)))
    assert [(c.number, c.start_index) for c in one.citations] == [(1, 1), (1, 1 + len(A) + 2)]
    assert cite(one).text == f"a[1] b[1] c{B} source"


def test_a_repeated_marker_that_stands_for_two_files_means_the_first() -> None:
    value = f"a{A} b{A} c{A}"
    one = message(text_block(value, cited(A, 1), cited(A, value.index("b") + 1, "file-b")))
    assert cite(one).text == "a[1] b[2] c[1]"


def test_a_marker_of_plain_words_is_replaced_only_where_an_annotation_is() -> None:
    one = message(text_block("see the source, not every source", cited("source", 8)))
    assert cite(one).text == "see the [1], not every source"


def test_a_marker_that_is_not_in_the_text_is_cited_without_a_place() -> None:
    one = message(text_block("Ten minutes.", cited(A, 3), cited("Ten", 0, "file-b")))
    assert [(c.number, c.file_id, c.start_index, c.end_index) for c in one.citations] == [
        (1, "file-b", 0, 3),
        (2, "file-a", None, None),
    ]
    assert cite(one).text == "[1] minutes."
    assert str(cite(one)) == "[1] minutes.\n\n[1] file-b\n[2] file-a"


@pytest.mark.parametrize("marker", ["", None])
def test_without_a_marker_the_footnote_goes_behind_the_place(marker: Any) -> None:
    one = message(text_block("Ten minutes. So.", cited("", 0, text=marker, end_index=11)))
    assert cite(one).text == "Ten minutes[1]. So."


@pytest.mark.parametrize(
    "annotation",
    [
        {"type": "url_citation", "url": "https://example.com"},
        {"type": "file_citation"},
        {"type": "file_citation", "text": A, "start_index": 0, "end_index": 1, "file_citation": None},
        {"type": "file_citation", "text": A, "start_index": 0, "end_index": 1, "file_citation": {"file_id": 5}},
        {"type": "file_path", "text": A, "start_index": 0, "end_index": 1, "file_path": {}},
        5,
        None,
    ],
    ids=str,
)
def test_annotations_that_name_no_file_are_left_out(annotation: Any) -> None:
    one = message(text_block(f"x{A} y", annotation, cited(B, 0)))
    assert [c.marker for c in one.citations] == [B]
    assert cite(one).text == f"x{A} y"


# ---- footnotes ------------------------------------------------------------------------------------------------------


def at(start: int, end: int, number: int) -> Citation:
    return Citation("file_citation", number, "", start, end, f"file-{number}")


@pytest.mark.parametrize(
    ("citations", "text"),
    [
        ([], "0123456789"),
        ([at(2, 4, 1)], "01[1]456789"),
        ([at(6, 8, 2), at(2, 4, 1)], "01[1]45[2]89"),
        ([at(2, 6, 1), at(4, 8, 2)], "01[1]6789"),
        ([at(2, 4, 1), at(2, 6, 2)], "01[2]6789"),
        ([at(2, 4, 1), at(2, 4, 1)], "01[1]456789"),
        ([at(2, 4, 1), at(4, 6, 1)], "01[1]6789"),
        ([at(2, 4, 1), at(4, 6, 2)], "01[1][2]6789"),
        ([at(0, 0, 1), at(10, 10, 2)], "[1]0123456789[2]"),
        ([at(4, 2, 1)], "0123[1]456789"),
        ([at(5, 99, 1)], "01234[1]"),
        ([at(50, 99, 1)], "0123456789[1]"),
    ],
)
def test_footnotes_in_places(citations: list[Citation], text: str) -> None:
    assert with_footnotes("0123456789", citations) == text


def test_own_marks_know_quote_and_kind() -> None:
    value = f"Ten minutes{A}. See [plot]({PLOT})."
    one = message(text_block(value, cited(A, 11, quote="q"), written(PLOT, value.index(PLOT))))
    result = cite(one, mark=lambda c: f"<{c.quote}>" if c.kind == "file_citation" else f"https://mine.test/{c.file_id}")
    assert result.text == "Ten minutes<q>. See [plot](https://mine.test/file-w)."


def test_a_text_without_citations_is_printed_as_it_is() -> None:
    assert str(cite(message("one", "two"))) == "one\n\ntwo"


TEXTS = st.lists(st.sampled_from(["a", "é", "😀", " ", A, B, PLOT, "【", "source"]), max_size=12).map("".join)
INDEX = st.none() | st.integers(-5, 80)
MARKS = st.tuples(st.sampled_from([A, B, PLOT, "a", "", "absent"]), INDEX, INDEX, st.sampled_from(["f1", "f2"]))


@given(blocks=st.lists(st.tuples(TEXTS, st.lists(MARKS, max_size=6)), max_size=3))
def test_whatever_the_indices_say(blocks: list[tuple[str, list[tuple[str, Any, Any, str]]]]) -> None:
    """Each annotation is cited, at a place where its marker is or nowhere; nothing else of the text is lost."""
    parts = [
        text_block(value, *(cited(m, 0, f, start_index=s, end_index=e) for m, s, e, f in marks))
        for value, marks in blocks
    ]
    one = message(*parts)
    for c in one.citations:
        if c.start_index is not None and c.end_index is not None:
            assert one.text[c.start_index : c.end_index] == c.marker
    annotated = Counter((m, f) for _, marks in blocks for m, _, _, f in marks)
    assert annotated <= Counter((c.marker, c.file_id) for c in one.citations)
    numbers = {c.file_id: c.number for c in one.citations}
    assert all(numbers[c.file_id] == c.number for c in one.citations)
    assert sorted(numbers.values()) == list(range(1, len(numbers) + 1))
    places = [range(c.start_index or 0, c.end_index or 0) for c in one.citations]
    outside = [char for index, char in enumerate(one.text) if not any(index in place for place in places)]
    left = with_footnotes(one.text, one.citations, lambda c: "")
    assert is_within(outside, left)
    assert is_within(left, one.text)


def is_within(some: Iterable[str], text: str) -> bool:
    """Whether characters come in a text, in this order."""
    rest = iter(text)
    return all(char in rest for char in some)


# ---- names and passages ---------------------------------------------------------------------------------------------


class Files:
    """A server that knows files by their ids."""

    def __init__(self, names: dict[str, str], missing: int = 404, missing_body: Any = None) -> None:
        self.names = names
        self.missing = httpx.Response(missing, json=missing_body or {"error": {"message": "No such File object."}})
        self.asked: list[str] = []
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        file_id = request.url.path.removeprefix("/v1/files/")
        self.asked.append(file_id)
        self.requests.append(request)
        if file_id not in self.names:
            return httpx.Response(self.missing.status_code, content=self.missing.content)
        file = {"id": file_id, "object": "file", "filename": self.names[file_id], "bytes": 1, "created_at": 1}
        return httpx.Response(200, json={**file, "purpose": "assistants", "status": "processed"})


def client_of(flavour: Flavour, server: Any) -> Any:
    kind: Any = AsyncOpenAI if flavour.is_async else OpenAI
    return kind(api_key=KEY, base_url="https://api.test/v1", http_client=flavour.http(server), max_retries=0)


def three_files() -> Message:
    value = f"a{A} b{B} c{A} [d]({PLOT})"
    places = [1, value.index(B), value.rindex(A), value.index(PLOT)]
    files = ["file-a", "file-b", "file-a"]
    marks = [cited(m, p, f) for m, p, f in zip([A, B, A], places, files, strict=False)]
    return message(text_block(value, *marks, written(PLOT, places[3])))


def test_names_are_asked_for_once_each(flavour: Flavour) -> None:
    server = Files({"file-a": "handbook.md", "file-w": "plot.csv"})
    client = client_of(flavour, server)
    one = three_files()
    result = flavour.do(lambda: cite(one, client))
    assert result.text == "a[1] b[2] c[1] [d]([3])"
    assert [c.file_name for c in result.citations] == ["handbook.md", None, "handbook.md", "plot.csv"]
    assert [(s.number, s.file_name) for s in result.sources] == [(1, "handbook.md"), (2, None), (3, "plot.csv")]
    assert str(result) == f"{result.text}\n\n[1] handbook.md\n[2] file-b\n[3] plot.csv"
    assert server.asked == ["file-a", "file-b", "file-w"]
    assert [c.file_name for c in one.citations] == [None] * 4


def test_names_are_remembered_by_the_client_and_only_by_it(flavour: Flavour) -> None:
    server = Files({"file-a": "handbook.md"})
    client = client_of(flavour, server)
    one = message(text_block(A, cited(A, 0)))
    for _ in range(3):
        assert flavour.do(lambda: cite(one, client)).sources[0].file_name == "handbook.md"
    assert server.asked == ["file-a"]
    client.base_url = "https://later.test/v1"
    flavour.do(lambda: cite(one, client))
    flavour.do(lambda: cite(one, client_of(flavour, server)))
    assert server.asked == ["file-a"] * 3


def test_a_file_that_is_gone_may_come_back(flavour: Flavour) -> None:
    server = Files({})
    client = client_of(flavour, server)
    one = message(text_block(A, cited(A, 0)))
    assert flavour.do(lambda: cite(one, client)).sources[0].file_name is None
    server.names["file-a"] = "handbook.md"
    assert flavour.do(lambda: cite(one, client)).sources[0].file_name == "handbook.md"


def test_what_a_client_remembers_is_bounded(flavour: Flavour) -> None:
    server = Files({"file-a": "handbook.md"})
    client = client_of(flavour, server)
    known = client.connection.core.file_names
    known.update({("x", str(number)): "y" for number in range(MOST_NAMES)})
    flavour.do(lambda: cite(message(text_block(A, cited(A, 0))), client))
    assert len(known) == 1


@pytest.mark.parametrize(
    ("status", "body"), [(404, {"detail": "Not Found"}), (405, {"error": "no"}), (501, {"error": "no"})]
)
def test_a_server_without_files_gives_no_names(flavour: Flavour, status: int, body: Any) -> None:
    client = client_of(flavour, Files({}, status, body))
    result = flavour.do(lambda: cite(three_files(), client))
    assert {source.file_name for source in result.sources} == {None}


@pytest.mark.parametrize("status", [401, 500])
def test_other_errors_are_raised(flavour: Flavour, status: int) -> None:
    client = client_of(flavour, Files({}, status))
    with pytest.raises(APIStatusError) as caught:
        flavour.do(lambda: cite(three_files(), client))
    assert isinstance(caught.value, InternalServerError) is (status == 500)


def test_options_hold_for_the_requests(flavour: Flavour) -> None:
    server = Files({})
    client = client_of(flavour, server)
    flavour.do(lambda: cite(three_files(), client, extra_headers={"X-Mine": "1"}))
    assert [request.headers["x-mine"] for request in server.requests] == ["1", "1", "1"]


def test_the_deadline_is_that_of_all_requests_together(flavour: Flavour, clock: Clock) -> None:
    server = Files({})

    def slow(request: httpx.Request) -> httpx.Response:
        clock.advance(0.9)
        return server(request)

    client = client_of(flavour, slow)
    with pytest.raises(APITimeoutError, match="deadline of 1 s"):
        flavour.do(lambda: cite(three_files(), client, deadline=1))
    assert server.asked == ["file-a", "file-b"]


def test_nothing_is_sent_where_nothing_is_cited(flavour: Flavour) -> None:
    server = Files({})
    result = flavour.do(lambda: cite(message("x"), client_of(flavour, server)))
    assert (result.text, result.citations, server.asked) == ("x", (), [])


def result_of(file_id: str, score: float, *texts: Any) -> dict[str, Any]:
    content = [{"type": "text", "text": text} for text in texts] if texts else None
    return {"file_id": file_id, "file_name": f"{file_id}.md", "score": score, "content": content}


def step(*searches: list[dict[str, Any]]) -> RunStep:
    calls = [
        {"id": f"call_{n}", "type": "file_search", "file_search": {"results": results}}
        for n, results in enumerate(searches)
    ]
    other = {"id": "call_x", "type": "code_interpreter", "code_interpreter": {"input": "", "outputs": []}}
    document = {
        "id": "step_1",
        "object": "thread.run.step",
        "created_at": 1,
        "assistant_id": "asst_1",
        "thread_id": "thread_1",
        "run_id": "run_1",
        "type": "tool_calls",
        "status": "completed",
        "step_details": {"type": "tool_calls", "tool_calls": [other, *calls]},
    }
    return read(RunStep, document)


CREATION = {"type": "message_creation", "message_creation": {"message_id": "msg_1"}}


@pytest.mark.parametrize(
    ("searches", "marker", "quote"),
    [
        ([[result_of("file-b", 0.9, "other"), result_of("file-a", 0.1, "numbered")]], B, "numbered"),
        ([[result_of("file-a", 0.1, "low"), result_of("file-a", 0.9, "best")]], "【9:7†x】", "best"),
        ([[result_of("file-a", 0.1, "low")], [result_of("file-a", 0.9, "best")]], "(source)", "best"),
        ([[result_of("file-a", 0.9, "first")], [result_of("file-a", 0.1, "later")]], A, "later"),
        ([[result_of("file-a", 0.9, "two", "pieces")]], A, "two\npieces"),
        ([[result_of("file-a", 0.9, None, "", "piece")]], A, "piece"),
        ([[result_of("file-a", 0.9)]], A, None),
        ([[result_of("file-b", 0.9, "other")]], A, None),
        ([[]], A, None),
        ([], A, None),
    ],
)
def test_passages_from_steps(searches: list[list[dict[str, Any]]], marker: str, quote: str | None) -> None:
    one = message(text_block(marker, cited(marker, 0)))
    creation = read(RunStep, {**step().to_dict(), "step_details": CREATION})
    assert cite(one, steps=[creation, step(*searches)]).citations[0].quote == quote


@pytest.mark.parametrize(
    "details",
    [
        None,
        {"type": "newer"},
        {"type": "tool_calls"},
        {"type": "tool_calls", "tool_calls": None},
        {"type": "tool_calls", "tool_calls": [{"id": "c", "type": "file_search"}, {"id": "d", "type": "newer"}, 5]},
        {"type": "tool_calls", "tool_calls": [{"id": "c", "type": "file_search", "file_search": {"results": "none"}}]},
        {
            "type": "tool_calls",
            "tool_calls": [{"id": "c", "type": "file_search", "file_search": {"results": [None, {"content": []}]}}],
        },
    ],
    ids=str,
)
def test_steps_of_deviating_servers(details: Any) -> None:
    one = message(text_block(A, cited(A, 0)))
    odd = read(RunStep, {**step().to_dict(), "step_details": details})
    assert cite(one, steps=[odd]).citations[0].quote is None
    result = {**result_of("file-a", 0.5, "found"), "score": "high"}
    assert cite(one, steps=[odd, step([result, result_of("file-a", 0.1, "best")])]).citations[0].quote == "found"
    assert cite(one, steps=[step([{**result, "content": ["x", {"text": 5}]}])]).citations[0].quote is None


def test_the_servers_quote_counts_more_than_a_passage() -> None:
    one = message(text_block(A, cited(A, 0, quote="sent")))
    assert cite(one, steps=[step([result_of("file-a", 0.9, "found")])]).citations[0].quote == "sent"


def test_a_file_that_code_wrote_has_no_passage() -> None:
    one = message(text_block(PLOT, written(PLOT, 0, "file-a")))
    assert cite(one, steps=[step([result_of("file-a", 0.9, "found")])]).citations[0].quote is None


def test_names_in_steps_are_not_asked_for(flavour: Flavour) -> None:
    server = Files({"file-b": "b.md", "file-w": "w.csv"})
    client = client_of(flavour, server)
    result = flavour.do(lambda: cite(three_files(), client, steps=[step([result_of("file-a", 0.5)])]))
    assert [source.file_name for source in result.sources] == ["file-a.md", "b.md", "w.csv"]
    assert server.asked == ["file-b", "file-w"]
