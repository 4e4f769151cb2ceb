"""Proof that these tests notice a wrong generator: with one thing changed in a package, they fail."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest

from codegen import ir
from codegen.load import load
from codegen.output import DEFAULT, folders, format_sources, generate
from codegen.parse import parse
from codegen.render import render
from codegen.render_public import PACKAGE
from codegen.sdk import FILE, read_sdk

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LIMIT_SECONDS = 60
PACKAGED_TOGETHER = 6
"""Mutations at most in one package: generating it and reading it in a new interpreter is what takes the time."""

Change = Callable[[ir.Api], ir.Api]


@dataclass(frozen=True)
class Mutation:
    """One thing that is wrong in a package."""

    name: str
    change: Change
    test: str
    """The test that must notice."""
    says: str
    """What its failure must say, as a pattern."""

    @property
    def of(self) -> str:
        """The operation whose test that is."""
        return re.split(r"[\[\]-]", self.test)[1]


def on_operations(change: Callable[[ir.Operation], ir.Operation]) -> Change:
    """A change of operations, wherever they are."""

    def changed(api: ir.Api) -> ir.Api:
        def method(item: ir.Method | ir.Helper) -> ir.Method | ir.Helper:
            return replace(item, operation=change(item.operation))

        return replace(
            api,
            operations={name: change(operation) for name, operation in api.operations.items()},
            resources=tuple(
                replace(
                    resource,
                    methods=tuple(map(method, resource.methods)),
                    operations=tuple(map(change, resource.operations)),
                )
                for resource in api.resources
            ),
        )

    return changed


def operation(name: str, change: Callable[[ir.Operation], ir.Operation]) -> Change:
    """A change of one operation."""
    return on_operations(lambda found: change(found) if found.id == name else found)


def argument(name: str, wire: str, change: Callable[[ir.Argument], ir.Argument | None]) -> Change:
    """A change of one argument of an operation; None takes it away."""

    def changed(found: ir.Operation) -> ir.Operation:
        assert wire in {item.wire for item in found.arguments}
        arguments = [change(item) if item.wire == wire else item for item in found.arguments]
        return replace(found, arguments=tuple(item for item in arguments if item is not None))

    return operation(name, changed)


def definition(name: str, change: Callable[[ir.Definition], ir.Definition]) -> Change:
    """A change of one definition."""
    return lambda api: replace(api, definitions={**api.definitions, name: change(api.definitions[name])})


def field(schema: str, wire: str, change: Callable[[ir.Type], ir.Type]) -> Change:
    """A change of the type of one field."""

    def changed(found: ir.Definition) -> ir.Definition:
        assert isinstance(found, ir.Model)
        assert wire in {item.wire for item in found.fields}
        fields = (replace(item, type=change(item.type)) if item.wire == wire else item for item in found.fields)
        return replace(found, fields=tuple(fields))

    return definition(schema, changed)


def without_field(schema: str, wire: str) -> Change:
    """A model that lacks a field."""

    def changed(found: ir.Definition) -> ir.Definition:
        assert isinstance(found, ir.Model)
        return replace(found, fields=tuple(item for item in found.fields if item.wire != wire))

    return definition(schema, changed)


def without_member(schema: str, member: str) -> Change:
    """A union that lacks a member."""

    def changed(found: ir.Definition) -> ir.Definition:
        assert isinstance(found, ir.TaggedUnion)
        assert member in found.members
        return replace(found, members=tuple(item for item in found.members if item != member))

    return definition(schema, changed)


def without_value(schema: str, value: str) -> Change:
    """A list of values that lacks one."""

    def changed(found: ir.Definition) -> ir.Definition:
        assert isinstance(found, ir.Alias)
        assert isinstance(found.type, ir.Literals)
        assert value in found.type.values
        return replace(found, type=replace(found.type, values=tuple(v for v in found.type.values if v != value)))

    return definition(schema, changed)


def swapped_paths(api: ir.Api) -> ir.Api:
    """Cancelling a run and listing its steps have each other's paths."""
    one, other = api.operations["cancelRun"].path, api.operations["listRunSteps"].path
    paths = {one: other, other: one}
    return on_operations(lambda found: replace(found, path=paths.get(found.path, found.path)))(api)


MUTATIONS = [
    Mutation(
        "lost event",
        without_member("AssistantStreamEvent", "ThreadRunStepExpired"),
        "test_answers.py::test_streams_give_every_event_in_its_class[createRun-sync-full]",
        r"UnknownStreamEvent.* is .*ThreadRunStepExpired",
    ),
    Mutation(
        "swapped paths",
        swapped_paths,
        "test_requests.py::test_every_argument[cancelRun-sync]",
        r"assert b'/v1/threads/.*/steps' == b'/v1/threads/",
    ),
    Mutation(
        "wrong verb",
        operation("getThread", lambda found: replace(found, verb="POST")),
        "test_requests.py::test_required_arguments_only[getThread-sync]",
        r"assert 'POST' == 'GET'",
    ),
    Mutation(
        "missing header",
        operation("createRun", lambda found: replace(found, beta=None)),
        "test_requests.py::test_required_arguments_only[createRun-sync]",
        r"assert \[\] == \['assistants=v2'\]",
    ),
    Mutation(
        "header where none belongs",
        operation("retrieveModel", lambda found: replace(found, beta="assistants=v2")),
        "test_requests.py::test_every_argument[retrieveModel-sync]",
        r"assert \['assistants=v2'\] == \[\]",
    ),
    Mutation(
        "lost parameter",
        argument("listMessages", "run_id", lambda found: None),
        "test_requests.py::test_every_argument[listMessages-sync]",
        r"TypeError: unexpected keyword argument: run_id\b",
    ),
    Mutation(
        "wrong wire name",
        argument("createMessage", "attachments", lambda found: replace(found, wire="files")),
        "test_requests.py::test_every_argument[createMessage-sync]",
        r"'files': \[",
    ),
    Mutation(
        "query parameter in the body",
        argument("createRun", "include[]", lambda found: replace(found, place="body")),
        "test_requests.py::test_every_argument[createRun-sync]",
        r"assert \[\] == \[\('include\[\]'",
    ),
    Mutation(
        "optional argument that must be given",
        argument("createThread", "messages", lambda found: replace(found, required=True)),
        "test_requests.py::test_required_arguments_only[createThread-sync]",
        r"missing 1 required keyword-only argument: 'messages'",
    ),
    Mutation(
        "wrong type of an argument",
        argument("createRun", "max_prompt_tokens", lambda found: replace(found, type=ir.Primitive("str"))),
        "test_signatures.py::test_parameters_have_the_types_of_the_specs[createRun-OpenAI]",
        r"max_prompt_tokens: .* has 0 members for \{'type': 'integer'\}",
    ),
    Mutation(
        "wrong type of a field",
        field("RunObject", "max_prompt_tokens", lambda found: ir.Nullable(ir.Primitive("str"))),
        "test_answers.py::test_documented_answers[getRun-sync-full]",
        r"Deviation\(path='max_prompt_tokens', expected='Input should be a valid string', got=\d+\)",
    ),
    Mutation(
        "type of a field that is too wide",
        field("RunStepObject", "thread_id", lambda found: ir.Primitive("object")),
        "test_answers.py::test_a_value_of_a_wrong_type_is_kept_and_reported[getRunStep]",
        r"\('thread_id',\), 7",
    ),
    Mutation(
        "lost field",
        without_field("RunObject", "usage"),
        "test_answers.py::test_documented_answers[getRun-sync-minimal]",
        r"isinstance\(\{'prompt_tokens': \d+, .*\}, BaseModel\)",
    ),
    Mutation(
        "lost value of a list",
        without_value("RunStatus", "cancelling"),
        "test_answers.py::test_documented_answers[getRun-sync-full]",
        r"UnknownValue\('cancelling'\) is a listed value",
    ),
    Mutation(
        "lost member of a union",
        without_member("RunStepToolCall", "RunStepDetailsToolCallsFileSearchObject"),
        "test_answers.py::test_documented_answers[getRunStep-sync-full]",
        r"True = isinstance\(UnknownToolCall\(type='file_search'",
    ),
    Mutation(
        "wrong class of a result",
        operation(
            "getMessage",
            lambda found: replace(found, answer=replace(found.answer, type=ir.Ref("MessageDeltaObject"))),
        ),
        "test_answers.py::test_documented_answers[getMessage-sync-full]",
        r"Deviation\(path='object', expected=\"Input should be 'thread.message.delta'\"",
    ),
    Mutation(
        "list that has no pages",
        operation("listAssistants", lambda found: replace(found, answer=replace(found.answer, kind="plain_page"))),
        "test_answers.py::test_documented_answers[listAssistants-sync-full]",
        r"SyncPage.* is .*SyncCursorPage",
    ),
]


@pytest.fixture(scope="module")
def api() -> ir.Api:
    """What the specs say."""
    sdk = read_sdk(DEFAULT.codegen / FILE)
    (version,) = [version for version in sdk.versions if version.name == "v2"]
    document = load(DEFAULT.codegen / "specs", DEFAULT.codegen / "overlay.yaml", version.name)
    return parse(document, sdk, version)


@cache
def unchanged() -> dict[str, str]:
    """The generated files of all versions as they are, apart from the server's."""
    return {path: text for path, text in generate(DEFAULT).items() if path.endswith(".py")}


def make_package(api: ir.Api, folder: Path) -> None:
    """A copy of the package whose generated part says what `api` says of its version."""
    target = folder / PACKAGE
    shutil.copytree(DEFAULT.package, target, ignore=shutil.ignore_patterns("__pycache__", "server"))
    generated = {path.partition(".")[0] for path in folders(read_sdk(DEFAULT.codegen / FILE))} - {"server/specs"}
    for name in generated:
        shutil.rmtree(target / name)
    for path, text in {**unchanged(), **format_sources(render(api), DEFAULT.settings)}.items():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_text(text, encoding="utf-8")


def run_tests(folder: Path, tests: list[str]) -> dict[str, str]:
    """Run tests against the package in a folder; what the failure of each says, nothing for those that pass."""
    report = folder / "report.xml"
    options = ["-vv", "-p", "no:xdist", "-p", "no:cacheprovider", "--show-capture=no", f"--junitxml={report}"]
    _, output = run_python(folder, "-m", "pytest", *options, *(str(HERE / test) for test in tests))
    assert report.exists(), output
    said = {
        case.attrib["name"]: "\n".join(child.text or "" for child in case if child.tag in {"failure", "error"})
        for case in ElementTree.parse(report).iter("testcase")
    }
    assert len(said) == len(tests), output
    return said


def run_python(folder: Path, *arguments: str) -> tuple[int, str]:
    """Run Python with the package in a folder; exit status and output."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "200"}
    for name in ("PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER"):
        environment.pop(name, None)
    done = subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
    )
    return done.returncode, done.stdout + done.stderr


def batches() -> Iterator[list[Mutation]]:
    """The mutations, some at a time: what one does to its operation, no test of the others sees."""
    left = list(MUTATIONS)
    while left:
        batch: dict[str, Mutation] = {}
        for mutation in left:
            if mutation.of not in batch and len(batch) < PACKAGED_TOGETHER:
                batch[mutation.of] = mutation
        yield list(batch.values())
        left = [mutation for mutation in left if mutation not in batch.values()]


def test_without_a_mutation_all_these_tests_pass(api: ir.Api, tmp_path: Path) -> None:
    make_package(api, tmp_path)
    status, output = run_python(tmp_path, "-c", f"import {PACKAGE}; print({PACKAGE}.__file__)")
    assert (status, output.strip()) == (0, str(tmp_path / PACKAGE / "__init__.py"))
    tests = sorted({mutation.test for mutation in MUTATIONS})
    assert not any(run_tests(tmp_path, tests).values())


@pytest.mark.parametrize("batch", list(batches()), ids=lambda batch: ", ".join(each.name for each in batch))
def test_mutations_are_noticed(batch: list[Mutation], api: ir.Api, tmp_path: Path) -> None:
    for mutation in batch:
        before, api = api, mutation.change(api)
        assert api != before
    make_package(api, tmp_path)
    said = run_tests(tmp_path, [mutation.test for mutation in batch])
    for mutation in batch:
        assert re.search(mutation.says, said[mutation.test.partition("::")[2]]), mutation.name
