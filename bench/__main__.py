"""`python -m bench`: measure, print the table and the targets, write the JSON."""

import argparse
import json
import os
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bench import databases, driver, report, targets
from bench.operations import BY_NAME
from bench.probe import look
from bench.subjects import SUBJECTS

RESULTS = databases.ROOT / "bench" / "results"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--sizes", nargs="+", type=int, default=[10_000, 100_000], metavar="N")
    parser.add_argument("--engines", nargs="+", choices=("sqlite", "postgresql"), default=["sqlite", "postgresql"])
    parser.add_argument("--subjects", nargs="+", default=[], metavar="NAME", help=f"of {', '.join(SUBJECTS)}")
    parser.add_argument("--operations", nargs="+", default=[], choices=[*BY_NAME], metavar="NAME", help=", ".join(BY_NAME))
    asked = parser.parse_args(arguments)
    names = driver.chosen(asked.subjects)
    for engine in asked.engines:
        _measure(engine, sorted(set(asked.sizes)), names, asked.operations)


def _measure(engine: str, numbers: list[int], names: list[str], operations: list[str]) -> None:
    sizes, probes = {}, {}
    with databases.server(engine) as where:
        by = "work" if engine == "sqlite" or databases.SERVER_PID in os.environ else "wall"
        for number in numbers:
            url = databases.register(engine, where, number)
            probe = look(url)
            probes[number] = probe.as_json()
            sizes[number] = driver.run(url, probe, names, operations)
        told = report.machine(engine, url)
    found = targets.outcomes(sizes, by)
    RESULTS.mkdir(exist_ok=True)
    now = datetime.now(ZoneInfo("Asia/Makassar"))
    path = RESULTS / f"{now:%Y-%m-%d-%H%M}-{engine}.json"
    # First of all what took so long is kept, then it is told.
    path.write_text(json.dumps(report.as_json(told, probes, sizes, found), indent=1, ensure_ascii=False) + "\n")
    for line in (*report.table(engine, sizes, by), *report.verdicts(engine, max(sizes), found)):
        print(line)
    print(f"\n{path.relative_to(databases.ROOT)}")


if __name__ == "__main__":
    main()
