"""The generated code at work: our own as it is checked in, and the library's in a package of its own."""

import importlib
import inspect
import pkgutil
import shutil
import sys
import typing
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pydantic
import pytest

from codegen.output import DEFAULT
from codegen.sdk import FILE, ROOT, PublicEntry, ResourceEntry, VersionEntry, read_sdk

LIBRARY = Path(__file__).parent / "golden" / "library" / "expected"
RUNTIME = DEFAULT.package
PACKAGE = RUNTIME.name

SDK = read_sdk(DEFAULT.codegen / FILE)
PUBLIC = [(version, entry) for version in SDK.versions for entry in version.public]
RESOURCES = [
    (version.resources_package, resource) for version in SDK.versions for resource in (*version.resources, version.root)
]


def modules_below(name: str) -> list[ModuleType]:
    package = importlib.import_module(name)
    return [package, *(importlib.import_module(m.name) for m in pkgutil.walk_packages(package.__path__, f"{name}."))]


@pytest.mark.parametrize(("version", "entry"), PUBLIC, ids=[entry.module for _, entry in PUBLIC])
def test_public_names_resolve(version: VersionEntry, entry: PublicEntry) -> None:
    public = importlib.import_module(f"{PACKAGE}.{entry.module}")
    for export in entry.exports:
        is_param = export.source.startswith("params.")
        topic = version.topics[export.source.removeprefix("params.")]
        module = topic.params if is_param else topic.results
        real = importlib.import_module(f"{PACKAGE}.{version.types_package}.{module}")
        assert getattr(public, export.name) is getattr(real, export.target)
        assert export.name in dir(public)


@pytest.mark.parametrize("version", SDK.versions, ids=lambda version: version.name)
def test_every_model_can_be_built(version: VersionEntry) -> None:
    built = 0
    for module in modules_below(f"{PACKAGE}.{version.types_package}"):
        for value in list(vars(module).values()):
            if inspect.isclass(value) and value.__module__ == module.__name__:
                if issubclass(value, pydantic.BaseModel):
                    value.model_rebuild(raise_errors=True)
                    built += 1
                elif typing.is_typeddict(value):
                    assert typing.get_type_hints(value, include_extras=True)
                    built += 1
    assert built > 100


@pytest.mark.parametrize("version", SDK.versions, ids=lambda version: version.name)
def test_what_is_required_is_known_at_run_time_too(version: VersionEntry) -> None:
    """`Required` within a quoted annotation is seen by type checkers only."""
    seen = 0
    for module in modules_below(f"{PACKAGE}.{version.types_package}"):
        for value in list(vars(module).values()):
            if typing.is_typeddict(value):
                hints = typing.get_type_hints(value, include_extras=True)
                required = {name for name, hint in hints.items() if typing.get_origin(hint) is typing.Required}
                assert value.__required_keys__ == required, value
                seen += len(required)
    assert seen > 50


@pytest.mark.parametrize(("package", "entry"), RESOURCES, ids=[f"{where}-{each.name}" for where, each in RESOURCES])
def test_both_clients_have_the_same_methods(package: str, entry: ResourceEntry) -> None:
    module = package if entry.module == ROOT else f"{package}.{entry.module}"
    resources = importlib.import_module(f"{PACKAGE}.{module}")
    sync, other = getattr(resources, entry.class_name), getattr(resources, f"Async{entry.class_name}")
    assert list(vars(sync)) == list(vars(other))
    for method, function in vars(sync).items():
        if inspect.isfunction(function) and not method.startswith("_"):
            mine, theirs = inspect.signature(function), inspect.signature(getattr(other, method))
            assert list(mine.parameters) == list(theirs.parameters)
            for one, another in zip(mine.parameters.values(), theirs.parameters.values(), strict=True):
                # Only a handler of events is another one.
                assert one == another or another == one.replace(annotation=f"Async{one.annotation}")


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The library's result types, in a package with the real runtime."""
    folder = tmp_path_factory.mktemp("library")
    package = folder / "library_client"
    shutil.copytree(LIBRARY, package)
    for path in RUNTIME.glob("_*.py"):
        shutil.copy(path, package / path.name)
    (package / "__init__.py").write_text("", encoding="utf-8")
    sys.path.insert(0, str(folder))
    try:
        yield importlib.import_module("library_client.types.books")
    finally:
        sys.path.remove(str(folder))
        for name in [name for name in sys.modules if name.partition(".")[0] == "library_client"]:
            del sys.modules[name]


BOOK = {"id": "b", "object": "book", "created_at": 1, "title": None, "genre": "novel", "state": "done", "parts": []}


def test_a_renamed_field_keeps_its_name_on_the_wire(books: ModuleType) -> None:
    book = books.Book.model_validate({**BOOK, "schema": {"a": 1}})
    assert book.schema_ == {"a": 1}
    assert book.to_dict() == {**BOOK, "schema": {"a": 1}}


def test_a_recursive_union_is_read_to_its_leaves(books: ModuleType) -> None:
    leaf = {"type": "eq", "key": "title", "value": ["x"]}
    sent = {"type": "and", "queries": [{"type": "and", "queries": [leaf]}, {"type": "near", "far": True}]}
    query = books.Book.model_validate({**BOOK, "query": sent}).query
    assert isinstance(query.queries[0], books.AllOf)
    assert isinstance(query.queries[0].queries[0], books.Equals)
    assert isinstance(query.queries[1], books.UnknownQuery)
    assert query.queries[1].far is True
    assert query.to_dict() == sent


def test_an_enum_takes_what_is_newer(books: ModuleType) -> None:
    book = books.Book.model_validate({**BOOK, "genre": "saga", "state": "lost"})
    assert (book.genre, book.state) == ("saga", "lost")
    assert type(book.genre).__name__ == "UnknownValue"


def test_an_unknown_event_is_an_event(books: ModuleType) -> None:
    event = pydantic.TypeAdapter(books.BookEvent).validate_python({"event": "book.burnt", "data": {"id": "b"}})
    assert isinstance(event, books.UnknownBookEvent)
    assert isinstance(event, books.BookCreated.__mro__[1])
    assert event.data == {"id": "b"}
