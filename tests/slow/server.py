"""The production server as a process of its own, to be killed; and clerks who talk to it over real connections."""

import http.client
import os
import re
import resource
import secrets
import signal
import socket
import subprocess
import sys
import time
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

ROOT = Path(__file__).parent.parent.parent
PASSWORD = "sikerja-demo-2026"
PATIENCE = 60  # seconds that a start may take on a slow machine; nothing is measured


class Gone(Exception):  # noqa: N818 - it is what a kill looks like from outside
    """The server did not answer: it was killed, or is just starting."""


class Server:
    """gunicorn over one database and one data folder. It can be killed with all its workers, and started again."""

    def __init__(self, data: Path, database_url: str, **settings: str) -> None:
        self.data = data
        self.written = data / "server.log"
        self.port = _free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.environment = {
            "PATH": os.environ["PATH"], "SIKERJA_ENV": "testing", "SIKERJA_DATA": str(data), "DATABASE_URL": database_url,
            "SIKERJA_TODAY": "2026-11-24", "WEB_CONCURRENCY": "2", "SECRET_KEY": "a-key-that-outlives-every-kill-0123456789",
            **settings,
        }  # fmt: skip

    def start(self) -> None:
        """Start and wait until it answers."""
        with self.written.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "--bind", f"127.0.0.1:{self.port}",
                 "app:create_app()"],
                cwd=ROOT, env=self.environment, start_new_session=True, stdout=subprocess.DEVNULL, stderr=log,
            )  # fmt: skip
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                if self.request("GET", "/healthz").status == 200:
                    return
            except Gone:
                time.sleep(0.05)
        raise AssertionError("the server does not start")

    def kill(self) -> None:
        """kill -9: master and workers at once, in the middle of whatever they do."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def end(self) -> None:
        """Ask it to end, as an operator does; it may take its time."""
        assert self.process is not None
        self.process.terminate()

    def stop(self) -> None:
        """End it, where it still runs."""
        if self.process is not None and self.process.poll() is None:
            self.kill()

    def let_files_grow(self, largest: int) -> None:
        """From now on no file of its workers may be longer than so many bytes: to them the disk is full there."""
        assert self.process is not None
        own = str(self.process.pid)
        for worker in Path(f"/proc/{own}/task/{own}/children").read_text().split():
            resource.prlimit(int(worker), resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))

    def command(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run one of the application's own commands over the same data."""
        return subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", *arguments], cwd=ROOT, env=self.environment, check=False,
            capture_output=True, text=True, timeout=300,
        )  # fmt: skip

    def request(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> "Answer":
        """One request over a connection of its own. Raises Gone."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        except (OSError, http.client.HTTPException) as error:
            raise Gone from error
        finally:
            connection.close()


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: Any
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")


class Clerk:
    """Someone of the bureau with a cookie and the token of their pages; both outlive the server's death."""

    def __init__(self, server: Server, role: str = "staff") -> None:
        self.server, self.cookie = server, ""
        self.token = self._token("/login")
        answer = self.post("/login", {"email": f"{role}@sikerja.test", "password": PASSWORD})
        assert answer.status == 302, answer.text
        self.token = self._token("/account/")

    def get(self, path: str) -> Answer:
        """A page. Raises Gone."""
        return self._kept(self.server.request("GET", path, headers={"Cookie": self.cookie}))

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        """A form. Raises Gone."""
        body = urlencode(fields | {"csrf_token": self.token}).encode()
        return self._send(path, body, "application/x-www-form-urlencoded")

    def upload(self, fields: dict[str, str], name: str, content: bytes) -> Answer:
        """A form with a file, as the page's script sends it. Raises Gone."""
        border = secrets.token_hex(16)
        parts = [
            f'--{border}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
            for field, value in (fields | {"csrf_token": self.token}).items()
        ]
        head = f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = "".join(parts).encode() + head.encode() + content + f"\r\n--{border}--\r\n".encode()
        return self._send("/admin/attachment/new/", body, f"multipart/form-data; boundary={border}")

    def _send(self, path: str, body: bytes, kind: str) -> Answer:
        headers = {"Cookie": self.cookie, "Content-Type": kind, "Accept": "application/json"}
        return self._kept(self.server.request("POST", path, body, headers))

    def _kept(self, answer: Answer) -> Answer:
        for line in answer.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(line).items():
                self.cookie = f"{name}={morsel.value}"
        return answer

    def _token(self, path: str) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(path).text)
        assert found, f"no token on {path}"
        return found[1]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
