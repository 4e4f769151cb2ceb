"""Uploads: parts in any order, what must fit when they become a file, expiry, and what is left in the database."""

from __future__ import annotations

import hashlib
import tracemalloc
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from openai_assistants.server import LocalServer
from openai_assistants.server.store.records import CHUNK

from .support import NOW, Api, api_of, at_each, check_answer, frozen, housekeeping
from .test_files import blobs_in, pattern
from .test_vector_stores import settled

WHOLE = {"filename": "a", "purpose": "assistants", "mime_type": "text/plain"}


def begin(api: Api, size: int, **fields: Any) -> Any:
    body = {"filename": "big.txt", "purpose": "assistants", "bytes": size, "mime_type": "text/plain", **fields}
    return api.post("/uploads", body)


def part(api: Api, upload: Any, content: bytes, **headers: str) -> Any:
    return api._good(
        api.send("POST", f"/uploads/{upload['id']}/parts", files={"data": ("blob", content)}, headers=headers)
    )


def complete(api: Api, upload: Any, *parts: Any, **fields: Any) -> Any:
    return api.post(f"/uploads/{upload['id']}/complete", {"part_ids": [each["id"] for each in parts], **fields})


def refused(api: Api, upload: Any, *part_ids: str, **fields: Any) -> dict[str, Any]:
    path = f"/uploads/{upload['id']}/complete"
    status, error = api.error("POST", path, json={"part_ids": list(part_ids), **fields})
    assert status == 400
    return error


def content_of(api: Api, file: Any) -> bytes:
    return api.http.get(f"/files/{file['id']}/content").content


def test_an_upload_and_its_fields() -> None:
    with frozen(in_process=True) as server, api_of(server) as api:
        upload = begin(api, 6, filename="a.txt", purpose="user_data")
        assert upload == {
            "id": upload["id"],
            "object": "upload",
            "bytes": 6,
            "created_at": NOW,
            "filename": "a.txt",
            "purpose": "user_data",
            "status": "pending",
            "expires_at": NOW + 3600,
            "file": None,
        }
        assert upload["id"].startswith("upload_")
        server.clock.advance(60)
        first = part(api, upload, b"abc")
        assert first == {
            "id": first["id"],
            "object": "upload.part",
            "created_at": NOW + 60,
            "upload_id": upload["id"],
        }
        assert first["id"].startswith("part_")
        second = part(api, upload, b"def")
        server.clock.advance(60)
        done = complete(api, upload, first, second)
        file = {
            "id": done["file"]["id"],
            "object": "file",
            "bytes": 6,
            "created_at": NOW + 120,
            "expires_at": None,
            "filename": "a.txt",
            "purpose": "user_data",
            "status": "processed",
            "status_details": None,
        }
        assert done == {**upload, "status": "completed", "file": file}
        assert api.get(f"/files/{file['id']}") == file
        assert api.get("/files")["data"] == [file]
        assert content_of(api, file) == b"abcdef"


def test_the_list_of_parts_makes_the_order(api: Api) -> None:
    upload = begin(api, 3 * CHUNK + 5)
    pieces = [b"A" * (CHUNK + 1), b"B" * (2 * CHUNK + 3), b"C"]
    parts = [part(api, upload, each) for each in pieces]
    done = complete(api, upload, parts[2], parts[0], parts[1])
    assert content_of(api, done["file"]) == pieces[2] + pieces[0] + pieces[1]


def test_a_file_of_parts_is_a_file_like_any_other(api: Api, server: LocalServer) -> None:
    upload = begin(api, 10)
    file = complete(api, upload, part(api, upload, b"Whales "), part(api, upload, b"to!"))["file"]
    store = api.post("/vector_stores", {"file_ids": [file["id"]]})
    settled(api, store["id"])
    found = api.post(f"/vector_stores/{store['id']}/search", {"query": "whales to"})
    assert found["data"][0]["content"][0]["text"] == "Whales to!"
    assert api.delete(f"/files/{file['id']}")["deleted"]
    assert blobs_in(server) == 0


def test_nothing_at_all_makes_an_empty_file(api: Api) -> None:
    assert content_of(api, complete(api, begin(api, 0))["file"]) == b""


def test_expiry_of_the_file(api: Api) -> None:
    rule = {"anchor": "created_at", "seconds": 3600}
    for purpose, fields, lifetime in (
        ("assistants", {"expires_after": rule}, 3600),
        ("batch", {}, 30 * 24 * 3600),
        ("batch", {"expires_after": rule}, 3600),
        ("assistants", {}, None),
    ):
        upload = begin(api, 1, purpose=purpose, **fields)
        file = complete(api, upload, part(api, upload, b"x"))["file"]
        assert file["expires_at"] == (None if lifetime is None else file["created_at"] + lifetime)


def test_the_checksum(api: Api) -> None:
    content = b"".join(pattern(2 * CHUNK + 7))
    upload = begin(api, len(content))
    parts = [part(api, upload, content[:CHUNK]), part(api, upload, content[CHUNK:])]
    right = hashlib.md5(content, usedforsecurity=False).hexdigest()
    turned = hashlib.md5(content[CHUNK:] + content[:CHUNK], usedforsecurity=False).hexdigest()
    ids = [each["id"] for each in parts]
    for wrong in (turned, "0" * 32, "no checksum"):
        error = refused(api, upload, *ids, md5=wrong)
        assert (error["param"], error["message"]) == (
            "md5",
            f"The uploaded bytes do not match the checksum: expected MD5 {wrong}, but they have {right}.",
        )
    done = complete(api, upload, *parts, md5=right.upper())
    assert content_of(api, done["file"]) == content


def test_parts_must_fit(api: Api, server: LocalServer) -> None:
    upload, other = begin(api, 6), begin(api, 3)
    one, two, foreign = part(api, upload, b"abc"), part(api, upload, b"def"), part(api, other, b"xyz")
    for ids, message in (
        ([one["id"]], "The parts have 3 bytes together, but 6 bytes were announced for this upload."),
        ([], "The parts have 0 bytes together, but 6 bytes were announced for this upload."),
        ([one["id"], one["id"]], "A part must not be listed twice in 'part_ids'."),
        ([one["id"], "part_x"], "No part of this upload found with id 'part_x'."),
        ([one["id"], foreign["id"]], f"No part of this upload found with id '{foreign['id']}'."),
    ):
        error = refused(api, upload, *ids)
        assert (error["param"], error["message"]) == ("part_ids", message)
    assert api.get("/files")["data"] == []
    assert complete(api, upload, two, one)["status"] == "completed"
    assert blobs_in(server) == 3


def test_parts_that_are_not_used_are_dropped(api: Api, server: LocalServer) -> None:
    upload = begin(api, 3)
    part(api, upload, b"abx")
    kept = part(api, upload, b"abc")
    assert blobs_in(server) == 2
    file = complete(api, upload, kept)["file"]
    assert (content_of(api, file), blobs_in(server)) == (b"abc", 1)


@pytest.mark.parametrize("end", ["completed", "cancelled", "expired"])
def test_an_upload_that_is_over_takes_nothing_more(end: str) -> None:
    """Whether or not housekeeping has come by meanwhile."""
    with frozen(in_process=True) as server, api_of(server) as api:
        throw_away = server.service._throw_away
        at_each(server, "service", _throw_away=lambda tx: None)
        upload = begin(api, 1)
        kept = part(api, upload, b"x")
        path = f"/uploads/{upload['id']}"
        if end == "completed":
            complete(api, upload, kept)
        elif end == "cancelled":
            assert api.post(f"{path}/cancel") == {**upload, "status": "cancelled"}
            assert blobs_in(server) == 0
        else:
            server.clock.advance(3600)
        message = f"Upload {upload['id']} has status '{end}', so nothing can be done with it any more."
        for request in (
            {"url": f"{path}/parts", "files": {"data": ("blob", b"x")}},
            {"url": f"{path}/complete", "json": {"part_ids": [kept["id"]]}},
            {"url": f"{path}/cancel", "json": {}},
        ):
            status, error = api.error("POST", request.pop("url"), **request)
            assert (status, error["message"]) == (400, message)
        at_each(server, "service", _throw_away=throw_away)
        housekeeping(server)
        assert blobs_in(server) == (1 if end == "completed" else 0)


def test_an_hour_is_enough_to_the_second() -> None:
    with frozen(in_process=True) as server, api_of(server) as api:
        upload, late = begin(api, 1), begin(api, 1)
        kept = part(api, upload, b"x")
        part(api, late, b"x")
        server.clock.advance(3599)
        file = complete(api, upload, kept)["file"]
        server.clock.advance(2 * 3600)
        housekeeping(server)
        assert blobs_in(server) == 1
        assert content_of(api, file) == b"x"
        assert "'expired'" in api.error("POST", f"/uploads/{late['id']}/cancel")[1]["message"]


def test_parts_of_a_pending_upload_outlive_housekeeping() -> None:
    """They belong to no file yet, but they are no leftovers."""
    with frozen(in_process=True) as server, api_of(server) as api:
        upload = begin(api, 1)
        kept = part(api, upload, b"x")
        server.clock.advance(3599)
        housekeeping(server)
        assert content_of(api, complete(api, upload, kept)["file"]) == b"x"


@pytest.mark.parametrize("name", ["parts", "complete", "cancel"])
def test_an_upload_that_never_was(api: Api, server: LocalServer, name: str) -> None:
    options: dict[str, Any] = {"json": {"part_ids": []} if name == "complete" else {}}
    if name == "parts":
        options = {"files": {"data": ("blob", b"x")}}
    status, error = api.error("POST", f"/uploads/upload_x/{name}", **options)
    assert (status, error["message"]) == (404, "No upload found with id 'upload_x'.")
    assert blobs_in(server) == 0


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"bytes": -1}, "bytes"),
        ({"bytes": 8 * 1024**3 + 1}, "bytes"),
        ({"bytes": "1"}, "bytes"),
        ({"purpose": "fun"}, "purpose"),
        ({"filename": None}, "filename"),
        ({"expires_after": {"anchor": "created_at", "seconds": 60}}, "expires_after.seconds"),
    ],
)
def test_wrong_uploads(api: Api, fields: dict[str, Any], param: str) -> None:
    body = {"filename": "a", "purpose": "assistants", "bytes": 1, "mime_type": "text/plain", **fields}
    status, error = api.error("POST", "/uploads", json=body)
    assert (status, error["param"]) == (400, param)


@pytest.mark.parametrize(
    ("form", "param"),
    [
        ({"data": (None, "x")}, "data"),
        ({"file": ("a", b"x")}, "file"),
        ({"data": ("a", b"x"), "more": (None, "y")}, "more"),
    ],
)
def test_wrong_parts(api: Api, server: LocalServer, form: Any, param: str) -> None:
    upload = begin(api, 1)
    status, error = api.error("POST", f"/uploads/{upload['id']}/parts", files=form)
    assert (status, error["param"]) == (400, param)
    assert blobs_in(server) == 0


def test_a_part_beyond_the_limit() -> None:
    with (
        LocalServer(in_process=True, max_part_bytes=CHUNK, max_upload_bytes=3 * CHUNK) as server,
        api_of(server) as api,
    ):
        assert api.error("POST", "/uploads", json={**WHOLE, "bytes": 3 * CHUNK + 1})[0] == 400
        upload = begin(api, 3 * CHUNK)
        files = {"data": ("blob", b"x" * (CHUNK + 1))}
        status, error = api.error("POST", f"/uploads/{upload['id']}/parts", files=files)
        assert (status, error["message"]) == (413, f"The file is too large: the limit is {CHUNK} bytes.")
        assert blobs_in(server) == 0
        parts = [part(api, upload, b"x" * CHUNK) for _ in range(3)]
        assert complete(api, upload, *parts)["file"]["bytes"] == 3 * CHUNK


def test_nobody_holds_the_whole_file_in_memory(tmp_path: Any) -> None:
    """64 MiB in four parts, with a checksum, and down again."""
    size, count = 16 * CHUNK, 4

    def form() -> Iterator[bytes]:
        yield b'--cut\r\nContent-Disposition: form-data; name="data"; filename="p"\r\n\r\n'
        yield from pattern(size)
        yield b"\r\n--cut--\r\n"

    digest = hashlib.md5(usedforsecurity=False)
    for _ in range(count):
        for piece in pattern(size):
            digest.update(piece)
    headers = {"content-type": "multipart/form-data; boundary=cut"}
    with LocalServer(in_process=True, database=str(tmp_path / "db")) as server, api_of(server) as api:
        tracemalloc.start()
        try:
            upload = begin(api, count * size)
            path = f"/uploads/{upload['id']}/parts"
            parts = [api._good(api.send("POST", path, content=form(), headers=headers)) for _ in range(count)]
            file = complete(api, upload, *parts, md5=digest.hexdigest())["file"]
            seen = 0
            with api.http.stream("GET", f"/files/{file['id']}/content") as response:
                for piece in response.iter_raw():
                    seen += len(piece)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert (file["bytes"], seen) == (count * size, count * size)
    assert peak < 24 * CHUNK


def test_the_same_part_again_is_recognised_by_its_content(api: Api, server: LocalServer) -> None:
    upload = begin(api, 3)

    def send(content: bytes) -> httpx.Response:
        files, headers = {"data": ("blob", content)}, {"Idempotency-Key": "part-1"}
        response = api.http.post(f"/uploads/{upload['id']}/parts", files=files, headers=headers)
        check_answer(response)
        return response

    first, again, other = send(b"abc"), send(b"abc"), send(b"xyz")
    assert again.json() == first.json()
    assert (again.headers["idempotent-replayed"], other.status_code) == ("true", 409)
    assert blobs_in(server) == 1
    done = complete(api, upload, first.json())
    # Even now the answer is the one that was given.
    assert send(b"abc").json() == first.json()
    assert (content_of(api, done["file"]), blobs_in(server)) == (b"abc", 1)
