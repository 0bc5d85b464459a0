"""The bin: nothing is deleted; rows go and come back; what hangs on a row stops it and is named."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Agreement, Contact, Holiday, Partner, Stage
from tests import records
from tests.people import Person

LIST = "/admin/agreement/"


def test_an_agreement_goes_to_the_bin_and_comes_back(sinta: Person) -> None:
    answer = sinta.post(f"{LIST}delete/", {"id": "1"}, follow_redirects=True)
    assert "Dibuang ke keranjang." in answer.text
    assert (sinta.total(LIST), sinta.keys(f"{LIST}?bin=1")) == (46, ["KS-2026-0001"])
    assert "ada di keranjang" in sinta.get(f"{LIST}details/?id=1").text

    answer = sinta.post(f"{LIST}restore/", {"id": "1"}, follow_redirects=True)
    assert "Dikembalikan dari keranjang." in answer.text
    assert (sinta.total(LIST), sinta.total(f"{LIST}?bin=1")) == (47, 0)


def test_a_binned_row_cannot_be_edited_and_is_found_nowhere(sinta: Person) -> None:
    sinta.post(f"{LIST}delete/", {"id": "1"})

    assert "Kembalikan dulu" in sinta.get(f"{LIST}edit/?id=1").text
    assert sinta.post(f"{LIST}edit/?id=1", {"title": "x"}).status_code == 409
    assert "KS-2026-0001" not in sinta.get(f"{LIST}export/csv/").text
    assert sinta.keys(f"{LIST}?search=KS-2026-0001") == []
    assert sinta.get(f"{LIST}ajax/lookup/?name=parent&query=KS-2026-0001").json == []


def test_what_hangs_on_an_agreement_stops_it_and_is_named(sinta: Person) -> None:
    answer = sinta.post(f"{LIST}delete/", {"id": "41"})

    assert answer.status_code == 422
    assert (
        "“Penyelenggaraan angkutan umum antardaerah (contoh)”, “Rujukan pelayanan kesehatan antardaerah (contoh)”"
        in answer.text
    )
    assert sinta.total(LIST) == 47


def test_a_child_waits_for_its_parent(sinta: Person) -> None:
    for key in ("44", "43", "42", "41"):
        sinta.post(f"{LIST}delete/", {"id": key})

    answer = sinta.post(f"{LIST}restore/", {"id": "43"})

    assert answer.status_code == 422
    assert "Naskah induknya masih di keranjang" in answer.text


def test_a_number_is_free_while_its_agreement_lies_in_the_bin(sinta: Person, session: Session) -> None:
    first = records.agreement(session, "Satu", our_number="9/KS/2026")
    sinta.post(f"{LIST}delete/", {"id": first.id})
    records.agreement(session, "Dua", our_number="9/KS/2026")

    answer = sinta.post(f"{LIST}restore/", {"id": first.id})

    assert answer.status_code == 422
    assert "Nomor ini sudah dipakai naskah lain" in answer.text
    assert sinta.keys(f"{LIST}?bin=1") == [first.register_no]


def test_in_bulk_what_can_goes_and_the_rest_is_named(sinta: Person) -> None:
    chosen = {"action": "delete", "rowid": ["1", "2", "41", "abc", "999999"]}

    answer = sinta.post(f"{LIST}action/", chosen, follow_redirects=True)

    assert "2 naskah dibuang ke keranjang." in answer.text
    assert "Masih ada naskah yang bergantung pada naskah ini" in answer.text
    assert sinta.total(f"{LIST}?bin=1") == 2

    answer = sinta.post(f"{LIST}action/", {"action": "restore", "rowid": ["1", "2"]}, follow_redirects=True)
    assert "2 naskah dikembalikan." in answer.text
    assert sinta.total(LIST) == 47


def test_a_whole_family_can_go_at_once(sinta: Person) -> None:
    answer = sinta.post(f"{LIST}action/", {"action": "delete", "rowid": ["41", "42", "43", "44"]}, follow_redirects=True)

    assert "4 naskah dibuang ke keranjang." in answer.text


@pytest.mark.parametrize(("action", "status"), [("", 400), ("purge", 400), ("delete_all", 400)])
def test_other_actions_do_not_exist(sinta: Person, action: str, status: int) -> None:
    assert sinta.post(f"{LIST}action/", {"action": action, "rowid": ["1"]}).status_code == status


def test_nothing_chosen_is_told(sinta: Person) -> None:
    answer = sinta.post(f"{LIST}action/", {"action": "delete"}, follow_redirects=True)

    assert "Tidak ada yang dipilih. Centang barisnya dulu." in answer.text


def test_a_partner_in_use_stays(sinta: Person, session: Session) -> None:
    partner = session.scalars(select(Partner).where(Partner.name == "Kabupaten Pinrang")).one()

    answer = sinta.post("/admin/partner/delete/", {"id": partner.id})

    assert answer.status_code == 422
    assert "Mitra ini masih dipakai pada “KB pangan dan potensi lain”. Ganti mitranya dulu." in answer.text


def test_a_partner_with_contacts_stays(sinta: Person, session: Session) -> None:
    partner = records.partner(session, "PT Sepi")
    session.add(Contact(partner_id=partner.id, name="Rina"))
    session.commit()

    answer = sinta.post("/admin/partner/delete/", {"id": partner.id})
    assert "Mitra ini masih punya narahubung: “Rina”." in answer.text


def test_a_unit_with_people_stays(andi: Person, session: Session) -> None:
    unit = records.unit(session, "dinas_perhubungan")

    assert andi.post("/admin/unit/delete/", {"id": unit.id}).status_code == 422


def test_a_binned_stage_is_not_the_current_one(sinta: Person, session: Session) -> None:
    paper = records.agreement(session, "Uji")
    ids = []
    for position, name in enumerate(("Rapat satu", "Rapat dua"), start=1):
        sent = {"agreement": str(paper.id), "name": name, "position": str(position)}
        assert sinta.post("/admin/stage/new/", sent).status_code == 302
        ids.append(session.scalars(select(Stage.id).where(Stage.name == name)).one())
    first, second = ids
    assert sinta.post("/admin/stage/move/", {"verb": "start", "id": str(first)}).status_code == 303

    sinta.post("/admin/stage/delete/", {"id": str(first)})

    session.expire_all()
    assert session.get_one(Agreement, paper.id).current_stage_id == second
    sinta.post("/admin/stage/restore/", {"id": str(first)})
    session.expire_all()
    assert session.get_one(Agreement, paper.id).current_stage_id == first


def test_a_day_in_the_bin_leaves_its_date_free(andi: Person, session: Session) -> None:
    new_year = session.scalars(select(Holiday).where(Holiday.on == date(2026, 1, 1))).one()
    again = {"on": "2026-01-01", "name": "Tahun Baru", "kind": "nasional"}
    assert andi.post("/admin/holiday/new/", again).status_code == 422

    andi.post("/admin/holiday/delete/", {"id": new_year.id})
    assert andi.post("/admin/holiday/new/", again).status_code == 302

    answer = andi.post("/admin/holiday/restore/", {"id": new_year.id})
    assert answer.status_code == 422
    assert "Tanggal ini sudah tercatat sebagai hari libur." in answer.text
