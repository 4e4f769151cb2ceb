"""Answers that are made to take for ever. Each is read in a process of its own, which is ended if it does."""

from __future__ import annotations

import pytest

from openai_assistants._reconcile import _other_model  # pyright: ignore[reportPrivateUsage]
from tests.bounded import done


def test_a_models_name_of_very_many_versions() -> None:
    program = """
        from openai_assistants._reconcile import _other_model
        print(_other_model("gpt-4", "gpt-4" + "-0000" * 100_000 + "x"))
    """
    assert done(program) == "True"


@pytest.mark.parametrize(
    ("given", "shown", "is_other"),
    [
        ("gpt-4", "gpt-4-2024-08-06", False),
        ("gpt-4", "provider/gpt-4@latest", False),
        ("gpt-4:latest", "gpt-4:20240806", True),
        ("gpt-4", "gpt-4-mini-2024-08-06", True),
        ("gpt-4", "gpt-4-2024-08-06-mini", True),
    ],
)
def test_versions_of_a_model(given: str, shown: str, is_other: bool) -> None:
    assert _other_model(given, shown) is is_other


@pytest.mark.parametrize(
    ("text", "marker", "wrong"),
    [("x", "x", True), ("\u30101\u3011", "\u30101\u3011", False)],
)
def test_very_many_citations(text: str, marker: str, wrong: bool) -> None:
    program = f"""
        from types import SimpleNamespace as Some
        from openai_assistants._citations import citations_of

        def cited(at):
            start = 10**9 if {wrong} else at * {len(marker)}
            file = Some(file_id="file-a", quote=None)
            return Some(type="file_citation", text={marker!r}, start_index=start, end_index=start, file_citation=file)

        text = Some(value={text!r} * 100_000, annotations=[cited(at) for at in range(8_000)])
        found = citations_of(Some(content=[Some(type="text", text=text)]))
        print(len(found), all(each.start_index is not None for each in found))
    """
    assert done(program) == f"{8_000 if wrong else 100_000} True"


def test_very_many_citations_of_very_many_passages() -> None:
    program = """
        from types import SimpleNamespace as Some
        from openai_assistants._citations import cite

        def cited(at):
            return Some(type="file_citation", text="x", start_index=at, end_index=at + 1,
                        file_citation=Some(file_id="file-a", quote=None))

        text = Some(value="x" * 10_000, annotations=[cited(at) for at in range(10_000)])
        message = Some(content=[Some(type="text", text=text)])

        def result(at):
            return Some(file_id="file-a", file_name="a", score=at / 1e4, content=[Some(text=str(at))])

        call = Some(file_search=Some(results=[result(at) for at in range(10_000)]))
        step = Some(step_details=Some(tool_calls=[call]))
        print({each.quote for each in cite(message, steps=[step]).citations})
    """
    assert done(program) == "{'9999'}"
