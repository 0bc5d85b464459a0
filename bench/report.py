"""What was measured, as a table and as JSON."""

import platform
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from bench.operations import BY_NAME
from bench.subjects import LIMIT
from bench.targets import Outcome, Results, best_rival, figure, growth, ratio

LIBRARIES = ("flask", "flask-admin", "flask-sqlalchemy", "sqlalchemy", "django", "jinja2", "psycopg", "tablib", "xlsxwriter")
COMPARED = {"work": "CPU and server", "wall": "wall"}
NOTES = (
    "Files: raw and sikerja write the 18 columns of the contract, the rivals the 11 that they have without code by hand.",
    "raw signs nobody in, asks no permission and leaves no trace; Flask-Admin has no sign-in; Django signs in.",
)
HEADINGS = ("", "CPU ms", "server ms", "wall ms", "first ms", "SQL", "KB", "+MB", "×raw", "×best", "growth")
WIDTHS = (26, 10, 10, 10, 10, 6, 9, 7, 8, 8, 8)


def machine(engine: str, where: str) -> dict[str, Any]:
    """What it was measured on."""
    return {
        "cores": len(_allowed_cores()),
        "processor": _processor(),
        "system": _system(),
        "python": platform.python_version(),
        "engine": f"SQLite {sqlite3.sqlite_version}" if engine == "sqlite" else _postgresql(where),
        "libraries": {name: metadata.version(name) for name in LIBRARIES},
    }


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return platform.system()


def _allowed_cores() -> set[int]:
    import os

    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set(range(os.cpu_count() or 1))


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


def _postgresql(url: str) -> str:
    engine = create_engine(url)
    with engine.connect() as connection:
        version = connection.scalar(text("SHOW server_version"))
        trigrams = connection.scalar(text("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'"))
    engine.dispose()
    return f"PostgreSQL {version}, {'with' if trigrams else 'without'} pg_trgm"


def table(engine: str, sizes: Mapping[int, Results], by: str) -> Iterator[str]:
    """The lines of the table: an operation, below it the subjects. `by` is the figure that ratios compare."""
    grown = growth(sizes, by)
    yield ""
    yield f"×raw, ×best and growth compare {COMPARED[by]}; ×best: of the fastest rival that showed the right rows."
    yield from NOTES
    for size, results in sizes.items():
        yield ""
        yield f"{engine}, {size:,} agreements"
        for operation, subjects in results.items():
            yield ""
            yield _line([BY_NAME[operation].label[: WIDTHS[0]], *HEADINGS[1:]])
            best = best_rival(results, operation, by)
            for subject, found in subjects.items():
                if "why" in found:
                    yield f"  {subject:<{WIDTHS[0] - 2}}{found['why']}: {found['because']}"
                    continue
                limit = ratio(found[by], figure(results, operation, LIMIT, by))
                rival = ratio(found[by], best)
                last = grown(operation, subject) if size == max(sizes) else None
                cells = [found[name] * 1000 for name in ("cpu", "server", "wall", "first")]
                is_file = BY_NAME[operation].kind == "file"
                peak = f"{found['peak'] / 1024**2:.1f}" if is_file else ""
                numbers = [*(f"{cell:,.1f}" for cell in cells), f"{found['statements']:.0f}", f"{found['size'] / 1024:,.0f}"]
                yield _line([f"  {subject}", *numbers, peak, _times(limit), _times(rival), _times(last)])


def _line(cells: list[str]) -> str:
    padded = [f"{cell:>{width}}" for cell, width in zip(cells[1:], WIDTHS[1:], strict=True)]
    return f"{cells[0]:<{WIDTHS[0]}}" + "".join(padded)


def _times(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}" if value < 10 else f"{value:,.0f}"


def verdicts(engine: str, size: int, outcomes: list[Outcome]) -> Iterator[str]:
    """The lines of the targets."""
    yield ""
    yield f"Targets, {engine}, {size:,} agreements"
    for outcome in outcomes:
        sign = "≥" if outcome.at_least else "≤"
        value = "–" if outcome.value is None else f"{outcome.value:.3g}"
        yield f"  {outcome.verdict:<13}{value:>8} {outcome.unit:<3}{sign} {outcome.bound:<6} {outcome.label}"


def as_json(
    told: dict[str, Any], probes: dict[int, dict[str, Any]], sizes: Mapping[int, Results], outcomes: list[Outcome]
) -> dict[str, Any]:
    """Everything, for a file."""
    return {
        "machine": told,
        "command": ["python", "-m", "bench", *sys.argv[1:]],
        "asked": {str(size): probe for size, probe in probes.items()},
        "sizes": {str(size): results for size, results in sizes.items()},
        "targets": [
            {"label": each.label, "value": each.value, "bound": each.bound, "unit": each.unit, "at_least": each.at_least,
             "verdict": each.verdict}
            for each in outcomes
        ],
    }  # fmt: skip
