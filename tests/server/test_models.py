"""The models: what the offline one answers, how scripts are played."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from openai_assistants import StructuredOutputError, parse_message
from openai_assistants.server import Call, Code, Fail, Gate, LocalServer, Script, Search, Turn
from openai_assistants.server.models import (
    NOT_RUN,
    CodeCall,
    FileSearchCall,
    FoundPassage,
    FunctionCall,
    Round,
    Routes,
    TextDelta,
    ThreadMessage,
    ToolCallDelta,
    Turn as ModelTurn,
    offline,
)
from openai_assistants.server.models.offline import INTRODUCTION, OfflineModel, best_passages, key_words, readable
from openai_assistants.server.models.scripted import Scripts

from .support import LOOKUP, Api, api_of, text_of

pytestmark = pytest.mark.once


def turn(*texts: str, **changes: Any) -> ModelTurn:
    """A turn on a thread in which user and assistant take turns, the user speaking last."""
    messages = tuple(
        ThreadMessage(
            "user" if (len(texts) - at) % 2 else "assistant",
            [{"type": "text", "text": {"value": text, "annotations": []}}],
            [],
        )
        for at, text in enumerate(texts)
    )
    values: dict[str, Any] = {
        "run_id": "run_1", "thread_id": "thread_1", "assistant_id": "asst_1", "index": 0, "model": "m",
        "instructions": "", "messages": messages, "rounds": (), "tools": (), "tool_choice": "auto",
        "parallel_tool_calls": True, "response_format": "auto", "temperature": 1.0, "top_p": 1.0,
        "reasoning_effort": None, "max_completion_tokens": None, "prompt_tokens": 0,
    }  # fmt: skip
    return ModelTurn(**{**values, **changes})


def respond(asked: ModelTurn) -> list[Any]:
    async def collect() -> list[Any]:
        return [part async for part in OfflineModel().respond(asked)]

    import asyncio

    return asyncio.run(collect())


def said(asked: ModelTurn) -> str:
    parts = respond(asked)
    assert all(isinstance(part, TextDelta) for part in parts)
    return "".join(part.text for part in parts)


def called(asked: ModelTurn) -> tuple[str, Any] | None:
    parts = respond(asked)
    if not isinstance(parts[0], ToolCallDelta):
        return None
    assert {part.index for part in parts} == {0}
    return parts[0].name, json.loads("".join(part.arguments for part in parts))


def tool(name: str, parameters: dict[str, Any] | None = None, description: str = "") -> dict[str, Any]:
    schema = {"type": "object", "properties": parameters or {}, "required": list(parameters or {})}
    return {"type": "function", "function": {"name": name, "description": description, "parameters": schema}}


# The offline model's choice of a function


@pytest.mark.parametrize(
    ("name", "schema", "message", "expected"),
    [
        ("query", {"type": "string"}, "What does the white whale eat?", "white whale eat"),
        ("topic", {"type": "string"}, 'Look up "sperm oil" please', "sperm oil"),
        ("question", {"type": "string"}, "What is this?", "What is this?"),
        ("city", {"type": "string"}, "Is it cold in San Francisco today?", "San Francisco"),
        ("city", {"type": "string"}, "is it cold?", None),
        ("unit", {"type": "string", "enum": ["celsius", "fahrenheit"]}, "Give it in Fahrenheit.", "fahrenheit"),
        ("unit", {"type": "string", "enum": ["c", "f"]}, "cold food", None),
        ("order_id", {"type": "string", "pattern": "^ORD-[0-9]+$"}, "Where is order ORD-4711?", "ORD-4711"),
        ("order_id", {"type": "string", "pattern": "^ORD-[0-9]+$"}, "Where is my order?", None),
        ("code", {"type": "string", "pattern": "^(a+)+$"}, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!a", None),
        ("code", {"type": "string", "pattern": "("}, "anything", None),
        ("count", {"type": "integer"}, "Show me 3 of them", 3),
        ("count", {"type": "integer"}, "Show me them", None),
        ("count", {"type": ["integer", "null"]}, "Show me 12", 12),
        ("price", {"type": "number"}, "below 9.99 euros", 9.99),
        ("email", {"type": "string"}, "Write to ann@example.com.", "ann@example.com"),
        ("url", {"type": "string"}, "Read https://example.com/a?b=c now", "https://example.com/a?b=c"),
        ("day", {"type": "string", "format": "date"}, "On 2026-08-26 it ended.", "2026-08-26"),
        ("date", {"type": "string"}, "See you tomorrow!", "tomorrow"),
        ("urgent", {"type": "boolean"}, "This is urgent!", True),
        ("keywords", {"type": "array", "items": {"type": "string"}}, "tell me about whale oil", ["whale", "oil"]),
        ("thing", {"type": "object"}, "anything", None),
        ("numbers", {"type": "array", "items": {"type": "integer"}}, "tell me about 3 whales", None),
        ("author", {"type": "string"}, "Read me something of Herman Melville.", "Herman Melville"),
        ("blob", {"type": "string"}, "anything", None),
        ("kind", {"const": "x"}, "anything", "x"),
    ],
)
def test_parameters_are_found_in_a_message(name: str, schema: Any, message: str, expected: Any) -> None:
    started = time.perf_counter()
    found = offline.find_value(name, schema, message)
    assert (None if found is offline.UNKNOWN else found) == expected
    assert time.perf_counter() - started < 0.5


def test_a_function_is_called_when_its_parameters_are_in_the_message() -> None:
    weather = tool("get_weather", {"city": {"type": "string"}}, "The weather in a city.")
    assert called(turn("How is the weather in Paris?", tools=(weather,))) == ("get_weather", {"city": "Paris"})
    assert called(turn("how are you?", tools=(weather,))) is None


def test_of_several_functions_the_one_that_the_message_speaks_of_is_called() -> None:
    tools = (tool("search_books", {"query": {"type": "string"}}), tool("search_ships", {"query": {"type": "string"}}))
    assert called(turn("Which ships sank?", tools=tools)) == ("search_ships", {"query": "ships sank"})


def test_a_function_without_parameters_is_called_only_if_it_is_meant() -> None:
    tools = (tool("current_time"),)
    assert called(turn("What time is it?", tools=tools)) == ("current_time", {})
    assert called(turn("Who are you?", tools=tools)) is None


def test_optional_parameters_are_filled_where_one_of_their_values_is_named() -> None:
    """What else could be meant for them may be meant for something else."""
    parameters = {"city": {"type": "string"}, "unit": {"enum": ["celsius", "kelvin"]}, "days": {"type": "integer"}}
    plain = tool("weather", {**parameters, "note": {"type": "string"}})
    plain["function"]["parameters"]["required"] = ["city"]
    unclear = tool("weather", {**parameters, "note": {"type": "string"}, "blob": {"type": "object"}})
    unclear["function"]["parameters"]["required"] = ["city", "blob"]
    for offered, more in ((plain, {}), (unclear, {"blob": {}})):
        choice = "required" if more else "auto"
        asked = turn("Is it cold in Oslo for 3 days?", tools=(offered,), tool_choice=choice)
        assert called(asked) == ("weather", {"city": "Oslo", **more})
        asked = turn("How cold is it in Oslo, in kelvin?", tools=(offered,), tool_choice=choice)
        assert called(asked) == ("weather", {"city": "Oslo", "unit": "kelvin", **more})


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"const": {"a": 1}}, {"a": 1}), ({"enum": ["x", "y"]}, "x"), ({"type": "boolean"}, False),
        ({"type": "null"}, None), ({"type": "integer", "minimum": 3}, 3), ({"type": "object"}, {}),
        ({"type": "array", "items": {"type": "null"}, "minItems": 2}, [None, None]),
        ({"type": "object", "properties": {"a": {"const": 1}}}, {"a": 1}),
        ({"anyOf": [{"type": "boolean"}, {"type": "null"}]}, False), ({"oneOf": [{"type": "null"}]}, None),
        (
            {"type": "object", "properties": {"a": {"type": "number"}, "b": {"type": "null"}}, "required": ["a"]},
            {"a": 0},
        ),
    ],
)  # fmt: skip
def test_a_demanded_call_has_values_that_fit(schema: Any, value: Any) -> None:
    """Where the message says nothing of them."""
    forced = turn("Hm.", tools=(tool("f", {"blob": schema}),), tool_choice="required")
    assert called(forced) == ("f", {"blob": value})
    assert Draft202012Validator(schema).is_valid(value)


def test_tool_choice() -> None:
    tools = (tool("first", {"thing": {"type": "object"}}), tool("second", {"n": {"type": "integer", "minimum": 2}}))
    assert called(turn("hello", tools=tools)) is None
    assert called(turn("hello", tools=tools, tool_choice="required")) == ("first", {"thing": {}})
    forced = {"type": "function", "function": {"name": "second"}}
    assert called(turn("hello", tools=tools, tool_choice=forced)) == ("second", {"n": 2})
    query = (tool("lookup", {"query": {"type": "string"}}),)
    assert called(turn("hello whales", tools=query, tool_choice="none")) is None


# The offline model's answers


def test_it_says_what_it_is_at_its_first_answer_in_a_thread_only() -> None:
    assert said(turn("hi")).startswith(INTRODUCTION)
    assert "no language model" in INTRODUCTION
    assert INTRODUCTION not in said(turn("hi", "hello", "again"))


def test_it_quotes_the_best_passages_of_tool_outputs() -> None:
    output = "Ships sail.\nThe white whale eats giant squid. Whales sing. It is late."
    call = FunctionCall("call_1", "lookup", "{}", output)
    answer = said(turn("What does the white whale eat?", rounds=(Round("", (call,)),)))
    assert "> The white whale eats giant squid. (lookup)" in answer
    assert answer.index("giant squid") < answer.index("Whales sing")
    assert "late" not in answer


def test_a_short_output_is_given_whole() -> None:
    calls = (FunctionCall("1", "temperature", "{}", "22"), FunctionCall("2", "nothing", "{}", ""))
    answer = said(turn("How warm is it?", rounds=(Round("", calls),)))
    assert answer.endswith("temperature returned: 22\nnothing returned nothing.")


def test_of_a_long_output_that_says_nothing_about_the_question_the_beginning_is_given() -> None:
    rounds = (Round("", (FunctionCall("1", "f", "{}", "tea " * 1000),)),)
    answer = said(turn("Whales?", rounds=rounds))
    begin = "f returned a text that shares no words with your question. It begins: tea tea"
    assert answer.startswith(INTRODUCTION + begin)
    assert len(answer) < 1000


def test_json_outputs_are_read() -> None:
    assert readable('{"temp": 22, "sky": "clear", "days": ["Mon", null]}') == "temp: 22\nsky: clear\ndays: Mon"
    assert readable("no json") == "no json"
    assert readable("[" * 100_000) == "[" * 100_000


def test_it_answers_from_the_thread_and_the_instructions() -> None:
    asked = turn("Krill is small.", "ok", "What do whales eat?", instructions="Whales eat krill. Ships sail.")
    assert said(asked) == "From this thread:\n\n> Whales eat krill. (instructions)"
    assert "is about: quantum, physics" in said(turn("quantum physics?"))
    assert "no user message" in said(turn())


def test_response_formats() -> None:
    assert set(json.loads(said(turn("hi", response_format={"type": "json_object"})))) == {"answer"}
    schema = {
        "type": "object",
        "properties": {"text": {"type": "string"}, "n": {"type": "integer"}, "kind": {"enum": ["a", "b"]}},
        "required": ["text", "n", "kind"],
    }
    wanted = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}
    answer = json.loads(said(turn("hi", response_format=wanted)))
    assert (answer["n"], answer["kind"]) == (0, "a")
    assert answer["text"]


LISBON = FunctionCall("1", "get_temperature", "{}", '{"city": "Lisbon", "celsius": 21}')


def as_form(schema: Any, question: str, *calls: FunctionCall) -> Any:
    wanted = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}
    return json.loads(said(turn(question, rounds=(Round("", calls),) if calls else (), response_format=wanted)))


def form(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


TEXT, WHOLE, NOTHING = {"type": "string"}, {"type": "integer"}, {"type": "null"}


def test_a_form_is_filled_from_what_functions_returned() -> None:
    weather = form(city=TEXT, celsius=WHOLE)
    expected = {"city": "Lisbon", "celsius": 21}
    assert as_form(weather, "How warm is it in Lisbon?", LISBON) == expected
    nested = {
        **form(weather={"$ref": "#/$defs/W"}, more={"anyOf": [{"$ref": "#/$defs/W"}, NOTHING]}),
        "$defs": {"W": weather},
    }
    assert as_form(nested, "How warm?", LISBON) == {"weather": expected, "more": None}
    assert as_form(form(temperature=nested["properties"]["weather"]) | {"$defs": {"W": weather}}, "How?", LISBON) == {
        "temperature": expected
    }
    oslo = FunctionCall("2", "get_temperature", "{}", '{"City": "Oslo", "Celsius": -3.0, "sky": "grey"}')
    cities = form(cities={"type": "array", "items": weather}, sky={"enum": ["grey", "blue"]})
    assert as_form(cities, "How warm?", LISBON, oslo) == {
        "cities": [expected, {"city": "Oslo", "celsius": -3}], "sky": "grey",
    }  # fmt: skip
    assert as_form(form(price={"type": "number"}), "How much?", FunctionCall("1", "get_price", "{}", "2.5")) == {
        "price": 2.5
    }


def test_a_form_is_filled_from_the_message_where_no_function_tells() -> None:
    schema = form(
        city=TEXT, count=WHOLE, email={"anyOf": [TEXT, NOTHING]}, note={"anyOf": [TEXT, NOTHING]}, answer=TEXT
    )
    filled = as_form(schema, "Book 3 beds in Oslo for ann@example.com")
    assert filled.pop("answer").startswith("Nothing in my instructions")
    assert filled == {"city": "Oslo", "count": 3, "email": "ann@example.com", "note": None}


def test_a_form_takes_no_value_of_another_type() -> None:
    wrong = FunctionCall("1", "look", "{}", '{"n": "many", "ok": 1, "names": [1], "kind": "c", "deep": {"n": NaN}}')
    schema = form(n=WHOLE, ok={"type": "boolean"}, names={"type": "array", "items": TEXT}, kind={"enum": ["a", "b"]})
    assert as_form(schema, "Well?", wrong) == {"n": 0, "ok": False, "names": [], "kind": "a"}


def test_a_form_takes_null_numbers_and_what_is_optional() -> None:
    told = FunctionCall(
        "1", "look", "{}", '{"gone": null, "any": [1], "ok": true, "size": 1.5, "extra": "x", "big": 1e400}'
    )
    schema = form(gone={"anyOf": [WHOLE, NOTHING]}, any={}, ok={"type": "boolean"}, size={"type": "number"})
    schema["properties"] |= {"extra": TEXT, "big": {"type": "number"}, "none": {"type": "boolean"}}
    assert as_form(schema, "Well?", told) == {"gone": None, "any": [1], "ok": True, "size": 1.5, "extra": "x"}


def test_a_form_takes_little_of_a_very_large_output() -> None:
    large = FunctionCall("1", "look", "{}", json.dumps([{"n": "x"}] * 3000 + [{"n": 1}]))
    assert as_form(form(n=WHOLE), "Well?", large) == {"n": 0}


def test_a_form_that_refers_to_itself_has_an_end() -> None:
    node = form(value=WHOLE, next={"anyOf": [{"$ref": "#"}, NOTHING]})
    assert as_form(node, "Well?") == {"value": 0, "next": None}
    as_form(form(a={"$ref": "#"}, b={"$ref": "#"}), "Well?")
    assert as_form({"type": "array", "items": {"$ref": "#"}, "minItems": 2}, "Well?")
    assert "Nothing in my" in as_form({"$ref": "#"}, "Well?")
    loops = {"$defs": {"U": {"anyOf": [{"$ref": "#/$defs/U"}]}}}
    assert as_form(form(a={"$ref": "#/$defs/U"}) | loops, "Well?", FunctionCall("1", "f", "{}", '{"a": 1}')) == {
        "a": None
    }
    assert as_form(form(a={"$ref": "#/$defs/none"}), "Well?")["a"]


def test_the_same_question_has_the_same_answer() -> None:
    asked = turn("What do whales eat?", instructions="Whales eat krill.")
    assert respond(asked) == respond(asked)
    assert len(respond(asked)) > 5


def test_key_words() -> None:
    assert key_words("What is the captain's name, and where is the Captain's ship?") == [
        "captain's", "name", "Captain's", "ship",
    ]  # fmt: skip


def test_passages_of_a_long_text_are_found_in_reasonable_time() -> None:
    text = ("The sea was calm that night and nobody spoke of it. " * 20 + "\n\n") * 300 + "Ahab lost his leg to Moby."
    started = time.perf_counter()
    (best, *_) = best_passages("Who lost his leg?", [("book", text)])
    assert best.text == "Ahab lost his leg to Moby."
    assert best_passages("leg", [("x", "a" * 200_000)]) == []
    assert time.perf_counter() - started < 3


# Scripts and routes


def test_scripts_are_taken_in_order_by_runs_of_their_model(api: Api, server: LocalServer) -> None:
    server.scripts.add(Script([Turn("for gpt")], model="gpt-*"))
    server.scripts.add("for anybody")

    def answer(model: str) -> str:
        run = api.run_in(api.run(api.thread("q"), api.assistant(model=model)), "completed")
        return text_of(api.messages(run["thread_id"])[-1])

    assert answer("llama") == "for anybody"
    assert len(server.scripts.waiting) == 1
    assert answer("llama").startswith(INTRODUCTION)
    assert answer("gpt-4o") == "for gpt"
    assert server.scripts.waiting == []
    server.scripts.add(Turn("always"), times=2)
    assert [answer("a"), answer("b")] == ["always", "always"]
    assert answer("c") != "always"


def failure(api: Api, **assistant: Any) -> str:
    run = api.run_in(api.run(api.thread("q"), api.assistant(**assistant)), "failed")
    return str(run["last_error"]["message"])


def test_what_a_script_cannot_do_is_said(server: LocalServer, api: Api) -> None:
    server.scripts.add(Turn(calls=[Call("lookup")]))
    assert failure(api) == "the script calls 'lookup', but the run offers no functions"
    server.scripts.add(Turn(calls=[Call("wrong")]))
    assert failure(api, tools=[LOOKUP]) == "the script calls 'wrong', but the run offers ['lookup']"


def test_a_script_that_is_too_short(server: LocalServer, api: Api) -> None:
    server.scripts.add(Turn(calls=[Call("lookup")]))
    run = api.run_in(api.run(api.thread("q"), api.assistant(tools=[LOOKUP])), "requires_action")
    (call,) = run["required_action"]["submit_tool_outputs"]["tool_calls"]
    outputs = {"tool_outputs": [{"tool_call_id": call["id"], "output": "x"}]}
    api.post(f"/threads/{run['thread_id']}/runs/{run['id']}/submit_tool_outputs", outputs)
    error = api.run_in(run, "failed")["last_error"]
    assert error["message"] == "the script has 1 turns, but the run asked for turn 2"


def test_a_run_does_not_take_a_script_halfway(server: LocalServer, api: Api) -> None:
    run = api.run_in(api.run(api.thread("whales?"), api.assistant(tools=[LOOKUP])), "requires_action")
    server.scripts.add("for the next run")
    (call,) = run["required_action"]["submit_tool_outputs"]["tool_calls"]
    outputs = {"tool_outputs": [{"tool_call_id": call["id"], "output": "Whales sing."}]}
    api.post(f"/threads/{run['thread_id']}/runs/{run['id']}/submit_tool_outputs", outputs)
    api.run_in(run, "completed")
    assert "Whales sing." in text_of(api.messages(run["thread_id"])[-1])
    assert len(server.scripts.waiting) == 1


def test_parallel_calls_that_the_run_forbids(server: LocalServer, api: Api) -> None:
    server.scripts.add(Turn(calls=[Call("lookup"), Call("lookup")]))
    run = api.run(api.thread("q"), api.assistant(tools=[LOOKUP]), parallel_tool_calls=False)
    assert "forbids parallel calls" in api.run_in(run, "failed")["last_error"]["message"]


def test_the_scripted_model_without_a_script() -> None:
    with LocalServer(in_process=True, models={"s-*": "scripted"}) as server, api_of(server) as api:
        assert failure(api, model="s-1").startswith("no script waits for a run of model 's-1'")
        assert [model["id"] for model in api.get("/models")["data"]] == ["offline", "s-1"]
        assert api.get("/models/s-1")["owned_by"] == "openai-assistants:scripted"


def test_names_are_listed_and_patterns_are_not() -> None:
    plain = {"gpt-4o": "offline", "gpt-*": "scripted", "o[13]": "offline", "o?": "offline"}
    assert Routes(plain, Scripts()).names() == ["gpt-4o", "offline"]
    assert Routes({"a": "scripted", "*": "scripted"}, Scripts()).names() == ["a"]
    assert Routes({"offline": "scripted"}, Scripts()).names() == ["offline"]


def test_a_default_that_is_never_reached_is_not_described() -> None:
    assert Routes({"*": "scripted"}, Scripts()).described() == [("*", "scripted")]
    assert Routes({"a*": "scripted"}, Scripts()).described() == [("a*", "scripted"), ("*", "offline")]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Turn(), "needs text"),
        (lambda: Turn("ab", deltas=["a"]), "make up 'a'"),
        (lambda: Call("f", {"a": 1}, pieces=["{"]), "do not make up"),
        (lambda: Script([]), "at least one turn"),
        (
            lambda: Routes({"a": "gpt"}, Scripts()),
            "there is no model 'gpt'; known are: chat:URL, offline, scr",
        ),
        (lambda: Scripts().add("a", times=0), "times must be 1 or more"),
        (lambda: Script([Turn("a")], times=0), "times must be 1 or more"),
        (
            lambda: Fail(code="busy"),
            r"Fail\(code=...\) takes 'server_error', 'rate_limit_exceeded', or 'invalid_prompt'",
        ),  # type: ignore[arg-type]
    ],
)
def test_wrong_use_is_an_error_at_once(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda scripts: scripts.add(5), "scripts.add takes a Script, a Turn, a sequence of Turn, or text, not 5"),
        (lambda scripts: scripts.add([5]), r"Script\(turns=...\) takes a sequence of Turn, not "),
        (lambda scripts: Turn(5), r"Turn\(text=...\) takes text or None, not 5"),  # type: ignore[arg-type]
        (lambda scripts: Turn(calls=Call("x")), r"calls=...\) takes a sequence of Call, Search, or Code, not Call"),  # type: ignore[arg-type]
        (lambda scripts: Turn("x", usage=(1,)), r"usage=...\) takes Usage, \(a whole number, a whole number\), or"),  # type: ignore[arg-type]
        (lambda scripts: Call("x", 5), r"arguments=...\) takes a mapping from text to anything or text, not 5"),  # type: ignore[arg-type]
    ],
)
def test_values_of_another_type_say_what_they_take(make: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        make(Scripts())


def test_pauses_and_gates(api: Api, server: LocalServer) -> None:
    gate = Gate()
    server.scripts.add(Turn(deltas=["a", 0.05, "b"], before=gate, after=0.05, fail=Fail("late")))
    run = api.run(api.thread("q"), api.assistant())
    assert gate.reached.wait(10)
    assert api.get(f"/threads/{run['thread_id']}/runs/{run['id']}")["status"] == "in_progress"
    started = time.monotonic()
    gate.open()
    api.run_in(run, "failed")
    assert time.monotonic() - started >= 0.1
    assert text_of(api.messages(run["thread_id"])[-1]) == "ab"


def test_usage_is_counted_when_the_model_does_not(api: Api, server: LocalServer) -> None:
    """One token for every four characters begun: four of instructions, four of the message, ten of the answer."""
    server.scripts.add("0123456789")
    run = api.run(api.thread("abcd"), api.assistant(instructions="ijkl"))
    assert api.run_in(run, "completed")["usage"] == {
        "prompt_tokens": 2, "completion_tokens": 3, "total_tokens": 5,
    }  # fmt: skip


def test_text_and_calls_of_one_turn_share_its_usage(api: Api, server: LocalServer) -> None:
    server.scripts.add(Script([Turn("abcd", calls=[Call("lookup", "{}")], usage=(50, 9)), Turn("x", usage=(60, 1))]))
    run = api.run_in(api.run(api.thread("q"), api.assistant(tools=[LOOKUP])), "requires_action")
    (call,) = run["required_action"]["submit_tool_outputs"]["tool_calls"]
    outputs = {"tool_outputs": [{"tool_call_id": call["id"], "output": "x"}]}
    api.post(f"/threads/{run['thread_id']}/runs/{run['id']}/submit_tool_outputs", outputs)
    run = api.run_in(run, "completed")
    text, tools, _ = (step["usage"] for step in api.steps(run))
    assert (text["total_tokens"], tools["prompt_tokens"], tools["completion_tokens"]) == (0, 50, 9)
    assert run["usage"] == {"prompt_tokens": 110, "completion_tokens": 10, "total_tokens": 120}


def test_a_heading_is_no_passage() -> None:
    output = (
        '{"heading": "Expiry", "passage": "## Expiry\\nA run expires ten minutes after it was created by a request."}'
    )
    answer = said(turn("When does a run expire?", rounds=(Round("", (FunctionCall("1", "look_up", "{}", output),)),)))
    assert "> A run expires ten minutes after it was created by a request. (look_up)" in answer
    assert "#" not in answer


# Tools that the server carries out


FILE_SEARCH = {"type": "file_search"}
INTERPRETER = {"type": "code_interpreter"}
BLOCK = "Please run this:\n```python\nprint(6 * 7)\n```\nThanks!"


def own_call(asked: ModelTurn) -> tuple[str, str] | None:
    parts = respond(asked)
    if not isinstance(parts[0], ToolCallDelta) or parts[0].kind == "function":
        return None
    return parts[0].kind, "".join(part.arguments for part in parts)


FORCED = {"type": "function", "function": {"name": "look_up"}}


@pytest.mark.parametrize(
    ("question", "tools", "choice", "expected"),
    [
        ("When do whales sing?", [FILE_SEARCH], "auto", ("file_search", "When do whales sing?")),
        ("When do whales sing?", [FILE_SEARCH], "required", ("file_search", "When do whales sing?")),
        ("When do whales sing?", [FILE_SEARCH], FILE_SEARCH, ("file_search", "When do whales sing?")),
        ("When do whales sing?", [FILE_SEARCH], "none", None),
        ("When do whales sing?", [INTERPRETER], "auto", None),
        ("When do whales sing?", [], "auto", None),
        (" ", [FILE_SEARCH], "auto", None),
        (" ", [FILE_SEARCH], FILE_SEARCH, ("file_search", " ")),
        (BLOCK, [FILE_SEARCH, INTERPRETER], "auto", ("code_interpreter", "print(6 * 7)\n")),
        (BLOCK, [FILE_SEARCH, INTERPRETER], "required", ("code_interpreter", "print(6 * 7)\n")),
        (BLOCK, [FILE_SEARCH, INTERPRETER], FILE_SEARCH, ("file_search", BLOCK)),
        (BLOCK, [INTERPRETER], "none", None),
        (BLOCK, [INTERPRETER, tool("look_up")], FORCED, None),
        ("Say 1", [INTERPRETER], "required", ("code_interpreter", 'print("The message has no Python code.")\n')),
        ("Say 1", [INTERPRETER], INTERPRETER, ("code_interpreter", 'print("The message has no Python code.")\n')),
        ("Say 1", [INTERPRETER, tool("add", {"a": {"type": "integer"}})], "auto", None),
    ],
)
def test_which_tool_of_the_server_is_called(question: str, tools: Any, choice: Any, expected: Any) -> None:
    assert own_call(turn(question, tools=tuple(tools), tool_choice=choice)) == expected


def test_functions_and_tools_of_the_server_side_by_side() -> None:
    tools = (tool("look_up", {"blob": {"type": "object"}}), FILE_SEARCH)
    assert own_call(turn("Whales?", tools=tools)) == ("file_search", "Whales?")
    assert own_call(turn("Whales?", tools=tools, tool_choice="required")) == ("file_search", "Whales?")
    assert called(turn("Whales?", tools=tools, tool_choice=FORCED)) == ("look_up", {"blob": {}})


def found(text: str, number: int, name: str = "sea.txt") -> FoundPassage:
    return FoundPassage(f"file-{number}", name, 0.5, text, f"【1:{number}†{name}】")


def test_it_searches_once_and_cites_what_it_quotes() -> None:
    passages = (
        found("# Sea\nWhales sing at night. Sharks do not.", 0),
        found("Whales sing at night. Whales sing to whales.", 1),
    )
    rounds = (Round("", (FileSearchCall("call_1", "?", passages),)),)
    assert said(turn("When do whales sing?", tools=(FILE_SEARCH,), rounds=rounds)).removeprefix(INTRODUCTION) == (
        "Here is what I found:\n\n> Whales sing to whales. 【1:1†sea.txt】\n> Whales sing at night. 【1:0†sea.txt】"
    )
    rounds = (Round("", (FileSearchCall("call_1", "?", passages[:1]), FunctionCall("c", "f", "{}", "Whales!"))),)
    assert said(turn("Whales", rounds=rounds)).endswith("> Whales! (f)\n> Whales sing at night. 【1:0†sea.txt】")


def test_what_it_says_when_a_search_finds_no_sentence_or_nothing() -> None:
    rounds = (Round("", (FileSearchCall("call_1", "?", (found("Only   the\nsea.", 0),)),)),)
    assert said(turn("volcano?", rounds=rounds)).endswith(
        "The passage that fits best begins:\n\n> Only the sea. 【1:0†sea.txt】"
    )
    rounds = (Round("", (FileSearchCall("call_1", "?", ()),)),)
    assert said(turn("Tell me of volcanoes?", rounds=rounds)).endswith("I found nothing in the files about: volcanoes.")


def test_it_says_that_a_program_could_not_be_run() -> None:
    program = CodeCall("1", "print(1)", f"{NOT_RUN} on this server. Answer without it.")
    assert said(turn("Hm?", rounds=(Round("", (program,)),))) == f"{INTRODUCTION}{NOT_RUN} on this server."


def test_it_reports_what_a_program_printed_and_made() -> None:
    program = CodeCall("call_1", "print(1)", "1\n", ("file-1", "file-2"), ("/mnt/data/a b.csv", "/mnt/data/x/p.png"))
    text = said(turn(BLOCK, rounds=(Round("", (program,)),)))
    assert text.removeprefix(INTRODUCTION) == (
        "The program printed:\n\n```\n1\n```\n\n"
        "It made [a b.csv](sandbox:/mnt/data/a%20b.csv), [p.png](sandbox:/mnt/data/x/p.png)."
    )
    silent = Round("", (CodeCall("call_1", "x = 1", ""),))
    assert said(turn(BLOCK, rounds=(silent,))).endswith("The program printed nothing.")


def test_an_answer_from_files_has_citations_that_point_at_the_right_text(api: Api) -> None:
    texts = {"whales.txt": "Whales are big. Whales sing at night.", "tides.txt": "Tides come from the moon."}
    file_ids = {name: api.file(text.encode(), name) for name, text in texts.items()}
    store = api.post("/vector_stores", {"file_ids": list(file_ids.values())})
    assistant_id = api.assistant(
        tools=[FILE_SEARCH], tool_resources={"file_search": {"vector_store_ids": [store["id"]]}}
    )
    run = api.run_in(
        api.run(api.thread("When do whales sing, and where do tides come from?"), assistant_id), "completed"
    )
    (block,) = api.messages(run["thread_id"])[-1]["content"]
    value, annotations = block["text"]["value"], block["text"]["annotations"]
    assert annotations
    for annotation in annotations:
        line = value[: annotation["start_index"]].rpartition("\n> ")[2].strip()
        name = next(name for name, file_id in file_ids.items() if file_id == annotation["file_citation"]["file_id"])
        assert line in texts[name]
    assert {annotation["file_citation"]["file_id"] for annotation in annotations} == set(file_ids.values())


# Annotations of scripts


def annotation(text: str, **fields: Any) -> dict[str, Any]:
    return {"type": "file_citation", "text": text, "file_citation": {"file_id": "file-1"}, **fields}


def test_annotations_of_a_script(api: Api, server: LocalServer) -> None:
    server.scripts.add(
        Turn(
            deltas=["Tea is 3 [", "1], milk 2 [1]", ", salt [2]."],
            annotations=[annotation("[2]"), annotation("[1]"), annotation("[1]"), annotation("Tea", start_index=0)],
        )
    )
    events = api.stream(f"/threads/{api.thread('q')}/runs", {"assistant_id": api.assistant()})
    (message,) = (event.data for event in events if event.name == "thread.message.completed")
    text = message["content"][0]["text"]
    assert text["value"] == "Tea is 3 [1], milk 2 [1], salt [2]."
    places = [(each["start_index"], each["end_index"], each["text"]) for each in text["annotations"]]
    assert places == [(0, 3, "Tea"), (9, 12, "[1]"), (21, 24, "[1]"), (31, 34, "[2]")]
    blocks = [e.data["delta"]["content"][0]["text"] for e in events if e.name == "thread.message.delta"]
    assert [[each["index"] for each in block.get("annotations", ())] for block in blocks] == [[0], [1, 2], [3]]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Turn("Tea", annotations=[annotation("[1]")]), "is not in the text 'Tea'"),
        (lambda: Turn("Tea [1]", annotations=[annotation("[1]")] * 2), "is not in the text 'Tea [1]'"),
        (lambda: Turn("Tea", annotations=[annotation("Tea", start_index=1)]), "ends at 4, but the text at 3"),
        (lambda: Turn(calls=[Search("x")], annotations=[annotation("x")]), "is not in the text ''"),
        (lambda: Code("print(1)", pieces=["print(2)"]), "the pieces of the program do not make up 'print(1)'"),
    ],
)
def test_annotations_and_programs_that_do_not_fit_are_an_error_at_once(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        make()


def test_a_refusal_is_a_block_of_its_own(server: LocalServer, api: Api) -> None:
    server.scripts.add(Turn(refusal="I would rather not."))
    events = api.stream(f"/threads/{api.thread('q')}/runs", {"assistant_id": api.assistant()})
    pieces = [block for each in events if "message.delta" in each.name for block in each.data["delta"]["content"]]
    assert {(block["index"], block["type"]) for block in pieces} == {(0, "refusal")}
    assert [block["refusal"] for block in pieces] == ["I", " would", " rather", " not."]
    (message,) = (each.data for each in events if each.name == "thread.message.completed")
    assert message["content"] == [{"type": "refusal", "refusal": "I would rather not."}]


def test_a_refusal_that_is_cut_off_is_kept_with_the_text_before_it(server: LocalServer, api: Api) -> None:
    server.scripts.add(Turn("Well. ", refusal="I would rather not.", fail=Fail("late")))
    run = api.run_in(api.run(api.thread("q"), api.assistant()), "failed")
    text = {"type": "text", "text": {"value": "Well. ", "annotations": []}}
    assert api.messages(run["thread_id"])[-1]["content"] == [
        text, {"type": "refusal", "refusal": "I would rather not."},
    ]  # fmt: skip
    server.scripts.add(Turn(refusal="No! " * 400))
    run = api.run_in(api.run(api.thread("q"), api.assistant(), max_completion_tokens=256), "incomplete")
    assert api.messages(run["thread_id"])[-1]["content"] == [{"type": "refusal", "refusal": ("No! " * 256)}]
    # Nothing is left for a refusal behind this text: there is no empty one.
    server.scripts.add(Turn("No! " * 256, refusal="Never."))
    run = api.run_in(api.run(api.thread("q"), api.assistant(), max_completion_tokens=256), "incomplete")
    (block,) = api.messages(run["thread_id"])[-1]["content"]
    assert block["text"]["value"] == "No! " * 256


def test_structured_output_that_is_refused(server: LocalServer) -> None:
    server.scripts.add(Turn(refusal="I would rather not."))
    with server.client() as client:
        assistant = client.beta.assistants.create(model="m")
        run = client.beta.threads.create_and_run_poll(assistant_id=assistant.id)
        message = client.beta.threads.messages.list(run.thread_id).data[0]
        with pytest.raises(StructuredOutputError, match="refused to answer: I would rather not") as caught:
            parse_message(message, dict)
    assert caught.value.refusal == "I would rather not."
