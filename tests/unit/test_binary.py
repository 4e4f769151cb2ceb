"""Downloads as objects: copies and pickles of them."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path
from typing import Any, Callable

import anyio
import httpx
import pytest

from openai_assistants import AsyncOpenAI, OpenAI

from .support import FLAVOURS, KEY, Flavour

COPIES: dict[str, Callable[[Any], Any]] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    **{f"pickle {p}": lambda value, p=p: pickle.loads(pickle.dumps(value, p)) for p in range(6)},
}
CONTENT = "Größe\r\n".encode("latin-1")


def answer(request: httpx.Request) -> httpx.Response:
    """A file, after a redirect."""
    cookies = [("set-cookie", f"a={KEY}"), ("set-cookie", f"b={KEY}")]
    if "content" in request.url.path:
        return httpx.Response(302, headers=[("location", "/v1/elsewhere"), *cookies])
    headers = [("content-type", "text/plain; charset=latin-1"), ("x-request-id", "req_1"), *cookies]
    return httpx.Response(200, content=CONTENT, headers=headers)


def download(flavour: Flavour) -> Any:
    kind: Any = AsyncOpenAI if flavour.is_async else OpenAI
    client = kind(api_key=KEY, base_url="https://api.test/v1", http_client=flavour.http(answer))
    return flavour.do(lambda: client.files.content("file-1"))


@pytest.mark.parametrize("duplicate", COPIES.values(), ids=COPIES)
def test_copies_of_a_download_are_whole(flavour: Flavour, duplicate: Callable[[Any], Any]) -> None:
    original = download(flavour)
    again = duplicate(original)
    assert type(again) is type(original)
    assert again.content == again.read() == b"".join(again.iter_bytes(2)) == CONTENT
    assert again.text == "Größe\r\n"
    assert again.encoding == "latin-1"
    assert again.response_record.request_id == "req_1"
    assert again.response.request.method == "GET"
    assert repr(again) == repr(original)


@pytest.mark.parametrize("protocol", range(6))
def test_a_pickled_download_holds_no_secrets(flavour: Flavour, protocol: int) -> None:
    original = download(flavour)
    assert KEY.encode() not in pickle.dumps(original, protocol)
    assert original.response.headers.get_list("set-cookie") == [f"a={KEY}", f"b={KEY}"]


def test_a_download_has_the_methods_of_the_official_client(flavour: Flavour, tmp_path: Path) -> None:
    file = download(flavour)
    text = CONTENT.decode("latin-1")
    assert list(file.iter_raw(2)) == list(file.iter_bytes(2))
    assert (list(file.iter_text()), list(file.iter_text(3))) == ([text], ["Grö", "ße\r", "\n"])
    assert list(file.iter_lines()) == ["Größe"]
    assert file.charset_encoding == "latin-1"
    file.stream_to_file(tmp_path / "a", chunk_size=1)
    assert (tmp_path / "a").read_bytes() == CONTENT
    file.close()
    assert file.read() == CONTENT


@pytest.mark.parametrize("flavour", FLAVOURS[1:], ids=lambda flavour: flavour.name)
def test_a_download_may_be_awaited(flavour: Flavour, tmp_path: Path) -> None:
    file = download(flavour)

    async def main() -> None:
        assert await file.aread() == CONTENT
        for name, *size in (("bytes", 2), ("raw", 2), ("text", 3), ("lines",)):
            pieces = [piece async for piece in getattr(file, f"aiter_{name}")(*size)]
            assert pieces == list(getattr(file, f"iter_{name}")(*size))
        await file.astream_to_file(tmp_path / "a")
        await file.aclose()

    anyio.run(main, backend=flavour.name)
    assert (tmp_path / "a").read_bytes() == file.content == CONTENT
