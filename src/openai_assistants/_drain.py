"""Reading the end of a body that nobody needs, so that its connection can be used again; blocking, but not for long."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING, Iterator

if TYPE_CHECKING:
    import httpx


def drain(response: httpx.Response, body: Iterator[bytes], seconds: float) -> None:
    """Read a body to its end, which has most likely come already. A connection on which it has not after some seconds
    is shut down. Nothing is read where that cannot be done: from no network, or beside other requests of HTTP/2."""
    network = response.extensions.get("network_stream")
    connection = None if network is None else network.get_extra_info("socket")
    if not isinstance(connection, socket.socket) or not response.http_version.startswith("HTTP/1"):
        return
    # A read cannot be given less time than the request has, once the answer has begun.
    watch = threading.Timer(seconds, _shut_down, (connection,))
    watch.daemon = True
    with contextlib.suppress(Exception):
        watch.start()
        try:
            for _ in body:
                pass
        finally:
            watch.cancel()


def _shut_down(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        socket.socket.shutdown(connection, socket.SHUT_RDWR)  # whatever TLS has to say
