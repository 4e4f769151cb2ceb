"""The answer of a download."""

from __future__ import annotations

import copy
import os
from typing import TYPE_CHECKING, Any, Iterator

from ._documents import read_json
from ._errors import without_secrets
from ._text import text_of

if TYPE_CHECKING:
    import httpx

    from ._models import ResponseRecord


class HttpxBinaryResponseContent:
    """A downloaded file. The body has been read; on either client nothing here is awaited."""

    def __init__(self, response: httpx.Response) -> None:
        response.request = without_secrets(response.request)
        self.response = response

    @property
    def content(self) -> bytes:
        """The bytes."""
        return self.response.content

    @property
    def text(self) -> str:
        """The bytes as text, in the encoding that the answer names, else UTF-8."""
        return text_of(self.response)

    @property
    def encoding(self) -> str | None:
        """The encoding that the answer names."""
        return self.response.encoding

    def json(self) -> Any:
        """The bytes read as JSON.

        Raises:
            JSONDecodeError: It is no JSON; a `ValueError`.
        """
        return read_json(self.response.content)

    def read(self) -> bytes:
        """The bytes."""
        return self.response.content

    def iter_bytes(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """The bytes in pieces of `chunk_size`."""
        content = self.response.content
        size = chunk_size or len(content) or 1
        return (content[start : start + size] for start in range(0, len(content), size))

    def write_to_file(self, file: str | os.PathLike[str]) -> None:
        """Write the bytes to a file, replacing it."""
        with open(file, "wb") as target:
            target.write(self.response.content)

    @property
    def response_record(self) -> ResponseRecord:
        """Status and headers of the answer."""
        from ._models import ResponseRecord

        return ResponseRecord(self.response.status_code, self.response.headers)

    def __getstate__(self) -> dict[str, Any]:
        """For copies and pickles: without cookies, like the record of any other answer."""
        response = copy.copy(self.response)
        kept = [(name, value) for name, value in response.headers.multi_items() if name.lower() != "set-cookie"]
        response.headers = type(response.headers)(kept)
        return {**self.__dict__, "response": response}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {len(self.response.content)} bytes>"
