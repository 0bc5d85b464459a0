"""Charts: what is drawn has the size of what is counted."""

import pytest

from views.charts import Bar, Series, bars, counted, months, scale


def test_the_longest_bar_fills_the_track_and_the_others_are_in_proportion() -> None:
    drawn = bars([Bar("Mitra", 8, "/a"), Bar("TKKSD", 4, "/b"), Bar("DPRD", 0, "/c")])

    assert [row.rest_width for row in drawn] == [100, 50, 0]
    assert [row.text for row in drawn] == ["8", "4", "0"]


def test_the_late_part_stands_first_and_apart() -> None:
    (row,) = bars([Bar("Mitra", 8, "/a", late=2, late_url="/late")])

    assert (row.late_width, row.rest_x, row.rest_width) == (25, 25.8, 74.2)
    assert (row.late_text, row.late_url) == ("2 lewat", "/late")


def test_what_is_more_than_nothing_is_seen() -> None:
    drawn = bars([Bar("KSDPK", 5000), Bar("KSDLL", 1)])

    assert drawn[1].rest_width == 1


def test_nothing_at_all_is_drawn_as_nothing() -> None:
    assert bars([]) == []
    assert bars([Bar("Mitra", 0)])[0].rest_width == 0


@pytest.mark.parametrize(("count", "address"), [(0, "/l/?a=1"), (1000, "/l/?a=1"), (1001, "/l/?a=1&exact=1")])
def test_a_number_beyond_the_cap_asks_for_the_exact_list(count: int, address: str) -> None:
    assert counted("/l/?a=1", count) == address
    assert counted("/l/", 1001) == "/l/?exact=1"


@pytest.mark.parametrize(
    ("highest", "steps"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (3, [0, 1, 2, 3]),
        (8, [0, 2, 4, 6, 8]),
        (9, [0, 5, 10]),
        (21, [0, 10, 20, 30]),
        (400, [0, 100, 200, 300, 400]),
        (999, [0, 500, 1000]),
    ],
)
def test_a_scale_begins_at_0_and_covers_the_highest(highest: int, steps: list[int]) -> None:
    assert scale(highest) == steps


def test_a_chart_over_time_is_drawn_twice_with_one_scale_and_every_number_in_its_table() -> None:
    chart = months(
        "bulan", "Ditandatangani dan berakhir", "Terbanyak 4.", [("Okt", "Oktober 2026"), ("Nov", "November 2026")],
        [Series("Ditandatangani", (4, 0), ("/s10", "/s11")), Series("Berakhir", (2, 1), ("/e10", "/e11"))],
    )  # fmt: skip

    assert [(drawing.name, drawing.width) for drawing in chart.drawings] == [("wide", 620), ("narrow", 330)]
    wide = chart.drawings[0]
    assert [(column.second, column.height) for column in wide.columns] == [(False, 184), (True, 92), (True, 46)]
    assert [text for _, text in wide.lines] == ["0", "1", "2", "3", "4"]
    assert all(column.x >= 0 and column.x + column.width <= 620 for column in wide.columns)
    assert chart.table == (
        ("Oktober 2026", ((4, "4", "/s10"), (2, "2", "/e10"))),
        ("November 2026", ((0, "0", "/s11"), (1, "1", "/e11"))),
    )


SHORT = ("Jan 26", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")


@pytest.mark.parametrize(
    ("labels", "wide", "narrow"),
    [
        (SHORT, list(SHORT), ["Jan 26", "Mar", "Mei", "Jul", "Sep", "Nov"]),
        (SHORT[:3], ["Jan 26", "Feb", "Mar"], ["Jan 26", "Feb", "Mar"]),
        (("Jan 22", "", "", "", "", "") * 10, ["Jan 22"] * 10, ["Jan 22"] * 5),
        (("", ""), [], []),
    ],
)
def test_as_many_months_are_named_as_fit_beside_each_other(labels: tuple[str, ...], wide: list[str], narrow: list[str]) -> None:
    chart = months("x", "x", "x", [(label, label) for label in labels], [Series("a", (1,) * len(labels), ("/",) * len(labels))])

    assert [[text for _, text in drawing.labels] for drawing in chart.drawings] == [wide, narrow]


def test_more_than_two_series_are_refused() -> None:
    series = [Series(name, (1,), ("/",)) for name in ("a", "b", "c")]

    with pytest.raises(ValueError, match="one or two"):
        months("x", "x", "x", [("Jan", "Januari 2026")], series)
