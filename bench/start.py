"""From the start of the process to the first page: `python -m bench.start`. The production server, over loopback."""

import argparse
import http.client
import resource
import secrets
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence

from bench import databases

TIMES = 5
LONGEST = 30.0  # seconds to wait for a start
PAUSE = 0.005


def main(arguments: Sequence[str] | None = None) -> None:
    """Start the server several times and print how long each took, and the middle."""
    parser = argparse.ArgumentParser(prog="bench.start", description=__doc__)
    parser.add_argument("--size", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=TIMES)
    asked = parser.parse_args(arguments)
    with databases.server("sqlite") as where:
        url = databases.register("sqlite", where, asked.size)
        _start(url)  # what the disk reads once is read
        taken = [_start(url) for _ in range(asked.times)]
    print(", ".join(f"{each:.2f}" for each in taken), "s")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"median {statistics.median(taken):.2f} s from the start of the process to the first page")
    print(f"of that {(used.ru_utime + used.ru_stime) / (asked.times + 1):.2f} s CPU, with the end of the process")


def _start(url: str) -> float:
    """Seconds until /login was answered. The server is ended again."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {"SIKERJA_ENV": "production", "SECRET_KEY": secrets.token_urlsafe(48), "WEB_CONCURRENCY": "1"}
    command = ["-m", "gunicorn", "--config", "gunicorn.conf.py", "--bind", f"127.0.0.1:{port}", "app:create_app()"]
    began = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, *command], cwd=databases.ROOT, env=databases.environment(url) | own, stderr=subprocess.DEVNULL
    )
    try:
        while not _answers(port):
            if server.poll() is not None or time.perf_counter() - began > LONGEST:
                raise SystemExit("the server did not start")
            time.sleep(PAUSE)
        return time.perf_counter() - began
    finally:
        server.terminate()
        server.wait()


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST)
    try:
        connection.request("GET", "/login")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    main()
