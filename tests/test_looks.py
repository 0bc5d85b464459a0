"""What every screen looks like: reachable for all, at home on a phone, quiet, in Indonesian, fit for paper.

axe finds nothing serious on the screens of the walk, by day and by night, at the desk and on the phone. No screen of any
role scrolls sideways, asks another host for anything, or writes to the console. No screen shows an English word, a code
of the database, or None.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from html.parser import HTMLParser

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser import DESK, PHONE, SIZES, Window, write_down
from tests.papers import attach
from tests.people import Person

Open = Callable[..., Window]

LONG = "Penyelenggaraan pelayanan terpadu antarkota di perbatasan " * 9 + "a" * 70
HOSTILE = "<script>alert(1)</script> <b>tebal</b> \"kutip\" 'satu' {{ 7*7 }} ${7*7} &amp; \u202eterbalik"
# (name, address) of the screens that the morning walk passes
ON_THE_WALK = {
    "beranda": "/admin/",
    "daftar": "/admin/agreement/",
    "daftar kosong": "/admin/agreement/?search=tidakadayangbegini",
    "daftar tersaring": "/admin/agreement/?flt0_group_equals=ksdpk&flt1_ends_on_within_days=90&flt2_partner_contains=kota"
    "&flt3_instrument_in_list=kb,pks&open=value:between",
    "rincian": "/admin/agreement/details/?id={paper}",
    "formulir": "/admin/agreement/edit/?id={paper}",
    "penawaran baru": "/admin/agreement/offer/",
    "keranjang": "/admin/agreement/?bin=1",
    "mitra": "/admin/partner/",
    "akun": "/account/",
    "berkas": "/admin/attachment/",
    "rincian berkas": "/admin/attachment/details/?id=1",
    "unggah berkas": "/admin/attachment/new/?agreement={paper}",
    "akan berakhir": "/admin/monitoring/ending/",
    "dalam proses": "/admin/monitoring/process/?flt0_unit_contains=dinas",
    "ekspor": "/admin/agreement/export/?search=kota&keys={paper},1,2",
    "ekspor ditolak": "/admin/monitoring/ending/export/?days=30&format=csv",
    "kesalahan": "/admin/agreement/?flt0_nothing_equals=1",
}
SCREENS = (
    "agreement",
    "partner",
    "contact",
    "stage",
    "unit",
    "sector",
    "procedure",
    "regulation",
    "holiday",
    "user",
    "attachment",
    "monitoring/ending",
    "monitoring/ended",
    "monitoring/undated",
    "monitoring/process",
    "monitoring/closed",
)


@pytest.fixture
def paper(app: Flask) -> int:
    """An agreement as unwieldy as they come: 500 letters of title, many partners, hostile text, every date and a value."""
    write_down(app, HOSTILE, partners=(HOSTILE[:190],), scope=HOSTILE)
    partners = tuple(f"Pemerintah Kabupaten Nomor {n} yang Namanya Panjang Sekali di Ujung Negeri" for n in range(1, 13))
    key = write_down(
        app, LONG[:500], partners=partners, units=("dinas_perhubungan", "dinas_kesehatan", "bapperida"),
        our_number="100.3.7/" + "9" * 80, value=1_250_000, signed_on=date(2026, 1, 2), ends_on=date(2026, 11, 24),
        duration="sampai dengan tanggal 24 November 2026", scope=HOSTILE + "\n" + "tanpaspasi" * 60,
    )[0]  # fmt: skip
    attach(app, key, name="tanpaspasi" * 19 + ".pdf", title="tanpaspasi" * 50)
    return key


# --- axe ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_serious_on_the_walk(window: Open, sinta: Person, paper: int, size: str) -> None:
    hers = window(**SIZES[size]).be(sinta)
    sinta.post("/admin/agreement/delete/", {"id": "3"})
    found = {}
    for name, address in ON_THE_WALK.items():
        hers.open(address.format(paper=paper))
        found[name] = by_day_and_night(hers)
    hers.open("/admin/agreement/new/")
    hers.press(hers.button("Simpan"))
    expect(hers.page.get_by_role("alert")).to_be_focused()
    found["formulir dengan kesalahan"] = by_day_and_night(hers)
    assert worth_telling(found) == {}


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_serious_before_signing_in(window: Open, size: str) -> None:
    ones = window(**SIZES[size])
    found = {}
    for address in ("/", "/login", "/nowhere"):
        ones.open(address)
        found[address] = by_day_and_night(ones)
    ones.open("/login")
    ones.press(ones.button("Masuk"))
    ones.says("Surel atau kata sandi tidak cocok")
    found["ditolak"] = by_day_and_night(ones)
    assert worth_telling(found) == {}


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_serious_in_what_opens(window: Open, sinta: Person, size: str) -> None:
    """Menus, the bulk bar with its question, and what the type-ahead found."""
    hers = window(**SIZES[size]).be(sinta)
    page = hers.open("/admin/agreement/")
    hers.press(page.get_by_role("checkbox", name=re.compile("^Pilih KS")).first)
    hers.press(page.locator("summary", has_text="Buang ke keranjang"))
    found = [by_day_and_night(hers)]
    page = hers.open("/admin/agreement/new/")
    page.get_by_role("combobox", name="Mitra wajib", exact=True).press_sequentially("kabupaten")
    expect(page.get_by_role("listbox", name="Mitra")).to_be_visible()
    hers.keys("ArrowDown")
    found.append(by_day_and_night(hers))
    assert found == [[], []]


def worth_telling(found: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: each for name, each in found.items() if each}


def by_day_and_night(window: Window) -> list[str]:
    found = window.axe_findings()
    window.page.emulate_media(color_scheme="dark")
    found += [f"by night: {each}" for each in window.axe_findings(runOnly=["color-contrast"])]
    window.page.emulate_media(color_scheme="light")
    return found


# --- every screen of every role ----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["admin", "staff", "supervisor", "unit", "auditor"])
def test_no_screen_scrolls_sideways_on_a_phone(window: Open, app: Flask, paper: int, role: str) -> None:
    """And none of them makes the console speak or asks another host: the window watches for that."""
    theirs = window(**PHONE).be(Person(app, role))
    wider = []
    for address in addresses(app, role, paper):
        theirs.open(address)
        for width in (390, 320):
            theirs.page.set_viewport_size({"width": width, "height": 844})
            if theirs.sideways() > 0:
                wider.append(f"{address} at {width}: {theirs.sideways()} px")
    assert wider == []


@pytest.mark.parametrize("width", [390, 320])
@pytest.mark.parametrize("address", [ON_THE_WALK["daftar tersaring"], "/admin/agreement/details/?id=1"])
def test_what_opens_stays_within_the_phone(window: Open, sinta: Person, address: str, width: int) -> None:
    hers = window(**PHONE | {"viewport": {"width": width, "height": 844}}).be(sinta)
    page = hers.open(address)
    wider = {}
    for summary in page.locator("summary").all():
        summary.evaluate("it => it.click()")
        wider[summary.inner_text() or summary.get_attribute("aria-label")] = hers.sideways()
    assert wider == dict.fromkeys(wider, 0)


def test_a_row_on_the_phone_stays_as_it_is_under_a_finger(window: Open, sinta: Person) -> None:
    """What moves between press and release is not pressed."""
    page = window(**PHONE).be(sinta).open("/admin/agreement/")
    row = page.locator("tbody tr").first
    parts = [row.locator("[name=rowid]"), row.get_by_role("link", name=re.compile("^Ubah ")), row.locator(".b")]
    before = [part.bounding_box() for part in parts]
    row.hover()
    assert [part.bounding_box() for part in parts] == before


def test_every_screen_says_that_it_is_indonesian_and_has_one_heading(app: Flask, paper: int) -> None:
    andi = Person(app, "admin")
    for address in addresses(app, "admin", paper):
        page = andi.get(address).text
        assert '<html lang="id">' in page, address
        assert len(re.findall(r"<h1\b", page)) == 1, address


def addresses(app: Flask, role: str, paper: int) -> Iterator[str]:
    """The screens that a role may open: list, new, details and form of each, and those of the walk."""
    person = Person(app, role)
    yield from ("/", "/admin/", "/account/", "/nowhere", *list(ON_THE_WALK.values())[2:4])
    yield ON_THE_WALK["keranjang"]
    for screen in SCREENS:
        key = paper if screen == "agreement" else 1
        for page in ("", "new/", "export/", f"details/?id={key}", f"edit/?id={key}"):
            if person.get(f"/admin/{screen}/{page}").status_code == 200:
                yield f"/admin/{screen}/{page}"


# --- words -------------------------------------------------------------------------------------------------------

ENGLISH = re.compile(
    r"\b(save|cancel|edit|delete|create|search|filter|home|records?|success(?:fully)?|failed|required|invalid|page|next|"
    r"previous|none|true|false|undefined|null|nan|error|list|view|details|export|actions?|select(?:ed)?|login|logout|"
    r"password|username|not found|forbidden|bad request|field|this|the|and|are you sure)\b",
    re.IGNORECASE,
)
CODE = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")
# The kinds of the register in one English word each: none of them is an Indonesian word too.
CODE_WORD = re.compile(
    r"\b(ksdd|ksdpk|ksdpl|ksdll|pks|kb|undecided|preparing|renewed|upcoming|active|ending|ended|undated|terminated|closed|"
    r"process|planned|running|waiting|returned|finished|skipped|refused|withdrawn|lapsed|cancelled|archive|implements|"
    r"amends|renews|follows|other)\b"
)
# What people or the sources wrote, and names of things: they may be in any language.
NAMES = ("Digital Talent Scholarship",)


class Visible(HTMLParser):
    """The words of a page: its text and what is read aloud, but not what stands in an address or a script."""

    SILENT = ("script", "style")
    SPOKEN = ("aria-label", "placeholder", "title", "alt")

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent = tag in self.SILENT
        self.words += [value for name, value in attrs if name in self.SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        self.silent = False

    def handle_data(self, data: str) -> None:
        if not self.silent and data.strip():
            self.words.append(" ".join(data.split()))


def visible(page: str) -> list[str]:
    reader = Visible()
    reader.feed(page)
    return reader.words


def foreign(page: str) -> list[str]:
    """What of a page's words is English, a code, or nothing that a person says."""
    found = []
    for words in visible(page):
        plain = re.sub(r"https?://\S+|\S+@\S+", "", words)
        for name in NAMES:
            plain = plain.replace(name, "")
        if ENGLISH.search(plain) or CODE.search(plain) or CODE_WORD.search(plain):
            found.append(words[:120])
    return found


@pytest.mark.parametrize("role", ["admin", "staff", "supervisor", "unit", "auditor"])
def test_every_screen_speaks_indonesian(app: Flask, role: str) -> None:
    person = Person(app, role)
    found = {address: foreign(person.get(address).text) for address in addresses(app, role, 1)}
    assert worth_telling(found) == {}


def test_every_agreement_of_the_sample_speaks_indonesian(sinta: Person) -> None:
    found: dict[str, list[str]] = {}
    for number in range(1, 47):
        page = sinta.get(f"/admin/agreement/details/?id={number}")
        if page.status_code == 200:
            found[str(number)] = foreign(page.text)
    assert len(found) >= 35
    assert worth_telling(found) == {}


def test_every_sign_in_screen_speaks_indonesian(tamu: Person) -> None:
    refused = tamu.sign_in("nobody@sikerja.test", "wrong").text
    for page in (tamu.get("/").text, tamu.get("/login").text, tamu.get("/nowhere").text, refused):
        assert foreign(page) == []


@pytest.mark.parametrize(
    "screen", ["agreement", "partner", "contact", "stage", "unit", "sector", "regulation", "holiday", "user"]
)
def test_every_refusal_speaks_indonesian(andi: Person, screen: str) -> None:
    empty = andi.post(f"/admin/{screen}/new/", {})
    assert empty.status_code == 422
    assert foreign(empty.text) == []
    nonsense = {
        name: "zzz" + "9" * 600
        for name in re.findall(r'name="(\w+)"', andi.get(f"/admin/{screen}/new/").text)
        if name not in ("csrf_token", "url")
    }
    refused = andi.post(f"/admin/{screen}/new/", nonsense)
    assert refused.status_code == 422
    assert foreign(re.sub(r"zzz9+", "", refused.text)) == []


def test_what_is_flashed_speaks_indonesian(sinta: Person) -> None:
    told = []
    for address, data in (
        ("/admin/agreement/delete/", {"id": "2"}),
        ("/admin/agreement/restore/", {"id": "2"}),
        ("/admin/agreement/action/", {"action": "delete", "rowid": "2"}),
        ("/admin/agreement/action/", {"action": "delete"}),
        ("/admin/partner/delete/", {"id": "1"}),
        ("/admin/partner/edit/?id=2", {"name": "Mitra baru", "kind": "daerah"}),
        ("/account/password", {"current_password": "x", "new_password": "x", "repeat_password": "y"}),
    ):
        answer = sinta.post(address, data, follow_redirects=True)
        assert answer.status_code in (200, 422)
        assert foreign(answer.text) == [], address
        told += re.findall(r'<div class="sk-notice[^>]*>.*?<div>([^<]+)', answer.text, re.DOTALL)
    assert told == [
        "Dibuang ke keranjang.", "Dikembalikan dari keranjang.", "1 naskah dibuang ke keranjang.",
        "Tidak ada yang dipilih. Centang barisnya dulu.", "Perubahan disimpan.",
    ]  # fmt: skip


def test_dates_and_money_are_written_as_people_write_them(sinta: Person, paper: int) -> None:
    listed = visible(sinta.get("/admin/agreement/?search=perbatasan").text)
    assert "24 Nov 2026" in listed
    details = sinta.get(f"/admin/agreement/details/?id={paper}").text
    assert "24 November 2026" in details
    assert "2 Januari 2026" in details
    assert "Rp1.250.000<" in details
    form = sinta.get(f"/admin/agreement/edit/?id={paper}").text
    assert 'value="24 November 2026"' in form
    assert 'value="1.250.000"' in form


# --- paper -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/admin/agreement/", "/admin/monitoring/ending/", "/admin/agreement/details/?id={paper}"])
def test_paper_shows_what_is_read_and_nothing_to_press(window: Open, sinta: Person, paper: int, address: str) -> None:
    page = window(**DESK).be(sinta).open(address.format(paper=paper))
    page.emulate_media(media="print", color_scheme="dark")
    assert pressable(page) == []
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".b").first).to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(0, 0, 0)"


def pressable(page: Page) -> list[str]:
    """Bars, buttons and controls that can be seen."""
    controls = page.locator("button, input, select, textarea, summary, nav, header, .sk-btn").filter(visible=True)
    return [control.evaluate("it => it.outerHTML.slice(0, 90)") for control in controls.all()]
