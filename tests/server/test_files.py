"""Files: upload, download, expiry."""

from __future__ import annotations

import hashlib
import tracemalloc
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from openai_assistants.server import LocalServer
from openai_assistants.server.store.records import CHUNK
from openai_assistants.server.store.tables import blobs

from .support import NOW, Api, api_of, at_each, check_answer, frozen, housekeeping, in_database

SIZE = 5 * CHUNK + 12_345


def pattern(size: int = SIZE, piece: int = 60_000) -> Iterator[bytes]:
    """The same bytes every time, in pieces that fit no chunk."""
    made = 0
    number = 0
    while made < size:
        block = hashlib.sha256(str(number).encode()).digest() * (piece // 32)
        yield block[: size - made]
        made += len(block)
        number += 1


def upload(api: Api, content: Any = b"hello", filename: str = "a.txt", **fields: str) -> Any:
    data = {"purpose": "assistants", **fields}
    return api._good(api.send("POST", "/files", files={"file": (filename, content)}, data=data))


def test_a_file_and_its_fields(api: Api) -> None:
    file = upload(api)
    assert file == {
        "id": file["id"],
        "object": "file",
        "bytes": 5,
        "created_at": file["created_at"],
        "expires_at": None,
        "filename": "a.txt",
        "purpose": "assistants",
        "status": "processed",
        "status_details": None,
    }
    assert file["id"].startswith("file-")
    assert api.get(f"/files/{file['id']}") == file
    content = api.http.get(f"/files/{file['id']}/content")
    assert (content.content, content.headers["content-type"]) == (b"hello", "application/octet-stream")
    assert content.headers["content-length"] == "5"
    assert content.headers["content-disposition"] == "attachment; filename*=UTF-8''a.txt"


@pytest.mark.parametrize("fixture", ["api", "loopback_api"])
def test_five_megabytes_up_and_down(fixture: str, request: pytest.FixtureRequest) -> None:
    api: Api = request.getfixturevalue(fixture)
    file = upload(api, b"".join(pattern()))
    assert file["bytes"] == SIZE
    digest = hashlib.sha256()
    size = 0
    with api.http.stream("GET", f"/files/{file['id']}/content") as response:
        for piece in response.iter_raw():
            assert len(piece) <= CHUNK
            digest.update(piece)
            size += len(piece)
    assert size == SIZE
    assert digest.digest() == hashlib.sha256(b"".join(pattern())).digest()


def test_a_large_file_is_never_in_memory_as_a_whole(tmp_path: Any) -> None:
    """64 MiB up and down through the in-process server; this process holds a small part of it at any time."""
    size = 64 * CHUNK
    boundary = b"cut"

    def form() -> Iterator[bytes]:
        yield b'--cut\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nuser_data\r\n'
        yield b'--cut\r\nContent-Disposition: form-data; name="file"; filename="big"\r\n\r\n'
        yield from pattern(size)
        yield b"\r\n--cut--\r\n"

    with LocalServer(in_process=True, database=str(tmp_path / "db")) as server, api_of(server) as api:
        headers = {"content-type": f"multipart/form-data; boundary={boundary.decode()}"}
        tracemalloc.start()
        try:
            file = api._good(api.send("POST", "/files", content=form(), headers=headers))
            seen = 0
            with api.http.stream("GET", f"/files/{file['id']}/content") as response:
                for piece in response.iter_raw():
                    seen += len(piece)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert (file["bytes"], seen) == (size, size)
    assert peak < 24 * CHUNK


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK])
def test_sizes_around_a_chunk(api: Api, size: int) -> None:
    content = b"".join(pattern(size))
    file = upload(api, content)
    assert file["bytes"] == size
    assert api.http.get(f"/files/{file['id']}/content").content == content


def test_content_that_looks_like_the_form(api: Api) -> None:
    content = b"\r\n--cut\r\n\r\n--cut--\r\n" * 1000
    assert api.http.get(f"/files/{upload(api, content)['id']}/content").content == content


@pytest.mark.parametrize("filename", ["../../etc/passwd", "Grüße 🐋.txt", 'a"b.txt', "x" * 300, "C:\\a\\b.txt"])
def test_file_names_are_only_names(api: Api, filename: str) -> None:
    file = upload(api, filename=filename)
    assert file["filename"] in (filename, filename.replace('"', "%22"), "b.txt")
    assert api.http.get(f"/files/{file['id']}/content").content == b"hello"


@pytest.mark.parametrize(
    ("fields", "file", "param", "message"),
    [
        ({}, True, "purpose", "Missing required parameter: 'purpose'."),
        ({"purpose": "fun"}, True, "purpose", "Invalid value: 'fun'. Supported values are: 'assistants', 'batch', "),
        ({"purpose": "assistants"}, False, "file", "Missing required parameter: 'file'."),
        ({"purpose": "assistants", "x": "y"}, True, "x", "Unknown parameter: 'x'."),
        (
            {"purpose": "batch", "expires_after[anchor]": "created_at", "expires_after[seconds]": "60"}, True,
            "expires_after.seconds",
            "Invalid 'expires_after.seconds': integer below minimum value. Expected a value >= 3600, but got 60 ",
        ),
        (
            {"purpose": "batch", "expires_after[anchor]": "created_at", "expires_after[seconds]": "soon"}, True,
            "expires_after.seconds",
            "Invalid type for 'expires_after.seconds': expected an integer, but got a string instead.",
        ),
        (
            {"purpose": "batch", "expires_after[anchor]": "created_at"}, True, "expires_after.seconds",
            "Missing required parameter: 'expires_after.seconds'.",
        ),
        (
            {"purpose": "batch", "expires_after": "soon", "expires_after[seconds]": "3600"}, True,
            "expires_after[seconds]", "Invalid form field: 'expires_after[seconds]'.",
        ),
    ],
)  # fmt: skip
def test_wrong_forms(
    api: Api, server: LocalServer, fields: dict[str, str], file: bool, param: str, message: str
) -> None:
    parts: dict[str, Any] = {"file": ("a.txt", b"x" * (CHUNK + 1))} if file else {"other": (None, "x")}
    if not file:
        parts = {name: (None, value) for name, value in fields.items()}
        fields = {}
    status, error = api.error("POST", "/files", files=parts, data=fields)
    assert (status, error["param"]) == (400, param)
    assert error["message"].startswith(message)
    assert blobs_in(server) == 0


@pytest.mark.parametrize(
    ("form", "param", "message"),
    [
        (
            {"purpose": (None, "assistants"), "file": (None, "x")},
            "file",
            "expected a file, but got a form field without a filename.",
        ),
        (
            {"purpose": ("a.txt", "assistants"), "file": (None, "x")},
            "purpose",
            "expected a string, but got a file instead.",
        ),
    ],
)
def test_files_and_fields_are_not_the_same(
    api: Api, server: LocalServer, form: dict[str, Any], param: str, message: str
) -> None:
    status, error = api.error("POST", "/files", files=form)
    assert (status, error["param"], error["message"]) == (400, param, f"Invalid type for '{param}': {message}")
    assert blobs_in(server) == 0


def blobs_in(server: LocalServer) -> int:
    """How many rows of content the database holds."""
    query = select(func.count()).select_from(blobs)
    return in_database(server, lambda tx: int(tx.connection.scalar(query) or 0))


@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data", ""])
def test_not_a_form(api: Api, content_type: str) -> None:
    status, error = api.error("POST", "/files", content=b"{}", headers={"content-type": content_type})
    assert (status, error["message"]) == (400, "This operation takes a multipart/form-data body.")


@pytest.mark.parametrize("keep", [0.3, 0.95])
def test_a_form_that_was_cut_off_makes_no_file(api: Api, server: LocalServer, keep: float) -> None:
    request = api.http.build_request(
        "POST", "/files", files={"file": ("a", b"x" * 1000)}, data={"purpose": "assistants"}
    )
    body = request.read()
    headers = {"content-type": request.headers["content-type"]}
    status, error = api.error("POST", "/files", content=body[: int(len(body) * keep)], headers=headers)
    assert (status, error["message"]) == (400, "We could not parse the multipart form of your request.")
    assert api.get("/files")["data"] == []
    assert blobs_in(server) == 0


def test_a_file_beyond_the_limit() -> None:
    with LocalServer(in_process=True, max_file_bytes=2 * CHUNK) as server, api_of(server) as api:
        assert upload(api, b"x" * 2 * CHUNK)["bytes"] == 2 * CHUNK
        status, error = api.error(
            "POST", "/files", files={"file": ("a", b"x" * (2 * CHUNK + 1))}, data={"purpose": "assistants"}
        )
        assert (status, error["message"]) == (413, f"The file is too large: the limit is {2 * CHUNK} bytes.")
        assert blobs_in(server) == 2


def test_expiry() -> None:
    with frozen(in_process=True) as server, api_of(server) as api:
        fields = {"expires_after[anchor]": "created_at", "expires_after[seconds]": "3600"}
        file = upload(api, **fields)
        kept = upload(api)
        batch = upload(api, purpose="batch")
        assert file["expires_at"] == NOW + 3600
        assert batch["expires_at"] == NOW + 30 * 24 * 3600
        server.clock.advance(3599)
        assert api.get(f"/files/{file['id']}") == file
        server.clock.advance(1)
        for path in ("", "/content"):
            assert api.error("GET", f"/files/{file['id']}{path}")[0] == 404
        assert {each["id"] for each in api.get("/files")["data"]} == {kept["id"], batch["id"]}
        housekeeping(server)
        assert blobs_in(server) == 2


def test_a_file_is_gone_as_soon_as_it_has_expired() -> None:
    """Whether or not it has been thrown away yet."""
    with frozen(in_process=True) as server, api_of(server) as api:
        at_each(server, "service", _throw_away=lambda tx: None)
        fields = {"expires_after[anchor]": "created_at", "expires_after[seconds]": "3600"}
        path = f"/files/{upload(api, **fields)['id']}"
        server.clock.advance(3600)
        for end in ("", "/content"):
            assert api.error("GET", path + end)[0] == 404
        assert api.get("/files")["data"] == []


def test_delete_and_list(api: Api, server: LocalServer) -> None:
    first, second = upload(api), upload(api, purpose="user_data")
    assert api.get("/files")["data"] == [second, first]
    assert api.get("/files", purpose="user_data")["data"] == [second]
    assert api.get("/files", order="asc", limit=1) == {
        "object": "list", "data": [first], "first_id": first["id"], "last_id": first["id"], "has_more": True,
    }  # fmt: skip
    assert api.error("GET", "/files", params={"limit": 10_001})[0] == 400
    assert api.delete(f"/files/{first['id']}") == {"id": first["id"], "object": "file", "deleted": True}
    assert api.error("GET", f"/files/{first['id']}/content")[0] == 404
    assert api.get("/files")["data"] == [second]
    assert blobs_in(server) == 1


def test_the_same_upload_again_is_recognised_by_its_content(api: Api, server: LocalServer) -> None:
    """A retried upload has another multipart boundary; that does not make it another request."""

    def send(content: bytes) -> httpx.Response:
        response = api.http.post(
            "/files",
            files={"file": ("a.txt", content)},
            data={"purpose": "assistants"},
            headers={"Idempotency-Key": "upload-1"},
        )
        check_answer(response)
        return response

    first, again, other = send(b"hello"), send(b"hello"), send(b"other")
    assert first.request.headers["content-type"] != again.request.headers["content-type"]
    assert again.json() == first.json()
    assert again.headers["idempotent-replayed"] == "true"
    assert other.status_code == 409
    assert api.get("/files")["data"] == [first.json()]
    assert blobs_in(server) == 1
