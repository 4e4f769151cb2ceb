"""Docstrings: limits that the description lacks, and line breaks."""

import pytest

from codegen.docs import described, docstring, method_docstring
from codegen.ir import Limit, Note


@pytest.mark.parametrize(
    ("text", "limits", "expected"),
    [
        ("Size.", {"minimum": 1, "maximum": 100}, "Size. From 1 to 100."),
        ("Size, from 1 to 100.", {"minimum": 1, "maximum": 100}, "Size, from 1 to 100."),
        ("Size, at least 1.", {"minimum": 1, "maximum": 100}, "Size, at least 1. From 1 to 100."),
        ("Size.", {"minimum": 0}, "Size. At least 0."),
        ("Size.", {"maximum": 0.5}, "Size. At most 0.5."),
        ("Name.", {"maxLength": 256000}, "Name. At most 256,000 characters."),
        ("Name, at most 256,000 characters.", {"maxLength": 256000}, "Name, at most 256,000 characters."),
        ("Name, at most 256000 characters.", {"maxLength": 256000}, "Name, at most 256000 characters."),
        ("Name of 1256 characters.", {"maxLength": 256}, "Name of 1256 characters. At most 256 characters."),
        ("Name of 1,256 characters.", {"maxLength": 256}, "Name of 1,256 characters. At most 256 characters."),
        ("Ids, at most one.", {"maxItems": 1}, "Ids, at most one."),
        ("Ids.", {"minItems": 1, "maxItems": 20}, "Ids. From 1 to 20 items."),
        ("Notes.", {"maxProperties": 16, "keyLength": 64}, "Notes. At most 16 entries. Keys up to 64 characters."),
        ("Name.", {"pattern": "^[a-z]+$"}, "Name. Matches `^[a-z]+$`."),
    ],
)
def test_limits_are_added_where_the_text_lacks_them(text: str, limits: dict[str, Limit], expected: str) -> None:
    assert described(Note(text, tuple(limits.items()))) == expected


def test_defaults_are_added_on_demand() -> None:
    assert described(Note("Size.", default="10000"), default=True) == "Size. Default: 10,000."
    assert described(Note("Order.", default="desc"), default=True) == "Order. Default: `desc`."
    assert described(Note("Order.", default="desc")) == "Order."


def test_a_docstring_fits_the_width_to_the_last_column() -> None:
    whole = "x" * 110
    assert docstring(whole, 4) == f'"""{whole}"""'
    assert docstring(f"{whole} y", 4) == f'"""{whole} y\n    """'


def test_long_text_is_broken_within_the_width() -> None:
    text = " ".join(["word"] * 60)
    lines = docstring(f"{text}\n\nMore.", 4).split("\n")
    assert max(len("    " + lines[0]), *(len(line) for line in lines[1:])) <= 120
    assert lines[-3:] == ["", "    More.", '    """']


def test_quotes_and_backslashes_stay_what_they_are() -> None:
    text = 'Ends in """ and \\d.'
    assert eval(docstring(text, 0)) == text


def test_arguments_hang_under_their_name() -> None:
    text = method_docstring("Do.", "GET /x", [("name", "word " * 30)], "It.", [("ValueError", "Never.")])
    assert text.split("\n")[4:] == [
        "        Args:",
        "            name: " + " ".join(["word"] * 20),
        "                " + " ".join(["word"] * 10),
        "",
        "        Returns:",
        "            It.",
        "",
        "        Raises:",
        "            ValueError: Never.",
        '        """',
    ]
