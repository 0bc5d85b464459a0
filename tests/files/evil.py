"""What an evil file could make its reader do; run by `test_child` in a child process."""

import os
import resource
import signal
import sys
import time
from typing import Any, BinaryIO

from sikerja.files.faults import Unfit

HEAVY = {"sqlalchemy", "flask", "models", "pikepdf", "PIL", "pypdfium2"}
LIMITS = [getattr(resource, f"RLIMIT_{name}") for name in ("AS", "CPU", "FSIZE", "NOFILE", "CORE", "NPROC")]


def tell(file: BinaryIO, **arguments: Any) -> tuple[Any, bytes]:
    """What a child sees."""
    told = {
        "arguments": arguments,
        "read": file.read().decode(),
        "environment": sorted(os.environ),
        "limits": [resource.getrlimit(kind) for kind in LIMITS],
        "files": sorted(int(name) for name in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{name}")),
        "heavy": sorted(HEAVY & set(sys.modules)),
    }
    return told, b"bytes\n\0\xff"


def refuse(file: BinaryIO) -> tuple[Any, bytes]:
    raise Unfit("program", "x.exe")


def fail(file: BinaryIO) -> tuple[Any, bytes]:
    raise RuntimeError("no")


def crash(file: BinaryIO) -> tuple[Any, bytes]:
    os.kill(os.getpid(), signal.SIGSEGV)
    return None, b""


def leave(file: BinaryIO) -> tuple[Any, bytes]:
    os._exit(0)


def lie(file: BinaryIO) -> tuple[Any, bytes]:
    os.write(1, b'{"answer"')
    os._exit(0)


def say_nothing(file: BinaryIO) -> tuple[Any, bytes]:
    os.write(1, b"[1]\n")
    os._exit(0)


def answer_and_fail(file: BinaryIO) -> tuple[Any, bytes]:
    os.write(1, b'{"answer": 1}\n')
    os._exit(3)


def eat(file: BinaryIO) -> tuple[Any, bytes]:
    return len(bytes(200 * 1024 * 1024)), b""


def wait(file: BinaryIO) -> tuple[Any, bytes]:
    while True:
        time.sleep(60)


def spin(file: BinaryIO) -> tuple[Any, bytes]:
    while True:
        pass


def flood(file: BinaryIO) -> tuple[Any, bytes]:
    while True:
        os.write(1, bytes(1024 * 1024))


def have_children(file: BinaryIO, pipe: str) -> tuple[Any, bytes]:
    """Starts a process that holds on to a pipe, and waits with it."""
    with open(pipe, "wb", buffering=0) as held:
        os.fork()
        held.write(b"here ")
        return wait(file)
