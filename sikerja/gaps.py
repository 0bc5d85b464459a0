"""What is missing in the register: each gap a rule with its sentence, its rows and who can mend it.

The rules are a filter of the list of agreements, so that each has its rows, its files and its count from one declaration.
What was closed before a signature counts in none of them: nobody has to complete a refused offer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from models import Agreement, AgreementUnit, Attachment, Link, Party
from sikerja import clock, questions
from sikerja.filters import Condition, Rule

STUCK_DAYS = 60  # without movement, a process is stuck
ALONE_DAYS = 180  # so long after its signature a KB should have led to something
BUREAU, UNIT, BOTH = "Bagian Kerja Sama", "Perangkat daerah", "Bagian Kerja Sama dan perangkat daerah"


@dataclass(frozen=True)
class Gap:
    """One rule: its code in addresses, what it is called and means, who mends it, and the rows it finds as of a day."""

    key: str
    label: str
    sentence: str
    who: str
    rows: Callable[[date], Condition]

    def condition(self, today: date) -> Condition:
        """The rows that have this gap on that day."""
        return and_(Agreement.closed_on.is_(None), self.rows(today))


def _concluded(today: date) -> Condition:
    """Signed; a row of the archive is a paper that was signed, also where its date is not known."""
    return or_(Agreement.origin == "archive", Agreement.signed_on <= today)


def _undated(today: date) -> Condition:
    return questions.validity(today) == "undated"


def _without_number(today: date) -> Condition:
    numbered = select(Party.agreement_id).where(Party.side == "ours", Party.number_key.is_not(None))
    return and_(_concluded(today), Agreement.id.not_in(numbered))


def _without_document(today: date) -> Condition:
    documented = select(Attachment.agreement_id).where(Attachment.kind == "naskah_final", Attachment.deleted_at.is_(None))
    return and_(_concluded(today), Agreement.id.not_in(documented))


def _end_before_start(today: date) -> Condition:
    return Agreement.ends_on < func.coalesce(Agreement.starts_on, Agreement.signed_on)


def _number_twice(today: date) -> Condition:
    """A party's number stands on another living row for the same side (and the same partner), archive or not."""
    named = (Party.side, func.coalesce(Party.partner_id, 0), Party.number_key)
    twice = (
        select(Party.side.label("side"), named[1].label("partner"), Party.number_key.label("key"))
        .where(Party.number_key.is_not(None), Party.agreement_id.not_in(_binned()))
        .group_by("side", "partner", "key")
        .having(func.count() > 1)
        .subquery()
    )
    holding = select(Party.agreement_id).join(
        twice, and_(Party.side == twice.c.side, named[1] == twice.c.partner, Party.number_key == twice.c.key)
    )
    return Agreement.id.in_(holding)


def _binned() -> Any:
    """The ids in the bin: far fewer than the living ones."""
    other = aliased(Agreement)
    return select(other.id).where(other.deleted_at.is_not(None))


def _without_unit(today: date) -> Condition:
    return and_(_concluded(today), Agreement.id.not_in(select(AgreementUnit.agreement_id)))


def _without_parent(today: date) -> Condition:
    """A PKS that carries out no living KB. Rows of the archive too: there the paper may name it, and it can be linked."""
    return and_(Agreement.instrument == "pks", Agreement.id.not_in(_linked(Link.from_id, Link.to_id)))


def _without_fruit(today: date) -> Condition:
    """A KB that was signed long ago, is in force, and that no living instrument carries out."""
    return and_(
        Agreement.instrument == "kb",
        Agreement.signed_on < today - timedelta(days=ALONE_DAYS),
        questions.validity(today).in_(("active", "ending", "undated")),
        Agreement.id.not_in(_linked(Link.to_id, Link.from_id)),
    )


def _linked(end: Any, other_end: Any) -> Any:
    return select(end).where(Link.kind == "implements", other_end.not_in(_binned()))


def _without_year(today: date) -> Condition:
    return and_(Agreement.origin == "archive", Agreement.year.is_(None), Agreement.signed_on.is_(None))


def _stuck(today: date) -> Condition:
    """In process and nothing has moved: since its stage began, or where none is known since it was recorded."""
    limit = today - timedelta(days=STUCK_DAYS)
    unmoved = or_(
        Agreement.stage_since < limit,
        and_(Agreement.stage_since.is_(None), Agreement.created_at < clock.moment_of(limit)),
    )
    return and_(unmoved, questions.validity(today) == "process")


GAPS = (
    Gap("no_end", "Tanpa tanggal akhir",
        "Tanggal akhir kosong dan tidak dinyatakan tanpa batas waktu, sehingga masa berlakunya tidak dapat dipantau.",
        BUREAU, _undated),
    Gap("no_number", "Tanpa nomor Pihak Kesatu", "Sudah ditandatangani, tetapi nomor dari pihak kita belum dicatat.",
        BUREAU, _without_number),
    Gap("no_signed_document", "Tanpa naskah bertanda tangan",
        "Sudah ditandatangani, tetapi berkas naskah yang bertanda tangan belum diunggah.", BOTH, _without_document),
    Gap("end_before_start", "Berakhir sebelum mulai",
        "Tanggal akhir lebih awal daripada tanggal mulai atau tanggal tanda tangan. Periksa pada naskah aslinya.",
        BUREAU, _end_before_start),
    Gap("number_twice", "Nomor ganda", "Nomor yang sama dipakai pihak yang sama pada naskah lain.",
        BUREAU, _number_twice),
    Gap("no_sector", "Tanpa bidang urusan", "Bidang urusan belum dipilih, sehingga tidak masuk rekapitulasi menurut bidang.",
        BUREAU, lambda today: and_(_concluded(today), Agreement.sector_id.is_(None))),
    Gap("no_unit", "Tanpa perangkat daerah",
        "Sudah ditandatangani, tetapi belum ada perangkat daerah yang melaksanakan.", BUREAU, _without_unit),
    Gap("pks_without_kb", "PKS tanpa Kesepakatan Bersama",
        "Perjanjian Kerja Sama (PKS) belum dihubungkan dengan Kesepakatan Bersama (KB) yang dilaksanakannya.",
        BUREAU, _without_parent),
    Gap("kb_without_pks", "KB tanpa PKS",
        f"Kesepakatan Bersama (KB) ditandatangani lebih dari {ALONE_DAYS} hari lalu dan masih berlaku, "
        "tetapi belum ada naskah yang melaksanakannya.", UNIT, _without_fruit),
    Gap("archive_without_year", "Arsip tanpa tahun", "Arsip lama tanpa tahun dan tanpa tanggal tanda tangan.",
        BUREAU, _without_year),
    Gap("stuck", "Proses tanpa gerakan", f"Dalam proses, dan lebih dari {STUCK_DAYS} hari tidak ada gerakan.",
        BOTH, _stuck),
)  # fmt: skip

FILTER = Rule("gap", "Kekosongan", codes={gap.key: gap.label for gap in GAPS}, rules={gap.key: gap.condition for gap in GAPS})
