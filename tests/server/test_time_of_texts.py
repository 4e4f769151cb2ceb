"""Texts that are made to take for ever. Each is read in a process of its own, which is ended if it does."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from openai_assistants.server.models import TextDelta, Turn as ModelTurn, offline
from openai_assistants.server.vector_stores import asked_terms, reading
from tests.bounded import SECONDS, done

from .test_models import called, said, tool, turn

pytestmark = pytest.mark.once


# Files


def test_many_comments_before_something_else() -> None:
    program = """
        from openai_assistants.server.vector_stores.reading import is_html
        print(is_html("a.txt", b"<!---->" * 500 + b"x"), is_html("a.txt", b"<!---->" * 500 + b"<html>"))
    """
    assert done(program) == "False True"


@pytest.mark.parametrize(
    ("head", "is_page"),
    [
        (b"<html>", True),
        (b"<!DOCTYPE html>", True),
        (b" \r\n<!doctype\n html >", True),
        (b'<?xml version="1.0"?>\n<!-- one --> <!-- two -->\n\n<!---->\n<HTML lang="de">', True),
        (b"<!-- <html> --><!-- a > b -- c --><!doctype html>", True),
        (b"<!-- <html> -->", False),
        (b"<!-- never ends <html>", False),
        (b"<!-- one --> Text. <html>", False),
        (b"Text. <html>", False),
        (b"<htmlx>", False),
        (b"<!-- one --><?xml version='1.0'?><html>", False),
    ],
)
def test_what_is_a_page(head: bytes, is_page: bool) -> None:
    assert reading.is_html("a.txt", head) is is_page
    assert reading.is_html("a.html", head)


def test_an_encoding_that_a_page_never_says() -> None:
    program = """
        import asyncio
        from openai_assistants.server.vector_stores.reading import read_text

        async def content():
            yield b"<p>Wale</p>" + b"<meta " * 160 + b"charset=" + b" " * 3000 + b"?>\\xff"

        async def read():
            print("".join([text async for text in read_text("a.html", content())]).split()[0])

        asyncio.run(read())
    """
    assert done(program) == "Wale"


@pytest.mark.parametrize("marks", ["'\\u0300\\u0316' * 250_000", "'\\u0300' * 250_000 + '\\u0316' * 250_000"])
def test_a_letter_with_very_many_accents(marks: str) -> None:
    program = f"""
        from openai_assistants.server.vector_stores import asked_terms
        print(asked_terms("Wale, Boot" + {marks} + " sing"))
    """
    assert done(program) == "['wal', 'boot', 'sing']"


@pytest.mark.parametrize("sign", ["\u2026", "\u3231", "\U0001f433", "\u0301"])
def test_many_signs_in_a_row_part_words_at_most(sign: str) -> None:
    terms = asked_terms(f"Wale {sign * 1000} singen")
    assert (terms[0], terms[-1]) == ("wal", "sing")


# Requests


def test_a_body_of_quotes() -> None:
    program = r"""
        from openai_assistants.server.bodies import parse_json
        from openai_assistants.server.spec import ApiError

        try:
            parse_json(b"[" + b"," * 300_000 + b'"' + b'\\"' * 500_000)
        except ApiError as error:
            print(error.status)
    """
    assert done(program) == "400"


# The offline model

EVIL = [
    ".*.*.*.*.*.*.*.*.*.*x",
    "(a|aa|aaa)" * 15 + "x",
    "^(a+)+$",
    "(a{1000}){1000}",
    "((((a?){50}){50}){50})",
    "(([a-z]?){100}){500}x",
    "a{4294967294}",
    r"(\w{9}){99}",
    r"(a*)(\1*)(\1*)(\1*)x",
]


def test_patterns_of_others_end() -> None:
    program = f"""
        from openai_assistants.server.models.offline import Patience, fill_anyway

        properties = {{str(at): {{"type": "string", "pattern": each}} for at, each in enumerate({EVIL!r} * 20)}}
        function = {{"name": "f", "parameters": {{"properties": properties, "required": list(properties)}}}}
        words = " ".join(f"{{'a' * 97}}{{at}}" for at in range(40))
        print(len(fill_anyway(function, words, Patience())))
    """
    assert done(program) == str(20 * len(EVIL))


@pytest.mark.parametrize(
    ("pattern", "message", "expected"),
    [
        ("^[a-z]+(-[a-z]+)*$", "See: moby-dick-whale!", "moby-dick-whale"),
        ("^([0-9]{3}){2}$", "Is 12345 or 123456 the code?", "123456"),
        (r"^\d{4}-\d{2}$", "From 2026-08 on", "2026-08"),
        (r"^[\w.+-]+@[\w-]+(\.[\w-]+)+$", "Ask ann@example.com.", "ann@example.com"),
        ("^(?=x)x", "x", None),
        (r"(x)\1", "xx", None),
        ("(", "(", None),
        ("x" * 201, "x" * 201, None),
        ("\ud800", "x", None),
        (5, "5", None),
    ],
)
def test_which_patterns_are_looked_for(pattern: Any, message: str, expected: str | None) -> None:
    found = offline.find_value("code", {"type": "string", "pattern": pattern}, message)
    assert (None if found is offline.UNKNOWN else found) == expected


def test_patterns_of_one_answer_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    schema = {"type": "string", "pattern": "^x"}
    patience = offline.Patience()
    assert offline.find_value("code", schema, "x1", patience) == "x1"
    monkeypatch.setattr(offline, "_PATTERN_SECONDS", 0.0)
    assert offline.find_value("code", schema, "x1", patience) == "x1"
    assert offline.find_value("code", schema, "x1", offline.Patience()) is offline.UNKNOWN


def test_values_of_one_answer_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offline, "_MOST_LOOKS", 2)

    def fill(*names: str) -> dict[str, Any] | None:
        parameters = {"properties": {name: {"type": "integer"} for name in names}, "required": list(names)}
        return offline.fill({"name": "f", "parameters": parameters}, "7", offline.Patience())

    assert fill("n", "m") == {"n": 7, "m": 7}
    assert fill("n", "m", "o") is None


def filled(properties: str, message: str, required: str = "[]") -> str:
    """A program that fills the parameters of a function and prints how many it has found."""
    return f"""
        from openai_assistants.server.models.offline import Patience, fill

        properties = {properties}
        function = {{"name": "f", "parameters": {{"properties": properties, "required": {required}}}}}
        print(len(fill(function, {message}, Patience()) or ()))
    """


@pytest.mark.parametrize(
    ("properties", "message", "required", "found"),
    [
        ('{f"email{at}": {"type": "string"} for at in range(3_000)}', '"a" * 4000', "[]", 0),
        ('{f"a{at}": {"type": "string"} for at in range(3_000)}', '"\\u201c" * 4000', "[]", 0),
        ('{f"a{at}": {"const": 1} for at in range(200_000)}', '"x"', "list(properties)", 0),
        ('{f"a{at}": {"enum": [f"v{n}" for n in range(100_000)] + ["x"]} for at in range(5)}', '"x"', "[]", 5),
    ],
)
def test_functions_with_very_many_parameters(properties: str, message: str, required: str, found: int) -> None:
    assert done(filled(properties, message, required)) == str(found)


def test_lists_of_lists_of_very_many() -> None:
    program = """
        import json
        from openai_assistants.server.models.offline import Patience, fill_anyway

        schema = {"type": "string"}
        for _ in range(20):
            schema = {"type": "array", "minItems": 20, "items": schema}
        schema = {"properties": {"x": schema}, "required": ["x"]}
        arguments = fill_anyway({"name": "f", "parameters": schema}, "a" * 250_000, Patience())
        print(len(json.dumps(arguments)) < 2_000_000)
    """
    assert done(program) == "True"


def test_an_answer_with_very_many_values() -> None:
    program = """
        import json
        from types import SimpleNamespace as Some
        from openai_assistants.server.models.offline import Form

        output = json.dumps({f"key{at}": at for at in range(50_000)})
        rounds = (Some(functions=(Some(name="f", output=output),)),)
        properties = {f"a{at}": {"type": "boolean"} for at in range(1_900)} | {"key7": {"type": "integer"}}
        schema = {"type": "object", "properties": properties}
        print(Form(schema, Some(rounds=rounds, question="x"), "x").filled()["key7"])
    """
    assert done(program) == "7"


@pytest.mark.parametrize(
    ("choices", "message", "expected"),
    [
        (["in_store", "store"], "Is it in-store?", "in_store"),
        (["I", "X"], "take the \u0130", "I"),
        (["\u00df", "b"], "take the \u1e9e", "\u00df"),
        (["\u03a9"], "5 \u2126", "\u03a9"),
        (["sold out"], "It is sold OUT.", "sold out"),
        (["out"], "outer", None),
        (["e-mail"], "e mail", None),
        ([None, 3], "None of 3", 3),
    ],
)
def test_choices_that_a_message_names(choices: list[Any], message: str, expected: Any) -> None:
    found = offline.find_value("x", {"enum": choices}, message)
    assert (None if found is offline.UNKNOWN else found) == expected


def test_others_go_on_while_the_offline_model_chooses_a_call(monkeypatch: pytest.MonkeyPatch) -> None:
    others = threading.Event()

    def choose(_: ModelTurn) -> None:
        assert others.wait(SECONDS)

    monkeypatch.setattr(offline, "_choose_call", choose)

    async def both() -> list[Any]:
        async def answer() -> list[Any]:
            return [part async for part in offline.OfflineModel().respond(turn("Hello?"))]

        answering = asyncio.create_task(answer())
        await asyncio.sleep(0)
        others.set()
        return await answering

    assert all(isinstance(part, TextDelta) for part in asyncio.run(both()))


def test_the_same_answer_each_time() -> None:
    tools = (tool("find", {"code": {"type": "string", "pattern": "^[A-Z]+(-[0-9]+)+$"}}),)
    assert {str(called(turn("Where is AB-1-2?", tools=tools))) for _ in range(5)} == {"('find', {'code': 'AB-1-2'})"}
    assert said(turn("Where is it?", tools=tools)) == said(turn("Where is it?", tools=tools))


# What models say


def test_a_text_of_very_many_markers() -> None:
    program = """
        from openai_assistants.server.runs import Marker

        known = {f"\\u3010{at}:0\\u2020a.txt\\u3011": {"type": "x"} for at in range(20)}
        marker = Marker(known)
        text = "".join(known) * 15_000
        parts = [*marker.feed(text), *marker.flush()]
        print(sum(bool(part.annotations) for part in parts), "".join(part.text for part in parts) == text)
    """
    assert done(program) == "300000 True"
