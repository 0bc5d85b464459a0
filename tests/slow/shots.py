"""Requests of the siege: the shape of what a page would send, then one to three things that nobody sends.

A shape comes from the pages themselves (their forms and links) and from what the lists declare, so that a request gets as
deep as an honest one before it meets what is wrong with it. Everything follows from the seed.
"""

import io
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect, Rule

import views
from extensions import READING
from tests.pages import Pairs, elements, forms
from tests.people import PASSWORD, Person
from tests.routes import path, rules, screen_of
from tests.test_hostile_forms import filled

TOKEN = "the-token-of-the-page"  # stands in a body for the one that is known when it is sent
MOST_SHAPES = 60  # of one address and method
File = tuple[str, str, bytes]  # field, name, content


@dataclass
class Shot:
    """One request before it is sent: what of it is honest, and what is not."""

    method: str
    path: str
    args: Pairs = field(default_factory=list)
    fields: Pairs = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    cookie: str = "own"
    token: str = "own"
    body: bytes | None = None  # sent instead of the fields
    kind: str | None = None  # the content type, where it isn't the body's own
    environ: dict[str, Any] = field(default_factory=dict)  # what the server's gateway is told, last word
    labels: list[str] = field(default_factory=list)

    @property
    def reads(self) -> bool:
        """True where it asks by a method that changes nothing."""
        return self.method.upper() in READING

    def told(self) -> str:
        """The request in a line, so that one can send it again."""
        parts = [f"{self.method} {self.path} args={self.args!r}", f"cookie={self.cookie}", f"token={self.token}"]
        parts += [f"fields={self.fields!r}"] if self.fields else []
        parts += [f"body={self.body!r} as {self.kind!r}"] if self.body is not None or self.kind else []
        parts += [f"files={[(name, called, len(content)) for name, called, content in self.files]}"] if self.files else []
        parts += [f"environ={self.environ!r}"] if self.environ else []
        return re.sub(r"(.)\1{200,}", lambda run: f"{run[1]}…×{len(run[0])}…", "; ".join([*parts, f"hostile: {self.labels}"]))

    def endpoint(self, app: Flask) -> str | None:
        """The endpoint that this gets to; None where there is none for it."""
        try:
            return str(app.url_map.bind("localhost").match(unquote(self.path, errors="replace"), self.method)[0])
        except (HTTPException, RequestRedirect):
            return None


# --- shapes ------------------------------------------------------------------------------------------------------


@dataclass
class Shapes:
    """What pages would send: by endpoint and method; and what their selects and boxes offer, by name."""

    shots: dict[tuple[str, str], list[Shot]] = field(default_factory=lambda: defaultdict(list))
    choices: dict[str, list[str]] = field(default_factory=dict)

    def keep(self, app: Flask, shot: Shot) -> None:
        """Note one that gets somewhere, unless there are many of its like."""
        endpoint = shot.endpoint(app)
        kept = self.shots[endpoint or "", shot.method]
        if endpoint is not None and len(kept) < MOST_SHAPES and shot not in kept:
            kept.append(shot)


def gather(app: Flask, person: Person, ids: dict[str, int], found: Shapes) -> None:
    """Note what the pages of this person would send; links are noted, not followed."""
    for url in _pages(app, ids):
        page = person.get(url)
        if page.status_code != 200 or page.mimetype != "text/html":
            continue
        found.keep(app, Shot("GET", url.partition("?")[0], parse_qsl(urlsplit(url).query)))
        links = [about["href"] for tag, about in elements(page.text) if tag == "a" and about.get("href", "").startswith("/")]
        for link in links:
            found.keep(app, Shot("GET", urlsplit(link).path, parse_qsl(urlsplit(link).query, keep_blank_values=True)))
        for form in forms(page.text):
            address = urlsplit(form.action or url)
            fields = [(name, value) for name, value in form.fields if name != "csrf_token"]
            fields += [(name, "") for name in form.choices if name not in dict(fields)]
            found.choices |= form.choices
            asked = parse_qsl(address.query)
            if form.method == "post":
                found.keep(app, Shot("POST", address.path, asked, fields))
            else:
                found.keep(app, Shot("GET", address.path, [*asked, *fields]))


def _pages(app: Flask, ids: dict[str, int]) -> Iterator[str]:
    """Every page with its record, and the details of more agreements, stages and versions, as they differ most."""
    for rule in rules(app):
        if "GET" in (rule.methods or ()) and not rule.endpoint.endswith(
            ("export", "figures_view", "download_view", "paper_view")
        ):
            yield f"{path(rule)}?id={ids.get(screen_of(rule), 1)}"
    yield "/admin/view/new/?screen=agreement&query=search%3Dangkutan%26sort%3Dtitle"
    yield "/admin/stage/many/?id=1&id=2&id=3"
    for number in range(1, 46, 4):
        yield f"/admin/agreement/details/?id={number}"
        yield f"/admin/stage/details/?id={number}"
        yield f"/admin/attachment/new/?agreement={number}"
    for number in range(1, 9):
        yield f"/admin/procedure/details/?id={number}"
        yield f"/admin/regulation/details/?id={number}"


# --- honest requests ---------------------------------------------------------------------------------------------

LISTS = {screen.screen: screen for screen in views.SCREENS if getattr(screen, "listing", None)}
WORDS = ("a", "parkir", "angkutan umum", "KS-2026-0001", "1", "dinas", "zzzz", "%", "_")
PLAUSIBLE: dict[str, tuple[str, ...]] = {
    "search": WORDS, "query": WORDS, "desc": ("0", "1"), "page": ("0", "1", "2", "50"), "page_size": ("20", "50", "200", "7"),
    "bin": ("1",), "exact": ("1",), "days": ("30", "90", "365"), "open": ("title:contains", "value:between", "unit:equals"),
    "keys": ("1", "1,2,3", "47,46"), "rowid": ("1", "2"), "id": ("1", "2", "40"), "delimiter": ("semicolon", "comma"),
    "format": ("csv", "xlsx", "semicolon"), "take": ("all", "ticked"), "limit": ("10", "-1"), "offset": ("0", "10", "-1"),
    "url": ("/admin/agreement/?page=1", "/admin/"), "next": ("/admin/", "/account/"), "by": ("sector", "unit", "group"),
    "duration": ("3 tahun", "6 bulan"), "starts_on": ("24/11/2026",), "signed_on": ("2026-11-24",), "year": ("2026", "2025"),
    "screen": ("agreement", "partner"), "agreement": ("1", "40"), "replaces": ("1", "14"), "columns": ("title", "id,title"),
    "email": ("staff@sikerja.test", "admin@sikerja.test", "rina@contoh.go.id"), "password": (PASSWORD, "kapal pesut 88"),
    "current_password": (PASSWORD, "salah"), "new_password": ("kapal pesut 88",), "repeat_password": ("kapal pesut 88",),
    "action": ("delete", "restore", "export"), "start": ("0", "1"), "version": ("1", "2", "0"), "versions": ("1:1,2:1", ""),
    "verb": ("start", "finish", "skip", "return", "wait", "reopen"), "override_reason": ("Alasan pimpinan", ""),
}  # fmt: skip
OF_LISTS = ("search", "search", "search", "search", "sort", "desc", "page", "page_size", "bin", "exact", "days", "open", "keys", "columns", "delimiter",
            "format", "take", "filter", "filter", "bar", "group")  # fmt: skip
OF_PAGES = {"ajax_lookup": ("name", "query", "offset", "limit"), "preview_view": ("page",), "create_view": ("url", "agreement",
            "replaces", "screen", "query"), "term_view": ("duration", "starts_on", "signed_on"), "login": ("next", "url"),
            "edit_view": ("url",), "many_view": ("id", "id", "url"), "index_view": ("year", "by")}  # fmt: skip
AMOUNTS = ("1", "90", "1 to 100", "2026-01-01", "2026-01-01 to 2026-12-31", "ksdd", "ksdd,ksdpk", "a", "running")


class Maker:
    """Makes requests by the shapes of pages."""

    def __init__(self, chance: Random, ids: dict[str, int], shapes: Shapes) -> None:
        self.chance, self.ids, self.shapes = chance, ids, shapes
        self.number = 0

    def honest(self, rule: Rule, method: str) -> Shot:
        """A request as a page would send it."""
        known = self.shapes.shots.get((rule.endpoint, "GET" if method in READING else "POST"))
        if known and self.chance.random() < 0.75:
            shot = self.chance.choice(known)
            shot = replace(shot, args=[*shot.args], fields=[*shot.fields], files=[], environ={}, labels=[], method=method)
            if method not in READING:
                shot.fields = [self._typed(name, value) for name, value in shot.fields]
        else:
            shot = Shot(method, path(rule), [("id", self._key(screen_of(rule)))] if self.chance.random() < 0.8 else [])
        if "<export_type>" in rule.rule:
            shot.path = rule.rule.replace("<export_type>", self.chance.choice(("csv", "csv", "xlsx")))
        self._ask_more(rule, shot)
        if method not in READING:
            self._fill(rule, shot)
        return shot

    def _key(self, screen: str) -> str:
        """The id of the record at hand, else of one that may be anybody's, else of none."""
        return str(self.ids.get(screen, 1) if self.chance.random() < 0.6 else self.chance.choice((*range(1, 60), 999_999)))

    def _typed(self, name: str, value: str) -> tuple[str, str]:
        """A field as somebody may leave it."""
        roll, offered = self.chance.random(), [each for each in self.shapes.choices.get(name, ()) if each]
        if offered and (roll < 0.4 or (not value and roll < 0.6)):
            return name, self.chance.choice(offered)
        if not value and roll < 0.6:
            return name, self.chance.choice(PLAUSIBLE.get(name) or ("Catatan uji", "24/11/2026", "3", "1.250.000", "y"))
        return name, value

    def _ask_more(self, rule: Rule, shot: Shot) -> None:
        """Arguments that the page would understand."""
        page, screen = rule.endpoint.rpartition(".")[2], LISTS.get(screen_of(rule))
        names = [*OF_PAGES.get(page, ())]
        if screen is not None and page in ("index_view", "export", "choose_view"):
            names = [self.chance.choice(OF_LISTS) for _ in range(self.chance.randrange(1, 5))]
        for name in names:
            shot.args += self._argument(name, screen) if self.chance.random() < 0.6 else []

    def _argument(self, name: str, screen: Any) -> Pairs:
        choose = self.chance.choice
        if name == "name":
            return [(name, choose([*(screen.lookups if screen is not None else ()), "partner"]))]
        if name in ("sort", "columns") and screen is not None:
            return [(name, choose([*screen.column_list, "0", "3"]))]
        if name not in ("filter", "bar", "group") or screen is None or not screen.listing.filters:
            return [(name, choose(PLAUSIBLE.get(name, WORDS)))]
        chosen = choose(screen.listing.filters)
        operation, value = choose(chosen.operations), choose(AMOUNTS)
        value = choose([*(chosen.choices() or (value,))]) if self.chance.random() < 0.7 else value
        if name == "filter":
            return [(f"flt{self.chance.randrange(3)}_{chosen.name}_{operation}", value)]
        if name == "bar":
            return [(f"q.{chosen.name}", f"{operation}:{value}")]
        return [("f0.col", chosen.name), ("f0.op", operation), ("f0.val", value), ("f0.val2", value)]

    def _fill(self, rule: Rule, shot: Shot) -> None:
        """What the form of a record needs where no page has said it; files where files are sent."""
        page, screen = rule.endpoint.rpartition(".")[2], screen_of(rule)
        if page in ("create_view", "edit_view") and self.chance.random() < 0.7:
            self.number += 1
            try:
                needed = filled(screen, self.number, str(self.chance.randrange(1, 20)), self._key("agreement"), self.ids)
            except KeyError:
                needed = {}
            shot.fields = [pair for pair in shot.fields if pair[0] not in needed] + list(needed.items())
        if not shot.fields:
            shot.fields = [("id", self._key(screen)), ("rowid", self._key(screen)), ("action", "delete")]
        if rule.endpoint == "account.login":
            shot.fields = [(name, self.chance.choice(PLAUSIBLE[name])) for name in ("email", "password", "next")]
        if rule.endpoint in ("attachment.create_view", "agreement.offer_view", "regulation.receive_view"):
            shot.files = [("file", *self.chance.choice(FILES)) for _ in range(self.chance.choice((0, 1, 1, 2)))]


FILES = (
    ("naskah.pdf", b"%PDF-1.4\n%%EOF"), ("naskah.pdf", b""), ("../../naskah.pdf", b"%PDF-1.4\n1 0 obj<</OpenAction 1>>"),
    ("a\x00b.pdf", b"\x00" * 5000), ("x" * 300 + ".docx", b"PK\x03\x04" + b"\xff" * 200), ("foto.png", b"\x89PNG\r\n\x1a\n"),
    ("a\r\nSet-Cookie: x=y.pdf", b"%PDF"), ("", b"%PDF"), ("halaman.html", b"<script>alert('sk')</script>"),
)  # fmt: skip


def multipart(fields: Pairs, files: list[File], boundary: str = "batas") -> bytes:
    """A form with files as it travels; names as they are, well formed or not."""
    body = io.BytesIO()
    for name, value in fields:
        body.write(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode("utf-8", "surrogatepass"))
        body.write(value.encode("utf-8", "surrogatepass") + b"\r\n")
    for name, called, content in files:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{called}"\r\n'
        body.write(head.encode("utf-8", "surrogatepass") + b"Content-Type: application/pdf\r\n\r\n" + content + b"\r\n")
    body.write(f"--{boundary}--\r\n".encode())
    return body.getvalue()
