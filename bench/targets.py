"""The targets that Sikerja is held to, and the arithmetic of ratios. Times in seconds, memory in bytes.

Ratios compare `work`, the CPU time of the process and of the database's own, which what else the machine does hardly touches;
with a PostgreSQL that isn't ours, and whose work can't be seen, `wall`, the time that passes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bench.subjects import EAGER, LIMIT, OURS, RIVALS

Results = Mapping[str, Mapping[str, Mapping[str, Any]]]  # operation -> subject -> figures


@dataclass(frozen=True)
class Outcome:
    """One target as it came out. `value` is None where it could not be measured."""

    label: str
    value: float | None
    bound: float
    unit: str = "×"
    at_least: bool = False

    @property
    def met(self) -> bool:
        """True where the figure is on the right side of its bound."""
        if self.value is None:
            return False
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    @property
    def verdict(self) -> str:
        """met, missed, or that nothing was measured."""
        return "not measured" if self.value is None else "met" if self.met else "missed"


def figure(results: Results, operation: str, subject: str, name: str) -> float | None:
    """A figure of a subject; None where it has none."""
    value = results.get(operation, {}).get(subject, {}).get(name)
    return None if value is None else float(value)


def ratio(upper: float | None, lower: float | None) -> float | None:
    """How many times the one is the other; None where one of them is missing."""
    return None if upper is None or not lower else upper / lower


def best_rival(results: Results, operation: str, name: str) -> float | None:
    """The figure of the fastest rival that showed the right rows."""
    found = [each for rival in RIVALS if (each := figure(results, operation, rival, name)) is not None]
    return min(found, default=None)


def outcomes(sizes: Mapping[int, Results], by: str) -> list[Outcome]:
    """Every target at the largest size; growth from the smallest to it. `by` is the figure that is compared."""
    small, large = sizes[min(sizes)], sizes[max(sizes)]

    def of_rival(operation: str) -> float | None:
        return ratio(figure(large, operation, OURS, by), best_rival(large, operation, by))

    eager = ratio(figure(large, "first", OURS, "cpu"), figure(large, "first", EAGER, "cpu"))
    grown = ratio(figure(large, "first", OURS, by), figure(small, "first", OURS, by)) if len(sizes) > 1 else None
    first_byte = _over(figure(large, "csv", OURS, "first"), figure(large, "csv", LIMIT, "first"))
    peaks = [peak for results in sizes.values() if (peak := figure(results, "csv", OURS, "peak")) is not None]
    return [
        Outcome("list, page 1: CPU of Flask-Admin eager", eager, 0.6),
        Outcome("list, page 1: the same, goal", eager, 0.35),
        Outcome("list, page 1: growth from the smallest size", grown, 1.3),
        Outcome("page at 90 %: of the best exact rival", of_rival("deep"), 0.06),
        Outcome("three filters: of the best exact rival", of_rival("three_filters"), 0.05),
        Outcome("frequent word: of the best exact rival", of_rival("frequent_word"), 0.02),
        Outcome("register number: of the best exact rival", of_rival("number"), 0.01),
        Outcome("sorted by partner: of the best exact rival", of_rival("by_partner"), 0.15),
        Outcome("CSV: rate of a bare cursor", ratio(figure(large, "csv", LIMIT, by), figure(large, "csv", OURS, by)), 0.65,
                at_least=True),
        Outcome("CSV: first byte beyond the query's", _scaled(first_byte, 1000), 30, "ms"),
        Outcome("CSV: memory at any size", _scaled(max(peaks, default=None), 1 / 1024**2), 10, "MB"),
    ]  # fmt: skip


def _over(value: float | None, base: float | None) -> float | None:
    return None if value is None or base is None else max(0.0, value - base)


def _scaled(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor


Growth = Callable[[str, str], float | None]


def growth(sizes: Mapping[int, Results], by: str) -> Growth:
    """How many times longer an operation of a subject takes at the largest size than at the smallest."""
    small, large = sizes[min(sizes)], sizes[max(sizes)]

    def between(operation: str, subject: str) -> float | None:
        if len(sizes) < 2:
            return None
        return ratio(figure(large, operation, subject, by), figure(small, operation, subject, by))

    return between
