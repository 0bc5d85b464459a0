"""One throws away what the other has changed, or changes what the other has thrown away: both are asked first, nothing is lost.

Whoever throws away or takes back what someone has changed meanwhile is asked; in bulk the rows that nobody touched are done,
the others named. What was typed for a record that lies in the bin is kept, and saved once the record is back.
"""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from models import Agreement, Holiday
from tests.pages import form_to, title_of
from tests.people import Person
from tests.routes import MODELS, add_contact, add_partner
from tests.routes import records as last_of_each
from tests.rows import ask, change, rows
from tests.savers import ACTION, EVERY_FORM, binned, button, chosen, form_of, laid_out, one, opened, save, send, typed

# --- an edit against the bin -------------------------------------------------------------------------------------


def test_what_was_typed_for_a_binned_record_is_kept_and_saved_once_it_is_back(
    andi: Person, sinta: Person, app: Flask, paper: int
) -> None:
    mine = typed(opened(sinta, form_of(paper)), {"scope": "dari <Sinta>"})
    andi.post("/admin/agreement/delete/", {"id": paper})
    before = rows(app)

    answer = send(sinta, form_of(paper), mine)

    assert answer.status_code == 409
    assert "Naskah ini sudah ada di keranjang" in answer.text
    assert f'href="/admin/agreement/details/?id={paper}" target="_blank"' in answer.text
    kept = form_to(answer.text, "").fields
    assert dict(kept)["scope"] == "dari <Sinta>"
    assert rows(app) == before

    assert send(sinta, form_of(paper), kept).status_code == 409  # still there, still nothing lost
    sinta.post("/admin/agreement/restore/", {"id": paper})
    page = send(sinta, form_of(paper), kept)
    assert laid_out(page.text) == {"Ruang lingkup": ("Rute satu", "dari <Sinta>", "mine")}
    assert send(sinta, form_of(paper), form_to(page.text, "").fields).status_code == 302
    assert one(app, paper, "scope") == ("dari <Sinta>",)


def test_who_may_not_restore_loses_nothing_and_sees_no_more(andi: Person, sinta: Person, app: Flask) -> None:
    """Sinta may change holidays, but only the administrator looks into their bin."""
    key = ask(app, select(Holiday.id).where(Holiday.name.like("Tahun Baru%")))[0]
    url = f"/admin/holiday/edit/?id={key}"
    mine = typed(opened(sinta, url), {"name": "Tahun baru kami"})
    change(app, update(Holiday).where(Holiday.id == key).values(name="RAHASIA"))
    andi.post("/admin/holiday/delete/", {"id": key})

    answer = send(sinta, url, mine)

    assert answer.status_code == 409
    assert "Minta administrator mengembalikannya" in answer.text
    assert dict(form_to(answer.text, "").fields)["name"] == "Tahun baru kami"
    nosy = send(sinta, url, [pair for pair in mine if pair[0] == "csrf_token"])
    assert "RAHASIA" not in answer.text + nosy.text
    assert "target=" not in answer.text

    andi.post("/admin/holiday/restore/", {"id": key})
    assert laid_out(send(sinta, url, form_to(answer.text, "").fields).text) == {
        "Hari libur": ("RAHASIA", "Tahun baru kami", "mine")
    }


# --- throwing away what someone has changed ----------------------------------------------------------------------


BINS = ("agreement", "stage", "unit", "sector", "regulation", "holiday", "partner", "contact")


@pytest.mark.parametrize("screen", BINS)
def test_who_throws_away_what_was_changed_is_asked_first(andi: Person, budi: Person, app: Flask, screen: str) -> None:
    key = add_partner(app) if screen == "partner" else last_of_each(app)[screen]
    before = binned(app, MODELS[screen])
    pressed = button(budi, screen, key, "delete")
    name, _, first, _, noun = EVERY_FORM[screen]
    save(andi, f"/admin/{screen}/edit/?id={key}", **{name: first})

    asked = send(budi, f"/admin/{screen}/delete/", pressed)

    assert asked.status_code == 409
    assert title_of(asked.text) == f"{noun} ini baru saja diubah orang lain"
    assert re.search(r"diubah Administrator Contoh pada [^,]+, setelah Anda membuka halaman ini\. Buang tetap\?", asked.text)
    assert f'<a href="/admin/{screen}/details/?id={key}">Lihat keadaan terbaru</a>' in asked.text
    assert binned(app, MODELS[screen]) == before

    done = send(budi, f"/admin/{screen}/delete/", form_to(asked.text, f"/admin/{screen}/delete/").fields)
    assert (done.status_code, done.location) == (302, f"/admin/{screen}/")
    assert binned(app, MODELS[screen]) == sorted([*before, key])


def test_changed_again_while_being_asked_it_asks_again(andi: Person, sinta: Person, app: Flask, paper: int) -> None:
    pressed = button(sinta, "agreement", paper, "delete")
    for text in ("satu", "dua"):
        save(andi, form_of(paper), scope=text)
        asked = send(sinta, "/admin/agreement/delete/", pressed)
        assert asked.status_code == 409
        pressed = form_to(asked.text, "/admin/agreement/delete/").fields
    assert send(sinta, "/admin/agreement/delete/", pressed).status_code == 302


def test_thrown_away_by_the_other_already(andi: Person, sinta: Person, app: Flask, paper: int) -> None:
    pressed = button(sinta, "agreement", paper, "delete")
    andi.post("/admin/agreement/delete/", {"id": paper})

    answer = send(sinta, "/admin/agreement/delete/", pressed)

    assert answer.status_code == 302
    assert "Naskah ini sudah dibuang ke keranjang oleh orang lain." in sinta.get(answer.location).text


def test_restoring_is_asked_about_too(andi: Person, sinta: Person, app: Flask, paper: int) -> None:
    andi.post("/admin/agreement/delete/", {"id": paper})
    pressed = button(sinta, "agreement", paper, "restore")
    andi.post("/admin/agreement/restore/", {"id": paper})
    told = send(sinta, "/admin/agreement/restore/", pressed)
    assert "Naskah ini sudah dikembalikan oleh orang lain." in sinta.get(told.location).text

    save(andi, form_of(paper), scope="lain")
    andi.post("/admin/agreement/delete/", {"id": paper})
    asked = send(sinta, "/admin/agreement/restore/", pressed)
    assert asked.status_code == 409
    assert "Kembalikan tetap?" in asked.text
    assert send(sinta, "/admin/agreement/restore/", form_to(asked.text, "/admin/agreement/restore/").fields).status_code == 302
    assert binned(app, Agreement) == []


def test_what_hangs_on_it_still_stops_it_after_being_asked(andi: Person, sinta: Person, app: Flask) -> None:
    pressed = button(sinta, "agreement", 41, "delete")
    save(andi, form_of(41), location="Samarinda")
    asked = send(sinta, "/admin/agreement/delete/", pressed)

    answer = send(sinta, "/admin/agreement/delete/", form_to(asked.text, "/admin/agreement/delete/").fields)

    assert answer.status_code == 422
    assert "Masih ada naskah yang bergantung pada naskah ini" in answer.text


@pytest.mark.parametrize("version", [[], ""])
def test_throwing_away_without_a_version_compares_nothing(
    andi: Person, sinta: Person, app: Flask, paper: int, version: Any
) -> None:
    pressed = typed(button(sinta, "agreement", paper, "delete"), {"version": version})
    save(andi, form_of(paper), scope="dari Andi")

    assert send(sinta, "/admin/agreement/delete/", pressed).status_code == 302
    assert binned(app, Agreement) == [paper]


# --- many at once ------------------------------------------------------------------------------------------------


def test_the_unchanged_are_done_the_others_named_and_done_after_all(andi: Person, sinta: Person, app: Flask) -> None:
    sent = chosen(sinta, 1, 2, 3, 4, 41)
    save(andi, form_of(2), title="Diubah <Andi>")
    save(andi, form_of(3), location="Samarinda")
    andi.post("/admin/agreement/delete/", {"id": "4"})

    answer = send(sinta, ACTION, sent)

    assert answer.status_code == 409
    assert binned(app, Agreement) == [1, 4]
    assert title_of(answer.text) == "2 naskah belum dibuang ke keranjang"
    told = [
        (heading, re.findall(r"KS-2026-\d+", texts))
        for heading, texts in re.findall(r"<h2>(.*?)</h2><ul>(.*?)</ul>", answer.text, re.S)
    ]
    assert told == [
        ("Belum dilakukan karena diubah orang lain", ["KS-2026-0002", "KS-2026-0003"]),
        ("Sudah dibuang ke keranjang", ["KS-2026-0001"]),
        ("Sudah dibuang ke keranjang oleh orang lain", ["KS-2026-0004"]),
        ("Tidak dapat dilakukan", ["KS-2026-0041"]),
    ]
    assert "Diubah &lt;Andi&gt;" in answer.text
    assert "Masih ada naskah yang bergantung pada naskah ini" in answer.text
    assert "Tetap buang ke keranjang: 2 naskah" in answer.text

    done = send(sinta, ACTION, form_to(answer.text, ACTION).fields)
    assert (done.status_code, done.location) == (302, "/admin/agreement/?page_size=200")
    assert binned(app, Agreement) == [1, 2, 3, 4]


def test_changed_again_before_being_done_after_all(andi: Person, sinta: Person, app: Flask) -> None:
    sent = chosen(sinta, 2)
    for text in ("satu", "dua"):
        save(andi, form_of(2), location=text)
        answer = send(sinta, ACTION, sent)
        assert answer.status_code == 409
        sent = form_to(answer.text, ACTION).fields
    assert send(sinta, ACTION, sent).status_code == 302
    assert binned(app, Agreement) == [2]


def test_where_others_did_it_already_nothing_is_left_to_ask(andi: Person, sinta: Person, app: Flask) -> None:
    sent = chosen(sinta, 1, 2)
    andi.post("/admin/agreement/delete/", {"id": "2"})

    answer = send(sinta, ACTION, sent)

    assert answer.status_code == 302
    page = sinta.get(answer.location).text
    assert "1 naskah dibuang ke keranjang." in page
    assert "Sudah dibuang ke keranjang oleh orang lain: KS-2026-0002" in page


def test_many_are_taken_back_by_their_versions_too(andi: Person, sinta: Person, app: Flask) -> None:
    for key in ("1", "2"):
        andi.post("/admin/agreement/delete/", {"id": key})
    sent = chosen(sinta, 1, 2, verb="restore", state="bin=1")
    andi.post("/admin/agreement/restore/", {"id": "2"})
    andi.post("/admin/agreement/delete/", {"id": "2"})

    answer = send(sinta, ACTION, sent)

    assert (answer.status_code, binned(app, Agreement)) == (409, [2])
    assert "Kembalikan tetap?" in answer.text
    assert send(sinta, ACTION, form_to(answer.text, ACTION).fields).location == "/admin/agreement/?bin=1"
    assert binned(app, Agreement) == []


@pytest.mark.parametrize("versions", ["", "3:1", "2:1,3:1"])
def test_rows_without_a_version_are_not_compared(andi: Person, sinta: Person, app: Flask, versions: str) -> None:
    save(andi, form_of(1), location="Samarinda")

    assert sinta.post(ACTION, {"action": "delete", "rowid": ["1"], "versions": versions}).status_code == 302
    assert binned(app, Agreement) == [1]


BROKEN = [
    "1", "1:", ":1", "1:1,", ",1:1", "1:1,,2:1", "1:1;2:1", "1:1,1:2", "1:1,01:1", "1:-1", "1:1.0", "a:b", "1:1\n", "１:１",
    "1:99999999999", "99999999999:1", "' OR 1=1 --", "<script>alert('sk')</script>", "1:1" + ",9" * 50_000,
]  # fmt: skip


@pytest.mark.parametrize("versions", BROKEN, ids=[each[:20] for each in BROKEN])
def test_versions_that_cannot_be_read_are_refused(sinta: Person, app: Flask, versions: str) -> None:
    before = rows(app)

    answer = sinta.post(ACTION, {"action": "delete", "rowid": ["1"], "versions": versions})

    assert answer.status_code == 400
    assert "Muat ulang halaman daftarnya, lalu pilih lagi." in answer.text
    assert rows(app) == before


@pytest.mark.parametrize("screen", [screen for screen, model in MODELS.items() if hasattr(model, "deleted_at")])
def test_every_list_carries_the_versions_of_its_rows(andi: Person, app: Flask, screen: str) -> None:
    add_contact(app)
    page = andi.get(f"/admin/{screen}/?page_size=200").text
    listed = dict(form_to(page, f"/admin/{screen}/action/").fields)["versions"].split(",")

    keys = re.findall(r"name=rowid value=(\d+)", page)
    assert [pair.partition(":")[0] for pair in listed] == keys
    model = MODELS[screen]
    there = dict(
        zip(ask(app, select(model.id).order_by(model.id)), ask(app, select(model.version).order_by(model.id)), strict=True)
    )
    assert {pair: f"{key}:{there[int(key)]}" for pair, key in zip(listed, keys, strict=True)} == {pair: pair for pair in listed}
