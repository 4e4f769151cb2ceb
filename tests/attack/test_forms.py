"""Multipart forms that are malformed, odd or too large: no file comes of them, and nothing of them stays."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest
from sqlalchemy import func, select

from openai_assistants.server import LocalServer
from openai_assistants.server.store.tables import blobs, files

from .support import Answer, ask, wire

B = "boundary"
PURPOSE = f'--{B}\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nassistants\r\n'.encode()
FILE = f'--{B}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'.encode()
END = f"\r\n--{B}--\r\n".encode()
KIND = f"multipart/form-data; boundary={B}"


def upload(server: LocalServer, body: bytes, kind: str = KIND) -> Answer:
    return ask(server, "POST", "/v1/files", body=body, headers={"Content-Type": kind})


def stored(server: LocalServer) -> tuple[int, int]:
    """How many files there are, and how many pieces of contents."""
    running: Any = server._running
    queries = [select(func.count()).select_from(table) for table in (files, blobs)]
    work = server.service.database.read(lambda tx: [tx.connection.scalar(query) for query in queries])
    found = asyncio.run_coroutine_threadsafe(work, running._server._loop).result(10)
    return found[0], found[1]


def part(headers: bytes, content: bytes = b"x") -> bytes:
    return b"--" + B.encode() + b"\r\n" + headers + b"\r\n\r\n" + content


BAD: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", KIND),
    "no boundary": (PURPOSE + FILE + b"x" + END, "multipart/form-data"),
    "empty boundary": (PURPOSE + FILE + b"x" + END, "multipart/form-data; boundary="),
    "another boundary": (PURPOSE + FILE + b"x" + END, "multipart/form-data; boundary=other"),
    "long boundary": (PURPOSE + FILE + b"x" + END, "multipart/form-data; boundary=" + "b" * 5000),
    "odd boundary": (PURPOSE + FILE + b"x" + END, 'multipart/form-data; boundary="\\"\\"'),
    "another kind": (PURPOSE + FILE + b"x" + END, f"multipart/mixed; boundary={B}"),
    "JSON": (b'{"purpose": "assistants"}', "application/json"),
    "no kind": (PURPOSE + FILE + b"x" + END, ""),
    "no end": (PURPOSE + FILE + b"x", KIND),
    "no end, large": (PURPOSE + FILE + b"x" * 3_000_000, KIND),
    "half an end": (PURPOSE + FILE + b"x" + END[:-4], KIND),
    "no file": (PURPOSE.removesuffix(b"\r\n") + END, KIND),
    "no purpose": (FILE + b"x" + END, KIND),
    "file without a file name": (PURPOSE + part(b'Content-Disposition: form-data; name="file"') + END, KIND),
    "two files": (PURPOSE + FILE + b"x\r\n" + FILE + b"y" + END, KIND),
    "file in another field": (PURPOSE + FILE.replace(b'"file"', b'"other"') + b"x" + END, KIND),
    "purpose as a file": (FILE.replace(b'"file"', b'"purpose"') + b"assistants" + END, KIND),
    "no name": (PURPOSE + part(b'Content-Disposition: form-data; filename="a"') + END, KIND),
    "no disposition": (PURPOSE + part(b"Content-Type: text/plain") + END, KIND),
    "no headers": (PURPOSE + b"--" + B.encode() + b"\r\n\r\nx" + END, KIND),
    "header without a colon": (PURPOSE + part(b"Content-Disposition form-data") + END, KIND),
    "header with NUL": (PURPOSE + part(b'Content-Disposition: form-data; name="fi\0le"; filename="a"') + END, KIND),
    "long header": (PURPOSE + part(b"X: " + b"a" * 500_000) + END, KIND),
    "header without an end": (PURPOSE + b"--" + B.encode() + b"\r\nX: " + b"a" * 3_000_000, KIND),
    "large headers": (PURPOSE + part(b"\r\n".join(b"X%d: " % i + b"a" * 3500 for i in range(6))) + END, KIND),
    "many headers": (PURPOSE + part(b"\r\n".join(b"X%d: a" % i for i in range(5000))) + END, KIND),
    "many parts": (b"\r\n".join([part(b'Content-Disposition: form-data; name="a"')] * 5000) + END, KIND),
    "long field": (
        part(b'Content-Disposition: form-data; name="purpose"', b"a" * 500_000) + b"\r\n" + FILE + b"x" + END,
        KIND,
    ),
    "field that is no text": (
        part(b'Content-Disposition: form-data; name="purpose"', b"\xff\xfe") + b"\r\n" + FILE + b"x" + END,
        KIND,
    ),
    "only line breaks": (b"\r\n" * 100_000, KIND),
    "text before": (b"x" * 100_000 + PURPOSE + FILE + b"x" + END, KIND),
    "unknown field": (part(b'Content-Disposition: form-data; name="x[y][z]"') + b"\r\n" + PURPOSE + FILE + END, KIND),
    "nested too deep": (
        part(b'Content-Disposition: form-data; name="expires_after' + b"[a]" * 1000 + b'"')
        + b"\r\n"
        + PURPOSE
        + FILE
        + END,
        KIND,
    ),
    "time without an end": (
        part(b'Content-Disposition: form-data; name="expires_after[seconds]"', b"9" * 5000)
        + b"\r\n"
        + part(b'Content-Disposition: form-data; name="expires_after[anchor]"', b"created_at")
        + b"\r\n"
        + PURPOSE
        + FILE
        + END,
        KIND,
    ),
}


@pytest.mark.parametrize(("body", "kind"), BAD.values(), ids=BAD)
def test_forms_that_are_none(target: LocalServer, body: bytes, kind: str) -> None:
    before = stored(target)
    answer = upload(target, body, kind)
    assert (answer.status, answer.error["type"]) == (400, "invalid_request_error") or answer.status == 413
    assert stored(target) == before


def test_whatever_stands_behind_the_end_is_left_out_but_not_read_for_ever() -> None:
    with LocalServer(drain_seconds=0.0, max_file_bytes=1000) as server:
        answer = upload(server, PURPOSE + FILE + b"x" + END + b"y" * 1_000_000)
        assert (answer.status, answer.json()["bytes"]) == (200, 1)
        head = b"POST /v1/files HTTP/1.1\r\nHost: x\r\nContent-Type: " + KIND.encode()
        with wire(server) as connection:
            connection.send(head + b"\r\nContent-Length: 90000000\r\n\r\n" + PURPOSE + FILE + b"x" + END)
            connection.send(b"y" * 20_000_000)
            answer = connection.answer()
            assert answer is not None and answer.status == 413


def test_a_file_that_is_too_large_leaves_nothing() -> None:
    with LocalServer(drain_seconds=0.0, max_file_bytes=3_000_000) as server:
        answer = upload(server, PURPOSE + FILE + b"x" * 3_000_001 + END)
        assert (answer.status, stored(server)) == (413, (0, 0))
        assert upload(server, PURPOSE + FILE + b"x" * 3_000_000 + END).status == 200


NAMES = [
    "../../etc/passwd", "..\\..\\boot.ini", "/etc/passwd", "C:\\x", "a\nb", "a\r\nSet-Cookie: x=y", "\x1b[31mred",
    "a;b", "'; DROP TABLE files; --",
    '%22"', "a" * 3000, ".", "..", "CON", "a/b", "\u202egnp.exe", "ä😀", "%00", "a\tb",
    "${jndi:ldap://x}", "<script>", "{{7*7}}", "a%s%n", "~root", "|ls", "$(ls)", "`ls`",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_names_of_files_are_only_names(target: LocalServer, name: str) -> None:
    """A name comes back as it was sent, lies nowhere in a file system, and never becomes a header of its own."""
    quoted = name.replace("\\", "\\\\").replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    disposition = f'--{B}\r\nContent-Disposition: form-data; name="file"; filename="{quoted}"\r\n\r\n'
    made = upload(target, PURPOSE + disposition.encode() + b"content" + END)
    assert made.status == 200
    kept = made.json()["filename"]
    assert "\r" not in kept and "\n" not in kept
    path = f"/v1/files/{made.json()['id']}"
    assert ask(target, "GET", path).json()["filename"] == kept
    content = ask(target, "GET", f"{path}/content")
    assert (content.status, content.body) == (200, b"content")
    assert "set-cookie" not in content.headers
    assert content.headers["content-disposition"].isascii() and content.headers["content-disposition"].isprintable()


def test_forms_that_were_damaged(target: LocalServer) -> None:
    """Bytes changed, dropped, doubled: an error or a file, never anything else."""
    good = PURPOSE + FILE + b"some content\r\n" + END
    change = random.Random(7)
    for _ in range(300):
        body = bytearray(good)
        for _ in range(change.randint(1, 4)):
            at = change.randrange(len(body))
            match change.randrange(4):
                case 0:
                    body[at] = change.randrange(256)
                case 1:
                    del body[at : at + change.randint(1, 20)]
                case 2:
                    body[at:at] = body[at : at + change.randint(1, 20)]
                case _:
                    body[at:at] = change.choice([b"\r\n", b"--", b"\0", B.encode(), b'"', b";", b"\xff"])
            body = body or bytearray(b"-")
        answer = upload(target, bytes(body))
        assert answer.status in (200, 400), (bytes(body), answer)
