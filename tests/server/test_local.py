"""The server for tests: with a socket and without, sync and async, and as an app in another ASGI server."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import anyio
import httpx
import pytest
from starlette.responses import Response

from openai_assistants.server import Fault, Gate, LocalServer, Settings, Turn, create_app, inprocess
from openai_assistants.server.dialects import NAMES, Dialect, Profile

from .support import BETA, Api, api_of, parse_events, runs_at_work, streams_of, wait_for

T = TypeVar("T")


def body_lines(content: bytes) -> list[str]:
    return content.decode().split("\n")[:-1]


async def work_async(server: LocalServer) -> None:
    """A run streamed by an async client, with a gate that proves that the stream is live."""
    gate = Gate()
    server.scripts.add(Turn(deltas=["a", gate, "b"]))
    async with server.async_http_client(headers=BETA) as client:
        assistant = (await client.post("/assistants", json={"model": "m"})).json()
        body = {"assistant_id": assistant["id"], "stream": True}
        content = b""
        async with client.stream("POST", "/threads/runs", json=body) as response:
            async for piece in response.aiter_raw():
                content += piece
                if b"thread.message.delta" in content:
                    gate.open()
        names = [event.name for event in parse_events(iter(body_lines(content)))]
    assert names[0] == "thread.created"
    assert names[-2:] == ["thread.run.completed", "done"]


@pytest.mark.parametrize("in_process", [True, False])
def test_one_server_for_sync_and_async_clients(in_process: bool) -> None:
    with LocalServer(in_process=in_process) as server, api_of(server) as api:
        asyncio.run(work_async(server))
        assert len(api.get("/assistants")["data"]) == 1
        asyncio.run(work_async(server))
        assert len(api.get("/assistants")["data"]) == 2


@pytest.mark.parametrize("in_process", [True, False])
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_async_with(in_process: bool, backend: str) -> None:
    async def main() -> None:
        async with LocalServer(in_process=in_process) as server:
            await work_async(server)

    anyio.run(main, backend=backend)


@pytest.mark.parametrize("in_process", [True, False])
def test_many_async_streams_on_one_loop(in_process: bool) -> None:
    async def main(server: LocalServer) -> None:
        async with server.async_http_client(headers=BETA, timeout=30) as client:
            assistant = (await client.post("/assistants", json={"model": "m"})).json()

            async def one() -> None:
                body = {"assistant_id": assistant["id"], "stream": True}
                response = await client.post("/threads/runs", json=body)
                assert response.content.endswith(b"data: [DONE]\n\n")

            async with anyio.create_task_group() as group:
                for _ in range(20):
                    group.start_soon(one)

    with LocalServer(in_process=in_process) as server:
        asyncio.run(main(server))


def test_an_async_client_that_gives_up_leaves_nothing_behind(server: LocalServer) -> None:
    gate = Gate()
    server.scripts.add(Turn(deltas=["a", gate]))

    async def main() -> None:
        async with server.async_http_client(headers=BETA) as client:
            assistant = (await client.post("/assistants", json={"model": "m"})).json()
            with anyio.move_on_after(0.3) as scope:
                await client.post("/threads/runs", json={"assistant_id": assistant["id"], "stream": True})
            assert scope.cancelled_caught

    asyncio.run(main())
    deadline = time.monotonic() + 5
    while streams_of(server):
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_upload_is_streamed_into_the_in_process_server(server: LocalServer, api: Api) -> None:
    """The application gets the first pieces before the last are made."""
    made: list[int] = []
    held_back = threading.Event()

    def pieces() -> Any:
        yield b'--x\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nassistants\r\n'
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'
        for number in range(40):
            made.append(number)
            if number == 30:
                # By now the server has taken most of it; were the body collected first, nothing would be recorded.
                assert len(server.requests[0].body) > 100_000
                held_back.set()
            yield b"0123456789" * 1000
        yield b"\r\n--x--\r\n"

    response = api.send("POST", "/files", content=pieces(), headers={"content-type": "multipart/form-data; boundary=x"})
    assert response.json()["bytes"] == 400_000
    assert held_back.is_set()


def test_a_server_must_run_to_be_used() -> None:
    server = LocalServer()
    for use in (lambda: server.base_url, server.http_client, lambda: server.requests):
        with pytest.raises(RuntimeError, match="does not run"):
            use()
    with server:
        with pytest.raises(RuntimeError, match="runs already"):
            server.start()
        assert server.base_url.startswith("http://127.0.0.1:")
        assert server.base_url.endswith("/v1")
    server.stop()


@pytest.mark.sqlite
def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    database = str(tmp_path / "a.db")
    before = set(threading.enumerate())
    with LocalServer(in_process=True, database=database):
        second = LocalServer(database=database)
        with pytest.raises(RuntimeError, match=r"did not start: another server process is using the database"):
            second.start()
        second.stop()
    with second:
        pass
    assert not set(threading.enumerate()) - before


@pytest.mark.parametrize("in_process", [True, False])
def test_nothing_is_left_of_a_server_that_has_stopped(in_process: bool) -> None:
    before = set(threading.enumerate())
    for _ in range(3):
        server = LocalServer(in_process=in_process).start()
        with server.client() as client:
            client.models.list()
        server.stop()
        server.stop()
    wait_for(lambda: set(threading.enumerate()) - before, lambda left: not left)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.parametrize("in_process", [True, False])
def test_a_forked_process_does_not_stop_the_server(in_process: bool) -> None:
    program = (
        "import os, sys\n"
        "from openai_assistants.server import LocalServer\n"
        f"server = LocalServer(in_process={in_process}).start()\n"
        "child = os.fork()\n"
        "if not child:\n"
        "    try:\n"
        "        with server.client() as client:\n"
        "            print('child', len(client.models.list().data), flush=True)\n"
        "    except RuntimeError as error:\n"
        "        print('child', error, flush=True)\n"
        "    server.stop()\n"
        "    os._exit(0)\n"
        "os.waitpid(child, 0)\n"
        "with server.client() as client:\n"
        "    print('parent', len(client.models.list().data))\n"
        "server.stop()\n"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, timeout=60)
    child = "this server runs in the process that this one was forked from; start another one here"
    assert (done.stdout.splitlines(), done.stderr) == ([f"child {child if in_process else 1}", "parent 1"], "")


def test_a_server_that_nobody_stops_does_not_hold_up_the_end_of_its_process() -> None:
    program = (
        "from openai_assistants.server import LocalServer\n"
        "servers = LocalServer().start(), LocalServer(in_process=True).start()\n"
        "for server in servers:\n"
        "    with server.client() as client:\n"
        "        client.models.list()\n"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_no_proxy_stands_between(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")

    async def count(server: LocalServer) -> int:
        async with server.async_client(max_retries=0) as client, server.async_http_client() as http:
            return (await http.get("/models")).status_code + len((await client.models.list()).data)

    with LocalServer() as server:
        with server.client(max_retries=0) as client, server.http_client() as http:
            assert (len(client.models.list().data), http.get("/models").status_code) == (1, 200)
        assert asyncio.run(count(server)) == 201


def test_a_server_can_be_started_again_with_the_same_settings(tmp_path: Any) -> None:
    server = LocalServer(in_process=True, database=str(tmp_path / "a.db"))
    with server, api_of(server) as api:
        api.assistant()
    with server, api_of(server) as api:
        assert len(api.get("/assistants")["data"]) == 1


def test_connections_that_are_kept_alive_do_not_hold_up_the_end() -> None:
    server = LocalServer().start()
    client = server.http_client(headers=BETA)
    client.get("/assistants")
    started = time.monotonic()
    server.stop()
    assert time.monotonic() - started < 2
    client.close()


def test_answers_come_without_delay_on_a_kept_connection(loopback_api: Api) -> None:
    """Without TCP_NODELAY each would wait 40 ms for an acknowledgement, however fast the machine is just then."""
    loopback_api.http.get("/assistants")

    def eight() -> float:
        started = time.monotonic()
        for _ in range(8):
            loopback_api.http.get("/assistants")
        return time.monotonic() - started

    assert min(eight() for _ in range(8)) < 8 * 0.04


def test_the_app_runs_in_any_asgi_server() -> None:
    """Here under httpx's own ASGI transport, which gives no access to connections and no lifespan."""
    app = create_app()

    async def main() -> None:
        async with app.router.lifespan_context(app):
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost/v1", headers=BETA) as client:
                assistant = (await client.post("/assistants", json={"model": "m"})).json()
                body = {"assistant_id": assistant["id"], "stream": True}
                response = await client.post("/threads/runs", json=body)
                assert response.content.endswith(b"data: [DONE]\n\n")

    asyncio.run(main())


def serve_to(app: Any, work: Callable[[httpx.AsyncClient], Awaitable[T]], through: Any = None) -> T:
    """Ask an application under httpx's own ASGI transport."""

    async def main() -> T:
        async with app.router.lifespan_context(app):
            transport = httpx.ASGITransport(through or app)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost/v1", headers=BETA) as client:
                return await work(client)

    return asyncio.run(main())


def test_an_asgi_server_need_not_tell_the_path_as_it_came() -> None:
    app = create_app()

    async def without_raw_path(scope: Any, receive: Any, send: Any) -> None:
        await app({name: value for name, value in scope.items() if name != "raw_path"}, receive, send)

    async def ask(client: httpx.AsyncClient) -> list[httpx.Response]:
        made = (await client.post("/assistants", json={"model": "m"})).json()
        return [await client.get(f"/assistants/{each}") for each in (made["id"], "%25%C3%A9 x")]

    found, missing = serve_to(app, ask, through=without_raw_path)
    assert found.json()["model"] == "m"
    assert missing.json()["error"]["message"] == "No assistant found with id '%é x'."


def test_connections_cannot_be_ended_in_any_asgi_server() -> None:
    settings = Settings()
    settings.faults.add(Fault("reset_before"))
    with pytest.raises(RuntimeError, match="gives no access to its connections; use LocalServer"):
        serve_to(create_app(settings), lambda client: client.get("/models"))


def test_websockets_are_refused() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    asyncio.run(create_app()({"type": "websocket", "path": "/v1/models", "headers": []}, receive, send))
    assert sent == [{"type": "websocket.close"}]


def test_a_server_with_settings_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what they leave open comes from the environment; nothing is recorded unless they say so."""
    monkeypatch.setenv("OPENAI_ASSISTANTS_DIALECT", "no such dialect")
    settings = Settings(dialect=NAMES[0], record_requests=1)
    with LocalServer(settings, in_process=True) as server, server.http_client() as http:
        assert server.settings.dialect == settings.dialect
        for _ in range(2):
            http.get("/models")
        assert len(server.requests) == 1
    with pytest.raises(ValueError, match="no such dialect"):
        LocalServer(Settings())


@pytest.mark.parametrize("kind", ["sync", "asyncio", "trio"])
def test_a_reader_who_is_slow_is_told_that_the_server_was_stopped(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """What the server had sent until then is still read."""
    monkeypatch.setattr(inprocess, "_GRACE", 0.01)
    server = LocalServer(in_process=True, drain_seconds=0.0).start()
    server.scripts.add(Turn(deltas=["x" * 20_000] * 200))
    got = bytearray()
    with api_of(server) as api:
        asked: dict[str, Any] = {"method": "POST", "url": "/threads/runs"}
        asked["json"] = {"assistant_id": api.assistant(), "stream": True}

    def stop() -> None:
        wait_for(lambda: runs_at_work(server), lambda runs: not runs)
        server.stop()

    def read() -> None:
        with server.http_client(headers=BETA) as client, client.stream(**asked) as response:
            stop()
            for piece in response.iter_raw():
                got.extend(piece)

    async def read_async() -> None:
        async with server.async_http_client(headers=BETA) as client, client.stream(**asked) as response:
            await anyio.to_thread.run_sync(stop)
            async for piece in response.aiter_raw():
                got.extend(piece)

    with pytest.raises(httpx.ReadError, match="the server was stopped"):
        _ = read() if kind == "sync" else anyio.run(read_async, backend=kind)
    assert b"event: thread.created" in got
    assert b"[DONE]" not in got


@pytest.mark.parametrize("kind", ["sync", "asyncio", "trio"])
def test_a_fault_in_the_middle_of_an_answer_reaches_the_test(
    server: LocalServer, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    async def broken(response: Response, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("a bug of the server")

    async def ask() -> Any:
        async with server.async_http_client() as client:
            return await client.get("/models")

    monkeypatch.setattr(Response, "__call__", broken)
    with server.http_client() as client, pytest.raises(RuntimeError, match="a bug of the server"):
        _ = client.get("/models") if kind == "sync" else anyio.run(ask, backend=kind)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_an_async_client_waits_as_long_as_it_was_told(server: LocalServer, backend: str) -> None:
    server.faults.add(Fault("delay", seconds=60))

    async def ask() -> None:
        async with server.async_http_client(timeout=httpx.Timeout(10, read=0.01)) as client:
            await client.get("/models")

    with pytest.raises(httpx.ReadTimeout, match="timed out"):
        anyio.run(ask, backend=backend)


def test_another_prefix() -> None:
    with LocalServer(prefix="/openai/v1") as server, api_of(server) as api:
        assert server.base_url.endswith("/openai/v1")
        assert api.http.get("/assistants").status_code == 200


@pytest.mark.parametrize("in_process", [True, False])
def test_this_packages_own_clients(in_process: bool) -> None:
    with LocalServer(in_process=in_process, api_keys=("sk-local-key",)) as server:
        with server.client() as client:
            assistant = client.beta.assistants.create(model="m")
            assert client.beta.assistants.retrieve(assistant.id).model == "m"

        async def main() -> str:
            async with server.async_client() as async_client:
                return (await async_client.beta.assistants.retrieve(assistant.id)).id

        assert asyncio.run(main()) == assistant.id


def test_importing_the_server_package_loads_no_server() -> None:
    code = (
        "import sys, openai_assistants.server\n"
        "print([name for name in ('starlette', 'uvicorn', 'sqlalchemy', 'httpx') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_all_public_names_resolve() -> None:
    import openai_assistants.server as package

    assert all(getattr(package, name) is not None for name in package.__all__)


def test_a_clock_goes_on_from_where_it_stood() -> None:
    with LocalServer(in_process=True) as server, api_of(server) as api:
        server.clock.resume()  # it was not stopped
        server.clock.freeze(1_000_000_000)
        server.clock.advance(5)
        assert api.post("/threads", {})["created_at"] == 1_000_000_005
        server.clock.resume()
        assert 0 <= api.post("/threads", {})["created_at"] - 1_000_000_005 < 3600
        server.clock.advance(7200)
        assert api.post("/threads", {})["created_at"] >= 1_000_007_205


def test_without_the_extra_the_import_names_it() -> None:
    code = (
        "import sys\n"
        "sys.modules['starlette'] = None\n"
        "try:\n"
        "    from openai_assistants.server import LocalServer\n"
        "except ModuleNotFoundError as error:\n"
        "    print(error.name, error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("starlette The server in the box needs starlette. ")
    assert 'pip install "openai-assistants[server]"' in done.stdout


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"models": "x"},
            r"Settings\(models=...\) takes a mapping from text to Model or text, not a value of type str",
        ),
        ({"models": {"*": 5}}, r"Settings\(models={'\*': ...}\) takes Model or text, not a value of type int"),
        ({"models": {5: "offline"}}, r"models=...\) takes a mapping from text to Model or text, not .* dict"),
        ({"run_lifetime_seconds": "a"}, r"Settings\(run_lifetime_seconds=...\) takes a whole number, not 'a'"),
        ({"workers": True}, "takes a whole number, not True"),
        ({"drain_seconds": None}, "takes a number, not None"),
        ({"dialect": 5}, "takes Dialect, text, or None, not 5"),
        ({"ids": "a"}, "takes Ids, not 'a'"),
        (
            {"api_keys": 5},
            r"api_keys=...\) takes a sequence of text or a mapping from text to text or None, not .* int",
        ),
        ({"api_keys": {"a": 5}}, "api_keys=...+takes .* not a value of type dict"),
        ({"modles": {}}, r"there is no setting 'modles'; did you mean 'models'\?"),
        ({"xyzzy": 1}, "there is no setting 'xyzzy'; there are database, workers, "),
        ({"settings": {"models": {}}}, "takes Settings, or settings as keyword arguments, not dict"),
    ],
)
def test_settings_of_another_type_say_what_they_take(settings: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        LocalServer(**settings)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"run_lifetime_seconds": -1}, r"Settings\(run_lifetime_seconds=...\) takes 1 or more, not -1"),
        ({"drain_seconds": float("nan")}, "takes 0 or more, not nan"),
        ({"prefix": "v1"}, "takes a path such as '/v1'"),
        ({"dialect": "litelm"}, "there is no dialect 'litelm'; known are "),
        (
            {"dialect": Dialect(profile=Profile(operations=frozenset({"createRun", "getThraed"})))},
            "the API has no operation 'getThraed'; did you mean 'getThread'",
        ),
    ],
)
def test_settings_out_of_bounds_say_what_they_take(settings: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        LocalServer(**settings)


def test_settings_take_what_is_as_good(server: LocalServer) -> None:
    LocalServer(api_keys=["a"], drain_seconds=0, models={"a": server.service.routes.model_named("offline")})


def test_a_secret_is_not_quoted() -> None:
    for wrong in ("sk-secret", {"sk-secret": 5}, ["sk-secret", 5]):
        with pytest.raises((TypeError, ValueError), match="api_keys") as caught:
            LocalServer(api_keys=wrong)
        assert "sk-secret" not in str(caught.value)
