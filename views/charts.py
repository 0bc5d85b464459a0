"""Charts without script and without style attributes: the geometry is computed here, colours come by class.

A chart of names is a table with bars in it; a chart over time is a drawing, in two widths so that its text keeps its size,
with its numbers as a table beneath. Every number leads to exactly the rows that it counts.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sikerja import formats
from sikerja.listing import COUNT_CAP

TRACK = 100.0  # a bar is drawn on a track of this many units, whatever its width on the page
GAP = 0.8  # between the late part of a bar and the rest
SLIVER = 1.0  # what is more than nothing is seen
WIDTHS = (("wide", 620, 230), ("narrow", 330, 220))  # (name, width, height) in pixels
LEFT, TOP, BOTTOM = 34, 16, 30  # room for the scale, above the tallest bar, for the names of the months
LETTER = 6.8  # pixels that a letter of a name is wide
SLOT_SHARE = 0.72  # of a month's width is bars
MOST_LINES = 4


def counted(url: str, count: int) -> str:
    """The address of a list that shows this many rows: beyond the cap of quick counts it asks for the exact number."""
    return f"{url}{'&' if '?' in url else '?'}exact=1" if count > COUNT_CAP else url


@dataclass(frozen=True)
class Bar:
    """A name and how many rows it has, with the list of them; `late` of these are beyond their limit."""

    label: str
    count: int
    url: str | None = None
    late: int = 0
    late_url: str | None = None


@dataclass(frozen=True)
class DrawnBar:
    """A bar with its geometry on a track of 100 units."""

    bar: Bar
    late_width: float
    rest_x: float
    rest_width: float

    @property
    def text(self) -> str:
        return formats.number(self.bar.count)

    @property
    def url(self) -> str | None:
        return self.bar.url and counted(self.bar.url, self.bar.count)

    @property
    def late_text(self) -> str:
        return f"{formats.number(self.bar.late)} lewat"

    @property
    def late_url(self) -> str | None:
        return self.bar.late_url and counted(self.bar.late_url, self.bar.late)


def bars(rows: Sequence[Bar]) -> list[DrawnBar]:
    """The bars drawn to one scale that begins at 0; the longest fills the track."""
    highest = max((row.count for row in rows), default=0) or 1
    return [_drawn(row, highest) for row in rows]


def _drawn(bar: Bar, highest: int) -> DrawnBar:
    whole = _length(bar.count, highest)
    late = min(_length(bar.late, highest), whole)
    rest_x = late + GAP if late else 0.0
    return DrawnBar(bar, round(late, 2), round(rest_x, 2), round(max(0.0, whole - rest_x), 2))


def _length(count: int, highest: int) -> float:
    return max(SLIVER, TRACK * count / highest) if count else 0.0


@dataclass(frozen=True)
class Series:
    """One row of counts over time, with the list behind each."""

    name: str
    counts: tuple[int, ...]
    urls: tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """A bar of a drawing: its place and size in pixels. `second` is hatched."""

    x: float
    y: float
    width: float
    height: float
    second: bool


@dataclass(frozen=True)
class Drawing:
    """A chart over time at one width: bars, lines of the scale (height, number) and names of the months (place, name)."""

    name: str
    width: int
    height: int
    columns: tuple[Column, ...]
    lines: tuple[tuple[float, str], ...]
    labels: tuple[tuple[float, str], ...]
    left: int = LEFT


@dataclass(frozen=True)
class Months:
    """A chart over time: what it shows in words, its drawings, and its numbers as a table."""

    key: str  # distinguishes it from other charts on the page
    title: str
    finding: str
    series: tuple[Series, ...]
    drawings: tuple[Drawing, ...]
    table: tuple[tuple[str, tuple[tuple[int, str, str], ...]], ...]  # (month, ((count, its text, its list), …)), …


def months(key: str, title: str, finding: str, labels: Sequence[tuple[str, str]], series: Sequence[Series]) -> Months:
    """A chart of one or two series over time. `labels` name each month twice: short for the axis, whole for the table.

    Raises ValueError for more than two series, which could not be told apart on paper.
    """
    if not 1 <= len(series) <= 2:
        raise ValueError("one or two series")
    highest = max((count for each in series for count in each.counts), default=0)
    drawings = tuple(_drawing(name, width, height, highest, labels, series) for name, width, height in WIDTHS)
    table = tuple(
        (
            whole,
            tuple(
                (each.counts[place], formats.number(each.counts[place]), counted(each.urls[place], each.counts[place]))
                for each in series
            ),
        )
        for place, (_, whole) in enumerate(labels)
    )
    return Months(key, title, finding, tuple(series), drawings, table)


def _drawing(
    name: str, width: int, height: int, highest: int, labels: Sequence[tuple[str, str]], series: Sequence[Series]
) -> Drawing:
    steps, floor = scale(highest), height - BOTTOM
    unit = (floor - TOP) / steps[-1]
    slot = (width - LEFT) / max(1, len(labels))
    bar = slot * SLOT_SHARE / len(series)
    columns = tuple(
        Column(
            round(LEFT + slot * place + slot * (1 - SLOT_SHARE) / 2 + bar * number, 1),
            round(floor - unit * each.counts[place], 1),
            round(bar - 1, 1),
            round(unit * each.counts[place], 1),
            number == 1,
        )
        for place in range(len(labels))
        for number, each in enumerate(series)
        if each.counts[place]
    )
    lines = tuple((round(floor - unit * step, 1), formats.number(step)) for step in steps)
    return Drawing(name, width, height, columns, lines, _names([short for short, _ in labels], slot))


def _names(labels: Sequence[str], slot: float) -> tuple[tuple[float, str], ...]:
    """The names of the months under the axis: as many of them, evenly, as fit beside each other."""
    named = [(place, label) for place, label in enumerate(labels) if label]
    if not named:
        return ()
    longest, apart = max(len(label) for _, label in named), slot * len(labels) / len(named)
    each = math.ceil((longest + 1) * LETTER / apart)
    return tuple((round(LEFT + slot * (place + 0.5), 1), label) for place, label in named[::each])


def scale(highest: int) -> list[int]:
    """The numbers of a scale: from 0 in even steps of 1, 2 or 5 times a power of ten to the first that covers the highest."""
    wanted = max(1, highest) / MOST_LINES
    power = 10 ** max(0, math.floor(math.log10(wanted))) if wanted >= 1 else 1
    step = next(power * each for each in (1, 2, 5, 10) if power * each >= wanted)
    return [step * number for number in range(math.ceil(max(1, highest) / step) + 1)]
