"""A server on the loopback interface that speaks https with a certificate of its own."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import HTTPServer
from pathlib import Path

from tests.empty_lists import EmptyList, running

# For localhost and 127.0.0.1; made for these tests, it protects nothing.
_CERTIFICATE = (
    "MIIBmjCCAUGgAwIBAgIUdOocKNX/um+JOjZYQrPnPTnC1yowCgYIKoZIzj0EAwIw"
    "FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTE0NTgwOVoYDzIxMjYxMDI4"
    "MTQ1ODA5WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO"
    "PQMBBwNCAAQchUbLvZcHXuPL1m6tCra1r5DUuHxiWbMIAvt3byVt/qK36yDUM59n"
    "QCAV6+ICVt+15bD9QeCeVod2zi5Q0LFVo28wbTAdBgNVHQ4EFgQU1Rup86XXC4i0"
    "g4XNiKGsDTVtOHUwHwYDVR0jBBgwFoAU1Rup86XXC4i0g4XNiKGsDTVtOHUwDwYD"
    "VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI"
    "zj0EAwIDRwAwRAIgP8Tf8X/evn6XBhrWUKoS2oTy3szwBr/udYP4HDuJwhQCIApZ"
    "h6Lr8Dmr9VwCWe7iCTmMMEqZ6ivYy8QpzGN7X4Ix"
)
_KEY = (
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgCgR/5GMQWnz1j7Rh"
    "/fWdiH8Cil7TIvnxArUYoE4CU42hRANCAAQchUbLvZcHXuPL1m6tCra1r5DUuHxi"
    "WbMIAvt3byVt/qK36yDUM59nQCAV6+ICVt+15bD9QeCeVod2zi5Q0LFV"
)


@dataclass
class Secure:
    """The server, and what arrived at it."""

    url: str
    certificate: Path
    heads: list[str] = field(default_factory=list[str])


def _pem(kind: str, content: str) -> str:
    return f"-----BEGIN {kind}-----\n{content}\n-----END {kind}-----\n"


def context_of(folder: Path) -> ssl.SSLContext:
    """How a server proves that it is localhost; its certificate is in this folder afterwards."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    certificate.write_text(_pem("CERTIFICATE", _CERTIFICATE))
    key.write_text(_pem("PRIVATE KEY", _KEY))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


@contextmanager
def secure_server(folder: Path) -> Iterator[Secure]:
    """Run one that answers every request with an empty list."""
    context = context_of(folder)
    made = Secure("", folder / "certificate.pem")

    class Handler(EmptyList):
        def note(self) -> None:
            made.heads.append(f"{self.requestline}\n{self.headers}")

    class Quiet(HTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            pass

    with Quiet(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        made.url = f"https://127.0.0.1:{server.server_port}/v1"
        with running(server):
            yield made


@contextmanager
def rude_server(do: Callable[[socket.socket], None], context: ssl.SSLContext | None = None) -> Iterator[str]:
    """The URL of a server that does something else with each connection than answer; over TLS with a `context`."""
    with socket.create_server(("127.0.0.1", 0)) as listening, ExitStack() as stack:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)

        def accept() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    stack.enter_context(connection)
                    with suppress(OSError):
                        if context is not None:
                            connection = stack.enter_context(context.wrap_socket(connection, server_side=True))
                        do(connection)

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield f"http{'' if context is None else 's'}://127.0.0.1:{listening.getsockname()[1]}/v1"
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()
