"""Answers kept for their `Idempotency-Key`.

The answer is stored in the transaction that did the work, so either both exist or neither; not even a killed process
leaves work without its answer. Only answers of work that was done are stored: a request that was refused changed
nothing and is looked at afresh. Of a stream the place in the run's event log is kept, which is all that a replay needs.
A duplicate that comes while the first is at work waits for it, be it at another worker.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from .errors import ApiError
from .handlers import Answer, FileAnswer, StreamAnswer
from .store import Tx, dumps
from .store.tables import answers

MAX_KEY = 255
_FINAL = {"x-should-retry": "false"}


@dataclass(frozen=True)
class Claim:
    """A key, whose it is, and the request that it stands for."""

    scope: str
    key: str
    fingerprint: str


def check_key(key: str) -> None:
    """Refuse keys that no client makes."""
    if not key or len(key) > MAX_KEY:
        raise ApiError(f"Invalid Idempotency-Key: it must have 1 to {MAX_KEY} characters.", code="invalid_value")


def recall(tx: Tx, claim: Claim) -> Answer | None:
    """The answer that was given for this key, if any; a key that stood for another request is a conflict."""
    tx.take_turn(f"key {claim.scope} {claim.key}")
    query = select(answers).where(answers.c.scope == claim.scope, answers.c.key == claim.key)
    row = tx.connection.execute(query).first()
    if row is None:
        return None
    if row.fingerprint != claim.fingerprint:
        raise ApiError(
            "This Idempotency-Key was used for another request. Keys may be used again only with the same method, "
            "path and body.",
            status=409,
            type="idempotency_error",
            code="idempotency_key_reused",
            headers=_FINAL,
        )
    if row.body is None:
        return StreamAnswer(row.run_id, row.segment)
    return dict(json.loads(row.body))


def keep(tx: Tx, claim: Claim, answer: Answer) -> None:
    """Store an answer under its key."""
    assert not isinstance(answer, FileAnswer), "downloads are GETs, and those have no key"
    stored = (
        {"run_id": answer.run_id, "segment": answer.segment}
        if isinstance(answer, StreamAnswer)
        else {"body": dumps(answer)}
    )
    tx.connection.execute(
        insert(answers).values(
            scope=claim.scope, key=claim.key, fingerprint=claim.fingerprint, created_at=tx.now, **stored
        )
    )


def nothing_to_resume() -> ApiError:
    """A `Last-Event-ID` whose stream this server does not have. Starting a new run instead would repeat work."""
    return ApiError(
        "There is no stream to resume under this Idempotency-Key.",
        status=409,
        type="idempotency_error",
        code="idempotency_key_unknown",
        headers=_FINAL,
    )


def drop_old(tx: Tx, older_than: int) -> None:
    """Forget answers that were given before this moment."""
    tx.connection.execute(delete(answers).where(answers.c.created_at < older_than))
