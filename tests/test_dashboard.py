"""The start page: what it says to whom. That its numbers are right is told in test_numbers.py."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from sikerja import figures
from tests import records
from tests.conftest import TODAY
from tests.people import Person

DAY = timedelta(days=1)
RUNNING = {"signed_on": date(2026, 1, 5), "units": ("dinas_perhubungan",)}


def urgent(page: str) -> list[tuple[str, str, str]]:
    """The rows of "Perlu perhatian sekarang": title, what to do, when."""
    found = re.findall(r'<li><div><a href="[^"]+">(.*?)</a><span>(.*?)</span></div><strong[^>]*>(.*?)</strong>', page)
    return [(title, what, re.sub("<.*>", "", when)) for title, what, when in found]


def test_what_needs_attention_says_what_to_do(sinta: Person, session: Session) -> None:
    records.agreement(session, "Uji lewat", ends_on=TODAY - 78 * DAY, **RUNNING)
    records.agreement(session, "Uji hari ini", ends_on=TODAY, **RUNNING)
    records.agreement(session, "Uji macet", holder="dprd", stage_since=TODAY - 200 * DAY)

    shown = urgent(sinta.get("/admin/").text)

    assert ("Uji lewat", "Putuskan: diperpanjang atau tidak", "78 hari lewat") in shown
    assert ("Uji hari ini", "Putuskan perpanjangannya sebelum 24 Nov 2026", "Berakhir hari ini") in shown
    assert ("Uji macet", "Ditunggu dari DPRD", "200 hari") in shown
    assert len(shown) <= 6


def test_what_was_decided_needs_no_attention(sinta: Person, session: Session) -> None:
    for title, end in (("lewat", TODAY - DAY), ("segera", TODAY + DAY)):
        records.agreement(session, f"Uji {title}", ends_on=end, renewal_decision="not_renewed", **RUNNING)

    assert not [row for row in urgent(sinta.get("/admin/").text) if row[0].startswith("Uji")]


def test_what_ended_years_ago_is_no_matter_of_today(sinta: Person, session: Session) -> None:
    records.agreement(session, "Uji 180 hari", ends_on=TODAY - 180 * DAY, **RUNNING)
    records.agreement(session, "Uji 181 hari", ends_on=TODAY - 181 * DAY, **RUNNING)

    assert [row[0] for row in urgent(sinta.get("/admin/").text) if row[0].startswith("Uji")] == ["Uji 180 hari"]


def test_each_kind_of_urgency_has_its_place(sinta: Person, session: Session) -> None:
    for number in range(1, 8):
        records.agreement(session, f"Uji lewat {number}", ends_on=TODAY - number * DAY, **RUNNING)
        records.agreement(session, f"Uji segera {number}", ends_on=TODAY + number * DAY, **RUNNING)
        records.agreement(session, f"Uji macet {number}", stage_since=TODAY - (300 - number) * DAY)

    assert [row[0] for row in urgent(sinta.get("/admin/").text)] == [
        "Uji lewat 1", "Uji lewat 2", "Uji segera 1", "Uji segera 2", "Uji macet 1", "Uji macet 2",
    ]  # fmt: skip


def test_who_may_not_decide_is_not_asked_to(dewi: Person, rahmat: Person, session: Session) -> None:
    records.agreement(session, "Uji lewat", ends_on=TODAY - DAY, **RUNNING)

    assert ("Uji lewat", "Menunggu keputusan: diperpanjang atau tidak", "1 hari lewat") in urgent(dewi.get("/admin/").text)
    assert ("Uji lewat", "Putuskan: diperpanjang atau tidak", "1 hari lewat") in urgent(rahmat.get("/admin/").text)


def test_a_unit_sees_nothing_of_others(dewi: Person, session: Session) -> None:
    records.agreement(session, "Uji rahasia", ends_on=TODAY, signed_on=date(2026, 1, 5), units=("dpupr",))

    assert "Uji rahasia" not in dewi.get("/admin/").text


@pytest.mark.parametrize(
    ("person", "title"),
    [
        ("andi", "Pekerjaan hari ini"),
        ("sinta", "Pekerjaan hari ini"),
        ("rahmat", "Keadaan kerja sama"),
        ("bima", "Keadaan kerja sama"),
        ("dewi", "Kerja sama perangkat daerah Anda"),
    ],
)
def test_each_is_greeted_by_what_they_do(person: str, title: str, request: pytest.FixtureRequest) -> None:
    page = request.getfixturevalue(person).get("/admin/").text

    assert f"<h1>{title}</h1>" in page
    assert "Selasa, 24 November 2026" in page


def test_the_chart_over_time_says_what_it_shows(sinta: Person, session: Session) -> None:
    for _ in range(3):
        records.agreement(session, "Uji Maret", signed_on=date(2026, 3, 31), ends_on=date(2026, 9, 30))

    page = sinta.get("/admin/").text

    assert "Paling banyak ditandatangani pada Maret 2026: 3 naskah. Paling banyak berakhir pada September 2026: 3" in page


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2026, 11, 24), date(2025, 12, 1), date(2026, 11, 1)),
        (date(2026, 1, 31), date(2025, 2, 1), date(2026, 1, 1)),
        (date(2028, 2, 29), date(2027, 3, 1), date(2028, 2, 1)),
    ],
)
def test_the_last_twelve_months_end_with_this_one(today: date, first: date, last: date) -> None:
    starts = figures.month_starts(today)

    assert (len(starts), starts[0], starts[-1]) == (12, first, last)
