"""Dasar hukum on the screen: who reads what, who enters an article, where the official text lies and who keeps it there."""

import html
import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from pikepdf import Name
from sqlalchemy import select, update
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from models import Article, AuditEntry, DeadlineRule, DocumentRule, Procedure, ProcedureVersion, Regulation, StageRule
from tests import stores
from tests.conftest import Statements
from tests.files import samples
from tests.hostile import VALUES, faults
from tests.pages import encoded
from tests.papers import attach, scan
from tests.people import Person
from tests.routes import add_paper
from tests.rows import ask, change, id_of, rows

DPRD = "ksdd_sukarela|persetujuan_dprd|deadline|dprd_menjawab"
SAID = {"citation": "Pasal 12 ayat (2)", "says": "DPRD menjawab permohonan.", "checked_on": "23/11/2026"}
ON = SAID | {"serves": DPRD, "amount": "30", "unit": "hari_kerja"}


def key(app: Flask, code: str = "permendagri_22_2020") -> int:
    return id_of(app, Regulation, code)


def page(person: Person, code: str = "permendagri_22_2020") -> str:
    answer = person.get(f"/admin/regulation/details/?id={key(person.app, code)}")
    assert answer.status_code == 200
    return html.unescape(answer.text)


def part(text: str, name: str) -> str:
    """A card of the page, its tags left out."""
    card = text.partition(f'id="{name}"')[2].partition("</section>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", card).split())


def enter(person: Person, said: dict[str, str], code: str = "permendagri_22_2020") -> Any:
    return person.post("/admin/regulation/enter/", {"id": str(key(person.app, code)), **said})


def deadlines(app: Flask, status: str) -> set[str]:
    """The kind of each deadline of this name, in the versions of that status."""
    found = select(DeadlineRule.kind).join(StageRule).join(ProcedureVersion)
    return set(ask(app, found.where(DeadlineRule.key == "dprd_menjawab", ProcedureVersion.status == status)))


# --- the page ----------------------------------------------------------------------------------------------------


def test_the_list_says_how_many_stages_rest_on_each(bima: Person) -> None:
    text = html.unescape(bima.get("/admin/regulation/?search=Peraturan+Menteri+Dalam+Negeri+22").text)

    assert re.findall(r'data-label="?Tahap yang bersandar"?>(\d+)', text)[0] == "17"
    assert bima.total("/admin/regulation/") == 24


@pytest.mark.parametrize("role", ["andi", "sinta", "rahmat", "dewi", "bima"])
def test_dasar_hukum_stands_in_everyone_s_menu(request: pytest.FixtureRequest, role: str) -> None:
    person: Person = request.getfixturevalue(role)

    assert '<a href="/admin/regulation/">' in person.get("/admin/").text or "/admin/regulation/" in person.get("/admin/").text
    assert "Permendagri 22/2020" in page(person)


def test_what_was_read_is_told_with_its_articles_and_stages(dewi: Person) -> None:
    text = page(dewi, "pp_28_2018")

    assert "Pasal 6 ayat (2) KSDD wajib : Persetujuan DPRD, Penyusunan perjanjian kerja sama KSDD sukarela" in part(
        text, "pasal"
    )
    assert "Dibaca saat Sikerja disusun" in part(text, "pasal")
    assert "Tidak ada yang menunggu." in part(text, "menunggu")
    wanted = id_of(dewi.app, Procedure, "Kerja Sama Daerah dengan Daerah Lain - Kerja Sama Wajib")
    assert f'href="/admin/procedure/details/?id={wanted}"' in text


def test_what_was_not_read_shows_no_article(bima: Person) -> None:
    text = page(bima)

    cards = part(text, "pasal") + part(text, "tahap") + part(text, "menunggu")
    assert not re.search(r"Pasal \d", cards)
    assert "Belum ada pasal Permendagri 22/2020 yang dijadikan dasar." in cards
    assert "Tenggat 45 hari kerja sesudah surat permohonan diterima: sebatas peraturannya (belum pasti) · usulan" in cards


def test_no_article_is_named_where_none_was_read(sinta: Person) -> None:
    assert not re.search(r"Pasal \d", page(sinta) + page(sinta, "perda_samarinda_7_2020"))


def test_the_page_of_the_perda_says_that_nothing_rests_on_it_yet(sinta: Person) -> None:
    text = page(sinta, "perda_samarinda_7_2020")

    assert "Mengatur kerja sama daerah di Kota Samarinda." in text
    assert "Belum ada tahap yang disandarkan pada peraturan ini" in part(text, "tahap")
    assert "dapat diberi pasalnya sesudah naskah resminya diperiksa" in part(text, "menunggu")
    assert text.count('value="ksdd_wajib|persiapan|stage|"') == 1


def test_the_page_takes_at_most_sixteen_statements(sinta: Person, statements: Statements) -> None:
    for kind in ("ksdd_sukarela", "ksdd_wajib"):
        enter(sinta, ON | {"serves": DPRD.replace("ksdd_sukarela", kind)})
    add_paper(sinta.app, key(sinta.app))
    page(sinta)
    statements.clear()

    page(sinta)

    assert len(statements) <= 16, "\n\n".join(statements)


# --- entering ----------------------------------------------------------------------------------------------------


def test_sinta_enters_an_article_and_bima_reads_it(sinta: Person, bima: Person) -> None:
    answer = enter(sinta, ON)

    assert answer.status_code == 303
    assert (deadlines(sinta.app, "draft"), "maksimal" in deadlines(sinta.app, "published")) == ({"maksimal"}, True)
    text = page(sinta)
    assert (
        "Pasal 12 ayat (2) dicatat atas nama Staf Kerja Sama Contoh. Perubahannya masuk ke draf KSDD sukarela. "
        "Prosedur yang berlaku belum berubah sampai administrator menerbitkan draf itu." in text
    )
    read = part(page(bima), "pasal")
    assert "Pasal 12 ayat (2) DPRD menjawab permohonan." in read
    assert "KSDD sukarela : Persetujuan DPRD · dalam draf, belum diterbitkan" in read
    assert "Diperiksa Staf Kerja Sama Contoh pada 23 November 2026" in read


def test_bima_can_not_enter_or_take_back(bima: Person, sinta: Person) -> None:
    enter(sinta, ON)
    article = ask(sinta.app, select(Article.id))[0]
    before = rows(bima.app)

    assert "Catat pasal" not in page(bima)
    assert "Tarik pasal" not in page(bima)
    assert "Unggah naskah" not in page(bima)
    assert enter(bima, SAID).status_code == 403
    sent = {"id": str(key(bima.app)), "article": str(article), "reason": "Salah"}
    assert bima.post("/admin/regulation/withdraw/", sent).status_code == 403
    assert rows(bima.app) == before


def test_what_is_refused_is_told_at_once_and_stays_typed(sinta: Person) -> None:
    before = rows(sinta.app)
    answer = enter(
        sinta, {"citation": "ps 12 (kira-kira)", "says": "DPRD <menjawab>", "checked_on": "25/11/2026", "serves": DPRD}
    )
    text = html.unescape(answer.text)

    assert answer.status_code == 422
    assert rows(sinta.app) == before
    assert len(re.findall('class="obstacle"', text)) == 4  # citation, day, amount, unit
    assert 'value="ps 12 (kira-kira)"' in text
    assert "DPRD &lt;menjawab&gt;" in answer.text
    assert re.search(rf'value="{re.escape(DPRD)}" checked', text)


def test_an_empty_form_is_refused_with_words(sinta: Person) -> None:
    text = enter(sinta, {}).text

    for words in ("Isi pasalnya.", "Isi bunyi atau pokok pasalnya.", "Isi tanggal diperiksa."):
        assert text.count(words) == 2  # above, and at the field
    assert "Tulis pasalnya seperti" not in text


def test_no_field_is_a_way_in(sinta: Person) -> None:
    found, number, token = [], str(key(sinta.app)), sinta.token()
    for name in ("citation", "says", "checked_on", "serves", "amount", "unit", "id"):
        for label, value in VALUES.items():
            pairs = [*({"id": number} | ON | {name: value}).items(), ("csrf_token", token)]
            answer = sinta.post_body("/admin/regulation/enter/", encoded(pairs).encode(), "application/x-www-form-urlencoded")
            found += [(name, label, fault) for fault in faults(answer, label)]
            if answer.status_code not in (303, 400, 404, 422):
                found.append((name, label, str(answer.status_code)))

    assert found == []


def test_an_article_is_taken_back_with_a_reason_in_the_trail(sinta: Person) -> None:
    enter(sinta, ON)
    article = ask(sinta.app, select(Article.id))[0]
    sent = {"id": str(key(sinta.app)), "article": str(article), "version": "1"}
    assert sinta.post("/admin/regulation/withdraw/", sent).status_code == 422
    assert sinta.post("/admin/regulation/withdraw/", sent | {"reason": "x", "version": "9"}).status_code == 409
    other = sent | {"reason": "x", "id": str(key(sinta.app, "pp_28_2018"))}
    assert "Pasal ini sudah tidak ada" in sinta.post("/admin/regulation/withdraw/", other).text

    answer = sinta.post("/admin/regulation/withdraw/", sent | {"reason": "Itu ayat (3)."})

    assert answer.status_code == 303
    assert deadlines(sinta.app, "draft") == {"usulan_nonaktif"}
    assert "Ditarik pada 24 November 2026: Itu ayat (3)." in part(page(sinta), "pasal")
    assert "Itu ayat (3)." in ask(sinta.app, select(AuditEntry.detail).where(AuditEntry.screen == "article"))


def test_an_article_of_a_regulation_in_the_bin_is_refused(andi: Person) -> None:
    andi.post("/admin/regulation/delete/", {"id": str(key(andi.app, "perda_samarinda_7_2020"))})

    answer = enter(andi, SAID, "perda_samarinda_7_2020")

    assert answer.status_code == 422
    assert "Peraturan ini ada di keranjang." in answer.text


# --- the official text -------------------------------------------------------------------------------------------


def send(person: Person, *files: tuple[str, bytes], **more: str) -> Any:
    number = key(person.app)
    parts: dict[str, Any] = {"id": str(number), "csrf_token": person.token(), **more}
    parts["file"] = [FileStorage(io.BytesIO(content), name) for name, content in files]
    boundary, body = encode_multipart(parts)
    return person.post_body(f"/admin/regulation/receive/?id={number}", body, f"multipart/form-data; boundary={boundary}")


def paper(app: Flask) -> Any:
    """The digest that the regulation names."""
    return ask(app, select(Regulation.digest).where(Regulation.code == "permendagri_22_2020"))[0]


def test_the_official_text_is_put_there_and_read_by_everyone(sinta: Person, dewi: Person) -> None:
    assert send(sinta, ("Permendagri 22 2020.pdf", scan())).status_code == 303

    number = key(sinta.app)
    text = page(dewi)
    assert "Permendagri 22 2020.pdf" in text
    assert "Halaman 1 dari 3" in text
    answer = dewi.get(f"/admin/regulation/paper/?id={number}")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, scan(), "application/pdf")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="Permendagri 22 2020.pdf"')
    assert (answer.headers["X-Content-Type-Options"], answer.headers["Cache-Control"]) == ("nosniff", "no-store")
    assert dewi.get(f"/admin/regulation/preview/?id={number}&page=2").mimetype == "image/png"
    assert dewi.get(f"/admin/regulation/preview/?id={number}&page=4").status_code == 404
    seen = ask(
        sinta.app, select(AuditEntry.action).where(AuditEntry.screen == "regulation").order_by(AuditEntry.id.desc()).limit(2)
    )
    assert seen == ["preview", "download"]


def test_where_no_text_was_put_there_is_none(bima: Person) -> None:
    for name in ("paper", "preview"):
        assert bima.get(f"/admin/regulation/{name}/?id={key(bima.app)}").status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("naskah.docx", samples.docx()),
        ("naskah.png", samples.png()),
        ("naskah.pdf", b"<html>bukan PDF</html>"),
        ("naskah.pdf", samples.docx()),
        ("naskah.exe", scan()),
        ("naskah.pdf", b""),
        ("../naskah.pdf", scan()),
    ],
)
def test_what_is_no_sound_pdf_is_refused(sinta: Person, name: str, content: bytes) -> None:
    before = rows(sinta.app)

    answer = send(sinta, (name, content))

    assert answer.status_code == 422
    assert "Naskah belum diunggah" in answer.text
    assert rows(sinta.app) == before


def test_a_pdf_that_does_something_by_itself_is_refused(sinta: Person) -> None:
    answer = send(sinta, ("naskah.pdf", samples.pdf(1, change=samples.action(S=Name.JavaScript, JS="app.alert(1)"))))

    assert answer.status_code == 422
    assert paper(sinta.app) is None


def test_one_file_and_one_only(sinta: Person) -> None:
    assert "Pilih berkas PDF." in send(sinta).text
    assert "Pilih satu berkas saja." in send(sinta, ("a.pdf", scan()), ("b.pdf", scan(1))).text
    assert send(sinta, ("a.pdf", scan()), version="99").status_code == 409
    assert paper(sinta.app) is None


def test_who_may_not_send_is_turned_away_before_anything_is_read(bima: Person, tamu: Person) -> None:
    assert send(bima, ("a.pdf", scan())).status_code == 403
    url = f"/admin/regulation/receive/?id={key(bima.app)}"
    answer = tamu.client.post(url, data={"file": (io.BytesIO(scan()), "a.pdf")}, base_url="http://localhost")
    assert answer.status_code == 401
    assert "receive" not in answer.text


def old_store(app: Flask, folder: Path) -> Any:
    """A store of the test's own, every file of it old."""
    store = stores.own(app, folder)
    app.config["SIKERJA_DATA"] = folder
    return store


def test_the_sweeper_leaves_the_official_text(app: Flask, sinta: Person, tmp_path: Path) -> None:
    store = old_store(app, tmp_path)
    send(sinta, ("naskah.pdf", scan(2)))
    mine = stores.place(store, paper(app))
    for blob in store.names():
        stores.age(stores.place(store, blob.digest), timedelta(days=10))

    assert app.test_cli_runner().invoke(args=["sweep"]).output == "Tidak ada yang perlu dihapus.\n"
    assert mine.exists()

    # A later one takes its place: the first goes as soon as nothing names it.
    before = paper(app)
    send(sinta, ("naskah baru.pdf", scan(4)))
    swept = app.test_cli_runner().invoke(args=["sweep"]).output
    assert swept.startswith(before)
    assert not mine.exists()
    assert stores.place(store, paper(app)).exists()


def test_a_text_that_was_replaced_stays_while_an_attachment_names_it(app: Flask, sinta: Person, tmp_path: Path) -> None:
    store = old_store(app, tmp_path)
    send(sinta, ("naskah.pdf", scan(2)))
    attach(app, content=scan(2))
    mine = stores.place(store, paper(app))
    send(sinta, ("naskah baru.pdf", scan(4)))
    for blob in store.names():
        stores.age(stores.place(store, blob.digest), timedelta(days=10))

    assert app.test_cli_runner().invoke(args=["sweep"]).output == "Tidak ada yang perlu dihapus.\n"
    assert mine.exists()


def told(app: Flask) -> list[str]:
    return app.test_cli_runner().invoke(args=["verify"]).output.splitlines()[:-1]


def test_verify_looks_at_the_official_text(app: Flask, sinta: Person, tmp_path: Path) -> None:
    store = old_store(app, tmp_path)
    send(sinta, ("naskah.pdf", scan(2)))
    digest, number = paper(app), key(app)
    assert told(app) == []

    change(app, update(Regulation).where(Regulation.id == number).values(size=7))
    size = len(scan(2))
    assert told(app) == [f"file_size regulation {number}: Ukuran tercatat 7 byte, berkasnya {size} byte."]
    stores.place(store, digest).unlink()
    assert told(app) == [f"file_missing file {digest}: Berkas tidak ada di penyimpanan. Dipakai peraturan {number}."]
    assert sinta.get(f"/admin/regulation/paper/?id={number}").status_code == 404
    assert sinta.get(f"/admin/regulation/details/?id={number}").status_code == 200
    change(app, update(Regulation).where(Regulation.id == number).values(digest="../etc"))
    assert told(app) == [f"digest regulation {number}: “../etc” bukan sidik SHA-256."]


def test_documents_that_wait_are_ticked_by_their_names(sinta: Person) -> None:
    name = "Surat jawaban (menerima/menolak) dari daerah yang ditawari"
    enter(sinta, SAID | {"serves": f"ksdd_sukarela|penawaran|document|{name}"})

    found = select(DocumentRule.certainty).join(StageRule).join(ProcedureVersion)
    found = found.where(DocumentRule.name == name, ProcedureVersion.status == "draft")
    assert ask(sinta.app, found) == ["VERIFIED"]
