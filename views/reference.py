"""Reference data: units, sectors, holidays."""

from collections.abc import Sequence
from typing import Any

from flask import flash, g
from flask_login import current_user

from extensions import db
from rules import codes
from sikerja import exports, formats, lists
from sikerja.process import holidays
from views.base import Section, SikerjaView
from views.fields import Choice, Day, Form, Line, Tick, Whole


class UnitForm(Form):
    """A unit of the city."""

    name = Line("Nama", most=200, required="Isi nama perangkat daerah.")
    short = Line("Singkatan", "Dipakai pada daftar yang padat, misalnya “Dishub”.", most=60)
    type = Choice("Jenis", codes.UNIT_TYPES, required="Pilih jenis.")
    code = Line(
        "Kode",
        "Huruf kecil; kata dipisah garis bawah. Tidak perlu diubah lagi.",
        most=50,
        required="Isi kode.",
    )


class UnitView(SikerjaView):
    """Units of the city; the administrator keeps them, everyone reads them."""

    screen = "unit"
    listing = lists.UNITS
    title = "Perangkat daerah"
    noun = "perangkat daerah"
    create_label = "Tambah perangkat daerah"
    search_hint = "Cari nama atau singkatan"
    column_list = ("name", "short", "type")
    quick_filters = ("type",)
    export_columns = exports.UNITS
    form_class = UnitForm
    form_sections = (Section("Perangkat daerah", ("name", ("short", "type"), "code")),)
    cells = {"type": lambda row: codes.UNIT_TYPES[row["type"]]}
    details = (
        ("Singkatan", lambda unit: unit.short),
        ("Jenis", lambda unit: codes.UNIT_TYPES[unit.type]),
    )


class SectorForm(Form):
    """One bidang urusan."""

    name = Line("Bidang urusan", most=200, required="Isi nama bidang.")
    cluster = Choice("Kelompok", codes.SECTOR_CLUSTERS, required="Pilih kelompok.")
    position = Whole("Urutan", least=0, most=999, required="Isi urutan.")
    code = Line("Kode", most=80, required="Isi kode.")


class SectorView(SikerjaView):
    """The 32 bidang urusan."""

    screen = "sector"
    listing = lists.SECTORS
    title = "Bidang urusan"
    noun = "bidang"
    create_label = "Tambah bidang"
    column_list = ("name", "cluster", "position")
    quick_filters = ("cluster",)
    export_columns = exports.SECTORS
    form_class = SectorForm
    form_sections = (Section("Bidang urusan", ("name", ("cluster", "position"), "code")),)
    cells = {"cluster": lambda row: codes.SECTOR_CLUSTERS[row["cluster"]]}
    details = (
        ("Kelompok", lambda sector: codes.SECTOR_CLUSTERS[sector.cluster]),
        ("Urutan", lambda sector: sector.position),
    )


class HolidayForm(Form):
    """A day that is no working day."""

    on = Day("Tanggal", "Contoh: 24/11/2026", required="Isi tanggal.")
    name = Line("Hari libur", most=200, required="Isi nama hari libur.")
    kind = Choice("Jenis", codes.HOLIDAY_KINDS, required="Pilih jenis.")
    confirmed = Tick("Sudah dipastikan", "Dicocokkan dengan surat keputusan bersama.")


class HolidayView(SikerjaView):
    """Holidays and cuti bersama, which working days are counted without."""

    screen = "holiday"
    listing = lists.HOLIDAYS
    title = "Hari libur"
    noun = "hari libur"
    create_label = "Tambah hari libur"
    column_list = ("name", "on", "kind", "confirmed")
    quick_filters = ("kind", "on")
    export_columns = exports.HOLIDAYS
    form_class = HolidayForm
    form_sections = (Section("Hari libur", (("on", "kind"), "name", "confirmed")),)
    cells = {"kind": lambda row: codes.HOLIDAY_KINDS[row["kind"]]}
    details = (
        ("Tanggal", lambda holiday: formats.long_date(holiday.on)),
        ("Jenis", lambda holiday: codes.HOLIDAY_KINDS[holiday.kind]),
        ("Sudah dipastikan", lambda holiday: "Ya" if holiday.confirmed else "Belum"),
    )

    def after_change(self, record: Any) -> None:
        """Working days are other ones now: what is due by them is counted anew."""
        if "moved_deadlines" not in g:
            g.moved_deadlines = {}
        g.moved_deadlines[record.id] = holidays.recount(db.session(), current_user)

    def tell_change(self, keys: Sequence[int]) -> None:
        moved = [each for key in keys for each in g.moved_deadlines[key]]
        if moved:
            flash(holidays.in_words(moved), "info")

    def _list_context(self, *asked: Any) -> dict[str, Any]:
        years = ", ".join(map(str, holidays.missing_years(db.session())))
        notice = (
            f"Hari libur {years} belum dicatat, padahal ada tenggat yang sampai ke sana. Catat supaya tenggatnya tidak terlalu "
            "awal."
        )
        return super()._list_context(*asked) | {"notice": notice if years else ""}
