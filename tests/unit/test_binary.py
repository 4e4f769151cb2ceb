"""Downloads as objects: copies and pickles of them."""

from __future__ import annotations

import copy
import pickle
from typing import Any, Callable

import httpx
import pytest

from openai_assistants import AsyncOpenAI, OpenAI

from .support import KEY, Flavour

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
