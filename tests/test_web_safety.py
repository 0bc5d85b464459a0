"""What the web sends and what a page may do: tokens, policies, hosts, redirects, errors, cookies, limits.

The walks take every address there is, so a new screen is held to the same without a new test.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError, OperationalError

from models import Agreement
from sikerja.listing import Listing
from tests.pages import elements
from tests.people import BASE, PASSWORD, ROLES, Person, is_in
from tests.routes import add_partner, path, records, rules, screen_of
from tests.rows import id_of, rows

URLENCODED = "application/x-www-form-urlencoded"
FULL_ADDRESS = re.compile(r"^[a-z]+:", re.I)

# --- tokens ------------------------------------------------------------------------------------------------------


def all_posts(app: Flask) -> Iterator[tuple[str, dict[str, str]]]:
    """Every address that takes a POST, with a body that would do something there."""
    ids = records(app)
    for rule in rules(app):
        if "POST" in (rule.methods or ()):
            key = str(ids.get(screen_of(rule), 1))
            sent = {"id": key, "rowid": key, "action": "delete", "email": "admin@sikerja.test", "password": PASSWORD}
            yield f"{path(rule)}?id={key}", sent


def test_nothing_is_done_without_the_token_of_the_page(andi: Person, sinta: Person) -> None:
    posts = list(all_posts(andi.app))
    before, foreign = rows(andi.app), sinta.token()
    for url, sent in posts:
        for token in ({}, {"csrf_token": ""}, {"csrf_token": "x"}, {"csrf_token": foreign}):
            answer = andi.client.post(url, data=sent | token, base_url=BASE)
            assert answer.status_code == 400, url
            assert "Muat ulang halaman, lalu kirim lagi." in answer.text

    assert len(posts) > 40
    assert rows(andi.app) == before
    assert is_in(andi)


def test_nobody_is_signed_in_by_another_site(tamu: Person) -> None:
    form = {"email": "staff@sikerja.test", "password": PASSWORD}
    assert tamu.client.post("/login", data=form, base_url=BASE).status_code == 400
    assert not is_in(tamu)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_other_methods_are_refused_everywhere(andi: Person, method: str) -> None:
    ids = records(andi.app)
    before = rows(andi.app)
    for rule in rules(andi.app):
        url = f"{path(rule)}?id={ids.get(screen_of(rule), 1)}"
        assert andi.client.open(url, method=method, base_url=BASE).status_code == 405, url

    assert rows(andi.app) == before


def test_reading_changes_nothing(andi: Person) -> None:
    ids = records(andi.app)
    before = rows(andi.app)
    for rule in rules(andi.app):
        for more in ("", "&action=delete&rowid=1&verb=delete", "&_method=DELETE"):
            andi.get(
                f"{path(rule)}?id={ids.get(screen_of(rule), 1)}{more}",
                headers={"X-HTTP-Method-Override": "POST"},
                buffered=True,
            )

    assert rows(andi.app) == before
    assert is_in(andi)


# --- what stands in a page ---------------------------------------------------------------------------------------


def pages_of(app: Flask, role: str | None) -> Iterator[tuple[str, Any]]:
    """Every HTML page that this role gets to see by an address, refusals included."""
    person, ids = Person(app, role), records(app)
    if role in ("admin", "staff"):
        person.post("/admin/partner/delete/", {"id": str(add_partner(app))})
    urls = [f"{path(rule)}?id={ids.get(screen_of(rule), 1)}" for rule in rules(app) if "GET" in (rule.methods or ())]
    urls += [f"/admin/{screen}/?search=zzzz" for screen in ids]
    urls += [
        "/admin/agreement/?flt0_ends_on_between=2026-01-01+to+2026-12-31&flt1_group_in_list=ksdd,ksdpk&page_size=20",
        "/admin/agreement/?open=unit:equals&open=value:between&flt0_title_contains=a&page=1&sort=title&desc=1",
        "/admin/agreement/?flt0_nothing_equals=1", "/admin/agreement/?bin=1", "/admin/partner/?bin=1", "/nope",
        f"/admin/agreement/details/?id={id_of(app, Agreement, 'Penyelenggaraan angkutan umum antardaerah (contoh)')}",
    ]  # fmt: skip
    for url in urls:
        answer = person.get(url, buffered=True)
        if answer.mimetype == "text/html" and answer.status_code not in (301, 302, 303):
            yield url, answer
    for url in ("/admin/agreement/new/", "/account/password", "/admin/agreement/delete/", "/admin/agreement/action/"):
        yield url, person.post(url, {}, page="/account/" if role else "/login")


def unsafe(answer: Any) -> Iterator[str]:
    """What a strict policy would stop on this page."""
    nonce = re.search(r"script-src 'nonce-([^']+)'", answer.headers["Content-Security-Policy"])
    assert nonce
    for tag, found in elements(answer.text):
        if tag == "script" and found.get("nonce") != nonce[1]:
            yield "a script without the nonce of its response"
        if tag == "style" or "style" in found:
            yield f"style on {tag}"
        if tag in ("iframe", "object", "embed", "base"):
            yield f"a {tag}"
        yield from (f"{name} on {tag}" for name in found if name.startswith("on"))
        for name in ("href", "src", "action", "formaction", "data-lookup", "data-term-url"):
            address = found.get(name, "")
            if FULL_ADDRESS.match(address) or address.startswith("//"):
                yield f"{name}={address}"


@pytest.mark.parametrize("role", [*ROLES, None])
def test_no_page_holds_what_a_strict_policy_would_stop(app: Flask, role: str | None) -> None:
    seen, faults = 0, []
    for url, answer in pages_of(app, role):
        seen += 1
        faults += [(url, fault) for fault in unsafe(answer)]
        assert answer.text.count('<html lang="id"') == 1, url

    assert faults == []
    assert seen > 5


def policy(answer: Any) -> dict[str, str]:
    parts = [part.split() for part in answer.headers["Content-Security-Policy"].split(";") if part.strip()]
    return {name: " ".join(sources) for name, *sources in parts}


def test_the_policy_allows_our_own_files_and_the_scripts_of_this_one_response(sinta: Person) -> None:
    first, second = policy(sinta.get("/admin/agreement/")), policy(sinta.get("/admin/agreement/"))

    assert re.fullmatch(r"'nonce-[\w-]{20,}'", first["script-src"])
    assert first["script-src"] != second["script-src"]
    del first["script-src"]
    assert first == {
        "default-src": "'none'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }


# --- headers -----------------------------------------------------------------------------------------------------

ADDRESSES = {
    "a page": ("/admin/agreement/", 200),
    "the front page": ("/", 200),
    "a file": ("/admin/agreement/export/csv/", 200),
    "JSON": ("/admin/agreement/ajax/lookup/?name=unit&query=dinas", 200),
    "a redirect": ("/admin/agreement/?q.group=equals:ksdd", 302),
    "the stylesheet": ("/static/sikerja.css", 200),
    "no such file": ("/static/none.css", 404),
    "no such page": ("/nope", 404),
    "no such row": ("/admin/agreement/details/?id=999999999", 404),
    "a wrong method": ("/logout", 405),
    "a wrong filter": ("/admin/agreement/?flt0_x_equals=1", 400),
    "not allowed": ("/admin/user/", 403),
    "alive": ("/healthz", 200),
    "ready": ("/readyz", 200),
}


def headers_are_right(answer: Any) -> None:
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer", "strict-origin-when-cross-origin")
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert policy(answer)["default-src"] == "'none'"
    assert re.fullmatch(r"[0-9a-f-]{16,36}", answer.headers["X-Request-ID"])


@pytest.mark.parametrize(("url", "status"), ADDRESSES.values(), ids=list(ADDRESSES))
def test_every_answer_carries_the_headers(sinta: Person, url: str, status: int) -> None:
    answer, again = sinta.get(url, buffered=True), sinta.get(url, buffered=True)

    assert answer.status_code == status
    headers_are_right(answer)
    assert answer.headers["X-Request-ID"] != again.headers["X-Request-ID"]
    if "/static/" not in url:
        assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(("body", "status"), [({"name": "x"}, 400), ({"name": "x" * 3_000_000}, 413)])
def test_a_refused_post_carries_the_headers_too(sinta: Person, body: dict[str, str], status: int) -> None:
    answer = sinta.client.post("/admin/partner/new/", data=body, base_url=BASE)

    assert answer.status_code == status
    headers_are_right(answer)


def test_over_https_browsers_are_told_to_stay_there(tamu: Person) -> None:
    assert (
        tamu.client.get("/", base_url="https://localhost").headers["Strict-Transport-Security"].startswith("max-age=31536000")
    )
    assert "Strict-Transport-Security" not in tamu.get("/").headers


# --- hosts and redirects -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "evil.example:80", "localhost:80@evil.example", "127.0.0.1.nip.io", ""]
)
@pytest.mark.parametrize("url", ["/", "/login", "/admin/agreement/", "/healthz", "/static/sikerja.css", "/nope"])
def test_the_server_answers_to_its_own_names_only(sinta: Person, host: str, url: str) -> None:
    answer = sinta.client.get(url, base_url=BASE, headers={"Host": host}, buffered=True)

    assert answer.status_code == 400
    assert "evil" not in answer.text
    headers_are_right(answer)


def test_forwarded_names_are_not_believed(tamu: Person) -> None:
    answer = tamu.get("/admin/", headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"})
    assert answer.headers["Location"].startswith("/login")


AWAY = [
    "//evil.example", "/\\evil.example", "\\\\evil.example", "\\/evil.example", "///evil.example", "////evil.example/%2f..",
    "https:evil.example", "https:/evil.example", "https://evil.example", "HTTP://evil.example/", "http:///evil.example",
    "javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)", "data:text/html,x",
    " //evil.example", "\t//evil.example", "\n//evil.example", "/\t/evil.example", "/\n/evil.example", "/\r/evil.example",
    "/\x00/evil.example", "\x00//evil.example", "/%5cevil.example", "/%2f/evil.example", "/%09/evil.example",
    "/.//evil.example", "/..//evil.example", "/;//evil.example", "http://localhost@evil.example", "//localhost@evil.example",
    "http://localhost.evil.example", "@evil.example", "evil.example", ".evil.example", "?//evil.example", "/\u2028/evil.example",
    "／／evil.example", "/／evil.example", "。evil.example", "//evil。example", "/\ud800/evil.example", "/" + "a" * 5000,
    "/admin/\r\nSet-Cookie: x=y", "/admin/\r\nLocation: //evil.example",
]  # fmt: skip


def stays_here(location: str) -> bool:
    """Where a browser would go: it drops tabs and line breaks, and takes a backslash for a slash."""
    seen = re.sub(r"[\t\r\n]", "", location).strip(" \x00").replace("\\", "/")
    return urlsplit(urljoin(f"{BASE}/admin/", seen)).netloc == "localhost"


def leads_away(answer: Any) -> bool:
    if answer.status_code in (301, 302, 303, 307, 308):
        return not stays_here(answer.headers["Location"]) or "Set-Cookie: x" in str(answer.headers)
    return any(
        FULL_ADDRESS.match(found.get(name, "").strip()) or not stays_here(found.get(name, ""))
        for _, found in elements(answer.text)
        for name in ("href", "action", "formaction")
    )


@pytest.mark.parametrize("url", AWAY, ids=ascii)
def test_no_redirect_and_no_link_leads_away(app: Flask, url: str) -> None:
    sinta, tamu = Person(app, "staff"), Person(app)
    asked = quote(url, errors="surrogatepass")
    pages = [sinta.get(f"{page}?url={asked}") for page in ("/admin/partner/new/", "/admin/partner/", "/admin/agreement/edit/")]
    pages.append(tamu.get(f"/login?next={asked}"))
    partner_id = str(add_partner(app))
    token = sinta.token()
    body = f"csrf_token={token}&id={partner_id}&rowid={partner_id}&action=delete&url={asked}"
    for page in ("action", "delete", "restore"):
        pages.append(post_raw(sinta, f"/admin/partner/{page}/", body))
    pages.append(post_raw(sinta, "/admin/partner/new/", f"{body}&name=Kabupaten+Uji&kind=daerah"))
    signing_in = f"csrf_token={tamu.token('/login')}&email=staff%40sikerja.test&password={PASSWORD}"
    pages.append(post_raw(tamu, "/login", f"{signing_in}&next={asked}"))
    pages.append(post_raw(Person(app, "staff"), "/login", f"{signing_in}&resume={asked}"))

    assert [page.request.path for page in pages if page.status_code >= 500 or leads_away(page)] == []


def post_raw(person: Person, url: str, body: str) -> Any:
    return person.client.post(url, data=body, content_type=URLENCODED, base_url=BASE)


def test_a_path_of_our_own_is_gone_back_to(sinta: Person) -> None:
    key = str(add_partner(sinta.app))
    answer = sinta.post("/admin/partner/delete/", {"id": key, "url": "/admin/partner/?search=kota&page=1"})
    assert answer.headers["Location"] == "/admin/partner/?search=kota&page=1"


# --- errors ------------------------------------------------------------------------------------------------------

FAULTS = [
    OperationalError("SELECT rahasia FROM agreement", {"p": "isi-rahasia"}, Exception("no such table: agreement")),
    IntegrityError("INSERT INTO user", {"p": "isi-rahasia"}, Exception("UNIQUE constraint failed: user.email")),
    RuntimeError("isi-rahasia at /srv/app.py"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_a_fault_of_ours_is_told_by_a_code_and_nothing_else(
    sinta: Person, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def fails(*_args: Any) -> None:
        raise fault

    monkeypatch.setattr(Listing, "page", fails)
    answer = sinta.get("/admin/agreement/")

    assert answer.status_code == 500
    assert "Terjadi gangguan pada sistem" in answer.text
    assert answer.headers["X-Request-ID"] in answer.text
    assert not [
        word for word in ("rahasia", "SELECT", "INSERT", "table", "constraint", "Traceback", "/srv") if word in answer.text
    ]
    headers_are_right(answer)


def test_values_stay_out_of_the_text_of_database_errors(app: Flask) -> None:
    assert app.config["SQLALCHEMY_ENGINE_OPTIONS"]["hide_parameters"] is True


def test_a_number_taken_twice_is_told_in_words(andi: Person) -> None:
    answer = andi.post(
        "/admin/user/new/", {"name": "Rina", "email": "staff@sikerja.test", "role": "staff", "password": "kapal pesut 88"}
    )

    assert answer.status_code == 422
    assert "Surel ini sudah dipakai akun lain." in answer.text
    assert not [word for word in ("UNIQUE", "uq_user", "INSERT", "argon2", "IntegrityError") if word in answer.text]


@pytest.mark.parametrize(
    ("url", "status", "title"),
    [
        ("/admin/agreement/?flt0_x_equals=1", 400, "Permintaan tidak dapat dibaca"),
        ("/admin/user/", 403, "Anda tidak berwenang"),
        ("/nope", 404, "Halaman tidak ditemukan"),
        ("/admin/agreement/details/?id=999999999", 404, "Halaman tidak ditemukan"),
        ("/admin/agreement/export/pdf/", 404, "Halaman tidak ditemukan"),
        ("/logout", 405, "Cara membuka halaman ini keliru"),
    ],
)
def test_refusals_are_pages_in_indonesian_with_a_way_on(sinta: Person, url: str, status: int, title: str) -> None:
    answer = sinta.get(url)

    assert answer.status_code == status
    assert '<html lang="id">' in answer.text
    assert f"<h1>{title}</h1>" in answer.text
    assert f"Kode {status}" in answer.text
    assert answer.headers["X-Request-ID"] in answer.text
    assert re.search(r'<a class="sk-btn[^"]*" href="/', answer.text)
    assert not re.search(r"Not Found|Bad Request|Forbidden|Method Not Allowed|Too Large|werkzeug|Traceback", answer.text)


def multipart(fields: dict[str, str]) -> bytes:
    head = '--x\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    return "".join([*(head.format(*field) for field in fields.items()), "--x--\r\n"]).encode()


MULTIPART = "multipart/form-data; boundary=x"
TOO_LARGE = {
    "a body of more than two megabytes": (b"name=" + b"x" * 2_200_000, URLENCODED),
    "a field of more than one": (multipart({"name": "x" * 1_100_000}), MULTIPART),
    "more parts than any form has": (multipart({f"a{number}": "x" for number in range(1100)}), MULTIPART),
}


@pytest.mark.parametrize("body", TOO_LARGE.values(), ids=list(TOO_LARGE))
@pytest.mark.parametrize("url", ["/login", "/admin/partner/new/", "/account/password"])
def test_too_large_a_body_is_refused_with_a_page(sinta: Person, url: str, body: tuple[bytes, str]) -> None:
    answer = sinta.client.post(url, data=body[0], content_type=body[1], base_url=BASE)

    assert answer.status_code == 413
    assert "<h1>Kiriman terlalu besar</h1>" in answer.text
    assert '<html lang="id">' in answer.text


@pytest.mark.parametrize(
    "body", [b"\xff\xfe\x00", b"name=\xff&csrf_token=\xff", b"--x", b"{}", b"&" * 100_000, b"%", b"csrf_token"], ids=ascii
)
@pytest.mark.parametrize("kind", [URLENCODED, MULTIPART, "application/json", "text/plain", "", "/"])
def test_a_body_that_is_no_form_is_refused(sinta: Person, kind: str, body: bytes) -> None:
    answer = sinta.client.post("/admin/partner/new/", data=body, content_type=kind, base_url=BASE)
    assert answer.status_code == 400


# --- cookies ----------------------------------------------------------------------------------------------------


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(tamu: Person) -> None:
    cookie = tamu.sign_in("staff@sikerja.test", PASSWORD).headers["Set-Cookie"]

    assert cookie.startswith("sikerja=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
