"""What the environment says of proxies and certificates: what httpx does not take works where it is plain, and is told
by the name of its variable where it is not. No exception of httpx or Python reaches the program, and no password."""

from __future__ import annotations

import ssl
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import certifi
import httpx
import httpx2
import pytest

from openai_assistants import (
    APIConnectionError,
    AsyncOpenAI,
    DefaultAsyncHttpxClient,
    DefaultHttpxClient,
    OpenAI,
    OpenAIError,
)
from tests.empty_lists import EmptyList, running
from tests.secrets.search import MARK, finds

from .support import KEY, Flavour

FAR = "https://api.test/v1"
VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "ssl_cert_file", "ssl_cert_dir", "sslkeylogfile")


@pytest.fixture(autouse=True)
def no_other_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but what a test sets."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def models(flavour: Flavour, base_url: str = FAR, **settings: Any) -> Any:
    """The answer to a call of a fresh client."""
    given: dict[str, Any] = {"api_key": KEY, "base_url": base_url, "max_retries": 0, **settings}

    def blocking() -> Any:
        with OpenAI(**given) as client:
            return client.models.list()

    async def awaiting() -> Any:
        async with AsyncOpenAI(**given) as client:
            return await client.models.list()

    return flavour.do(awaiting if flavour.is_async else blocking)


def http_client(flavour: Flavour, **settings: Any) -> Any:
    return (DefaultAsyncHttpxClient if flavour.is_async else DefaultHttpxClient)(**settings)


PROXIES = [
    f"ftp://user:{MARK}@host:1",
    f"socks://user:{MARK}@127.0.0.1:1",
    f"http://user:{MARK}@[::1",
    f"http://user:{MARK}/x@host",
    f"http://user:{MARK}@host:port",
    f"http://user:{MARK}@host:99999",
    f"http://user:{MARK}@",
    f"http://user:{MARK}\x00@host",
    f"user:{MARK}@a..b:1",
    "http://",
]


@pytest.mark.parametrize("name", ["HTTP_PROXY", "https_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("url", [url for url in PROXIES if "\0" not in url])
def test_proxies_that_are_none(flavour: Flavour, monkeypatch: pytest.MonkeyPatch, name: str, url: str) -> None:
    monkeypatch.setenv(name, url)
    with pytest.raises(OpenAIError) as caught:
        models(flavour)
    assert type(caught.value) is OpenAIError
    assert f"The environment variable {name} is no URL of a proxy" in str(caught.value)
    assert finds(caught.value) == []


def test_both_spellings_of_a_variable_are_named(flavour: Flavour, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://localhost:1")
    monkeypatch.setenv("http_proxy", "ftp://localhost")
    with pytest.raises(OpenAIError, match="HTTP_PROXY or http_proxy is no URL"):
        models(flavour)


def test_proxies_of_the_system_have_no_variable(flavour: Flavour, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openai_assistants._http_clients.getproxies", lambda: {"https": "ftp://localhost"})
    with pytest.raises(OpenAIError, match="The environment variable HTTPS_PROXY is no URL"):
        models(flavour)


@pytest.mark.parametrize("url", PROXIES)
def test_proxies_that_are_passed_and_are_none(flavour: Flavour, url: str) -> None:
    """They are refused at once, not at the first call."""
    for make in (
        lambda: (AsyncOpenAI if flavour.is_async else OpenAI)(api_key=KEY, proxy=url),
        lambda: http_client(flavour, proxy=url),
    ):
        with pytest.raises(
            OpenAIError, match=r"^proxy is no URL of a proxy: .*http://, https:// or socks5://"
        ) as caught:
            make()
        assert finds(caught.value) == []


def test_what_is_no_proxy_at_all(flavour: Flavour) -> None:
    with pytest.raises(TypeError, match=r"proxy must be the URL of a proxy or an httpx\.Proxy, not int"):
        http_client(flavour, proxy=5)


def test_a_socks_proxy_without_the_package_for_it(flavour: Flavour, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "socksio", None)
    url = f"socks5://user:{MARK}@127.0.0.1:1"
    with pytest.raises(OpenAIError, match=r"^proxy is a SOCKS proxy.*pip install 'httpx\[socks\]'") as caught:
        http_client(flavour, proxy=url)
    assert finds(caught.value) == []
    monkeypatch.setenv("ALL_PROXY", url)
    with pytest.raises(OpenAIError, match="variable ALL_PROXY is a SOCKS proxy") as caught:
        models(flavour)
    assert finds(caught.value) == []


@dataclass
class Proxy:
    """A proxy that answers everything itself, and what was asked of it."""

    url: str
    asked: list[str] = field(default_factory=list[str])


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    class Answering(EmptyList):
        def note(self) -> None:
            made.asked.append(self.path)

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        made = Proxy(f"http://127.0.0.1:{server.server_port}")
        with running(server):
            yield made


V4, V6 = "http://127.0.0.1:1/v1", "http://[::1]:1/v1"


@pytest.mark.parametrize(
    ("entries", "base_url", "is_direct"),
    [
        ("[::1]", V6, True),
        ("::1", V6, True),
        ("::1/128", V6, True),
        ("[::1]:1", V6, True),
        ("[::1]:2", V6, False),
        ("::/64", V6, True),
        ("[::]/64", V6, True),
        ("[::/64]", V6, True),
        ("fd00::/8,[fe80::1]:80", V6, False),
        ("fd00::/8", V4, False),
        ("127.0.0.0/8", V4, True),
        ("127.0.0.1/32", V4, True),
        ("127.0.0.1", V4, True),
        ("127.0.0.1:1", V4, True),
        ("127.0.0.2, 128.0.0.0/8", V4, False),
        ("127.0.0.2 127.0.0.0/255.0.0.0", V4, True),
        ("::/0,0.0.0.0/0", "http://x.localhost:1/v1", False),
        ("*.localhost", "http://x.localhost:1/v1", True),
        (".localhost", "http://x.localhost:1/v1", True),
        ("LOCALHOST", "http://localhost:1/v1", True),
        ("http://127.0.0.1", V4, True),
        ("https://127.0.0.1", V4, False),
        ("a.test, *", V4, True),
    ],
)
def test_what_passes_by_a_proxy(
    flavour: Flavour, monkeypatch: pytest.MonkeyPatch, proxy: Proxy, entries: str, base_url: str, is_direct: bool
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    monkeypatch.setenv("NO_PROXY", entries)
    if is_direct:
        with pytest.raises(APIConnectionError):  # nobody listens there
            models(flavour, base_url)
        assert proxy.asked == []
    else:
        assert models(flavour, base_url).data == []
        assert len(proxy.asked) == 1


def test_a_proxy_without_a_scheme(flavour: Flavour, monkeypatch: pytest.MonkeyPatch, proxy: Proxy) -> None:
    monkeypatch.setenv("http_proxy", f" {proxy.url.removeprefix('http://')}\n")
    assert models(flavour, V4).data == []
    assert len(proxy.asked) == 1


@pytest.mark.parametrize(
    "entry", ["a:b:c", "[::1", "[10.0.0.0/8]:80", "http://[::1/", f"user:{MARK}@[x", "10.0.0.0/33", "10.*", "<local>"]
)
def test_entries_that_are_not_understood(
    flavour: Flavour, monkeypatch: pytest.MonkeyPatch, proxy: Proxy, entry: str
) -> None:
    monkeypatch.setenv("no_proxy", f"localhost,{entry},::1")
    with pytest.raises(APIConnectionError):  # without a proxy it says nothing
        models(flavour, V4)
    monkeypatch.setenv("HTTP_PROXY", f"http://user:{MARK}@localhost:1")
    with pytest.raises(OpenAIError) as caught:
        models(flavour, V4)
    shown = "one with an @ in it" if "@" in entry else repr(entry)
    assert f"The environment variable no_proxy has an entry that is not understood: {shown}." in str(caught.value)
    assert finds(caught.value) == []


def test_what_a_program_mounts_for_a_host_goes_before_networks(
    flavour: Flavour, monkeypatch: pytest.MonkeyPatch, proxy: Proxy
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:2")
    monkeypatch.setenv("NO_PROXY", "127.0.0.0/8")
    transport = (httpx.AsyncHTTPTransport if flavour.is_async else httpx.HTTPTransport)(proxy=proxy.url)
    http = http_client(flavour, mounts={"http://127.0.0.1": transport})
    assert models(flavour, V4, http_client=http).data == []
    assert len(proxy.asked) == 1


def test_the_environment_can_be_left_out(flavour: Flavour, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "ftp://nobody")
    monkeypatch.setenv("SSL_CERT_FILE", "/no/such/file")
    with pytest.raises(APIConnectionError):
        models(flavour, V4, http_client=http_client(flavour, trust_env=False))


@pytest.mark.parametrize("library", [httpx, httpx2])
@pytest.mark.parametrize("kind", ["text", "URL", "Proxy"])
def test_a_proxy_that_is_passed_is_used(flavour: Flavour, proxy: Proxy, library: Any, kind: str) -> None:
    given = proxy.url if kind == "text" else getattr(library, kind)(proxy.url)
    assert models(flavour, V4, proxy=given).data == []
    assert models(flavour, V4, http_client=http_client(flavour, proxy=given)).data == []
    assert len(proxy.asked) == 2


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSLKEYLOGFILE"])
def test_certificates_that_are_not_there(
    flavour: Flavour, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    missing = tmp_path / "none" / "file.pem"
    monkeypatch.setenv(name, str(missing))
    with pytest.raises(OpenAIError, match=rf"No such file or directory; .*variable {name} \('.*file.pem'\)") as caught:
        models(flavour, V4)
    assert type(caught.value) is OpenAIError
    assert caught.value.__suppress_context__


def test_certificates_that_are_none(flavour: Flavour, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "words.pem"
    path.write_text("no certificate")
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with pytest.raises(OpenAIError, match=r"cannot be loaded: .*NO_CERTIFICATE.*variable SSL_CERT_FILE \("):
        models(flavour, V4)


def test_certificates_that_are_missing_without_anybody_naming_them(
    flavour: Flavour, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(certifi, "where", lambda: str(tmp_path / "none"))
    with pytest.raises(OpenAIError, match="install the package certifi again"):
        models(flavour, V4)


def test_what_a_program_passes_itself_is_told_by_python_and_shows_no_password(flavour: Flavour) -> None:
    with pytest.warns(DeprecationWarning), pytest.raises(FileNotFoundError) as caught:
        http_client(flavour, cert=("no.pem", "no.pem", MARK), verify=ssl.create_default_context())
    assert finds(caught.value) == []


def test_a_package_that_a_program_asks_for(flavour: Flavour, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "h2", None)
    with pytest.raises(ImportError, match="h2"):
        http_client(flavour, http2=True)
