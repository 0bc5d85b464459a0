"""Asks every subject in turn, round by round, so that what else the machine does falls on all of them alike."""

import json
import select
import statistics
import subprocess
import sys
from typing import Any

from sqlalchemy import create_engine, text

from bench.databases import ROOT, environment
from bench.operations import OPERATIONS, Operation
from bench.probe import Probe
from bench.subjects import LIMIT, OURS, SUBJECTS

ROUNDS = 7
ENOUGH = 4.0  # seconds of one subject at one operation, after which its rounds end
PATIENCE = 600.0  # seconds for one answer
LARGEST_XLSX = 100_000  # of all rows; a sheet takes a million, patience doesn't

Result = dict[str, Any]
TOO_LARGE: Result = {"why": "cannot", "because": f"not measured above {LARGEST_XLSX:,} rows"}


class Pipe:
    """A subject in its own process; one that doesn't answer in time is ended and started again."""

    def __init__(self, name: str, url: str, probe: Probe) -> None:
        self.name, self._url, self._probe = name, url, probe
        self._start()

    def _start(self) -> None:
        asked = [sys.executable, "-m", "bench.worker", self.name, self._url, json.dumps(self._probe.as_json())]
        self._process = subprocess.Popen(
            asked, cwd=ROOT, env=environment(self._url), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._read()

    def ask(self, do: str, operation: str) -> Result:
        """The answer of the worker (see bench/worker.py)."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, "operation": operation}) + "\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> Result:
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], PATIENCE)
        line = self._process.stdout.readline() if ready else ""
        if line:
            found: Result = json.loads(line)
            return found
        self._process.kill()
        self._process.wait()
        if ready:
            raise RuntimeError(f"{self.name} did not start or has died: see above")
        self._start()
        return {"wrong": f"no answer in {PATIENCE:.0f} s"}

    def end(self) -> None:
        """Close the pipe; the process ends by itself."""
        self._process.communicate()


def run(url: str, probe: Probe, names: list[str], operations: list[str]) -> dict[str, dict[str, Result]]:
    """What was found, by operation and subject: figures, or why there are none."""
    pipes = {name: Pipe(name, url, probe) for name in names}
    results: dict[str, dict[str, Result]] = {}
    try:
        for operation in OPERATIONS:
            if operations and operation.name not in operations:
                continue
            print(f"  {operation.label}", file=sys.stderr, flush=True)
            if operation.name == "xlsx" and probe.total > LARGEST_XLSX:
                results[operation.name] = dict.fromkeys(names, TOO_LARGE)
            else:
                results[operation.name] = _one(operation, pipes, url)
    finally:
        for pipe in pipes.values():
            pipe.end()
    return results


def _one(operation: Operation, pipes: dict[str, Pipe], url: str) -> dict[str, Result]:
    checked = {name: pipe.ask("check", operation.name) for name, pipe in pipes.items()}
    right = {LIMIT: checked[LIMIT].get("keys")}
    found = {name: _verdict(answer, right[LIMIT], operation, url) for name, answer in checked.items()}
    rounds = {name: _rounds(answer["figures"]["wall"]) for name, answer in checked.items() if "why" not in found[name]}
    runs: dict[str, list[Result]] = {name: [] for name in rounds}
    for number in range(ROUNDS):
        for name, wanted in rounds.items():
            if number < wanted:
                runs[name].append(pipes[name].ask("time", operation.name))
    for name, many in runs.items():
        found[name] = median(many or [checked[name]["figures"]])
    return found


def _rounds(wall: float) -> int:
    """How often to ask again what took that long the first time; 0: the first time must do."""
    return min(ROUNDS, int(ENOUGH / max(wall, 0.001)))


def median(runs: list[Result]) -> Result:
    """The middle of each figure, and how many runs it comes from."""
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]} | {"runs": len(runs)}


def _verdict(answer: Result, right: list[str] | None, operation: Operation, url: str) -> Result:
    """Empty where the answer is right, else why it isn't timed."""
    if "cannot" in answer:
        return {"why": "cannot", "because": answer["cannot"]}
    if "wrong" in answer:
        return {"why": "WRONG", "because": answer["wrong"]}
    if not right or not answer["keys"]:
        return {"why": "WRONG", "because": "no rows"}
    keys = answer["keys"]
    if operation.order:
        keys, right = _in_order(url, keys, operation.order), _in_order(url, right, operation.order)
    if keys != right:
        place = next((index for index, pair in enumerate(zip(keys, right, strict=False)) if pair[0] != pair[1]), len(right))
        told = f"{len(keys)} rows for {len(right)}" if len(keys) != len(right) else f"differs from row {place + 1} on"
        return {"why": "WRONG", "because": told}
    return {}


def _in_order(url: str, keys: list[str], order: str) -> list[str]:
    """The names that rows are ordered by, in the order of the rows; a row that comes twice is no row."""
    engine = create_engine(url)
    named = text(
        f"SELECT a.register_no, n.name_key FROM agreement a JOIN {order} n ON n.id = a.lead_{order}_id "
        "WHERE a.register_no = :key"
    )
    with engine.connect() as connection:
        found = [connection.execute(named, {"key": key}).one()[1] for key in dict.fromkeys(keys)]
    engine.dispose()
    return found


def chosen(names: list[str]) -> list[str]:
    """The subjects to measure: those that are named, in their usual order, the limit always with them."""
    unknown = set(names) - set(SUBJECTS)
    if unknown:
        raise SystemExit(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(SUBJECTS)}")
    return [name for name in SUBJECTS if not names or name in names or name in (LIMIT, OURS)]
