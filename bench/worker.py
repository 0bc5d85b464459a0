"""One subject in a process of its own, asked over its standard input: a line of JSON each way.

{"do": "check", "operation": "first"}  what it answers, to be compared; also what it cost, where once must do
{"do": "time", "operation": "first"}   what it cost
"""

import csv
import gc
import io
import json
import os
import re
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import IO, Any

from bench.operations import BY_NAME
from bench.probe import Probe
from bench.subjects import Cannot, Subject, make
from bench.wsgi import Answer, ask

REGISTER_NO = re.compile(rb"KS-\d{4}-\d+")
PIECE = 1024 * 1024


def check(subject: Subject, operation: str) -> dict[str, Any]:
    """What the subject answers: the keys of a page, or how many rows a file has and its first and last key."""
    address = subject.address(operation)
    if isinstance(address, Cannot):
        return {"cannot": address.why}
    if BY_NAME[operation].kind == "file":
        with tempfile.TemporaryFile() as file:
            answer = _measured(subject, address, file)
            if answer.status != 200:
                return {"wrong": f"answered {answer.status}"}
            rows, first, last = (_in_xlsx if operation.startswith("xlsx") else _in_csv)(file)
        return {"keys": [str(rows), first, last], "figures": answer.figures()}
    answer = _measured(subject, address, None)
    if answer.status != 200:
        return {"wrong": f"answered {answer.status}"}
    if BY_NAME[operation].kind == "details":
        found = {key.decode() for key in REGISTER_NO.findall(answer.body)}
        return {"keys": sorted(found), "figures": answer.figures()}
    return {"keys": re.findall(subject.key_pattern, answer.body.decode()), "figures": answer.figures()}


def timed(subject: Subject, operation: str) -> dict[str, Any]:
    """What one asking costs."""
    address = subject.address(operation)
    assert isinstance(address, str), "nothing is timed that cannot be done"
    return _measured(subject, address, None).figures()


def _measured(subject: Subject, address: str, file: IO[bytes] | None) -> Answer:
    """The answer with its statements, and for a file with the growth of the memory."""
    gc.collect()
    before, held, worked = subject.statements, _reset_peak(), _server_cpu()
    is_file = "/export/" in address or "csv" in address or "xlsx" in address
    take = file.write if file else (len if is_file else None)
    answer = ask(subject.application, address, cookie=subject.cookie, take=take)
    answer.server = _server_cpu() - worked
    answer.statements = subject.statements - before
    answer.peak = max(0, _memory("VmHWM") - held)
    return answer


def _server_cpu() -> float:
    """Seconds of CPU that our own PostgreSQL has used so far, by processes that have ended too; 0 without one."""
    leader = os.environ.get("BENCH_SERVER_PID")
    if not leader:
        return 0.0
    living = Path(f"/proc/{leader}/task/{leader}/children").read_text().split()
    ended = sum(int(ticks) for ticks in Path(f"/proc/{leader}/stat").read_text().rpartition(")")[2].split()[13:15])
    return sum(_scheduled(pid) for pid in living) / 1e9 + ended / os.sysconf("SC_CLK_TCK")


def _scheduled(pid: str) -> int:
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0])
    except OSError:  # it has ended meanwhile
        return 0


def _reset_peak() -> int:
    """Forget the highest memory so far (Linux does it on request); what is held now, in bytes."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return _memory("VmHWM")
    return _memory("VmRSS")


def _memory(name: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    return 0


def _in_csv(file: IO[bytes]) -> tuple[int, str, str]:
    """How many rows below the headings; the register numbers of the first and the last."""
    file.seek(0)
    rows, first, last = -1, "", ""
    for row in csv.reader(io.TextIOWrapper(file, "utf-8-sig", newline="")):
        rows += 1
        if row:
            first, last = (row[0] if rows == 1 else first), row[0]
    return max(0, rows), first, last if rows > 0 else ""


def _in_xlsx(file: IO[bytes]) -> tuple[int, str, str]:
    """The same of the largest sheet; texts stand in it or, in their order, beside it."""
    rows, first, last = -1, "", ""
    with zipfile.ZipFile(file) as book:
        sheet = max((info for info in book.infolist() if "worksheets/" in info.filename), key=lambda info: info.file_size)
        names = [sheet.filename, *[name for name in book.namelist() if name.endswith("sharedStrings.xml")]]
        for name in names:
            with book.open(name) as part:
                rest = b""
                while piece := part.read(PIECE):
                    text = rest + piece
                    cut = text.rfind(b"<")
                    text, rest = text[:cut], text[cut:]
                    rows += text.count(b"<row ") if name == sheet.filename else 0
                    found = REGISTER_NO.findall(text)
                    if found:
                        first, last = first or found[0].decode(), found[-1].decode()
    return max(0, rows), first, last


def main() -> None:
    """Answer until the pipe is closed. Whatever else the subject prints goes to the standard error."""
    pipe = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    name, url, probe = sys.argv[1], sys.argv[2], Probe.from_json(json.loads(sys.argv[3]))
    subject = make(name, url, probe)
    print(json.dumps({"ready": name}), file=pipe)
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            answer = {"check": check, "time": timed}[asked["do"]](subject, asked["operation"])
        except Exception as error:
            answer = {"wrong": f"{type(error).__name__}: {str(error)[:160]}"}
        print(json.dumps(answer), file=pipe)


if __name__ == "__main__":
    main()
