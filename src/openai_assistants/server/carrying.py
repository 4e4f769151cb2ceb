"""One request, once it is known whose it is: its body is read and checked, its handler works, and the answer is put
together."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl, quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from . import errors, idempotency, streams
from .access import note
from .faults import DISCONNECT
from .handlers import PREPARATIONS, Answer, Call, FileAnswer, Handler, StreamAnswer
from .idempotency import Claim
from .json_bodies import parse
from .multipart import Form
from .pending import Share
from .runs.states import ACTIVE
from .service import Service
from .spec import NEWEST, JsonObject, Operation
from .store import Tx, blobs, dumps
from .versions import Route

_DIGITS: Final = 18


@dataclass(frozen=True, kw_only=True)
class Carrying:
    """What is known of a request before its body is."""

    service: Service
    request: Request
    owner: str
    route: Route
    operation: Operation
    query: JsonObject
    claim: Claim | None

    @classmethod
    def of(cls, service: Service, request: Request, owner: str, route: Route) -> Carrying:
        """Take a request apart.

        Raises:
            ApiError: It leads nowhere, or its query or its idempotency key is wrong.
        """
        operation = route.demand()
        query = route.version.validator.query(operation, parse_qsl(request.url.query, keep_blank_values=True))
        return cls(
            service=service,
            request=request,
            owner=owner,
            route=route,
            operation=operation,
            query=query,
            claim=_claim(service, request, owner, route),
        )

    async def answer(self) -> Response:
        """Carry it out."""
        with self.service.pending.share(self.request.scope.get("state", {}).get(DISCONNECT)) as share:
            if self.operation.multipart:
                return await self._upload(share)
            body, raw = await self._body(share)
            return await self._work(body, raw)

    async def _body(self, share: Share) -> tuple[JsonObject, bytes]:
        limit = self.service.settings.max_body_bytes
        if _announced(self.request) > limit:
            raise errors.too_large("The request body", limit)
        content = bytearray()
        async for chunk in self.request.stream():
            content += chunk
            if len(content) > limit:
                raise errors.too_large("The request body", limit)
            share.grow(len(content))
        share.complete()
        raw = bytes(content)
        if self.operation.body is None:
            return {}, raw
        return self.route.version.validator.body(self.operation, parse(raw)), raw

    async def _upload(self, share: Share) -> Response:
        """A form with a file: its content is stored first, then the handler makes an object of it."""
        service, settings = self.service, self.service.settings
        is_part = self.operation.id == "addUploadPart"
        form = Form(
            service.database,
            self.request.headers.get("content-type", ""),
            file_id=service.ids.new("part_" if is_part else "file-"),
            max_file=settings.max_part_bytes if is_part else settings.max_file_bytes,
            share=share,
        )
        answered = False
        try:
            await form.read(self.request.stream())
            body = self.route.version.validator.form(self.operation, form.fields)
            response = await self._work(body, form.fingerprint().encode())
            answered = "Idempotent-Replayed" not in response.headers
            return response
        finally:
            if not answered:
                await form.discard()

    async def _work(self, body: JsonObject, content: bytes) -> Response:
        service, path, query = self.service, self.route.values, self.query
        database = service.database.for_owner(self.owner)
        handler: Handler = self.route.version.handlers[self.operation.id]
        if self.operation.method == "GET":
            return self._show(await database.read(lambda tx: handler(Call(tx, service, path, query, body))))
        claim = (
            None if self.claim is None else replace(self.claim, fingerprint=_digest(self.claim.fingerprint, content))
        )
        resuming = "last-event-id" in self.request.headers
        preparation = PREPARATIONS.get(self.operation.id)
        prepared = await preparation(database, path, body) if preparation is not None else {}

        def work(tx: Tx) -> tuple[Answer, bool]:
            if claim is not None:
                if (earlier := idempotency.recall(tx, claim)) is not None:
                    return earlier, True
                if resuming:
                    raise idempotency.nothing_to_resume()
            answer = handler(Call(tx, service, path, query, body, prepared))
            if claim is not None:
                idempotency.keep(tx, claim, answer)
            return answer, False

        answer, replayed = await database.write(work)
        response = self._show(answer, replayed=replayed)
        if replayed:
            response.headers["Idempotent-Replayed"] = "true"
        return response

    def _show(self, answer: Answer, *, replayed: bool = False) -> Response:
        service = self.service
        match answer:
            case StreamAnswer():
                return self._stream(answer, replayed=replayed)
            case FileAnswer():
                headers = {
                    "content-type": "application/octet-stream",
                    "content-length": str(answer.size),
                    "content-disposition": f"attachment; filename*=UTF-8''{quote(answer.filename, safe='')}",
                }
                return StreamingResponse(blobs.read(service.database, answer.file_id), headers=headers)
            case _:
                if answer.get("object") == "thread.run":
                    note(self.request.scope, run_id=answer["id"], thread_id=answer["thread_id"])
                headers = {"openai-poll-after-ms": str(service.settings.poll_after_ms)} if _unfinished(answer) else {}
                return json_response(answer, headers=headers)

    def _stream(self, answer: StreamAnswer, *, replayed: bool) -> Response:
        service, version, request = self.service, self.route.version, self.request
        note(request.scope, run_id=answer.run_id)
        last = request.headers.get("last-event-id") if replayed else None
        body = streams.body(
            service.database,
            service.feed,
            answer.run_id,
            answer.segment,
            after=0 if last is None else streams.position(last, answer.run_id),
            ids=service.faults.event_ids,
            idle=service.settings.keep_alive_seconds,
            view=None if version.view is None else version.view(service.database, answer.run_id),
        )
        return StreamingResponse(body, headers={"content-type": streams.CONTENT_TYPE, "cache-control": "no-cache"})


def json_response(value: JsonObject, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """An answer of JSON."""
    content = dumps(value).encode("utf-8", "replace")
    return Response(content, status_code=status, headers=headers, media_type="application/json")


def _claim(service: Service, request: Request, owner: str, route: Route) -> Claim | None:
    key = request.headers.get("idempotency-key")
    if key is None or request.method != "POST" or not service.faults.idempotency:
        return None
    idempotency.check_key(key)
    version = "" if route.version.name == NEWEST else f"{route.version.name} "
    return Claim(owner, key, f"{version}{request.method} {route.path}?{request.url.query}")


def _unfinished(answer: JsonObject) -> bool:
    """Whether the answer is an object that is likely to be asked for again soon."""
    match answer.get("object"):
        case "thread.run":
            return answer["status"] in ACTIVE
        case "vector_store.file" | "vector_store.files_batch":
            return answer["status"] in ("in_progress", "cancelling")
        case _:
            return False


def _announced(request: Request) -> int:
    """The size of a body as its header says; 0 if that says nothing."""
    length = request.headers.get("content-length", "")
    return int(length[:_DIGITS]) if length.isascii() and length.isdigit() else 0


def _digest(prefix: str, content: bytes) -> str:
    return hashlib.sha256(prefix.encode() + b"\n" + content).hexdigest()
