"""Text out of documents, in a process of its own: `python -m ...extracting KIND`.

A file may be made to take all memory, to compute for ever or to crash a library. Here it takes only this process with
it, which has limits on memory and time and knows no keys. The document is standard input; its text goes to standard
output in UTF-8 as it is found. If it cannot be read the process ends with `REFUSED`, and the last line of standard
error says why, in JSON.

Nothing of the server is imported here, so that the process starts quickly.
"""

from __future__ import annotations

REFUSED = 3

MEMORY_BYTES = 2 << 30
CPU_SECONDS = 300
TEXT_BYTES = 256 << 20
"""Of one document."""


class Refused(Exception):
    """The document has no text for us."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        """How the sentence goes on that begins with the name of the file."""
