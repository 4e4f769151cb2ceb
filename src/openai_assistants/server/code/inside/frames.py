"""What goes to the server and comes from it, over standard output and input: frames of a letter (`J` for JSON, `D` for
data), four bytes of length, and content."""

from __future__ import annotations

import json
import os
import struct
from typing import Any

CHUNK = 1 << 16


def send_json(value: dict[str, Any]) -> None:
    """Send a frame of JSON."""
    send(b"J", json.dumps(value).encode())


def send(kind: bytes, content: bytes) -> None:
    """Send a frame."""
    pending = memoryview(kind + struct.pack(">I", len(content)) + content)
    while pending:
        pending = pending[os.write(1, pending) :]


def receive() -> bytes:
    """The content of the next frame. Ends this process when there is none: the server is done with it."""
    header = _exactly(5)
    if len(header) < 5:
        os._exit(0)
    return _exactly(struct.unpack(">I", header[1:])[0])


def _exactly(size: int) -> bytes:
    content = bytearray()
    while len(content) < size and (chunk := os.read(0, min(size - len(content), CHUNK))):
        content += chunk
    return bytes(content)
