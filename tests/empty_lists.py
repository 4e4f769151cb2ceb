"""A server of Python's own that answers whatever it is asked with an empty list."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

BODY = b'{"object": "list", "data": []}'


class EmptyList(BaseHTTPRequestHandler):
    """The answer."""

    def do_GET(self) -> None:
        self.note()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    def note(self) -> None:
        """Keep what was asked."""

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def running(server: HTTPServer) -> Iterator[None]:
    """Let a server run in a thread."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
