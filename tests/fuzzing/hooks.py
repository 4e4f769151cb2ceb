"""Checks of our own for schemathesis; loaded by it as its hooks."""

from __future__ import annotations

import re

import schemathesis

# A request that the schema allows may be refused for one of these reasons only. What is at fault cannot be said in a
# schema: the state of an object, another object, or two values that do not go together.
REASONS = {
    r"No .+ found with id '.*'\.": "an id within the request that nothing has",
    r"Upload .* has status '.*', so nothing can be done with it any more\.": "the state of an upload",
    r"The parts have \d+ bytes together, but \d+ bytes were announced for this upload\.": "the state of an upload",
    r"A part must not be listed twice in 'part_ids'\.": "no item twice",
    r"The uploaded bytes do not match the checksum: .*": "the content of an upload",
    r"Cannot cancel .* with status '.*'\.": "the state of an object",
    r"Runs in status .* do not accept tool outputs\.": "the state of a run",
    r"Thread .* already has an active run.*\.": "the state of a thread",
    r"Can't add messages to .* while a run .* is active\.": "the state of a thread",
    r"The input file must have the purpose 'batch', .*": "another object",
    r"Invalid type for '.*': expected an integer, but got a decimal instead\.": "10.0 is one for JSON Schema",
    r"Invalid type for 'expires_after': expected an object, but got a string instead\.": "forms have brackets, no JSON",
    r"Invalid 'bytes': expected a size from 0 to \d+, but got -?\d+ instead\.": "set for the server",
    r"Invalid 'query': array too long\. .*": "set for the server",
    r"Missing required parameter: 'file_ids'\.": "one of file_ids and files",
    r"A file batch takes either 'file_ids' or 'files', not both\.": "one of file_ids and files",
    r"Give either 'vector_store_ids' or 'vector_stores', not both\.": "one of two",
    r"A file must not be listed twice in 'files'\.": "no item twice",
    r"Invalid '.*chunk_overlap_tokens': the overlap must be at least 0 and at most half of .*": "two values",
    r"Invalid 'filters.*value': '.*' takes an array\.": "two values",
    r"Invalid 'filters.*value': '.*' takes a single value\.": "two values",
    r"Invalid schema for function '.*': schema must be a JSON Schema of .*": "any JSON goes there",
    r"Invalid 'tool_choice': the run has no .*": "a tool that the run does not have",
    r"Missing required parameter: 'tool_choice\.function'\.": "two values",
    r"Message content must be non-empty\.": "text of no length",
    r"The query must not be empty\.": "text of no length",
}


@schemathesis.check
def refused_for_a_reason(ctx: object, response: schemathesis.Response, case: schemathesis.Case) -> None:
    """A request that fits its schema is not refused for its form."""
    positive = case.meta is not None and case.meta.generation.mode is schemathesis.GenerationMode.POSITIVE
    if positive and response.status_code == 400:
        message = response.json()["error"]["message"]
        assert any(re.fullmatch(reason, message, re.DOTALL) for reason in REASONS), message


@schemathesis.check
def says_what_went_wrong(ctx: object, response: schemathesis.Response, case: schemathesis.Case) -> None:
    """Errors have a message of one line and the class that clients know."""
    if response.status_code >= 400:
        error = response.json()["error"]
        assert error["type"] == "invalid_request_error"
        assert error["message"].strip()
