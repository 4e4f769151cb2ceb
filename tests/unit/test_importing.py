"""Importing the package costs next to nothing, and every public name is there."""

from __future__ import annotations

import copy
import importlib
import json
import pickle
import subprocess
import sys
from typing import Any

import pytest

import openai_assistants as package
import openai_assistants.lib.streaming
import openai_assistants.pagination
from openai_assistants import AsyncOpenAI, Omit, OpenAI, omit, v1
from openai_assistants._lazy import lazy_exports

from .support import Flavour

HEAVY = ("httpx", "pydantic", "pydantic_core", "anyio", "asyncio", "ssl", "email", "typing_extensions", "httpcore")


def loaded_after(code: str) -> set[str]:
    """The modules of a fresh interpreter after some code."""
    report = "import json; print(json.dumps(sorted(loaded)))"
    shown = f"import sys; before = set(sys.modules); {code}; loaded = set(sys.modules) - before; {report}"
    run = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True)
    return set(json.loads(run.stdout))


@pytest.mark.parametrize(
    "code",
    [
        "import openai_assistants",
        "import openai_assistants as openai; dir(openai); openai.__all__; openai.__version__; openai.omit",
        "from openai_assistants import __version__, omit, NOT_GIVEN, OpenAIError, RateLimitError",
        "import openai_assistants.pagination",
        "import openai_assistants.v1 as openai; dir(openai); openai.__all__; openai.__version__; openai.NotFoundError",
        "from openai_assistants import AssistantEventHandler, AsyncAssistantEventHandler",
        "from openai_assistants import migrate; dir(migrate); migrate.__all__; migrate.V1Export([{'object': 'run'}])",
        "import openai_assistants; openai_assistants.migrate.convert_assistant({'id': 'asst_1', 'model': 'gpt-4'})",
        "from openai_assistants import migrate; migrate.convert_thread({'id': 't'}, [{'id': 'm', 'role': 'user'}])",
        "from openai_assistants.lib.streaming import AssistantEventHandler; import openai_assistants.lib.streaming",
    ],
)
def test_importing_loads_nothing_heavy(code: str) -> None:
    loaded = loaded_after(code)
    assert "openai_assistants" in loaded
    assert not loaded & set(HEAVY)


def test_the_package_itself_loads_next_to_nothing() -> None:
    loaded = loaded_after("import openai_assistants")
    assert not loaded & {"typing", "enum", "re", "functools", "contextlib", "dataclasses", "inspect", "importlib.util"}
    ours = {each for each in loaded if each.startswith("openai_assistants")}
    assert ours == {"openai_assistants", "openai_assistants._lazy"}


def test_the_command_line_starts_without_what_its_commands_need() -> None:
    loaded = loaded_after("import openai_assistants.cli.serve")
    assert "typer" in loaded
    assert not loaded & {"httpx", "pydantic", "anyio", "sqlalchemy", "starlette", "uvicorn"}
    assert not {name for name in loaded if name.startswith("openai_assistants.server")}


def test_the_client_alone_loads_no_models() -> None:
    loaded = loaded_after("from openai_assistants import OpenAI")
    assert "httpx" in loaded
    assert not any(name.startswith("openai_assistants.types.") for name in loaded)
    assert "openai_assistants.server" not in loaded


@pytest.mark.parametrize(
    "code",
    [
        "OpenAI(api_key='none').beta",
        "OpenAI(api_key='none').beta.assistants.list, OpenAI(api_key='none').beta.threads.runs.steps.list",
        "openai_assistants.types.beta.Assistant, openai_assistants.AssistantEventHandler",
    ],
)
def test_version_1_is_loaded_when_it_is_used(code: str) -> None:
    loaded = loaded_after(f"import openai_assistants; from openai_assistants import OpenAI; {code}")
    assert not {name for name in loaded if "v1" in name}
    used = loaded_after("from openai_assistants import OpenAI; OpenAI(api_key='none').beta.v1.assistants.list")
    assert "openai_assistants.resources.v1" in used
    assert not any(name.startswith("openai_assistants.types.") for name in used)


@pytest.mark.parametrize(
    ("code", "others"),
    [
        (
            "from openai_assistants.types.vector_stores import VectorStoreFile",
            ("params", "runs", "threads", "files"),
        ),
        ("from openai_assistants.types.uploads import UploadPart", ("params", "runs", "threads", "vector_stores")),
        (
            "from openai_assistants.types.beta import AssistantToolParam",
            ("runs", "vector_stores", "threads"),
        ),
        ("from openai_assistants.types.beta.threads import MessageCreateParams", ("vector_stores", "files")),
        ("from openai_assistants.types.beta.threads import Message", ("params", "runs", "vector_stores", "files")),
    ],
)
def test_a_type_loads_no_topics_that_it_does_not_need(code: str, others: tuple[str, ...]) -> None:
    loaded = loaded_after(code)
    topics = [name.rpartition(".")[2] for name in loaded if name.startswith("openai_assistants.types.")]
    assert topics
    assert not [name for name in topics if name.endswith(others)]


@pytest.mark.parametrize("name", package.__all__)
def test_every_public_name_resolves(name: str) -> None:
    assert getattr(package, name) is not None
    assert name in dir(package)


def test_names_are_listed_once() -> None:
    assert len(package.__all__) == len(set(package.__all__))


def test_star_import() -> None:
    names: dict[str, Any] = {}
    exec("from openai_assistants import *", names)
    assert set(package.__all__) <= set(names)


def test_pages_are_in_a_module_of_their_own() -> None:
    for name in ("AssistantEventHandler", "AsyncAssistantEventHandler"):
        assert getattr(openai_assistants.lib.streaming, name) is getattr(package, name)
    for name in openai_assistants.pagination.__all__:
        assert getattr(openai_assistants.pagination, name) is getattr(package, name)


def test_an_unknown_name_is_an_attribute_error_that_names_it() -> None:
    with pytest.raises(AttributeError, match=r"openai_assistants.*Nonsense"):
        _ = package.Nonsense  # type: ignore[attr-defined]
    with pytest.raises(ImportError):
        exec("from openai_assistants import Nonsense")


AZURE = r"switched its Assistants API off on 2026-08-26.*Foundry use OpenAI\(base_url=.*README"
ELSEWHERE = [
    ("AzureOpenAI", AZURE),
    ("AsyncAzureOpenAI", AZURE.replace("use ", "use Async")),
    ("beta", r"client = OpenAI\(\).*client\.beta"),
    ("files", r"client = OpenAI\(\).*client\.files"),
    ("api_key", r"OpenAI\(api_key="),
    ("chat", "official package"),
    ("embeddings", "official package"),
]


@pytest.mark.parametrize(("name", "words"), ELSEWHERE)
def test_names_of_the_official_package_that_are_not_here(name: str, words: str) -> None:
    for module in (package, v1):
        with pytest.raises(AttributeError, match=words):
            getattr(module, name)
        assert not hasattr(module, name)
        assert name not in dir(module)
    with pytest.raises(ImportError, match=words):
        exec(f"from openai_assistants import {name}")


def test_resources_of_other_apis(flavour: Flavour) -> None:
    client: Any = (AsyncOpenAI if flavour.is_async else OpenAI)(api_key="any")
    for place in (client, client.beta, client.beta.threads):
        with pytest.raises(AttributeError, match=r"has no 'chat': .*client\.post") as caught:
            place.chat.completions.create()
        assert (caught.value.name, caught.value.obj) == ("chat", place)
        assert not hasattr(place, "responses")
        with pytest.raises(AttributeError, match=f"^{type(place).__name__!r} object has no attribute 'chatt'$"):
            _ = place.chatt


def test_a_lazy_name_is_loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module("openai_assistants.pagination")
    load, listing, names = lazy_exports(module.__name__, {"encoder": "json:JSONEncoder", "dumps": "json"})
    assert (names, set(names) <= set(listing())) == (["encoder", "dumps"], True)
    assert load("encoder") is json.JSONEncoder
    assert load("dumps") is json.dumps
    assert vars(module)["dumps"] is json.dumps
    for name in names:
        monkeypatch.delattr(module, name)


def test_omit_is_one_false_value() -> None:
    assert not omit
    assert repr(omit) == "omit"
    assert Omit() is omit
    for again in (copy.copy(omit), copy.deepcopy({"a": omit})["a"], pickle.loads(pickle.dumps(omit))):
        assert again is omit
