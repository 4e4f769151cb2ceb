"""Uploading a large file in parts. No network I/O."""

from __future__ import annotations

import hashlib
import io
import os
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Iterator, cast

from ._calls import Call, Operation
from ._contents import BytesContent, Content, OpenFile, Section
from ._disk import digest, in_thread
from ._errors import APIStatusError, OpenAIError
from ._exchange import begun, fetch, options_of_a_look
from ._flow import Done, Flow, Together
from ._omit import Omit
from ._waiting import INTERRUPTED_SECONDS

if TYPE_CHECKING:
    from ._core import Core
    from ._options import RequestOptions
    from .types.upload import Upload

LargeFile = str | os.PathLike[str] | bytes | bytearray | memoryview

PART_SIZE = 64 << 20
"""Bytes of a part, unless the program says otherwise; the API takes no larger ones."""


@dataclass(frozen=True, slots=True)
class UploadOperations:
    """The operations of one version of the API that an upload in parts needs, apart from that which begins it."""

    add_part: Operation
    complete: Operation
    cancel: Operation


def upload_chunked(
    core: Core,
    create: Call[Any],
    operations: UploadOperations,
    file: LargeFile,
    filename: str | None,
    size: int | None,
    part_size: int | None,
    md5: str | Omit | None,
    max_concurrency: int,
    options: RequestOptions,
) -> Flow[Upload]:
    """Upload a file in parts. `create` begins the upload; it lacks the name and the size of the file."""
    part_size = PART_SIZE if part_size is None else part_size
    if not 1 <= part_size <= PART_SIZE:
        raise ValueError(f"part_size must be from 1 to {PART_SIZE} bytes, not {part_size}")
    if max_concurrency < 1:
        raise ValueError(f"max_concurrency must be 1 or more, not {max_concurrency}")
    options = begun(options)
    with ExitStack() as stack:
        large = yield from in_thread(lambda: _Large(file, stack))
        if size is not None and size != large.size:
            raise ValueError(f"bytes is {size}, but the file has {large.size} bytes")
        name = filename or large.name
        if not name:
            raise TypeError("filename is missing: bytes have no name")
        fields: dict[str, Any] = {**(create.body or {}), "filename": name, "bytes": large.size}
        begin: Call[Any] = Call(create.operation, create.path, body=fields, into=create.into)
        upload: Upload = yield from fetch(core, begin, options, "id")
        job = _Job(core, upload, operations, large, options)
        try:
            return (yield from job.finish(part_size, md5, max_concurrency, create.into))
        except GeneratorExit:
            raise
        except Exception as error:
            yield from job.give_up(error, {"deadline": INTERRUPTED_SECONDS})
            raise
        except BaseException as error:  # Ctrl-C, or the task was cancelled
            yield from job.give_up(error, {"deadline": INTERRUPTED_SECONDS})
            raise


class _Large:
    """A large file, of which any section can be read at any time.

    Raises:
        OSError: It cannot be opened.
        TypeError: It is neither a path nor bytes.
    """

    def __init__(self, file: LargeFile, stack: ExitStack) -> None:
        self.name = ""
        self._data: memoryview | None = None
        self._path: str | os.PathLike[str] = ""
        if isinstance(file, (bytes, bytearray, memoryview)):
            self._data = memoryview(file).cast("B")
            self.size = len(self._data)
        elif isinstance(cast("object", file), (str, os.PathLike)):
            self._path = file
            self.name = os.path.basename(os.fsdecode(file))
            self.size = stack.enter_context(self._open()).seek(0, io.SEEK_END)
        else:
            raise TypeError(
                f"file must be a path or bytes, not {type(file).__name__}; for others there is uploads.parts"
            )

    def _open(self) -> IO[bytes]:
        return open(self._path, "rb")

    def section(self, start: int, size: int, stack: ExitStack) -> Section | memoryview:
        """A section as a file argument. A file that is opened here is closed with `stack`."""
        if self._data is not None:
            return self._data[start : start + size]
        return Section(stack.enter_context(self._open()), start, size)

    def whole(self, stack: ExitStack) -> Content:
        """All of it."""
        return BytesContent(self._data) if self._data is not None else OpenFile(stack.enter_context(self._open()))


class _Job:
    """An upload that has begun."""

    def __init__(
        self, core: Core, upload: Upload, operations: UploadOperations, large: _Large, options: RequestOptions
    ) -> None:
        self._core = core
        self._id = upload.id
        self._operations = operations
        self._large = large
        self._options = options_of_a_look(options)
        self._key = options.get("idempotency_key")

    def finish(self, part_size: int, md5: str | Omit | None, max_concurrency: int, into: Any) -> Flow[Upload]:
        """Send the parts, and make a file of them. The checksum is computed meanwhile."""
        checksums = [self._md5()] if md5 is None or isinstance(md5, Omit) else []
        flows = (flow for flows in (checksums, self._parts(part_size)) for flow in flows)
        outcomes: list[Done[str]] = yield Together(flows, max_concurrency + len(checksums), stop_on_error=True)
        results = [outcome.value for outcome in outcomes]
        checksum = results.pop(0) if checksums else md5
        call = self._call(self._operations.complete, {"part_ids": results, "md5": checksum}, into)
        upload: Upload = yield from fetch(self._core, call, self._own("complete"))
        return upload

    def _parts(self, part_size: int) -> Iterator[Flow[str]]:
        for number, start in enumerate(range(0, self._large.size, part_size)):
            yield self._part(number, start, min(part_size, self._large.size - start))

    def _part(self, number: int, start: int, size: int) -> Flow[str]:
        """Send a part; the outcome is its id."""
        from .types.upload import UploadPart

        with ExitStack() as stack:
            section = yield from in_thread(lambda: self._large.section(start, size, stack))
            data = ("part", section, "application/octet-stream")
            call = self._call(self._operations.add_part, {"data": data}, UploadPart)
            part: UploadPart = yield from fetch(self._core, call, self._own(f"part-{number}"), "id")
            return part.id

    def _md5(self) -> Flow[str]:
        with ExitStack() as stack:
            content = yield from in_thread(lambda: self._large.whole(stack))
            return (yield from digest(content, hashlib.md5(usedforsecurity=False)))

    def give_up(self, error: BaseException, options: RequestOptions) -> Flow[None]:
        """Cancel the upload, and say in the exception what has become of it."""
        call = self._call(self._operations.cancel, None, dict)
        try:
            yield from fetch(self._core, call, {**self._options, **options})
        except OpenAIError as problem:
            over = isinstance(problem, APIStatusError) and problem.status_code == 400
            what = "is over" if over else "was not cancelled, and expires by itself"
            error.add_note(f"The upload {self._id} {what}: {problem}")
        else:
            error.add_note(f"The upload {self._id} was cancelled.")

    def _call(self, operation: Operation, body: dict[str, Any] | None, into: Any) -> Call[Any]:
        return Call(operation, {"upload_id": self._id}, body=body, into=into)

    def _own(self, step: str) -> RequestOptions:
        """Options of a POST on behalf of the call: its idempotency key is another, but always the same."""
        key = self._key
        return {**self._options, "idempotency_key": f"{key}-{step}"} if key else self._options
