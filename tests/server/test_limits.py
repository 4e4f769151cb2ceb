"""The API's limits, on both sides of each; and what happens to objects that others still need."""

from __future__ import annotations

from typing import Any

import pytest

from openai_assistants.server import Gate, LocalServer, Turn

from .support import BETA, LOOKUP, Api, api_of, frozen, housekeeping, wait_for

FUNCTION = {"type": "function", "function": {"name": "f"}}
USER = {"role": "user", "content": "x"}
STATIC = {"max_chunk_size_tokens": 800, "chunk_overlap_tokens": 400}


def function(**fields: Any) -> dict[str, Any]:
    return {"model": "m", "tools": [{"type": "function", "function": {"name": "f", **fields}}]}


def static(**sizes: int) -> dict[str, Any]:
    return {"chunking_strategy": {"type": "static", "static": {**STATIC, **sizes}}}


def expiry(anchor: str, **time: int) -> dict[str, Any]:
    return {"expires_after": {"anchor": anchor, **time}}


def pairs(count: int) -> dict[str, str]:
    return {str(number): "v" for number in range(count)}


def lines(count: int) -> list[dict[str, Any]]:
    return [USER] * count


# operation, the most (or least) that is accepted, what is too much, the parameter at fault, the code
LIMITS: list[tuple[str, Any, Any, str, str]] = [
    ("assistants", {"name": "x" * 256}, {"name": "x" * 257}, "name", "string_above_max_length"),
    ("assistants", {"description": "x" * 512}, {"description": "x" * 513}, "description", "string_above_max_length"),
    ("assistants", {"instructions": "x" * 256_000}, {"instructions": "x" * 256_001}, "instructions",
     "string_above_max_length"),
    ("assistants", {"tools": [FUNCTION] * 128}, {"tools": [FUNCTION] * 129}, "tools", "array_above_max_length"),
    ("assistants", {"metadata": pairs(16)}, {"metadata": pairs(17)}, "metadata", "object_above_max_properties"),
    ("assistants", {"metadata": {"k" * 64: ""}}, {"metadata": {"k" * 65: ""}}, f"metadata.{'k' * 65}",
     "string_above_max_length"),
    ("assistants", {"metadata": {"k": "v" * 512}}, {"metadata": {"k": "v" * 513}}, "metadata.k",
     "string_above_max_length"),
    ("assistants", {"temperature": 2}, {"temperature": 2.01}, "temperature", "decimal_above_max_value"),
    ("assistants", {"temperature": 0}, {"temperature": -0.01}, "temperature", "decimal_below_min_value"),
    ("assistants", {"top_p": 1}, {"top_p": 1.01}, "top_p", "decimal_above_max_value"),
    ("assistants", {"tools": [{"type": "file_search", "file_search": {"max_num_results": 50}}]},
     {"tools": [{"type": "file_search", "file_search": {"max_num_results": 51}}]},
     "tools[0].file_search.max_num_results", "integer_above_max_value"),
    ("assistants", function(name="x" * 64), function(name="x" * 65), "tools[0].function.name",
     "string_above_max_length"),
    ("assistants", function(name="a-B_9"), function(name="a b"), "tools[0].function.name", "invalid_value"),
    ("assistants", function(name="a"), function(name=""), "tools[0].function.name", "empty_string"),
    ("assistants", function(name="a"), function(name="a\n"), "tools[0].function.name", "invalid_value"),
    ("assistants", function(parameters={"type": "object"}), function(parameters={"type": "array"}),
     "tools[0].function.parameters", "invalid_function_parameters"),
    ("assistants", {"response_format": {"type": "json_schema", "json_schema": {"name": "n"}}},
     {"response_format": {"type": "json_schema", "json_schema": {"name": "n!"}}}, "response_format.json_schema.name",
     "invalid_value"),
    ("threads", {"messages": lines(40)}, {"messages": [{"role": "user"}]}, "messages[0].content",
     "missing_required_parameter"),
    ("messages", {"content": "x" * 256_000}, {"content": "x" * 256_001}, "content", "string_above_max_length"),
    ("runs", {"max_prompt_tokens": 256}, {"max_prompt_tokens": 255}, "max_prompt_tokens", "integer_below_min_value"),
    ("runs", {"truncation_strategy": {"type": "last_messages", "last_messages": 1}},
     {"truncation_strategy": {"type": "last_messages", "last_messages": 0}}, "truncation_strategy.last_messages",
     "integer_below_min_value"),
    ("runs", {"tools": [FUNCTION] * 20}, {"tools": [FUNCTION] * 21}, "tools", "array_above_max_length"),
    ("runs", {"tools": [FUNCTION], "tool_choice": {"type": "function", "function": {"name": "f"}}},
     {"tools": [FUNCTION], "tool_choice": {"type": "function", "function": {"name": "g"}}}, "tool_choice",
     "invalid_value"),
    ("runs", {"tool_choice": "none"}, {"tool_choice": {"type": "function"}}, "tool_choice.function",
     "missing_required_parameter"),
    ("runs", {"tool_choice": "auto"}, {"tool_choice": {"type": "file_search"}}, "tool_choice", "invalid_value"),
    ("vector_stores", expiry("last_active_at", days=365), expiry("last_active_at", days=366), "expires_after.days",
     "integer_above_max_value"),
    ("vector_stores", expiry("last_active_at", days=1), expiry("last_active_at", days=0), "expires_after.days",
     "integer_below_min_value"),
    ("vector_stores", expiry("last_active_at", days=1), expiry("created_at", days=1), "expires_after.anchor",
     "invalid_value"),
    ("files of a store", static(max_chunk_size_tokens=4096), static(max_chunk_size_tokens=4097),
     "chunking_strategy.static.max_chunk_size_tokens", "integer_above_max_value"),
    ("files of a store", static(max_chunk_size_tokens=100, chunk_overlap_tokens=50),
     static(max_chunk_size_tokens=99, chunk_overlap_tokens=40), "chunking_strategy.static.max_chunk_size_tokens",
     "integer_below_min_value"),
    ("files of a store", static(chunk_overlap_tokens=0), static(chunk_overlap_tokens=401),
     "chunking_strategy.static.chunk_overlap_tokens", "invalid_value"),
    ("files of a store", {"attributes": pairs(16)}, {"attributes": pairs(17)}, "attributes",
     "object_above_max_properties"),
    ("files of a store", {"attributes": {"k": "v" * 512}}, {"attributes": {"k": "v" * 513}}, "attributes.k",
     "string_above_max_length"),
    ("search", {"max_num_results": 50}, {"max_num_results": 51}, "max_num_results", "integer_above_max_value"),
    ("search", {"max_num_results": 1}, {"max_num_results": 0}, "max_num_results", "integer_below_min_value"),
    ("search", {"ranking_options": {"score_threshold": 1}}, {"ranking_options": {"score_threshold": 1.1}},
     "ranking_options.score_threshold", "decimal_above_max_value"),
    ("uploads", {"bytes": 8 << 30}, {"bytes": (8 << 30) + 1}, "bytes", "invalid_value"),
    ("uploads", expiry("created_at", seconds=2_592_000), expiry("created_at", seconds=2_592_001),
     "expires_after.seconds", "integer_above_max_value"),
    ("uploads", expiry("created_at", seconds=3600), expiry("created_at", seconds=3599), "expires_after.seconds",
     "integer_below_min_value"),
]  # fmt: skip


def request(api: Api, operation: str) -> tuple[str, dict[str, Any]]:
    """The path of an operation on objects that exist, and what its body must have."""
    match operation:
        case "assistants":
            return "/assistants", {"model": "m"}
        case "messages":
            return f"/threads/{api.thread()}/messages", USER
        case "runs":
            return f"/threads/{api.thread('x')}/runs", {"assistant_id": api.assistant()}
        case "files of a store":
            return f"/vector_stores/{api.post('/vector_stores')['id']}/files", {"file_id": api.file()}
        case "search":
            return f"/vector_stores/{api.post('/vector_stores')['id']}/search", {"query": "x"}
        case "uploads":
            return "/uploads", {"bytes": 1, "filename": "a", "mime_type": "text/plain", "purpose": "assistants"}
        case _:
            return f"/{operation}", {}


@pytest.mark.parametrize(("operation", "good", "bad", "param", "code"), LIMITS)
def test_limits(api: Api, operation: str, good: Any, bad: Any, param: str, code: str) -> None:
    path, body = request(api, operation)
    status, error = api.error("POST", path, json=body | bad)
    assert (status, error["type"], error["param"], error["code"]) == (400, "invalid_request_error", param, code)
    api.post(path, body | good)


def test_what_a_run_changes_is_looked_through_too(api: Api) -> None:
    assistant, thread = api.assistant(), api.thread("x")
    path, body = f"/threads/{thread}/runs", {"assistant_id": assistant, "tools": function(name="a b")["tools"]}
    assert api.error("POST", path, json=body)[1]["param"] == "tools[0].function.name"
    assert api.get(path)["data"] == []
    status, error = api.error("POST", f"/assistants/{assistant}", json=function(name="a b"))
    assert (status, error["param"]) == (400, "tools[0].function.name")


def test_numbers_beyond_all_measure_in_attributes(api: Api) -> None:
    path = f"/vector_stores/{api.post('/vector_stores')['id']}"
    api.post(f"{path}/files", {"file_id": api.file(), "attributes": {"n": 10**400, "m": 1e300}})
    for value in (10**400, -(10**400), 0.5, 1e300):
        for kind in ("gt", "lte", "eq", "ne"):
            filters = {"type": kind, "key": "n", "value": value}
            assert api.send("POST", f"{path}/search", json={"query": "x", "filters": filters}).status_code in (200, 400)


# Objects that others still need.


def test_a_path_may_hold_anything(api: Api) -> None:
    for odd in ("%0A", "%00", "%2F", "a%0Ab", "%F0%9F%90%8B", "%80", "x" * 5000, "..", "%2E%2E"):
        for method in ("GET", "DELETE"):
            status, error = api.error(method, f"/assistants/{odd}")
            assert status in (404, 405), odd
            assert error["type"] == "invalid_request_error"


def test_an_empty_cursor_is_none(api: Api) -> None:
    assistant = api.assistant()
    assert [each["id"] for each in api.get("/assistants", after="", before="")["data"]] == [assistant]


def test_resources_are_answered_without_descriptions_of_stores(api: Api) -> None:
    for path, body in (("/assistants", {"model": "m"}), ("/threads", {})):
        made = api.post(path, {**body, "tool_resources": {"file_search": {"vector_stores": []}}})
        assert made["tool_resources"] == {"file_search": {"vector_store_ids": []}}


def test_a_batch_of_no_files_says_what_is_missing(api: Api) -> None:
    path = f"/vector_stores/{api.post('/vector_stores')['id']}/file_batches"
    status, error = api.error("POST", path, json={})
    assert (status, error["code"]) == (400, "missing_required_parameter")
    both = {"file_ids": [api.file()], "files": [{"file_id": api.file()}]}
    assert "not both" in api.error("POST", path, json=both)[1]["message"]


def test_an_assistant_deleted_while_its_run_is_active(api: Api, server: LocalServer) -> None:
    gate = Gate()
    server.scripts.add(Turn(deltas=["a", gate, "b"]))
    assistant = api.assistant()
    run = api.run(api.thread("x"), assistant)
    gate.reached.wait(10)
    api.delete(f"/assistants/{assistant}")
    gate.open()
    done = api.run_in(run, "completed", "failed")
    assert (done["status"], done["assistant_id"]) == ("completed", assistant)


def test_a_thread_deleted_while_its_run_waits(api: Api) -> None:
    run = api.run(api.thread("Look up whales."), api.assistant(tools=[LOOKUP]), tool_choice="required")
    api.run_in(run, "requires_action")
    path = f"/threads/{run['thread_id']}"
    api.delete(path)
    for method, rest in (("GET", ""), ("POST", "/cancel"), ("GET", "/steps")):
        assert api.error(method, f"{path}/runs/{run['id']}{rest}", json={})[0] == 404
    outputs = {"tool_outputs": [{"tool_call_id": "call_1", "output": "x"}]}
    assert api.error("POST", f"{path}/runs/{run['id']}/submit_tool_outputs", json=outputs)[0] == 404


def test_an_assistant_and_a_thread_changed_while_their_run_is_active(api: Api, server: LocalServer) -> None:
    gate = Gate()
    server.scripts.add(Turn(deltas=["a", gate]))
    assistant, thread = api.assistant(instructions="old"), api.thread("x")
    run = api.run(thread, assistant)
    gate.reached.wait(10)
    api.post(f"/assistants/{assistant}", {"instructions": "new", "model": "other"})
    api.post(f"/threads/{thread}", {"metadata": {"a": "b"}})
    api.post(f"/threads/{thread}/runs/{run['id']}", {"metadata": {"c": "d"}})
    gate.open()
    done = api.run_in(run, "completed")
    assert (done["instructions"], done["model"], done["metadata"]) == ("old", "gpt-4o", {"c": "d"})


def test_a_file_deleted_while_a_store_reads_it(api: Api, server: LocalServer) -> None:
    gate = server.processing.hold()
    file = api.file()
    path = f"/vector_stores/{api.post('/vector_stores', {'file_ids': [file]})['id']}"
    api.delete(f"/files/{file}")
    gate.open()
    counts = wait_for(lambda: api.get(path), lambda store: store["status"] == "completed")["file_counts"]
    assert counts["total"] == 0
    assert api.get(f"{path}/files")["data"] == []


def test_an_upload_that_has_expired() -> None:
    with frozen(in_process=True) as server, api_of(server) as api:
        path = f"/uploads/{api.post('/uploads', request(api, 'uploads')[1])['id']}"
        part = api.send("POST", f"{path}/parts", files={"data": ("p", b"x")}).json()["id"]
        server.clock.advance(3601)
        for swept in (False, True):
            if swept:
                housekeeping(server)
            for send in (
                {"files": {"data": ("p", b"x")}, "path": "/parts"},
                {"json": {"part_ids": [part]}, "path": "/complete"},
                {"json": {}, "path": "/cancel"},
            ):
                status, error = api.error("POST", path + str(send.pop("path")), **send)
                assert (status, "expired" in error["message"]) == (400, True)


@pytest.mark.parametrize(
    "endpoint",
    [
        "/v1/responses", "/v1/chat/completions", "/v1/embeddings", "/v1/completions", "/v1/moderations",
        "/v1/images/generations", "/v1/images/edits", "/v1/videos",
    ],
)  # fmt: skip
def test_batches_of_each_endpoint_come_to_an_end(api: Api, endpoint: str) -> None:
    line = f'{{"custom_id": "1", "method": "POST", "url": "{endpoint}", "body": {{"model": "m"}}}}\n'.encode()
    file = api.file(line, "in.jsonl", purpose="batch")
    body = {"input_file_id": file, "endpoint": endpoint, "completion_window": "24h"}
    batch = api.post("/batches", body)
    path, ends = f"/batches/{batch['id']}", ("completed", "failed")
    done = wait_for(lambda: api.get(path), lambda now: now["status"] in ends)
    assert done["status"] == "completed"
    assert done["request_counts"]["total"] == 1


def test_errors_of_access() -> None:
    wrong = {"authorization": "Bearer sk-wrong-0123456789"}
    right = {"authorization": "Bearer sk-right-0123456789"}
    with (
        LocalServer(in_process=True, api_keys=("sk-right-0123456789",)) as server,
        server.http_client(headers=BETA) as client,
    ):
        for headers, code in (({}, None), (wrong, "invalid_api_key")):
            answer = client.get("/assistants", headers=headers)
            error = answer.json()["error"]
            assert (answer.status_code, error["type"], error["code"]) == (401, "invalid_request_error", code)
            assert "0123456789" not in error["message"]
        assert client.get("/assistants", headers=right).status_code == 200
        answer = client.get("/assistants", headers={**right, "openai-beta": "assistants=v3"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_beta")
