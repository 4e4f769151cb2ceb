"""Programs in the real sandbox that want more than they may have. Each ends with a clear result, within its limits,
and leaves nothing behind; the session can be used afterwards."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from openai_assistants.server.code import Limits

from .support import Box, marker, on_linux, opened, processes_with, state_of

pytestmark = on_linux

MEBIBYTE = 1 << 20

LIMITS = Limits(
    seconds=20,
    memory_bytes=256 * MEBIBYTE,
    output_bytes=10_000,
    file_bytes=4 * MEBIBYTE,
    disk_bytes=16 * MEBIBYTE,
    files=500,
    processes=20,
)


@pytest.fixture
def box() -> Iterator[Box]:
    """A sandbox with tight limits, but for the time."""
    with opened(LIMITS) as box:
        yield box


@pytest.fixture
def hasty() -> Iterator[Box]:
    """A sandbox that gives programs a second."""
    with opened(Limits(seconds=1, output_bytes=10_000, processes=20)) as box:
        yield box


class TestView:
    """What programs see of the host."""

    def test_files_of_the_host_are_not_there(self, box: Box, tmp_path: Path) -> None:
        secret = tmp_path / "secret.txt"
        secret.write_text("secret")
        paths = [
            str(secret),
            str(tmp_path),
            str(Path.home() / ".ssh"),
            str(Path(__file__)),
            os.getcwd(),
            *(path for path in (sys.prefix,) if sys.prefix != sys.base_prefix),
            "/etc/passwd",
            "/etc/shadow",
            "/etc/hostname",
            "/var",
            "/home",
            "/sys",
            "/run",
            "/boot",
            "/dev/shm/../kmsg",
            "/dev/tty",
            "/dev/mem",
            "/bin/sh",
        ]
        code = f"import os; [path for path in {paths} if os.path.lexists(path)]"
        assert box.logs(code) == "[]\n"
        assert box.logs("os.listdir('/proc/1/root')").endswith(
            "PermissionError: [Errno 13] Permission denied: '/proc/1/root'\n"
        )
        assert "os.getpid()" not in box.logs("os.listdir('/tmp'), os.listdir('/dev/shm'), os.listdir('/mnt')")
        assert box.logs("sorted(os.listdir('/mnt')), os.listdir('/tmp')") == "(['data', 'home', 'shm', 'tmp'], [])\n"

    def test_the_environment_is_clean(self, box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
        with opened() as fresh:
            code = """
import os, pathlib
found = dict(os.environ)
everything = [path.read_bytes() for path in pathlib.Path("/proc").glob("[0-9]*/environ") if os.access(path, os.R_OK)]
print(sorted(found), [b"secret" in each for each in everything])
"""
            assert fresh.logs(code) == ("['HOME', 'LANG', 'MPLBACKEND', 'PATH', 'PWD', 'TMPDIR', 'TZ'] [False]\n")

    def test_nothing_of_the_system_can_be_written(self, box: Box) -> None:
        code = """
import os, sys, json
targets = ["/", "/dev", "/etc", "/opt/sandbox", "/usr/lib", "/proc", "/proc/sys/kernel", os.path.dirname(os.__file__),
           os.path.dirname(sys.executable)]
written = []
for directory in targets:
    try:
        open(directory + "/made-by-a-program", "w")
        written.append(directory)
    except OSError:
        pass
kernel = ("/proc/sys/kernel/hostname", "/proc/sysrq-trigger")
for file in (json.__file__, sys.executable, "/opt/sandbox/guard.py", *kernel):
    try:
        open(file, "r+")
        written.append(file)
    except OSError:
        pass
written
"""
        assert box.logs(code) == "[]\n"

    def test_there_is_one_user_without_rights(self, box: Box) -> None:
        code = """
import os, socket
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(os.getuid(), os.getgid(), os.getgroups(), socket.gethostname())
print({int(status[name], 16) for name in ("CapEff", "CapPrm", "CapInh", "CapBnd", "CapAmb")})
print(status["NoNewPrivs"].strip(), status["Seccomp"].strip())
os.setuid(0)
"""
        logs = box.logs(code)
        assert logs.splitlines()[:2] == ["65534 65534 [] sandbox", "{0}"] or "65534 65534 [65534] sandbox" in logs
        assert "\n1 2\n" in logs
        assert logs.splitlines()[-1].startswith(("PermissionError", "OSError: [Errno 22]"))

    def test_only_own_processes_are_seen(self, box: Box) -> None:
        code = "import os; len([name for name in os.listdir('/proc') if name.isdigit()]), os.getppid()"
        assert box.logs(code) == "(2, 1)\n"
        assert box.logs(code, session="other") == "(2, 1)\n"

    def test_no_open_file_of_the_host_is_inherited(self, box: Box) -> None:
        code = r"""
import os
kinds = set()
for name in os.listdir("/proc/self/fd"):
    try:
        kinds.add(os.readlink(f"/proc/self/fd/{name}").split(":")[0])
    except FileNotFoundError:
        pass
sorted(kinds)
"""
        assert box.logs(code) == "['/dev/null', 'pipe']\n"

    def test_sessions_do_not_see_one_another(self, box: Box) -> None:
        box.run("open('/tmp/secret', 'w').write('x'); open('/dev/shm/secret', 'w').write('x'); open('secret', 'w')")
        code = "import os; [os.listdir(name) for name in ('/tmp', '/dev/shm', '/mnt/data', '/mnt/home')]"
        assert box.logs(code, session="two") == "[[], [], [], []]\n"


class TestNetwork:
    """There is none, not even the host's loopback interface."""

    def test_servers_of_the_host_are_not_reached(self, box: Box, tmp_path: Path) -> None:
        name = f"\0{marker()}"
        with (
            socket.create_server(("127.0.0.1", 0)) as tcp,
            socket.socket(socket.AF_UNIX) as path,
            socket.socket(socket.AF_UNIX) as abstract,
        ):
            path.bind(str(tmp_path / "s"))
            path.listen()
            abstract.bind(name)
            abstract.listen()
            code = f"""
import socket, urllib.request
def attempt(f, *arguments):
    try:
        f(*arguments)
        print("reached", arguments)
    except OSError as error:
        pass
attempt(socket.create_connection, ("127.0.0.1", {tcp.getsockname()[1]}), 5)
attempt(socket.create_connection, ("localhost", {tcp.getsockname()[1]}), 5)
attempt(urllib.request.urlopen, "http://127.0.0.1:{tcp.getsockname()[1]}/")
attempt(socket.socket(socket.AF_UNIX).connect, {str(tmp_path / "s")!r})
attempt(socket.socket(socket.AF_UNIX).connect, {name!r})
attempt(socket.getaddrinfo, "example.com", 80)
"""
            assert box.logs(code) == ""
            for listener in (tcp, path, abstract):
                listener.setblocking(False)
                with pytest.raises(BlockingIOError):
                    listener.accept()

    def test_other_kinds_of_sockets_are_refused(self, box: Box) -> None:
        code = """
import socket
made = []
for family in range(1, 46):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
        try:
            socket.socket(family, kind, 0).close()
            made.append(family)
        except OSError:
            pass
set(made)
"""
        assert box.logs(code) == "{1}\n"


class TestMemory:
    """Limits on memory."""

    def test_one_process(self, box: Box) -> None:
        assert box.logs("x = 1\nbytearray(1 << 30)").endswith("MemoryError\n")
        assert box.logs("x") == "1\n"
        assert "MemoryError" in box.logs("y = []\nwhile True: y.append(bytes(100_000))")

    def test_many_processes(self, box: Box) -> None:
        code = f"""
import os, time
for _ in range(10):
    if os.fork() == 0:
        x = bytearray({100 * MEBIBYTE})
        for place in range(0, len(x), 4096): x[place] = 1
        time.sleep(1000)
os.wait()
"""
        result = box.run(code)
        assert (result.problem, result.files) == ("memory", ())
        assert result.logs == (
            "[The program was ended: it used more than 256 MiB of memory. Variables are lost; files in /mnt/data are "
            "kept.]\n"
        )
        assert box.logs("1") == "1\n"

    def test_shared_memory_counts_once(self, box: Box) -> None:
        code = f"""
import os, time
x = bytearray({100 * MEBIBYTE})
for place in range(0, len(x), 4096): x[place] = 1
for _ in range(8):
    if os.fork() == 0:
        sum(x[::4096]); time.sleep(0.3); os._exit(0)
for _ in range(8): os.wait()
"done"
"""
        assert box.logs(code) == "'done'\n"

    def test_memory_that_belongs_to_no_process_is_refused(self, box: Box) -> None:
        code = """
import ctypes, errno, os, platform
libc = ctypes.CDLL(None, use_errno=True)
numbers = {"x86_64": (29, 68, 56), "aarch64": (194, 186, 220)}[platform.machine()]
def refused(*call):
    ctypes.set_errno(0)
    return libc.syscall(*call) == -1 and errno.errorcode[ctypes.get_errno()]
print(refused(numbers[0], 0, 4096, 0o1666), refused(numbers[1], 0, 0o1666))
print(refused(425, 8, 0), refused(435, 0, 0), refused(447, 0))
print(refused(numbers[2], 0x10000000 | 17, 0, 0, 0, 0), refused(numbers[2], 0x20000000 | 17, 0, 0, 0, 0))
print(libc.unshare(0x10000000), libc.mount(b"a", b"/tmp", b"tmpfs", 0, None), libc.ptrace(0, 0, 0, 0))
os.memfd_create("x")
"""
        lines = box.logs(code).splitlines()
        assert lines[:4] == ["EPERM EPERM", "EPERM ENOSYS EPERM", "EPERM EPERM", "-1 -1 -1"]
        assert lines[-1].startswith("PermissionError")


class TestDisk:
    """Limits on files."""

    def test_one_file(self, box: Box) -> None:
        logs = box.logs("f = open('big', 'wb', 0)\nwhile True: f.write(bytes(100_000))")
        assert "OSError: [Errno 27] File too large" in logs
        assert "Errno 27" in box.logs("open('sparse', 'wb').truncate(1 << 40)")

    def test_all_files(self, box: Box) -> None:
        code = """
import os
places = ["/tmp", "/mnt/home", "/mnt", "/dev/shm", "/mnt/data"]
for n in range(100):
    with open(f"{places[n % 5]}/{n}", "wb") as f: f.write(bytes(1 << 20))
"""
        assert box.logs(code).endswith("OSError: [Errno 28] No space left on device\n")
        code = "sum(os.stat(os.path.join(d, f)).st_size for d, _, fs in os.walk('/mnt') for f in fs) <= 16 << 20"
        assert box.logs(code) == "True\n"

    @pytest.mark.parametrize(
        "make", ["open(f'{n}', 'w').close()", "os.mkdir('d'); os.chdir('d')", "os.symlink('x', f'{n}')"]
    )
    def test_number_of_files(self, box: Box, make: str) -> None:
        result = box.run(f"import os\nfor n in range(10_000_000): {make}")
        assert result.problem == "files"
        assert result.logs == (
            "[The program was ended: it made more than 500 files and directories. Variables and all files are lost.]\n"
        )
        assert box.logs("import os; os.listdir()") == "[]\n"

    def test_deep_directories_are_no_trouble(self, box: Box) -> None:
        result = box.run("import os\nfor _ in range(400): os.mkdir('d'); os.chdir('d')\nopen('x', 'w')")
        assert (result.problem, result.files) == (None, ())


class TestOutput:
    """Limits on output."""

    def test_a_flood_that_ends(self, box: Box) -> None:
        result = box.run("for n in range(100_000): print('x' * 99)")
        assert result.output_cut and result.problem is None
        output, note = result.logs[:10_000], result.logs[10_000:]
        assert set(output) == {"x", "\n"}
        assert note == "[Output is limited to 10000 bytes; 9990000 more were thrown away.]\n"

    def test_a_flood_that_does_not_end(self, hasty: Box) -> None:
        result = hasty.run("import os, sys\nwhile True: os.write(1, b'x' * 100_000)")
        assert result.output_cut and result.problem == "time"
        assert len(result.logs) < 10_400
        assert hasty.logs("1") == "1\n"

    def test_a_flood_from_many_processes(self, hasty: Box) -> None:
        result = hasty.run("import os\nfor _ in range(4): os.fork()\nwhile True: os.write(2, b'x' * 100_000)")
        assert result.output_cut and result.problem == "time"
        assert hasty.logs("1") == "1\n"

    def test_a_large_value(self, box: Box) -> None:
        assert len(box.run("'x' * 10_000_000").logs) < 10_400

    def test_a_character_at_the_limit(self, box: Box) -> None:
        assert box.run("print('x' + 'ü' * 10_000)").logs.startswith("xüü")


class TestTime:
    """Limits on time."""

    @pytest.mark.parametrize(
        "code",
        [
            "while True: pass",
            "import time; time.sleep(1000)",
            "import os; os.read(os.pipe()[0], 1)",
            "import time\nfrom signal import *\nfor n in {*Signals} - {9, 19}: signal(n, SIG_IGN)\ntime.sleep(999)",
            "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
            "import re; re.match('(a+)+$', 'a' * 60 + 'b')",
            "10 ** 10 ** 9",
            "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)",
            "class X:\n    def __repr__(self):\n        while True: pass\nX()",
            "class E(Exception):\n    def __str__(self):\n        while True: pass\nraise E",
            "import threading\nthreading.Event().wait()",
            "import os, time\nif os.fork() == 0: os.setsid()\ntime.sleep(1000)",
        ],
    )
    def test_what_does_not_end_is_ended(self, hasty: Box, code: str) -> None:
        result = hasty.run(f"open('kept', 'w').write('x')\nprint('begun')\n{code}")
        assert result.problem == "time"
        assert result.logs == (
            "begun\n[The program was ended: it ran longer than 1 s. Variables are lost; files in /mnt/data are kept.]\n"
        )
        assert [file.name for file in result.files] == ["kept"]
        assert hasty.content(result.files[0]) == b"x"
        assert hasty.logs("open('kept').read(), 'os' in globals()") == "('x', False)\n"

    def test_background_threads_rest_between_calls(self, box: Box) -> None:
        name = f"rest{os.getpid()}"
        box.run(f"""
import ctypes, threading, time
n = 0
def count():
    global n
    while True:
        n += 1
        time.sleep(0.001)
ctypes.CDLL(None).prctl(15, b"{name}", 0, 0, 0)
threading.Thread(target=count, daemon=True).start()
while n < 3: time.sleep(0.001)
""")
        assert state_of(name) == ["T"]
        assert box.logs("before = n\nwhile n == before: time.sleep(0.001)\nn > before") == "True\n"


class TestProcesses:
    """Limits on processes, and their end."""

    @pytest.mark.parametrize(
        "code",
        [
            "while True: os.fork()",
            "def bomb():\n    while True:\n        try: os.fork()\n        except OSError: pass\nbomb()",
            "while True: subprocess.Popen([sys.executable, '-c', 'input()'], stdin=-1, start_new_session=True)",
            "while True: threading.Thread(target=time.sleep, args=(1000,)).start()",
        ],
    )
    def test_a_fork_bomb(self, hasty: Box, code: str) -> None:
        result = hasty.run(f"import os, subprocess, sys, threading, time\n{code}")
        assert result.problem == "time" or (result.problem is None and "Error" in result.logs)
        if result.problem is not None:
            assert hasty.logs("import os, signal\nfor _ in range(18):\n    if os.fork() == 0: signal.pause()") == ""
        assert hasty.logs("1") == "1\n"

    def test_what_a_program_leaves_running_is_ended(self, box: Box) -> None:
        word = marker()
        code = f"""
import os, subprocess, sys
sleep = "import signal, time; signal.signal(15, signal.SIG_IGN); print('on'); time.sleep(1000)"
child = [sys.executable, "-c", sleep, "{word}"]
subprocess.Popen(child, start_new_session=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv(child[0], child)
    os._exit(0)
x = 1
"""
        result = box.run(code)
        assert result.problem is None
        assert processes_with(word) == []
        assert box.logs("x, [name for name in os.listdir('/proc') if name.isdigit()]") == "(1, ['1', '2'])\n"

    def test_a_swarm_that_grows_again_is_ended(self, box: Box) -> None:
        code = """
import os, signal
def swarm():
    while True:
        try:
            if os.fork() == 0: os.setsid()
            elif os.fork() == 0: pass
            else: os._exit(0)
        except OSError:
            pass
        for n in range(1, 65):
            try: os.kill(n + 1, signal.SIGCONT)
            except OSError: pass
x = 1
if os.fork() == 0: swarm()
"""
        for _ in range(5):
            assert box.run(code).problem in (None, "ended")
            names = "import os\nsum(name.isdigit() for name in os.listdir('/proc'))"
            assert box.logs(names) == "2\n"

    def test_a_fork_that_runs_on_does_no_harm(self, box: Box) -> None:
        assert box.logs("import os\nx = os.fork()\nif x: os.wait()") == ""
        assert box.logs("x > 0") == "True\n"

    @pytest.mark.parametrize(
        "code",
        [
            "os._exit(3)",
            "os.kill(os.getpid(), 9)",
            "os.abort()",
            "ctypes.string_at(0)",
            "os.closerange(0, 100)",
            "os.execv(sys.executable, [sys.executable, '-c', 'print(2)'])",
            "[os.close(n) for n in range(3, 20) if os.path.exists(f'/proc/self/fd/{n}')]",
        ],
    )
    def test_a_program_may_end_its_own_process(self, box: Box, code: str) -> None:
        result = box.run(f"import ctypes, os, sys\nopen('kept', 'w').write('x')\nprint('begun')\n{code}")
        assert result.problem == "ended"
        assert result.logs.startswith("begun\n")
        assert result.logs.endswith(
            "[The program ended its own Python process. Variables are lost; files in /mnt/data are kept.]\n"
        )
        assert box.logs("open('kept').read(), 'os' in globals()") == "('x', False)\n"

    def test_everybody_can_be_killed_but_the_watch(self, box: Box) -> None:
        code = """
import os, signal, subprocess, sys
for number in set(signal.Signals):
    os.kill(1, number)
os.killpg(0, signal.SIGURG)
if os.fork() == 0:
    os.kill(-1, 9)
    os.kill(os.getppid(), 9)
    os._exit(0)
while True: signal.pause()
"""
        assert box.run(code).problem == "ended"
        assert box.logs("1") == "1\n"

    def test_the_watch_cannot_be_touched(self, box: Box) -> None:
        code = """
import os
for path in ("/proc/1/mem", "/proc/1/environ", "/proc/1/fd/0", "/proc/1/fd/1", "/proc/1/cwd/x", "/proc/1/maps"):
    for mode in ("rb", "r+b"):
        try:
            open(path, mode)
            print("opened", path)
        except OSError:
            pass
try:
    os.listdir("/proc/1/fd")
except PermissionError:
    print("refused")
"""
        assert box.logs(code) == "refused\n"

    def test_closed_output_is_there_again_for_the_next_program(self, box: Box) -> None:
        assert box.logs("import os; print(1); os.close(1); os.close(2)") == "1\n"
        assert box.logs("print(2)") == "2\n"

    def test_words_to_the_watch_end_the_process(self, box: Box) -> None:
        code = """
import os, time
for number in range(3, 20):
    try:
        os.write(number, b"." * 50 + b'J' + bytes(100))
    except OSError:
        pass
time.sleep(1000)
"""
        assert box.run(code).problem == "ended"
        assert box.logs("1") == "1\n"


def test_many_sessions_attack_at_once() -> None:
    programs = [
        "while True: pass",
        "import os\nwhile True: os.fork()",
        "while True: print('x' * 10000)",
        "import os; os._exit(1)",
        "x = []\nwhile True: x.append(bytes(1000000))",
        "1",
    ]
    before = set(threading.enumerate())
    with opened(Limits(seconds=1, memory_bytes=128 * MEBIBYTE, processes=10)) as box:

        async def all_at_once() -> list[str | None]:
            calls = [box.sandbox.run(code, session=str(n)) for n, code in enumerate(programs * 2)]
            return [result.problem for result in await asyncio.gather(*calls)]

        problems = box.runner.run(all_at_once())
        assert problems[0] == problems[6] == "time"
        assert problems[3] == problems[9] == "ended"
        assert problems[5] is problems[11] is None
    assert not set(threading.enumerate()) - before
