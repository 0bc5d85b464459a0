"""A process of its own for each file that came from outside: little memory, little time, no secrets.

`run("pdf", file)` starts `python -m sikerja.files.child` with the job in its arguments and the file as its standard input,
and reads back one line of JSON, then bytes. Whatever happens in there (a crash, a loop, all memory eaten) is the same answer
out here: unreadable.
"""

import contextlib
import importlib
import json
import logging
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, NamedTuple, cast

from sikerja.files.faults import UNREADABLE, Unfit

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MEBIBYTE = 1024 * 1024


class Job(NamedTuple):
    """A function that reads a file, and what it may use: MiB of memory and seconds."""

    module: str
    function: str
    memory: int
    seconds: int


JOBS = {
    "pdf": Job("sikerja.files.pdf", "look", 384, 10),
    "office": Job("sikerja.files.office", "look", 256, 10),
    "picture": Job("sikerja.files.picture", "look", 384, 10),
    "count_pdf": Job("sikerja.files.pdfpages", "count", 384, 10),
    "count_picture": Job("sikerja.files.picture", "count", 384, 10),
    "draw_pdf": Job("sikerja.files.pdfpages", "draw", 768, 15),
    "draw_picture": Job("sikerja.files.picture", "draw", 512, 15),
}
MOST_OUTPUT = 32 * MEBIBYTE
MOST_OPEN_FILES = 64
AT_ONCE = 2  # in one server process: so many times the memory above is the most that uploads can take
PATIENCE = 30  # seconds that an upload waits for its turn
# The only variables that a child gets; neither the secret key nor the database's password is among them.
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "LANG", "TMPDIR")
_turns = threading.BoundedSemaphore(AT_ONCE)
_log = logging.getLogger(__name__)


class Result(NamedTuple):
    """What a child found, and the bytes it made."""

    answer: Any
    payload: bytes


def run(job: str, source: BinaryIO, **arguments: Any) -> Result:
    """Do the job on the file in a process of its own. Raises Unfit."""
    if not _turns.acquire(timeout=PATIENCE):
        raise Unfit("busy")
    try:
        with _as_real_file(source) as document, tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            status = _start_and_wait(job, arguments, document, output, errors)
            if status != 0:
                _log.warning("reading a file (%s) ended with %s: %r", job, status, _last_words(errors))
                raise Unfit(UNREADABLE)
            output.seek(0)
            return _told(output)
    finally:
        _turns.release()


def _told(output: BinaryIO) -> Result:
    """What a child wrote; not trusted to be what it should be."""
    output.seek(0)
    try:
        told = json.loads(output.readline())
        if "fault" in told:
            raise Unfit(str(told["fault"]), str(told["found"]))
        return Result(told["answer"], output.read())
    except (ValueError, KeyError, TypeError) as error:
        raise Unfit(UNREADABLE) from error


@contextlib.contextmanager
def _as_real_file(source: BinaryIO) -> Iterator[BinaryIO]:
    """The file itself where the system knows it, else a copy; at its start, and put back to where it was read."""
    source.flush()
    try:
        handle = source.fileno()
    except OSError:  # it is in memory
        at = source.tell()
        source.seek(0)
        with tempfile.TemporaryFile() as copy:
            shutil.copyfileobj(source, copy)
            source.seek(at)
            copy.seek(0)
            yield cast(BinaryIO, copy)
    else:
        # The child shares the place in the file, of which our own buffer knows nothing.
        at = os.lseek(handle, 0, os.SEEK_CUR)
        os.lseek(handle, 0, os.SEEK_SET)
        try:
            yield source
        finally:
            os.lseek(handle, at, os.SEEK_SET)


def _start_and_wait(job: str, arguments: Any, document: BinaryIO, output: Any, errors: Any) -> int | None:
    """The exit status; None where its time was over."""
    process = subprocess.Popen(  # noqa: S603 - our own interpreter, module and job
        [sys.executable, "-m", "sikerja.files.child", json.dumps(JOBS[job]), json.dumps(arguments)],
        stdin=document,
        stdout=output,
        stderr=errors,
        cwd=ROOT,
        env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
        start_new_session=True,
    )
    try:
        return process.wait(timeout=JOBS[job].seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _last_words(errors: BinaryIO) -> str:
    errors.seek(max(0, errors.seek(0, os.SEEK_END) - 300))
    return errors.read().decode(errors="replace").strip()


def main() -> None:
    """The child's own beginning: limits first, then the module that the job needs, then the file."""
    job = Job(*json.loads(sys.argv[1]))
    limit(job)
    function: Callable[..., tuple[Any, bytes]] = getattr(importlib.import_module(job.module), job.function)
    try:
        with open(0, "rb") as document:
            answer, payload = function(document, **json.loads(sys.argv[2]))
        told: dict[str, Any] = {"answer": answer}
    except Unfit as unfit:
        told, payload = {"fault": unfit.code, "found": unfit.found}, b""
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + payload)
    sys.stdout.buffer.flush()


def limit(job: Job) -> None:
    """Bind this process to what the job may use. Beyond it: MemoryError, or a signal that ends it."""
    for kind, most in (
        (resource.RLIMIT_AS, job.memory * MEBIBYTE),
        (resource.RLIMIT_CPU, job.seconds),
        (resource.RLIMIT_FSIZE, MOST_OUTPUT),
        (resource.RLIMIT_NOFILE, MOST_OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),  # no further processes or threads; not for root
    ):
        resource.setrlimit(kind, (most, most))
    signal.alarm(job.seconds + 1)  # should nobody be left to end it


if __name__ == "__main__":
    main()
