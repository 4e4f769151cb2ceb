"""Compressed bodies that break off or have several parts: of a file nobody else would notice that a part is missing."""

from __future__ import annotations

import gzip
import json
import zlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import httpx2
import pytest

from openai_assistants import APIConnectionError, AsyncOpenAI, OpenAI

from .access import ASSISTANT, within
from .support import Flavour

# On trio the HTTP library leaves its own async generators to the garbage collector when a body is not read to its end.
pytestmark = pytest.mark.filterwarnings(r"ignore:Async generator '(httpx|tests)\.:ResourceWarning")

FILE = bytes(range(256)) * 400
PACKED = gzip.compress(FILE)
BROKEN = [PACKED[: len(PACKED) // 2], PACKED[:-8], PACKED[:-1]]


class Body(httpx.SyncByteStream, httpx.AsyncByteStream, httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """A body of the network in two pieces."""

    def __init__(self, content: bytes) -> None:
        self.pieces = [content[:20], content[20:]]

    def __iter__(self) -> Any:
        yield from self.pieces

    async def __aiter__(self) -> Any:
        for piece in self.pieces:
            yield piece


def client_over(flavour: Flavour, *bodies: bytes, encoding: str = "gzip", library: Any = httpx, **settings: Any) -> Any:
    """A client that is answered with these bodies, the last one again and again, and the list of its requests."""
    seen: list[Any] = []

    def answer(request: Any) -> Any:
        seen.append(request)
        body = bodies[min(len(seen), len(bodies)) - 1]
        return library.Response(200, headers={"content-encoding": encoding}, stream=Body(body))

    http = (library.AsyncClient if flavour.is_async else library.Client)(transport=library.MockTransport(answer))
    kind: Any = AsyncOpenAI if flavour.is_async else OpenAI
    given = {"api_key": "k", "base_url": "https://api.test/v1", "max_retries": 0, **settings}
    return kind(http_client=http, **given), seen


@pytest.mark.parametrize("library", [httpx, httpx2], ids=lambda library: library.__name__)
@pytest.mark.parametrize("body", BROKEN, ids=len)
@pytest.mark.parametrize("deadline", [None, 60])
def test_a_download_that_breaks_off(flavour: Flavour, library: Any, body: bytes, deadline: float | None) -> None:
    client, _ = client_over(flavour, body, library=library)
    with pytest.raises(APIConnectionError, match="broke off"):
        flavour.do(lambda: client.files.content("file_1", deadline=deadline))


READERS = [
    lambda response, path: response.read(),
    lambda response, path: response.iter_bytes(),
    lambda response, path: response.iter_bytes(1000),
    lambda response, path: response.stream_to_file(path),
]


def read_with(flavour: Flavour, client: Any, use: Any, path: Path) -> Any:
    def using(response: Any) -> Any:
        value = use(response, path)
        return list(value) if hasattr(value, "__next__") else value

    return within(flavour, lambda: client.files.with_streaming_response.content("file_1"), using)


@pytest.mark.parametrize("library", [httpx, httpx2], ids=lambda library: library.__name__)
@pytest.mark.parametrize("use", READERS)
def test_a_body_that_breaks_off_while_it_is_read(flavour: Flavour, library: Any, use: Any, tmp_path: Path) -> None:
    client, _ = client_over(flavour, BROKEN[0], library=library)
    with pytest.raises(APIConnectionError, match="broke off"):
        read_with(flavour, client, use, tmp_path / "file")


@pytest.mark.parametrize("use", READERS)
@pytest.mark.parametrize("encoding", ["gzip", "deflate", "gzip, gzip"])
def test_a_whole_body(flavour: Flavour, use: Any, encoding: str, tmp_path: Path) -> None:
    body = {"gzip": PACKED + bytes(9), "deflate": zlib.compress(FILE), "gzip, gzip": gzip.compress(PACKED)}[encoding]
    client, _ = client_over(flavour, body, encoding=encoding)
    read = read_with(flavour, client, use, tmp_path / "file")
    if read is None:
        read = (tmp_path / "file").read_bytes()
    assert (read if isinstance(read, bytes) else b"".join(read)) == FILE


class Brotli:
    """The decompressor of brotli as its package has it, which not everybody has; what it reads is zlib's."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj()

    def process(self, data: bytes, output_buffer_limit: int = 0) -> bytes:
        return self._inner.decompress(data)

    def is_finished(self) -> bool:
        return self._inner.eof


@pytest.mark.parametrize("library", [httpx, httpx2], ids=lambda library: library.__name__)
@pytest.mark.parametrize("use", READERS)
def test_brotli_that_breaks_off(
    flavour: Flavour, library: Any, use: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The HTTP libraries do not see it themselves."""
    decoders = library._decoders
    monkeypatch.setattr(decoders, "brotli", SimpleNamespace(Decompressor=Brotli, error=zlib.error))
    monkeypatch.setitem(decoders.SUPPORTED_DECODERS, "br", decoders.BrotliDecoder)
    packed = zlib.compress(FILE)
    client, _ = client_over(flavour, packed, packed[:-1], encoding="br", library=library)
    assert flavour.do(lambda: client.files.content("file_1")).content == FILE
    with pytest.raises(APIConnectionError, match="broke off"):
        flavour.do(lambda: client.files.content("file_1"))
    with pytest.raises(APIConnectionError, match="broke off"):
        read_with(flavour, client, use, tmp_path / "file")


def test_a_download_that_breaks_off_is_tried_again(flavour: Flavour) -> None:
    client, seen = client_over(flavour, BROKEN[0], PACKED, max_retries=1)
    assert flavour.do(lambda: client.files.content("file_1")).content == FILE
    assert len(seen) == 2


@pytest.mark.parametrize("library", [httpx, httpx2], ids=lambda library: library.__name__)
def test_several_parts_are_not_taken_for_one(flavour: Flavour, library: Any, tmp_path: Path) -> None:
    """Their format allows them; the HTTP libraries read the first one."""
    body = gzip.compress(FILE[:9]) + gzip.compress(FILE[9:])
    client, seen = client_over(flavour, body, library=library, max_retries=1)
    with pytest.raises(APIConnectionError, match="several gzip members"):
        flavour.do(lambda: client.files.content("file_1"))
    assert len(seen) == 1  # it would come again
    with pytest.raises(APIConnectionError, match="several gzip members"):
        read_with(flavour, client, READERS[3], tmp_path / "file")


@pytest.mark.parametrize("left_out", [0, 8])
def test_json_says_itself_whether_it_is_whole(flavour: Flavour, left_out: int) -> None:
    """Some servers leave out the end of what they compress."""
    packed = gzip.compress(json.dumps(ASSISTANT).encode())
    client, _ = client_over(flavour, packed[: len(packed) - left_out])
    assert flavour.do(lambda: client.beta.assistants.retrieve("asst_1")).id == "asst_1"


def test_an_empty_body_is_not_compressed(flavour: Flavour) -> None:
    client, _ = client_over(flavour, b"")
    assert flavour.do(lambda: client.files.content("file_1")).content == b""
