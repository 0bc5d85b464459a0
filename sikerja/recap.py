"""The recap: how many agreements there are by kind, sector, unit, partner or year, and how they stand.

Every number comes from the list of agreements, and carries the filters under which that list shows exactly its rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from models import Agreement, AgreementUnit, Partner, Party, Procedure
from rules import codes
from sikerja import clock, lists, questions
from sikerja.asked import Asked, filters_of
from sikerja.listing import ListState, Viewer
from sikerja.lists.parts import of

FIRST_YEAR, LAST_YEAR = 1900, 2200
NOT_FILLED = "Belum diisi"

# Column of the recap -> its heading, the validities it counts.
STANDINGS: dict[str, tuple[str, tuple[str, ...]]] = {
    "in_force": ("Berlaku", ("active", "ending", "upcoming")),
    "ended": ("Berakhir", ("ended", "renewed", "terminated")),
    "process": ("Dalam proses", ("process",)),
    "closed": ("Ditutup", ("closed",)),
    "undated": ("Tanpa tanggal akhir", ("undated",)),
}


@dataclass(frozen=True)
class Dimension:
    """What agreements are counted by: its name on the page, the value in SQL, and the filter that asks for one value.

    `words` name the values: codes, or the source of the records whose ids they are, or None where a value names itself.
    """

    label: str
    value: Any
    filter: str
    words: Mapping[str, str] | str | None
    joined: Sequence[Any] = ()
    note: str = ""  # said where an agreement counts at several values


BY: dict[str, Dimension] = {
    "group": Dimension("Jenis kerja sama", Agreement.group, "group", codes.GROUP_NAMES),
    "procedure": Dimension(
        "Prosedur", of(Procedure.code, Procedure, Agreement.procedure_id), "procedure", codes.PROCEDURES
    ),
    "sector": Dimension("Bidang urusan", Agreement.sector_id, "sector", "sector"),
    "unit": Dimension(
        "Perangkat daerah", AgreementUnit.unit_id, "unit", "unit",
        ((AgreementUnit, AgreementUnit.agreement_id == Agreement.id),),
        "Naskah dengan beberapa perangkat daerah dihitung pada tiap perangkat daerah.",
    ),
    "partner_kind": Dimension(
        "Jenis mitra", Partner.kind, "partner_kind", codes.PARTNER_KINDS,
        ((Party, Party.agreement_id == Agreement.id), (Partner, Partner.id == Party.partner_id)),
        "Naskah dengan mitra dari beberapa jenis dihitung pada tiap jenis.",
    ),
    "year": Dimension("Tahun", Agreement.year, "year", None),
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One value with its numbers by standing; `asked` are the filters that show its agreements."""

    label: str
    asked: Asked
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """How many agreements."""
        return sum(self.counts.values())

    def asked_of(self, standing: str) -> Asked:
        """The filters that show those of that standing."""
        validities = STANDINGS[standing][1]
        operation = "validity_equals" if len(validities) == 1 else "validity_in_list"
        return (*self.asked, (operation, ",".join(validities)))


@dataclass(frozen=True)
class Recap:
    """The whole table; the total counts every agreement once."""

    dimension: Dimension
    rows: tuple[Row, ...]
    total: Row


def compute(session: Session, viewer: Viewer, by: str, year: int | None) -> Recap:
    """The recap by a dimension of BY, of all agreements or of those of one year."""
    dimension, base = BY[by], (() if year is None else (("year_equals", str(year)),))
    counts = _tallied(session, viewer, base, dimension.value, dimension.joined)
    known = {str(value): found for value, found in counts.items() if value is not None}
    missing = counts.get(None, {})
    if dimension.joined:  # the values are reached through a table in which those without one have no row
        missing = _tallied(session, viewer, (*base, (f"{dimension.filter}_empty", "1"))).get((), {})
    rows = [
        Row(label, (*base, (f"{dimension.filter}_equals", value)), known.get(value, {}))
        for value, label in _labels(session, viewer, dimension, known)
    ]
    if missing:
        rows.append(Row(NOT_FILLED, (*base, (f"{dimension.filter}_empty", "1")), missing))
    return Recap(dimension, tuple(rows), Row("Jumlah", base, _tallied(session, viewer, base).get((), {})))


def _tallied(
    session: Session, viewer: Viewer, asked: Asked, value: Any = None, joined: Sequence[Any] = ()
) -> dict[Any, dict[str, int]]:
    """Value -> standing -> how many; without a value under ()."""
    state = ListState(filters=filters_of(lists.AGREEMENTS.filters, asked))
    by = [questions.validity(clock.today())] if value is None else [value, questions.validity(clock.today())]
    found: dict[Any, dict[str, int]] = {}
    for *key, validity, count in lists.AGREEMENTS.tally(session, state, viewer, *by, joined=joined):
        of_value = found.setdefault(key[0] if key else (), {})
        standing = _STANDING[validity]
        of_value[standing] = of_value.get(standing, 0) + count
    return found


_STANDING = {validity: standing for standing, (_, validities) in STANDINGS.items() for validity in validities}


def _labels(
    session: Session, viewer: Viewer, dimension: Dimension, counts: Mapping[str, Mapping[str, int]]
) -> list[tuple[str, str]]:
    """The values of the table with their names, in order: codes as they are listed, records by number, years backwards."""
    if dimension.words is None:
        return [(value, value) for value in sorted(counts, key=int, reverse=True)]
    if not isinstance(dimension.words, str):
        return list(dimension.words.items())
    names = lists.options(session, viewer, {dimension.words: [int(value) for value in counts]})[dimension.words]
    return sorted(((value, names[value]) for value in counts), key=lambda pair: (-sum(counts[pair[0]].values()), pair[1]))
