"""Which rows a unit sees, and what it learns of the others: nothing. Dewi works at Dinas Perhubungan."""

import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from models import Agreement, AgreementUnit, Partner, Stage, Unit
from rules import access
from tests.people import Person
from tests.routes import OTHERS, add_contact
from tests.rows import ask, id_of, rows

DEWIS = {
    "Parkir nontunai",
    "Dishub e-Parking",
    "Pemasangan papan reklame digital di halte (contoh)",
    "Kesepakatan bersama pelayanan perhubungan dan kesehatan (contoh)",
    "Penyelenggaraan angkutan umum antardaerah (contoh)",
    "Pemeliharaan rambu dan marka jalan (contoh)",
    "Perpanjangan pemeliharaan rambu dan marka jalan (contoh)",
    "Pelatihan pengemudi angkutan umum (contoh)",
}
HERS = "Penyelenggaraan angkutan umum antardaerah (contoh)"
COMMON = "Kesepakatan bersama pelayanan perhubungan dan kesehatan (contoh)"
NOT_HERS = "Rujukan pelayanan kesehatan antardaerah (contoh)"


def test_a_unit_sees_the_agreements_it_is_tied_to_and_counts_no_others(dewi: Person) -> None:
    page = dewi.get("/admin/agreement/?page_size=200")

    assert len(dewi.keys("/admin/agreement/?page_size=200")) == 8
    assert dewi.total("/admin/agreement/") == 8
    assert dewi.total("/admin/agreement/?exact=1") == 8
    assert all(title in page.text for title in DEWIS)
    assert not [word for word in OTHERS if word in page.text]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("search=rujukan", 0),
        ("search=parkir", 1),
        ("flt0_title_contains=rujukan", 0),
        ("flt0_unit_contains=kesehatan", 1),
        ("flt0_partner_contains=pinrang", 0),
        ("flt0_our_number_equals=CONTOH-002/KS/2024", 0),
        ("flt0_group_not_equal=ksdpl&flt1_title_not_contains=zzz", 8),
        ("flt0_title_empty=0", 8),
        ("bin=1", 8),
        ("sort=value&desc=1&page=1", 8),
    ],
)
def test_no_question_widens_what_a_unit_sees(dewi: Person, query: str, count: int) -> None:
    assert dewi.total(f"/admin/agreement/?{query}") == count


def test_a_unit_takes_only_its_own_rows_as_csv(dewi: Person) -> None:
    lines = dewi.get("/admin/agreement/export/csv/").text.splitlines()

    assert len(lines) == 9
    assert {title for title in DEWIS if any(title in line for line in lines)} == DEWIS
    assert len(dewi.get("/admin/agreement/export/csv/?search=rujukan").text.splitlines()) == 1


def test_a_unit_sees_the_stages_of_its_agreements_only(dewi: Person, sinta: Person) -> None:
    sees, others = dewi.get("/admin/stage/?page_size=200").text, sinta.get("/admin/stage/?page_size=200").text

    assert HERS in sees
    assert NOT_HERS in others
    assert not [word for word in OTHERS if word in sees]
    own = own_stages(dewi.app)
    assert 0 < own < sinta.total("/admin/stage/")
    assert dewi.total("/admin/stage/?exact=1") == own
    assert len(dewi.get("/admin/stage/export/csv/").text.splitlines()) == own + 1
    assert dewi.total("/admin/stage/?search=rujukan") == 0


def own_stages(app: Flask) -> int:
    """How many stages the agreements of Dewi's unit have: counted past the screens."""
    hers = select(AgreementUnit.agreement_id).join(Unit, Unit.id == AgreementUnit.unit_id)
    hers = hers.where(Unit.code == "dinas_perhubungan")
    living = select(func.count(Stage.id)).join(Agreement, Agreement.id == Stage.agreement_id)
    return int(
        ask(app, living.where(Stage.agreement_id.in_(hers), Stage.deleted_at.is_(None), Agreement.deleted_at.is_(None)))[0]
    )


def test_a_unit_sees_the_partners_of_its_agreements_only(dewi: Person) -> None:
    page = dewi.get("/admin/partner/?page_size=200").text

    assert dewi.total("/admin/partner/") == 4
    assert "Bankaltimtara" in page
    assert not [word for word in OTHERS if word in page]
    assert dewi.total("/admin/partner/?search=pinrang") == 0
    assert dewi.get("/admin/partner/export/csv/").status_code == 403


def test_partners_of_an_agreement_in_the_bin_leave_the_unit_s_list_with_it(dewi: Person, sinta: Person) -> None:
    sinta.post("/admin/agreement/delete/", {"id": str(id_of(sinta.app, Agreement, "Parkir nontunai"))})

    assert dewi.total("/admin/partner/") == 2
    assert dewi.total("/admin/agreement/") == 7


def test_the_count_beside_a_partner_counts_the_unit_s_own_agreements(dewi: Person, sinta: Person) -> None:
    def counted(person: Person) -> list[str]:
        row = person.get("/admin/partner/?search=Kabupaten+Contoh").text.partition('<tr data-key="')[2]
        return re.findall(r'data-label="?Naskah"?>(\d+)', row)

    assert counted(sinta) == ["4"]
    assert counted(dewi) == ["2"]


def foreign(app: Flask) -> dict[str, int]:
    """A record of each screen that Dewi's unit has no part in."""
    agreement_id = id_of(app, Agreement, NOT_HERS)
    living = Stage.deleted_at.is_(None)
    stage_id = ask(app, select(func.min(Stage.id)).where(Stage.agreement_id == agreement_id, living))[0]
    partner_id = id_of(app, Partner, "Kabupaten Pinrang")
    return {"agreement": agreement_id, "stage": stage_id, "partner": partner_id}


@pytest.mark.parametrize("screen", ["agreement", "stage", "partner"])
def test_details_of_another_unit_s_rows_do_not_exist(dewi: Person, sinta: Person, screen: str) -> None:
    key = foreign(dewi.app)[screen]

    assert sinta.get(f"/admin/{screen}/details/?id={key}").status_code == 200
    answer = dewi.get(f"/admin/{screen}/details/?id={key}")
    assert answer.status_code == 404
    assert not [word for word in OTHERS if word in answer.text]


@pytest.mark.parametrize("key", ["", "0", "-1", "abc", "999999999", "99999999999999999999", "1,2", "１", "1 OR 1=1"])
def test_an_id_that_is_none_is_told_as_not_there(sinta: Person, key: str) -> None:
    for page in ("details", "edit"):
        assert sinta.get(f"/admin/agreement/{page}/", query_string={"id": key}).status_code == 404
    assert sinta.post("/admin/agreement/delete/", {"id": key}).status_code == 404


@pytest.fixture
def trusted_unit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should units ever be let write: the rows they reach stay their own."""
    for screen in ("agreement", "stage", "partner"):
        monkeypatch.setitem(access.MATRIX[screen], "unit", access.ALL)


@pytest.mark.usefixtures("trusted_unit")
@pytest.mark.parametrize("screen", ["agreement", "stage", "partner"])
def test_no_verb_reaches_another_unit_s_rows(dewi: Person, screen: str) -> None:
    key = str(foreign(dewi.app)[screen])
    before = rows(dewi.app)

    for verb in ("edit", "delete", "restore"):
        answer = dewi.post(f"/admin/{screen}/{verb}/?id={key}", {"id": key, "title": "Diubah", "name": "Diubah"})
        assert answer.status_code == 404, verb
    assert dewi.get(f"/admin/{screen}/edit/?id={key}").status_code == 404
    for action in ("delete", "restore"):
        dewi.post(f"/admin/{screen}/action/", {"action": action, "rowid": key})

    assert rows(dewi.app) == before


@pytest.mark.usefixtures("trusted_unit")
def test_type_ahead_finds_only_what_the_unit_may_see(dewi: Person) -> None:
    def found(screen: str, field: str, query: str) -> list[str]:
        answer = dewi.get(f"/admin/{screen}/ajax/lookup/", query_string={"name": field, "query": query})
        return [label for _, label in answer.json]

    assert found("agreement", "partner", "pinrang") == []
    assert found("agreement", "partner", "bankal") == ["Bankaltimtara"]
    assert found("agreement", "parent", "rujukan") == []
    assert [label.partition(" ")[2] for label in found("stage", "agreement", "angkutan umum antar")] == [HERS]


def test_of_a_relative_that_is_not_theirs_a_unit_learns_kind_and_stage_only(dewi: Person, sinta: Person) -> None:
    url = f"/admin/agreement/details/?id={id_of(dewi.app, Agreement, COMMON)}"
    hers, all_of_it = family(dewi.get(url).text), family(sinta.get(url).text)

    assert NOT_HERS in all_of_it
    assert HERS in hers
    assert not [word for word in OTHERS if word in hers]
    assert f"id={id_of(dewi.app, Agreement, NOT_HERS)}" not in hers
    assert re.findall(r"<span>([^<]+)</span><small>([^<]+)</small>", hers) == [
        ("Perjanjian Kerja Sama", "Melaksanakan · Pelaksanaan"),
        ("Adendum", "Mengubah · Ditandatangani"),
    ]


def family(page: str) -> str:
    return page.partition("Keluarga naskah")[2].partition("</section>")[0]


def test_a_unit_sees_no_contacts(dewi: Person, sinta: Person) -> None:
    contact = add_contact(dewi.app, partner="Bankaltimtara")
    partner_url = f"/admin/partner/details/?id={id_of(dewi.app, Partner, 'Bankaltimtara')}"

    assert "Hendra Wijaya" in sinta.get(partner_url).text
    assert dewi.get("/admin/contact/").status_code == 403
    assert dewi.get(f"/admin/contact/details/?id={contact}").status_code == 403
    assert dewi.get("/admin/contact/export/csv/").status_code == 403
    page = dewi.get(partner_url)
    assert page.status_code == 200
    assert not [word for word in ("Hendra", "hendra@", "0541-000000", "Narahubung") if word in page.text]


@pytest.mark.parametrize("role", ["supervisor", "unit", "auditor"])
def test_what_lies_in_the_bin_is_seen_by_none_who_cannot_take_it_back(app: Flask, sinta: Person, role: str) -> None:
    reader, key = Person(app, role), id_of(app, Agreement, HERS)
    stage_id = ask(app, select(func.min(Stage.id)).where(Stage.agreement_id == key))[0]
    assert reader.get(f"/admin/agreement/details/?id={key}").status_code == 200
    total = reader.total("/admin/agreement/")

    sinta.post("/admin/agreement/delete/", {"id": str(key)})

    assert sinta.total("/admin/agreement/?bin=1") == 1
    assert sinta.get(f"/admin/agreement/details/?id={key}").status_code == 200
    assert reader.get(f"/admin/agreement/details/?id={key}").status_code == 404
    assert reader.get(f"/admin/stage/details/?id={stage_id}").status_code == 404
    for url in ("/admin/agreement/", "/admin/agreement/?bin=1"):
        assert reader.total(url) == total - 1
        assert HERS not in reader.get(f"{url}{'&' if '?' in url else '?'}page_size=200").text
    assert HERS not in reader.get("/admin/agreement/export/csv/?bin=1").text
    relative = f"/admin/agreement/details/?id={id_of(app, Agreement, COMMON)}"
    assert HERS not in reader.get(relative).text
