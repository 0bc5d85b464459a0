"""One dated story, told by the people of the bureau through the addresses they use, day by day.

A KB with three PKS of three units at different stages, a Nota Kesepakatan, a cooperation abroad from the letter of intent to
the Naskah, a PKS of three parties amended once and renewed twice, and an offer that is refused.
"""

import json
import re
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Agreement, Partner, Procedure, Stage, StageEvent, Unit
from tests import records
from tests.papers import attach
from tests.people import Person
from tests.rows import ask
from tests.ways import BURDENS, UNBUDGETED

NO_BURDEN = {
    f"answer_{BURDENS}": "no", f"answer_{BURDENS}_reason": "Tidak ada pungutan.",
    f"answer_{UNBUDGETED}": "no", f"answer_{UNBUDGETED}_reason": "Tercantum dalam DPA.",
}  # fmt: skip
BURDEN = NO_BURDEN | {f"answer_{BURDENS}": "yes", f"answer_{BURDENS}_reason": "Ada retribusi."}


def refusals(answer: Any) -> list[str]:
    """What a page says stands in the way."""
    return re.findall(r'<li class="obstacle">(.*?)</li>|<p class="sk-err"[^>]*>.*?<span>(.*?)</span>', answer.text)


class Story:
    """The bureau at work: agreements by short names, days set one after another."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.app, self.session = app, session
        self.sinta, self.andi = Person(app, "staff"), Person(app, "admin")
        self.numbers: dict[str, str] = {}

    def on(self, day: str) -> None:
        """It is that day now."""
        self.app.config["SIKERJA_TODAY"] = date.fromisoformat(day)

    def record(
        self, name: str, kind: str, instrument: str, *, partners: tuple[str, ...] = ("Kabupaten Pinrang",), **more: Any
    ) -> int:
        """The clerk writes an agreement down by its form, or (`key`) what it now says. Returns its id."""
        edited = more.pop("key", None)
        procedure = ask(self.app, select(Procedure.id).where(Procedure.code == kind))[0]
        data: list[tuple[str, str]] = [
            ("title", name), ("procedure", str(procedure)), ("group", kind.split("_", maxsplit=1)[0]), ("instrument", instrument),
            *(("partner", str(self.partner(each))) for each in partners),
            *(("unit", str(ask(self.app, select(Unit.id).where(Unit.code == each))[0])) for each in more.pop("units", ())),
        ]  # fmt: skip
        data += [(key, str(value)) for key, value in more.items()]
        answer = self.sinta.post(f"/admin/agreement/edit/?id={edited}" if edited else "/admin/agreement/new/", data)
        assert answer.status_code == 302, refusals(answer)
        return self.name_it(name, int(re.findall(r"id=(\d+)", answer.headers["Location"])[0]))

    def name_it(self, name: str, key: int) -> int:
        self.numbers[name] = ask(self.app, select(Agreement.register_no).where(Agreement.id == key))[0]
        return key

    def partner(self, name: str) -> int:
        found = ask(self.app, select(Partner.id).where(Partner.name == name))
        if not found:
            records.partner(self.session, name)
            self.session.commit()
            return self.partner(name)
        return int(found[0])

    def key(self, name: str) -> int:
        return int(ask(self.app, select(Agreement.id).where(Agreement.register_no == self.numbers[name]))[0])

    def told(self, name: str) -> dict[str, Any]:
        """What `explain` says."""
        answer = self.app.test_cli_runner().invoke(args=["explain", self.numbers[name]])
        self.session.rollback()  # what was read is let go of, so that others may write
        assert answer.exit_code == 0, answer.output
        return dict(json.loads(answer.output))

    def move(self, name: str, verb: str, stage: str, status: int = 303, person: Person | None = None, **asked: Any) -> Any:
        own = select(Stage.id).where(Stage.agreement_id == self.key(name), Stage.key == stage, Stage.deleted_at.is_(None))
        data = {"id": str(ask(self.app, own)[0]), "verb": verb, **asked}
        answer = (person or self.sinta).post("/admin/stage/move/", data)
        assert answer.status_code == status, refusals(answer)
        return answer

    def through(self, name: str, *stages: str, **asked: Any) -> None:
        """Start and finish these stages today, with one scan for each."""
        for stage in stages:
            self.move(name, "start", stage)
            scan = attach(self.app, self.key(name), title=f"Pindaian {stage}", kind="lainnya")
            self.move(name, "finish", stage, attachment=str(scan), remark="Lengkap.", **asked)

    def verb(self, name: str, verb: str, status: int = 303, **asked: Any) -> int:
        """A verb on the agreement; returns the id it leads to."""
        answer = self.sinta.post(f"/admin/agreement/{verb}/", {"id": str(self.key(name)), **asked})
        assert answer.status_code == status, refusals(answer)
        return int(re.findall(r"id=(\d+)", answer.headers["Location"])[0]) if status == 303 else 0

    def state(self, name: str) -> tuple[Any, ...]:
        told = self.told(name)
        return told["validity"], told["current"], told["holder"]


@pytest.fixture
def story(app: Flask, session: Session) -> Story:
    return Story(app, session)


def test_a_kb_with_three_pks_of_three_units(story: Story, app: Flask) -> None:
    story.on("2026-01-05")
    story.record("KB Pelayanan kota", "ksdd_sukarela", "kb")
    story.through("KB Pelayanan kota", "persiapan", "penawaran")
    story.on("2026-02-02")
    story.through("KB Pelayanan kota", "penyusunan_kb", "penandatanganan_kb")
    assert story.state("KB Pelayanan kota") == ("undated", "penatausahaan", None)

    units = {"Angkutan": "dinas_perhubungan", "Rujukan": "dinas_kesehatan", "Air": "dpupr"}
    for title, unit in units.items():
        key = ask(app, select(Unit.id).where(Unit.code == unit))[0]
        story.name_it(title, story.verb("KB Pelayanan kota", "implement", title=title, unit=str(key)))
        assert story.told(title)["stages"][0]["key"] == "persetujuan_dprd"

    story.on("2026-02-09")
    story.move("Angkutan", "skip", "persetujuan_dprd", **NO_BURDEN)
    story.move("Rujukan", "skip", "persetujuan_dprd", status=422, **BURDEN)
    story.move("Rujukan", "start", "persetujuan_dprd", **BURDEN)
    story.on("2026-02-16")
    story.through("Angkutan", "penyusunan_pks")
    story.move("Angkutan", "start", "penandatanganan_pks")

    assert {name: story.state(name) for name in units} == {
        "Angkutan": ("process", "penandatanganan_pks", "pimpinan"),
        "Rujukan": ("process", "persetujuan_dprd", "dprd"),
        "Air": ("process", "persetujuan_dprd", None),
    }
    (skipped, *_) = story.told("Angkutan")["stages"]
    assert skipped["ground"].endswith("Dasar: PP 28/2018 Pasal 6 ayat (2).")
    listed = story.sinta.keys("/admin/monitoring/process/?flt0_stage_equals=persetujuan_dprd&flt1_holder_equals=dprd")
    assert listed == [story.numbers["Rujukan"]]

    dewi = Person(app, "unit")
    page = dewi.get(f"/admin/agreement/details/?id={story.key('Angkutan')}").text
    assert story.numbers["Rujukan"] not in page
    assert dewi.get(f"/admin/agreement/details/?id={story.key('Rujukan')}").status_code == 404


def test_a_nota_kesepakatan(story: Story) -> None:
    story.on("2026-03-02")
    story.record("Nota keamanan", "sinergi", "nota_kesepakatan", duration="2 tahun")
    story.through("Nota keamanan", "persiapan", "penawaran", "penyusunan_nk")
    story.on("2026-03-16")
    story.through("Nota keamanan", "penandatanganan_nk")
    story.move("Nota keamanan", "start", "pelaksanaan")

    told = story.told("Nota keamanan")
    assert (told["validity"], told["current"]) == ("active", "pelaksanaan")
    page = story.sinta.get(f"/admin/agreement/details/?id={story.key('Nota keamanan')}").text
    assert "16 Maret 2028" in page
    assert "praktik" in page


def test_abroad_from_the_letter_of_intent_to_the_naskah(story: Story) -> None:
    story.on("2026-01-12")
    story.record("Surat kehendak kota kembar", "ksdpl", "pernyataan_kehendak", partners=("Kota Kembar (uji)",))
    story.through("Surat kehendak kota kembar", "prakarsa", "penjajakan", "pernyataan_kehendak")
    last = story.told("Surat kehendak kota kembar")["stages"][-1]
    assert (last["due_on"], last["due_explained"]) == ("2027-01-12", "1 tahun sesudah 12 Januari 2026 → 12 Januari 2027")

    story.name_it("Naskah kota kembar", story.verb("Surat kehendak kota kembar", "follow", title="Naskah kota kembar"))
    story.through("Naskah kota kembar", "rencana_kerja_sama")
    story.on("2026-03-03")
    story.move("Naskah kota kembar", "start", "persetujuan_dprd")
    story.move("Naskah kota kembar", "wait", "persetujuan_dprd", on="3 Maret 2026")

    story.on("2026-05-18")
    told = story.told("Naskah kota kembar")
    assert told["stages"][1]["due_explained"] == (
        "45 hari kerja sesudah 3 Maret 2026, tanpa 9 hari libur dan cuti bersama → 18 Mei 2026"
    )
    overdue = "/admin/agreement/?flt0_overdue_equals=1"
    assert story.numbers["Naskah kota kembar"] not in story.sinta.keys(overdue)
    refused = story.move("Naskah kota kembar", "finish", "persetujuan_dprd", 422, ground="dianggap_disetujui")
    assert "Jawaban masih ditunggu sampai 18 Mei 2026." in refused.text

    story.on("2026-05-19")
    assert story.numbers["Naskah kota kembar"] in story.sinta.keys(overdue)
    letters = [
        attach(story.app, story.key("Naskah kota kembar"), title=title, kind="lainnya")
        for title in (
            "Surat Kepala Daerah: permohonan persetujuan", "Lampiran: Rencana Kerja Sama", "Lampiran: Pernyataan Kehendak",
        )
    ]  # fmt: skip
    documents = {f"document_{number}": str(key) for number, key in enumerate(letters)}
    story.move("Naskah kota kembar", "finish", "persetujuan_dprd", ground="dianggap_disetujui", **documents)
    story.through(
        "Naskah kota kembar", "verifikasi", "rancangan_naskah", "pembahasan_naskah", "persetujuan_menteri", "penandatanganan"
    )
    assert story.state("Naskah kota kembar")[1] == "pelaksanaan"
    verbs = select(StageEvent.verb).where(StageEvent.agreement_id == story.key("Naskah kota kembar"))
    assert "deemed" in ask(story.app, verbs)


def test_three_parties_amended_once_and_renewed_twice(story: Story) -> None:
    parties = ("Kabupaten Pinrang", "Kota Surabaya")
    story.on("2025-01-06")
    story.record("Pangan bertiga", "ksdd_sukarela", "pks", partners=parties, duration="1 tahun", units=("dinas_perhubungan",))
    story.through("Pangan bertiga", "persiapan", "penawaran")
    story.move("Pangan bertiga", "skip", "persetujuan_dprd", **NO_BURDEN)
    story.through("Pangan bertiga", "penyusunan_pks", "penandatanganan_pks")
    ends = select(Agreement.ends_on, Agreement.first_ends_on)

    def end_of(name: str) -> Any:
        found = tuple(story.session.execute(ends.where(Agreement.id == story.key(name))).one())
        story.session.rollback()
        return found

    assert end_of("Pangan bertiga") == (date(2026, 1, 6), date(2026, 1, 6))

    story.on("2025-06-02")
    made = story.verb("Pangan bertiga", "amend", on="2026-06-30", reason="Jangka waktu ditambah.")
    story.name_it("Adendum pangan", made)
    assert end_of("Pangan bertiga")[0] == date(2026, 1, 6), "an addendum that nobody has signed changes nothing"
    story.move("Adendum pangan", "skip", "persetujuan_dprd", **NO_BURDEN)
    story.through("Adendum pangan", "penyusunan_pks", "penandatanganan_pks")
    assert end_of("Pangan bertiga") == (date(2026, 6, 30), date(2026, 1, 6))

    before = "Pangan bertiga"
    for number, day in ((1, "2026-06-01"), (2, "2027-06-01")):
        story.on(day)
        name = f"Perpanjangan {number}"
        story.name_it(name, story.verb(before, "renew", title=name))
        story.verb(before, "renew", 409)
        story.record(name, "ksdd_sukarela", "pks", partners=parties, duration="1 tahun", key=story.key(name))
        story.through(name, "persiapan", "penawaran")
        story.move(name, "skip", "persetujuan_dprd", **NO_BURDEN)
        story.through(name, "penyusunan_pks", "penandatanganan_pks")
        before = name
    story.on("2027-07-15")
    assert story.told("Pangan bertiga")["validity"] == "renewed"
    row = story.sinta.get("/admin/agreement/export/csv/?search=Perpanjangan 2").text
    assert "Kabupaten Pinrang; Kota Surabaya" in row


def test_an_offer_that_is_refused(story: Story) -> None:
    story.on("2026-04-06")
    story.record("Papan reklame", "ksdpk_prakarsa_pihak_ketiga", "kb", offer_received="6 April 2026")
    story.through("Papan reklame", "persiapan")
    story.on("2026-04-20")
    story.verb("Papan reklame", "close", **{"as": "refused", "reason": "Tidak sesuai rencana induk."})

    assert story.state("Papan reklame")[0] == "closed"
    assert story.told("Papan reklame")["next"] is None
    story.move("Papan reklame", "start", "penawaran", 422)
