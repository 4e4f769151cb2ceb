"""Scripts from YAML files: what they can say, what is refused and how, and a server that plays one."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from openai_assistants.server import Call, Code, Fail, LocalServer, Script, ScriptFileError, Scripts, Search, Turn
from openai_assistants.server.models import Usage, script_files
from openai_assistants.server.models.script_files import read_file

from .support import Api, api_of, text_of
from .test_models import turn
from .upstream import WEATHER, called, submit

pytestmark = pytest.mark.once


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    """Makes a file of some YAML."""

    def make(content: str) -> Path:
        path = tmp_path / "answers.yaml"
        path.write_text(textwrap.dedent(content), encoding="utf-8")
        return path

    return make


EVERYTHING = """
    - when: weather in (\\w+)
      model: gpt-*
      times: 2
      turns:
        - calls:
            - name: get_weather
              arguments: {city: Lisbon, days: [1, 2]}
              id: call_1
            - name: get_weather
              arguments: 'no json'
              pieces: ['no ', json]
            - name: get_time
        - deltas: [It is, 0.5, " warm.", 1]
          text: It is warm.
          before: 0.2
          after: 1
          usage: {prompt_tokens: 12, completion_tokens: 3}
        - calls: []
          fail: {code: rate_limit_exceeded, message: Slow down.}
    - when: (?i)^hello
      text: Hello!
      usage: [4, 2]
    - model: llama*
      turns: [One., {text: Two., fail: Oops.}]
    - fail: {}
      times: 1
    - refusal: I would rather not.
      times: 1
    - calls: [{search: whales, id: call_2}, {code: "1 + 1", pieces: [1 +, " 1"]}]
      times: 1
    - text: Whales sing.
      annotations: [{type: file_citation, text: sing, file_citation: {file_id: file-1}}]
"""


def test_everything_that_a_script_can_say(write: Callable[[str], Path]) -> None:
    assert read_file(write(EVERYTHING)) == [
        Script(
            [
                Turn(
                    calls=[
                        Call("get_weather", {"city": "Lisbon", "days": [1, 2]}, id="call_1"),
                        Call("get_weather", "no json", pieces=["no ", "json"]),
                        Call("get_time"),
                    ]
                ),
                Turn(
                    "It is warm.", deltas=["It is", 0.5, " warm.", 1.0], before=0.2, after=1.0, usage=Usage(12, 3),
                ),
                Turn(calls=[], fail=Fail("Slow down.", code="rate_limit_exceeded")),
            ],
            when=r"weather in (\w+)", model="gpt-*", times=2,
        ),
        Script([Turn("Hello!", usage=Usage(4, 2))], when="(?i)^hello", times=None),
        Script([Turn("One."), Turn("Two.", fail=Fail("Oops."))], model="llama*", times=None),
        Script([Turn(fail=Fail())], times=1),
        Script([Turn(refusal="I would rather not.")], times=1),
        Script([Turn(calls=[Search("whales", "call_2"), Code("1 + 1", pieces=["1 +", " 1"])])], times=1),
        Script(
            [Turn("Whales sing.", annotations=[
                {"type": "file_citation", "text": "sing", "file_citation": {"file_id": "file-1"}}])],
            times=None,
        ),
    ]  # fmt: skip


def test_the_example_in_the_documentation(write: Callable[[str], Path]) -> None:
    documented = textwrap.dedent(str(script_files.__doc__).partition("played.")[2].partition("\n\n")[2])
    example = documented.partition("The tables at the end")[0]
    scripts = read_file(write(example))
    assert [len(each.turns) for each in scripts] == [2, 1, 1]
    assert (scripts[0].when, scripts[0].times, scripts[2].when) == (r"weather in (\w+)", 2, None)


def test_fields_for_all_scripts(write: Callable[[str], Path]) -> None:
    scripts = read_file(write("{times: 1, model: gpt-*, scripts: [One., {text: Two., model: '*', times: null}]}"))
    assert [(each.model, each.times) for each in scripts] == [("gpt-*", 1), ("*", None)]


WRONG = [
    ("", "there must be a list of scripts, not nothing"),
    ("just text", "there must be a list of scripts, not str 'just text'"),
    ("[]", "there must be a list of scripts, not list []"),
    ("scripts: {a: 1}", "there must be a list of scripts, not dict"),
    ("{script: [a]}", "there is no 'script'; known are: model, times, scripts"),
    ("- 5", "scripts[0]: must be a script (a mapping) or its text, not int 5"),
    ("- {txt: a}", "scripts[0]: there is no 'txt'; known are: when, model, times, turns, text, calls"),
    ("- {1: a}", "scripts[0]: there is no 1; known are"),
    ("- {when: a}", "scripts[0]: a turn needs text, deltas, a refusal, calls, a pause or a failure"),
    ("- {text: a, turns: [b]}", "scripts[0]: there is no 'text'; known are: when, model, times, turns"),
    ("- {turns: []}", "scripts[0]: a script needs at least one turn"),
    ("- {turns: a}", "scripts[0].turns: must be a list, not str 'a'"),
    ("- {text: a, when: '('}", "scripts[0]: '(' is no regular expression"),
    ("- {text: 5}", "scripts[0].text: must be text, not int 5; put it in quotes"),
    ("- {text: 2026-08-26}", "scripts[0].text: must be text, not date datetime.date(2026, 8, 26); put it in quotes"),
    ("- {text: [a]}", "scripts[0].text: must be text, not list ['a']"),
    ("- {text: a, times: 0}", "scripts[0].times: must be a whole number, 1 or more, not int 0"),
    ("- {text: a, times: true}", "scripts[0].times: must be a whole number, 1 or more, not bool True"),
    ("- {text: a, before: -1}", "scripts[0].before: must be a pause in seconds, not int -1"),
    ("- {text: a, before: .inf}", "scripts[0].before: must be a pause in seconds, not float inf"),
    ("- {text: a, after: soon}", "scripts[0].after: must be a pause in seconds, not str 'soon'"),
    ("- {deltas: [a, true]}", "scripts[0].deltas[1]: must be text or a pause in seconds, not bool True"),
    ("- {deltas: [a, -1]}", "scripts[0].deltas[1]: must be a pause in seconds, not int -1"),
    ("- {text: ab, deltas: [a]}", "scripts[0]: the deltas make up 'a', but the text is 'ab'"),
    ("- {text: a, usage: 5}", "scripts[0].usage: must be a mapping or a list of two numbers, not int 5"),
    ("- {text: a, usage: [5]}", "scripts[0].usage: must be a mapping or a list of two numbers, not list [5]"),
    ("- {text: a, usage: [5, x]}", "scripts[0].usage.completion_tokens: must be a whole number, 0 or more"),
    ("- {text: a, usage: {prompt_tokens: 5}}", "scripts[0].usage: completion_tokens is missing"),
    ("- {text: a, fail: {code: oops}}", "scripts[0].fail.code: must be one of server_error, rate_limit_exceeded"),
    ("- {text: a, fail: 5}", "scripts[0].fail: must be a mapping, not int 5"),
    ("- turns: [a, {calls: [{}]}]", "scripts[0].turns[1].calls[0]: one of name, search, code is missing"),
    ("- turns: [{calls: [{name: f, arguments: [1]}]}]", "calls[0].arguments: must be a mapping or text, not list [1]"),
    ("- calls: [{name: f, arguments: {day: 2026-08-26}}]", "calls[0].arguments: is no JSON"),
    ("- calls: [{name: f, arguments: {x: .nan}}]", "calls[0].arguments: is no JSON"),
    ("- calls: [{name: f, arguments: {a: 1}, pieces: [a]}]", "calls[0]: the pieces of the call of 'f' do not make up"),
    ("- calls: [5]", "scripts[0].calls[0]: must be a mapping, not int 5"),
    ("- calls: [{search: a, pieces: [a]}]", "scripts[0].calls[0]: there is no 'pieces'; known are: search, id"),
    ("- calls: [{search: a, name: f}]", "scripts[0].calls[0]: there is no 'search'; known are: name, arguments, id"),
    ("- calls: [{code: a, pieces: [b]}]", "scripts[0].calls[0]: the pieces of the program do not make up 'a'"),
    ("- {text: a, annotations: [b]}", "scripts[0].annotations[0]: must be a mapping, not str 'b'"),
    ("- {text: a, annotations: [{text: b}]}", "scripts[0]: the annotation's text 'b' is not in the text 'a'"),
    ("- calls: [{name: f, id: 12}]", "scripts[0].calls[0].id: must be text, not int 12; put it in quotes"),
    ("- a\n- b", "scripts[1]: no run can play it, because scripts[0] fits all that it fits"),
    ("- {text: a, when: x}\n- {text: b, when: x, model: m}", "scripts[1]: no run can play it, because scripts[0]"),
    ("- a\n- {b: c: d}", ", line 3: is no YAML: "),
    ("- {text: 'a}", "is no YAML: found unexpected end of stream"),
    ("- !!python/name:os.system ", "line 2: is no YAML: could not determine a constructor"),
    ("- \0", "is no YAML"),
]


@pytest.mark.parametrize(("content", "message"), WRONG, ids=[content[:40] for content, _ in WRONG])
def test_what_is_wrong_is_said_with_its_place(write: Callable[[str], Path], content: str, message: str) -> None:
    path = write(f"# made by hand\n{content}\n")
    with pytest.raises(ScriptFileError) as caught:
        Scripts.load(path)
    assert str(caught.value).startswith(str(path))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_files_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ScriptFileError, match=r"none\.yaml: cannot be read: No such file"):
        Scripts.load(tmp_path / "none.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"- caf\xe9")
    with pytest.raises(ScriptFileError, match=r"latin\.yaml: is no YAML"):
        Scripts.load(tmp_path / "latin.yaml")
    monkeypatch.setattr(script_files, "_LARGEST", 10)
    (tmp_path / "large.yaml").write_text("- long enough")
    with pytest.raises(ScriptFileError, match=r"large\.yaml: has more than"):
        Scripts.load(tmp_path / "large.yaml")


def test_scripts_that_differ_are_no_shadows(write: Callable[[str], Path]) -> None:
    fine = "[{text: a, times: 1}, {text: b, model: gpt-*}, {text: c, when: x}, {text: d, when: y}, e]"
    assert len(read_file(write(fine))) == 5


# Playing them


def test_a_file_adds_to_the_scripts_of_a_test(server: LocalServer, api: Api, write: Callable[[str], Path]) -> None:
    assert len(server.scripts.add_file(write("[{text: Once., times: 1}, {when: again, text: Always.}]"))) == 2
    assert [each.turns[0].text for each in server.scripts.waiting] == ["Once."]
    with pytest.raises(ScriptFileError):
        server.scripts.add_file(write("[Never., {}]"))
    assert [said(api, "again"), said(api, "again"), said(api, "again")] == ["Once.", "Always.", "Always."]
    assert said(api, "what?").startswith("I am the offline")
    assert server.scripts.waiting == []


def said(api: Api, question: str, model: str = "gpt-4o") -> str:
    run = api.run_in(api.run(api.thread(question), api.assistant(model=model)), "completed", "failed")
    return text_of(api.messages(run["thread_id"])[-1]) if run["status"] == "completed" else run["last_error"]["message"]


def test_when_is_asked_of_the_last_user_message(server: LocalServer, api: Api) -> None:
    server.scripts.add(Script([Turn("Sunny.")], when=r"(?i)\bweather\b", times=None))
    assert said(api, "How is the Weather?") == "Sunny."
    assert said(api, "Whether or not?") != "Sunny."
    thread = api.thread("The weather, please.", "Never mind, the time.")
    api.run_in(api.run(thread, api.assistant()), "completed")
    assert text_of(api.messages(thread)[-1]) != "Sunny."
    with pytest.raises(ValueError, match=r"'\[' is no regular expression"):
        Script([Turn("a")], when="[")


def test_a_server_that_plays_a_file(write: Callable[[str], Path]) -> None:
    path = write(
        """
        - when: weather
          turns:
            - calls: [{name: get_weather, arguments: {city: Oslo}}, {name: get_weather, arguments: {city: Rome}}]
            - Cold there, warm here.
        - {when: hello, text: Hello!, model: gpt-*}
        """
    )
    with LocalServer(in_process=True, models={"*": f"scripted:{path}"}) as server, api_of(server) as api:
        for _ in range(2):
            run = api.run(api.thread("The weather?"), api.assistant(tools=[WEATHER]))
            run = api.run_in(run, "requires_action", "failed")
            assert called(run) == [("get_weather", '{"city": "Oslo"}'), ("get_weather", '{"city": "Rome"}')]
            assert submit(api, run, "1", "20")["status"] == "completed"
            assert text_of(api.messages(run["thread_id"])[-1]) == "Cold there, warm here."
            assert said(api, "hello") == "Hello!"
        missing = f"no script in {path} fits a run of model 'llama' that was asked 'hello'"
        assert said(api, "hello", model="llama") == missing
        server.scripts.add("From the test.")  # goes before all routes
        assert said(api, "hello") == "From the test."


def test_another_process_goes_on_with_a_script(write: Callable[[str], Path]) -> None:
    path = write("[{text: Once., times: 1}, {when: q, turns: [{calls: [{name: lookup}]}, Found.]}]")
    scripts = Scripts.load(path)
    later = turn("q", index=1)
    assert scripts.taken_by(later) is None
    found = scripts.taken_by(later, halfway=True)
    assert found is not None
    assert found.turns[1] == Turn("Found.")
    assert scripts.taken_by(turn("other", index=1), halfway=True) is None
    assert len(scripts.waiting) == 1  # what can be played once only is left to those who begin


def test_a_file_that_is_wrong_stops_the_program(write: Callable[[str], Path]) -> None:
    path = write("- {txt: a}")
    command = [sys.executable, "-m", "openai_assistants.server", "--model", f"*=scripted:{path}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2
    assert re.fullmatch(
        rf"error: route '\*': {re.escape(str(path))}: scripts\[0\]: there is no 'txt'; .*\n", done.stderr
    )
