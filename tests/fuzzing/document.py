"""The spec as schemathesis gets it: stricter than the one that we publish."""

from __future__ import annotations

import copy
import re
from typing import Any

from tests.server.support import close, document

ERRORS = ("400", "401", "403", "404", "405", "409", "413")
MADE_BY = {
    "createAssistant": {"assistant_id": "id"},
    "createThread": {"thread_id": "id"},
    "createMessage": {"thread_id": "thread_id", "message_id": "id"},
    "createRun": {"thread_id": "thread_id", "run_id": "id"},
    "createThreadAndRun": {"thread_id": "thread_id", "run_id": "id"},
    "createFile": {"file_id": "id"},
    "createVectorStore": {"vector_store_id": "id"},
    "createVectorStoreFile": {"vector_store_id": "vector_store_id", "file_id": "id"},
    "createVectorStoreFileBatch": {"vector_store_id": "vector_store_id", "batch_id": "id"},
    "createUpload": {"upload_id": "id"},
    "createBatch": {"batch_id": "id"},
}
"""Where the answers of these have the ids that other operations have in their paths."""


def strict_document(base_url: str, version: str = "v2") -> dict[str, Any]:
    """Objects whose properties are listed have no others, in requests and in answers; each operation says how its
    errors look."""
    strict = copy.deepcopy(document(version))
    strict["servers"] = [{"url": base_url}]
    schemas = strict["components"]["schemas"]
    if version == "v2":
        # Told back because it can be set; the documents have it in requests only.
        effort = schemas["CreateAssistantRequest"]["properties"]["reasoning_effort"]
        schemas["AssistantObject"]["properties"].setdefault("reasoning_effort", effort)
    else:
        # As all versions answer errors.
        schemas["ErrorResponse"] = {
            "type": "object",
            "properties": {"error": {"$ref": "#/components/schemas/Error"}},
            "required": ["error"],
        }
    # In their text only.
    for schema in schemas.keys() & {"FunctionObject", "ResponseFormatJsonSchemaDefinition"}:
        schemas[schema]["properties"]["name"] |= {"minLength": 1, "maxLength": 64, "pattern": "^[a-zA-Z0-9_-]+$"}
    close(schemas)
    for item in strict["paths"].values():
        for operation in item.values():
            _link(operation, strict["paths"])
            if "requestBody" in operation:
                _allow_no_body(operation["requestBody"], schemas)
            for status in ERRORS:
                schema = {"$ref": "#/components/schemas/ErrorResponse"}
                operation["responses"][status] = {
                    "description": "An error.",
                    "content": {"application/json": {"schema": schema}},
                }
    return strict


def _link(operation: dict[str, Any], paths: dict[str, Any]) -> None:
    """Lead to all operations whose path this one's answer can fill."""
    fields = MADE_BY.get(operation["operationId"])
    if fields is None:
        return
    links = operation["responses"]["200"]["links"] = {}
    for path, item in paths.items():
        names = set(re.findall(r"{(\w+)}", path))
        of_batches = path.startswith("/batches") == (operation["operationId"] == "createBatch")
        if names and names <= fields.keys() and ("batch_id" not in names or of_batches):
            for other in item.values():
                parameters = {name: f"$response.body#/{fields[name]}" for name in sorted(names)}
                links[other["operationId"]] = {"operationId": other["operationId"], "parameters": parameters}


def _allow_no_body(body: dict[str, Any], schemas: dict[str, Any]) -> None:
    """No body at all counts as an empty object."""
    for media in body["content"].values():
        schema = media["schema"]
        schema = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
        if not schema.get("required"):
            body["required"] = False
