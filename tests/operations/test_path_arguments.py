"""Every method of every resource, operation or helper: a path argument that is no id is refused by name, unsent.

Which arguments go into the path is found out by calling: it is those whose values come in the URL of a request.
"""

from __future__ import annotations

import inspect
import re
from functools import cache
from operator import attrgetter
from typing import Any

import httpx
import pytest

from openai_assistants import AsyncOpenAI, OpenAI, OpenAIError, omit

from .flavours import FLAVOURS, Flavour
from .test_signatures import methods, parameters_of

VALUES: dict[str, Any] = {"file": b"x", "files": [b"x"], "data": b"x", "tool_outputs": [], "metadata": {}, "tools": []}
"""Values of arguments that cannot be any text."""

MORE: dict[str, dict[str, Any]] = {"uploads.upload_file_chunked": {"filename": "a.txt"}}
"""Arguments that these values make necessary."""

RENAMED = {"files.wait_for_processing": {"id": "file_id"}}
"""Arguments of helpers that the path knows by another name."""

USED_LATER = dict.fromkeys(
    (
        "vector_stores.files.upload",
        "vector_stores.files.upload_and_poll",
        "vector_stores.file_batches.upload_and_poll",
        "vector_stores.upload_files",
    ),
    ("vector_store_id",),
)
"""Path arguments of helpers that upload something first; all the same nothing is sent with a bad one."""

BAD: list[Any] = ["", " ", "\t\r\n", "\xa0", ".", "..", None, 5, True, b"id", omit, ["id"]]


@cache
def every_method(kind: str) -> dict[str, Any]:
    """The methods of a client, by place."""
    cls: Any = OpenAI if kind == "OpenAI" else AsyncOpenAI
    return methods(cls(api_key="none", base_url="http://localhost:1/v1"))


def good(path: str) -> dict[str, Any]:
    """Values for the required arguments of a method, no two the same."""
    parameters = parameters_of(every_method("OpenAI")[path])
    required = [name for name, one in parameters.items() if one.default is inspect.Parameter.empty]
    return {**{name: VALUES.get(name, f"value-of-{name}") for name in required}, **MORE.get(path, {})}


def request_of(flavour: Flavour, path: str, arguments: dict[str, Any]) -> tuple[httpx.Request | None, Exception | None]:
    """What a call sends first, and how it ends; the server answers nothing but errors."""
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(418, json={"error": {"message": "no"}})

    def use(client: Any) -> Any:
        value = attrgetter(path)(client)(**arguments)
        if hasattr(value, "__enter__"):
            with value:
                return None
        if hasattr(value, "__aenter__") and not inspect.isawaitable(value):
            return entered(value)
        return value

    async def entered(value: Any) -> None:
        async with value:
            pass

    outcome = flavour.call(answer, use, raises=Exception)
    return (sent[0] if sent else None), outcome.error


@cache
def path_arguments(path: str) -> tuple[str, ...]:
    """The arguments that go into the path."""
    arguments = good(path)
    request, error = request_of(FLAVOURS[0], path, arguments)
    assert request is not None, f"{path}({arguments}) sent nothing: {error!r}; does it need other VALUES?"
    if later := USED_LATER.get(path.removeprefix("beta.")):
        return later
    segments = request.url.path.split("/")
    return tuple(name for name, value in arguments.items() if value in segments)


PATHS = sorted(every_method("OpenAI"))


@pytest.mark.parametrize("flavour", FLAVOURS, ids=str)
@pytest.mark.parametrize("path", PATHS)
def test_what_is_no_id_is_refused_by_name(flavour: Flavour, path: str) -> None:
    arguments = good(path)
    for name in path_arguments(path):
        for bad in BAD:
            request, error = request_of(flavour, path, {**arguments, name: bad})
            assert request is None, f"{name}={bad!r} was sent"
            assert isinstance(error, ValueError if isinstance(bad, str) else TypeError)
            assert not isinstance(error, OpenAIError)
            assert re.match(rf"{RENAMED.get(path, {}).get(name, name)} ", str(error)), error


@pytest.mark.parametrize("path", PATHS)
def test_the_docstring_says_so(path: str) -> None:
    for kind in ("OpenAI", "AsyncOpenAI"):
        says = "ValueError: A path argument is empty." in (every_method(kind)[path].__doc__ or "")
        assert says == bool(path_arguments(path))


def test_the_path_arguments_that_were_found() -> None:
    """The tests above would say nothing of others."""
    found = {path: set(path_arguments(path)) for path in PATHS}
    assert found["beta.threads.runs.steps.retrieve"] == {"step_id", "run_id", "thread_id"}
    assert found["beta.threads.runs.poll"] == {"run_id", "thread_id"}
    assert found["vector_stores.files.update"] == {"file_id", "vector_store_id"}
    assert found["files.wait_for_processing"] == {"id"}
    assert found["models.retrieve"] == {"model"}
    assert found["beta.assistants.create"] == set()
    assert len(PATHS) >= 61
    assert sum(map(len, found.values())) >= 70
