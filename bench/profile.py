"""Where the time of one page goes: `python -m bench.profile three_filters`. Its statements with their times, then functions."""

import argparse
import cProfile
import os
import pstats
import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, event

from bench import databases
from bench.operations import BY_NAME
from bench.probe import look
from bench.subjects import OURS, SUBJECTS, Cannot, Subject, make
from bench.wsgi import ask

WARM_UP = 3


def main(arguments: Sequence[str] | None = None) -> None:
    """Profile what the arguments ask for."""
    parser = argparse.ArgumentParser(prog="bench.profile", description=__doc__)
    parser.add_argument("operation", choices=[*BY_NAME], metavar="OPERATION", help=", ".join(BY_NAME))
    parser.add_argument("--size", type=int, default=10_000)
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--subject", choices=[*SUBJECTS], default=OURS)
    parser.add_argument("--times", type=int, default=20, help="how often it is asked for")
    parser.add_argument("--lines", type=int, default=45)
    parser.add_argument("--sort", default="tottime", help="tottime, cumtime, ncalls")
    parser.add_argument("--save", metavar="FILE", help="for snakeviz and the like")
    asked = parser.parse_args(arguments)
    with databases.server(asked.engine) as where:
        url = databases.register(asked.engine, where, asked.size)
        os.environ |= databases.environment(url)
        subject = make(asked.subject, url, look(url))
        address = subject.address(asked.operation)
        if isinstance(address, Cannot):
            raise SystemExit(f"{asked.subject} cannot: {address.why}")
        _tell_statements(subject, address)
        stats = _profiled(subject, address, asked.times)
    if asked.save:
        stats.dump_stats(asked.save)
    stats.sort_stats(asked.sort).print_stats(asked.lines)


def _tell_statements(subject: Subject, address: str) -> None:
    """Print each statement of one warm answer with its time. (Of those that SQLAlchemy sends.)"""
    for _ in range(WARM_UP):
        ask(subject.application, address, cookie=subject.cookie, take=len)
    began: list[float] = []

    def before(*_told: Any) -> None:
        began.append(time.perf_counter())

    def after(_connection: Any, _cursor: Any, statement: str, *_told: Any) -> None:
        print(f"{(time.perf_counter() - began.pop()) * 1000:8.2f} ms  {' '.join(statement.split())[:4000]}\n")

    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "after_cursor_execute", after)
    answer = ask(subject.application, address, cookie=subject.cookie, take=len)
    event.remove(Engine, "before_cursor_execute", before)
    event.remove(Engine, "after_cursor_execute", after)
    print(f"{answer.status}  {address}\n{answer.wall * 1000:.1f} ms, CPU {answer.cpu * 1000:.1f} ms, {answer.size:,} bytes\n")


def _profiled(subject: Subject, address: str, times: int) -> pstats.Stats:
    profiler = cProfile.Profile()
    profiler.enable()
    for _ in range(times):
        ask(subject.application, address, cookie=subject.cookie, take=len)
    profiler.disable()
    return pstats.Stats(profiler)


if __name__ == "__main__":
    main()
