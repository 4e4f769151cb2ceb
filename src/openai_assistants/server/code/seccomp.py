"""A filter of system calls for programs in the sandbox, as the kernel wants it: a program of its packet filter.

Refused is what reaches around the other limits (memory that belongs to no process, sockets that a network namespace
does not hold back, namespaces within the namespace) and what only serves attacks on the kernel.
"""

from __future__ import annotations

import errno
import socket
import struct
from dataclasses import dataclass

_LOAD, _JUMP_EQUAL, _JUMP_NOT_LESS, _JUMP_BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_X32 = 0x40000000
_NEW_NAMESPACES = 0x7E020000

_SHARED = {
    "io_uring_setup": 425,
    "io_uring_enter": 426,
    "io_uring_register": 427,
    "open_tree": 428,
    "move_mount": 429,
    "fsopen": 430,
    "fsconfig": 431,
    "fsmount": 432,
    "fspick": 433,
    "pidfd_getfd": 438,
    "mount_setattr": 442,
    "memfd_secret": 447,
}
_CLONE3 = 435


@dataclass(frozen=True)
class _Machine:
    audit: int
    clone: int
    socket: int
    refused: dict[str, int]


_MACHINES = {
    "x86_64": _Machine(
        audit=0xC000003E,
        clone=56,
        socket=41,
        refused={
            "shmget": 29,
            "semget": 64,
            "msgget": 68,
            "ptrace": 101,
            "syslog": 103,
            "personality": 135,
            "pivot_root": 155,
            "chroot": 161,
            "mount": 165,
            "umount2": 166,
            "swapon": 167,
            "reboot": 169,
            "init_module": 175,
            "delete_module": 176,
            "quotactl": 179,
            "io_setup": 206,
            "mq_open": 240,
            "kexec_load": 246,
            "add_key": 248,
            "request_key": 249,
            "keyctl": 250,
            "unshare": 272,
            "vmsplice": 278,
            "perf_event_open": 298,
            "fanotify_init": 300,
            "name_to_handle_at": 303,
            "open_by_handle_at": 304,
            "setns": 308,
            "process_vm_readv": 310,
            "process_vm_writev": 311,
            "kcmp": 312,
            "finit_module": 313,
            "memfd_create": 319,
            "kexec_file_load": 320,
            "bpf": 321,
            "userfaultfd": 323,
        },
    ),
    "aarch64": _Machine(
        audit=0xC00000B7,
        clone=220,
        socket=198,
        refused={
            "io_setup": 0,
            "umount2": 39,
            "mount": 40,
            "pivot_root": 41,
            "chroot": 51,
            "quotactl": 60,
            "vmsplice": 75,
            "personality": 92,
            "unshare": 97,
            "kexec_load": 104,
            "init_module": 105,
            "delete_module": 106,
            "syslog": 116,
            "ptrace": 117,
            "reboot": 142,
            "mq_open": 180,
            "msgget": 186,
            "semget": 190,
            "shmget": 194,
            "add_key": 217,
            "request_key": 218,
            "keyctl": 219,
            "swapon": 224,
            "perf_event_open": 241,
            "fanotify_init": 262,
            "name_to_handle_at": 264,
            "open_by_handle_at": 265,
            "setns": 268,
            "process_vm_readv": 270,
            "process_vm_writev": 271,
            "kcmp": 272,
            "finit_module": 273,
            "memfd_create": 279,
            "bpf": 280,
            "userfaultfd": 282,
            "kexec_file_load": 294,
        },
    ),
}

MACHINES = tuple(_MACHINES)
"""The processors for which there is a filter, as `platform.machine()` calls them."""


def filter_for(name: str) -> bytes:
    """The filter for a processor."""
    machine = _MACHINES[name]
    program = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_JUMP_EQUAL, machine.audit, then=1),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER),
        _step(_JUMP_NOT_LESS, _X32, otherwise=1),
        _step(_RETURN, _KILL),
        # The C library takes the older call instead, whose flags can be seen here.
        *_refuse(_CLONE3, errno.ENOSYS),
    ]
    for number in sorted({**machine.refused, **_SHARED}.values()):
        program += _refuse(number, errno.EPERM)
    program += [
        _step(_JUMP_EQUAL, machine.clone, otherwise=4),
        _step(_LOAD, _FIRST_ARGUMENT),
        _step(_JUMP_BITS, _NEW_NAMESPACES, otherwise=1),
        _step(_RETURN, _ERROR | errno.EPERM),
        _step(_RETURN, _ALLOW),
        _step(_JUMP_EQUAL, machine.socket, otherwise=3),
        _step(_LOAD, _FIRST_ARGUMENT),
        _step(_JUMP_EQUAL, socket.AF_UNIX, then=1),
        _step(_RETURN, _ERROR | errno.EAFNOSUPPORT),
        _step(_RETURN, _ALLOW),
    ]
    return b"".join(program)


def _refuse(number: int, error: int) -> list[bytes]:
    return [_step(_JUMP_EQUAL, number, otherwise=1), _step(_RETURN, _ERROR | error)]


def _step(operation: int, value: int, *, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("=HBBI", operation, then, otherwise, value)
