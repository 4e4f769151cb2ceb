"""Docstrings: the first paragraph and the descriptions of arguments, in three styles."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from hypothesis import given, strategies as st

from openai_assistants import AsyncOpenAI, OpenAI
from openai_assistants._functions import Docstring, parse_docstring

NAMES = ("city", "days", "options")
BOTH = {"city": "Name of the city, with its country.", "days": "How many: 1 to 16."}

GOOGLE = """Look up the weather
    of a city.

    It asks a service. Note: this is slow.

    Args:
        city (str): Name of the city,
            with its country.

        days (Optional[Dict[str, int]], optional): How many: 1 to 16.
        nothing: Not one of the arguments.

    Returns:
        days: Not this one.
    """
NUMPY = """
    Look up the weather
    of a city.

    It asks a service.

    Parameters
    ----------
    city : str
        Name of the city,
        with its country.
    days : {1, 2}, optional
        How many: 1 to 16.
    nothing
        Not one of the arguments.

    Returns
    -------
    options : int
        Not this one.
    """
REST = """Look up the weather
    of a city.

    :param str city: Name of the city,
        with its country.
    :type city: str
    :param days: How many: 1 to 16.
    :param nothing: Not one of the arguments.
    :returns: options: not this one.
    """


@pytest.mark.parametrize("text", [GOOGLE, NUMPY, REST], ids=["google", "numpy", "rest"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_styles(text: str, newline: str) -> None:
    expected = Docstring("Look up the weather of a city.", BOTH)
    assert parse_docstring(text.replace("\n", newline), NAMES) == expected


@pytest.mark.parametrize(
    ("text", "summary", "arguments"),
    [
        (None, "", {}),
        ("", "", {}),
        ("   \n\n  ", "", {}),
        ("One line.", "One line.", {}),
        ("\n    One line.\n\n    More.\n", "One line.", {}),
        ("\n    Args:\n        city: A.", "", {"city": "A."}),
        ("Do it.\nArgs:\n    city: A.", "Do it.", {"city": "A."}),
        ("Do it.\nReturns:\n    city: no.", "Do it.", {}),
        ("Do it.\n:param city: A.", "Do it.", {"city": "A."}),
        ("Do it:\n    city: no.", "Do it: city: no.", {}),
        ("Do it.\n\nArguments:\n  city: A.\n  days: B.", "Do it.", {"city": "A.", "days": "B."}),
        ("Do it.\n\nKeyword Args:\n  city: A.", "Do it.", {"city": "A."}),
        ("Do it.\n\nArgs:\n    city: A.\n\nKeyword Arguments:\n    days: B.", "Do it.", {"city": "A.", "days": "B."}),
        ("Do it.\n\nParameters:\n    city: A.", "Do it.", {"city": "A."}),
        ("Do it.\n\nArgs:\n    city, days: A.", "Do it.", {"city": "A.", "days": "A."}),
        ("Do it.\n\nArgs:\n    city: A.\n    And more, sloppily.", "Do it.", {"city": "A. And more, sloppily."}),
        ("Do it.\n\nArgs:\n    city:\n        On its own line.", "Do it.", {"city": "On its own line."}),
        ("Do it.\n\nArgs:\n    city: A.\n        days: part of it.", "Do it.", {"city": "A. days: part of it."}),
        ("Do it.\n\nArgs:\n    city: A.\n    city: Again.", "Do it.", {"city": "A."}),
        ("Do it.\n\nArgs:\n    city: See http://x.test/a:b.", "Do it.", {"city": "See http://x.test/a:b."}),
        ("Do it.\n\nArgs:\n    **options: Any.", "Do it.", {"options": "Any."}),
        ("Do it.\n\nArgs:\n    city: A.\nExample:\n    days: no.", "Do it.", {"city": "A."}),
        ("Do it.\n\nArgs:", "Do it.", {}),
        ("Do it.\n\nArgs:\n    city", "Do it.", {}),
        ("Do it.\n\nParameters\n----------\ncity, days : str\n    A.", "Do it.", {"city": "A.", "days": "A."}),
        ("Do it.\n\nOther Parameters\n----------------\ncity\n    A.\n\n    B.", "Do it.", {"city": "A. B."}),
        ("Do it.\nParameters\n----------\ncity\n    A.", "Do it.", {"city": "A."}),
        ("Do it.\n\nParameters\n----------", "Do it.", {}),
        ("Do it.\n\nParameters\n\ncity\n    A.", "Do it.", {}),
        ("Do it.\n\nParameters\n    city: A.", "Do it.", {}),
        ("Examples\nof it.", "Examples of it.", {}),
        ("Do it.\n\n:arg city: A.\n:key days: B.", "Do it.", {"city": "A.", "days": "B."}),
        ("Do it.\n\n:param \\**options: A.", "Do it.", {"options": "A."}),
        ("Do it.\n\n:param Optional[str] city: A.", "Do it.", {"city": "A."}),
        ("Do it.\n\n:param city:", "Do it.", {}),
        ("Do it.\n\nCall :param: as you like.", "Do it.", {}),
    ],
)  # fmt: skip
def test_corners(text: str | None, summary: str, arguments: dict[str, str]) -> None:
    assert parse_docstring(text, NAMES) == Docstring(summary, arguments)


words = st.sampled_from(
    ["Args:", "Parameters", "-----", ":param", "city", "city:", "(str)", "days", ":", "Returns:", "x", "\n", "\n    "]
)


@given(st.lists(words, max_size=40).map(" ".join))
def test_nothing_that_is_written_breaks_it(text: str) -> None:
    doc = parse_docstring(text, NAMES)
    assert set(doc.arguments) <= set(NAMES)
    for said in (doc.summary, *doc.arguments.values()):
        assert said == " ".join(said.split())
        assert set(said.split()) <= set(text.replace(":", " : ").split()) | set(text.split())


@pytest.mark.parametrize("kind", [OpenAI, AsyncOpenAI], ids=lambda kind: kind.__name__)
def test_of_file_ids_speaks_only_what_takes_them(kind: Any) -> None:
    client = kind(api_key="any")
    speaking = 0
    for resource in (client.vector_stores, client.vector_stores.files, client.vector_stores.file_batches):
        for name, method in inspect.getmembers(resource, inspect.ismethod):
            if "`file_ids`" in (method.__doc__ or ""):
                speaking += 1
                assert "file_ids" in inspect.signature(method).parameters, name
    assert speaking > 2
