"""The arithmetic of the benchmark: what is compared with what, what counts as right, and when a target is met."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from bench import driver, report, targets
from bench.operations import BY_NAME, OPERATIONS
from bench.probe import Probe
from bench.subjects import Cannot, flaskadmin
from bench.subjects.ours import Sikerja
from bench.subjects.rawsql import Sql
from bench.targets import Outcome

PROBE = Probe(
    10_030, date(2026, 11, 24), "posyandu", "drainase", "po", "KS-2024-0007", "B-000007/KS/2024", "ksdpk", "pks",
    date(2024, 1, 1), date(2024, 12, 31), 7,
)  # fmt: skip


def figures(cpu: float, **more: float) -> dict[str, Any]:
    return {
        "cpu": cpu,
        "server": 0.0,
        "work": cpu,
        "wall": cpu * 2,
        "first": cpu,
        "size": 2048,
        "statements": 3,
        "peak": 0,
    } | more


SMALL = {
    "first": {
        "raw": figures(0.001), "sikerja": figures(0.010), "flask-admin": {"why": "WRONG", "because": "no rows"},
        "flask-admin-eager": figures(0.025), "django-lean": figures(0.020),
    },
}  # fmt: skip
LARGE = {
    "first": {"raw": figures(0.001), "sikerja": figures(0.012), "flask-admin-eager": figures(0.030)},
    "deep": {
        "raw": figures(0.002), "sikerja": figures(0.015), "flask-admin-eager": figures(0.5), "django": figures(0.3),
        "django-lean": {"why": "WRONG", "because": "no rows"},
    },
    "number": {"sikerja": figures(0.02), "django": {"why": "cannot", "because": "no such search"}},
    "csv": {
        "raw": figures(6.0, first=0.010), "sikerja": figures(8.0, first=0.035, peak=4 * 1024**2),
        "django-lean": figures(9.0),
    },
}  # fmt: skip


def test_targets_are_told_from_the_figures_of_the_largest_size() -> None:
    found = {each.label: (each.value, each.verdict) for each in targets.outcomes({1000: SMALL, 9000: LARGE}, "work")}
    assert found == {
        "list, page 1: CPU of Flask-Admin eager": (pytest.approx(0.4), "met"),
        "list, page 1: the same, goal": (pytest.approx(0.4), "missed"),
        "list, page 1: growth from the smallest size": (pytest.approx(1.2), "met"),
        "page at 90 %: of the best exact rival": (pytest.approx(0.05), "met"),
        "three filters: of the best exact rival": (None, "not measured"),
        "frequent word: of the best exact rival": (None, "not measured"),
        "register number: of the best exact rival": (None, "not measured"),
        "sorted by partner: of the best exact rival": (None, "not measured"),
        "CSV: rate of a bare cursor": (pytest.approx(0.75), "met"),
        "CSV: first byte beyond the query's": (pytest.approx(25), "met"),
        "CSV: memory at any size": (pytest.approx(4), "met"),
    }


@pytest.mark.parametrize(
    ("value", "at_least", "verdict"),
    [(0.65, True, "met"), (0.64, True, "missed"), (0.65, False, "met"), (0.66, False, "missed"), (None, True, "not measured")],
)
def test_a_bound_itself_still_meets_its_target(value: float | None, at_least: bool, verdict: str) -> None:
    assert Outcome("rate", value, 0.65, at_least=at_least).verdict == verdict


def test_growth_needs_two_sizes() -> None:
    assert targets.growth({1000: SMALL}, "work")("first", "sikerja") is None
    assert targets.growth({1000: SMALL, 9000: LARGE}, "work")("first", "sikerja") == pytest.approx(1.2)


def test_the_best_rival_is_the_fastest_that_was_right() -> None:
    assert targets.best_rival(SMALL, "first", "work") == 0.020
    assert targets.best_rival(LARGE, "deep", "work") == 0.3
    assert targets.best_rival(LARGE, "number", "work") is None


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ({"keys": ["KS-2", "KS-1"]}, {}),
        ({"keys": ["KS-1", "KS-2"]}, {"why": "WRONG", "because": "differs from row 1 on"}),
        ({"keys": ["KS-2"]}, {"why": "WRONG", "because": "1 rows for 2"}),
        ({"keys": []}, {"why": "WRONG", "because": "no rows"}),
        ({"wrong": "answered 500"}, {"why": "WRONG", "because": "answered 500"}),
        ({"cannot": "no export"}, {"why": "cannot", "because": "no export"}),
    ],
)
def test_only_the_rows_of_plain_sql_in_their_order_are_right(answer: dict[str, Any], verdict: dict[str, Any]) -> None:
    assert driver._verdict(answer, ["KS-2", "KS-1"], BY_NAME["first"], "") == verdict


def test_the_middle_of_several_runs_is_told() -> None:
    runs = [figures(0.030), figures(0.010), figures(0.020)]
    assert driver.median(runs) == figures(0.020) | {"runs": 3}


@pytest.mark.parametrize(("wall", "rounds"), [(0.0, 7), (0.5, 7), (1.0, 4), (3.0, 1), (5.0, 0)])
def test_what_takes_long_is_asked_less_often(wall: float, rounds: int) -> None:
    assert driver._rounds(wall) == rounds


def test_a_table_tells_figures_ratios_and_who_cannot() -> None:
    lines = list(report.table("sqlite", {1000: SMALL}, "work"))
    assert lines[1] == "×raw, ×best and growth compare CPU and server; ×best: of the fastest rival that showed the right rows."
    assert [line.split() for line in lines[8:11]] == [
        ["raw", "1.0", "0.0", "2.0", "1.0", "3", "2", "1.00", "0.05"],
        ["sikerja", "10.0", "0.0", "20.0", "10.0", "3", "2", "10", "0.50"],
        ["flask-admin", "WRONG:", "no", "rows"],
    ]


def test_what_is_not_measured_at_a_million_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is asked answers nothing: the sheet of a million rows is not asked for."""
    monkeypatch.setattr(driver, "Pipe", lambda *_: SimpleNamespace(end=lambda: None))
    million = replace(PROBE, total=1_000_000)

    found = driver.run("", million, ["raw", "sikerja"], ["xlsx"])

    lines = list(report.table("sqlite", {1_000_000: found}, "work"))
    assert [line.split(maxsplit=1) for line in lines[-2:]] == [
        ["raw", "cannot: not measured above 100,000 rows"],
        ["sikerja", "cannot: not measured above 100,000 rows"],
    ]


def test_deep_pages_are_read_from_the_nearer_end() -> None:
    sql = Sql("sqlite", PROBE)
    assert sql.keys("first") == (
        "SELECT a.id FROM agreement a WHERE a.deleted_at IS NULL ORDER BY a.id DESC LIMIT 50 OFFSET 0",
        False,
    )
    # Page 180 of 200 begins at row 9,000: 980 rows lie behind it.
    assert sql.keys("deep") == (
        "SELECT a.id FROM agreement a WHERE a.deleted_at IS NULL ORDER BY a.id LIMIT 50 OFFSET 980",
        True,
    )


def test_every_subject_has_an_address_or_a_reason_for_every_operation() -> None:
    for kind in (Sikerja, flaskadmin.FlaskAdmin):
        subject = object.__new__(kind)
        subject.probe = PROBE
        for operation in OPERATIONS:
            address = subject.address(operation.name)
            assert isinstance(address, Cannot) or address.startswith("/admin/agreement/"), operation.name


def test_a_probe_goes_through_the_pipe() -> None:
    assert Probe.from_json(PROBE.as_json()) == PROBE
