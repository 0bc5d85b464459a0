"""The siege: hostile requests of one person, in blocks that each begin on the same register, and what must hold after each.

Requests that may change nothing (they read, or the person may not) stand in blocks of their own, around which every row of
the register is compared; so do those that may, around which the rows are compared that this person never changes. Where a
comparison fails the block is sent again, with the comparison after each request.
"""

import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import unquote_to_bytes

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import EnvironBuilder, TestResponse, run_wsgi_app
from werkzeug.wrappers import Request

from config import ROOT
from extensions import Base, db
from models import AgreementUnit, AuditEntry, Unit, User
from rules import access
from sikerja import saved
from tests.hostile import MARKUP, faults
from tests.pages import encoded
from tests.people import BASE, ROLES, Person
from tests.routes import OTHERS, records, rules
from tests.rows import ask, id_of, rows
from tests.slow.malice import ODD_METHODS, spoil
from tests.slow.shots import TOKEN, Maker, Shapes, Shot, gather, multipart
from tests.test_web_safety import headers_are_right, stays_here

BLOCK = 60
REFUSED = {400, 401, 403, 404, 405, 413}
ENDS_SESSION = {"account.login", "account.logout", "account.end_session", "account.change_password"}
# What looking around writes into the trail by design (besides `session.seen_at`, and failures to sign in).
SEEN = {"export", "download", "preview", "sign_in", "sign_in_failed", "sign_out"}

_WAY = {"agreement", "agreement_search", "stage", "stage_event", "stage_document", "deadline", "answer"}
_OWN = {"saved_view", "user"}
EVERYTHING = {table.name for table in Base.metadata.sorted_tables}
# The tables in which a role may change anything at all; of `user` and `saved_view` its own rows (an administrator any).
MAY_CHANGE: dict[str | None, set[str]] = {
    "admin": EVERYTHING,
    "staff": EVERYTHING - {"unit", "sector"},
    "supervisor": _OWN | _WAY,
    "unit": _OWN | {"attachment", "agreement_search"},
    "auditor": _OWN,
    None: set(),
}


@dataclass(frozen=True)
class Block:
    """Requests in a row. `innocent`: none of them may change anything."""

    name: str
    shots: tuple[Shot, ...]
    innocent: bool


class Siege:
    """Everything that one person (or a stranger) tries, by a seed."""

    def __init__(self, app: Flask, database: Any, role: str | None, seed: int) -> None:
        self.app, self.database, self.role, self.seed = app, database, role, seed
        self.statuses: Counter[int] = Counter()
        self.reached: set[tuple[str, str]] = set()
        self.telltales = _telltales(app)
        self._begin_anew()

    def _begin_anew(self) -> None:
        """The register as it was, and everybody signed in."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        self.database.reset()
        saved.counts.clear()
        self.ids = records(self.app, self.role)
        self.people = {role: Person(self.app, role) for role in (*ROLES, None)}
        self.person = self.people[self.role]
        self.cookies = {role: _cookie_of(person) for role, person in self.people.items()}
        self.token = self.person.token("/account/" if self.role else "/login")
        self.foreign_token = self.people[None if self.role else "staff"].token("/login" if self.role else "/account/")
        self.cookie = _cookie_of(self.person)
        self.own_secrets = _secrets(self.app, self.cookie)

    # --- the requests --------------------------------------------------------------------------------------------

    def blocks(self, count: int) -> Iterator[Block]:
        """So many requests in blocks: those that may change nothing, then the others."""
        shots = self._volley(count)
        for innocent in (True, False):
            block: list[Shot] = []
            number = 0
            for shot in [each for each in shots if self.is_innocent(each) == innocent]:
                block.append(shot)
                if len(block) == BLOCK or shot.endpoint(self.app) in ENDS_SESSION:
                    number += 1
                    yield Block(f"{'reading' if innocent else 'writing'} {number}", tuple(block), innocent)
                    block = []
            yield Block(f"{'reading' if innocent else 'writing'} {number + 1}", tuple(block), innocent)

    def _volley(self, count: int) -> list[Shot]:
        chance, shapes = Random(f"{self.seed} {self.role}"), Shapes()
        gather(self.app, self.people["admin"], self.ids, shapes)
        if self.role not in ("admin", None):
            gather(self.app, self.person, self.ids, shapes)
        self._begin_anew()  # to look at a page is noted too
        maker, turns, shots = Maker(chance, self.ids, shapes), _turns(self.app, chance), []
        others = [each for each in ROLES if each != self.role]
        while len(shots) < count:
            shot = maker.honest(*next(turns))
            for _ in range(chance.choice((1, 1, 1, 2, 2, 3))):
                spoil(chance, shot, others)
            shots.append(shot)
        return shots

    def who(self, shot: Shot) -> str | None:
        """The role that a request comes from."""
        if shot.cookie.startswith("of "):
            return shot.cookie.removeprefix("of ")
        return self.role if shot.cookie in ("own", "many") else None

    def is_allowed(self, shot: Shot) -> bool:
        """True where the table of permissions opens the address of a request to whom it comes from."""
        permission, who = access.permission_of(shot.endpoint(self.app)), self.who(shot)
        if permission in (None, access.PUBLIC):
            return permission is not None
        return who is not None and (permission == access.SIGNED_IN or access.may(who, str(permission)))

    def is_innocent(self, shot: Shot) -> bool:
        """True where a request may change nothing."""
        return shot.reads or not self.is_allowed(shot) or shot.token != "own" or shot.cookie not in ("own", "many")

    @staticmethod
    def ways_of(rule: Rule) -> set[str]:
        """How an address may be reached: "reads", "writes" or both."""
        return {way for method, way in (("GET", "reads"), ("POST", "writes")) if method in (rule.methods or ())}

    # --- sending -------------------------------------------------------------------------------------------------

    def send(self, shot: Shot) -> TestResponse:
        """The answer to a request, as the application gives it to its server."""
        environ = EnvironBuilder("/", base_url=BASE).get_environ()
        body, kind = self._body(shot)
        environ |= {
            "REQUEST_METHOD": shot.method,
            "PATH_INFO": unquote_to_bytes(shot.path).decode("latin-1"),
            "QUERY_STRING": encoded(shot.args),
            "wsgi.input": io.BytesIO(body),
            "CONTENT_TYPE": kind,
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_COOKIE": self._cookie(shot),
        }
        environ |= shot.environ

        def sent() -> TestResponse:
            # Its own errors go through the application's handlers; what is raised here has passed them all by.
            return TestResponse(*run_wsgi_app(self.app.wsgi_app, environ, buffered=True), request=Request(environ))

        return self.person._apart(sent)  # type: ignore[no-any-return]

    def _body(self, shot: Shot) -> tuple[bytes, str]:
        token = {"own": self.token, "foreign": self.foreign_token, "broken": self.token[:-3], "none": ""}[shot.token]
        if shot.body is not None:
            return shot.body.replace(TOKEN.encode(), token.encode()), shot.kind or ""
        fields = [*shot.fields, *([("csrf_token", token)] if token else [])]
        if shot.files:
            return multipart(fields, shot.files), "multipart/form-data; boundary=batas"
        if shot.reads and not shot.fields:
            return b"", ""
        return encoded(fields).encode(), "application/x-www-form-urlencoded"

    def _cookie(self, shot: Shot) -> str:
        own = f"sikerja={self.cookie}"
        if shot.cookie.startswith("of "):
            return f"sikerja={self.cookies[shot.cookie.removeprefix('of ')]}"
        flipped = f"{own[:40]}{'A' if own[40:41] != 'A' else 'B'}{own[41:]}"
        return {
            "own": own, "none": "", "cut": own[:-9], "flipped": flipped, "long": "sikerja=" + "x" * 8192, "letters": "sikerja=\xff\xfe",
            "twice": f"sikerja=x; {own}", "nul": "sikerja=\x00", "many": "; ".join([own, *(f"a{n}=b" for n in range(200))]),
            "foreign keys": "sikerja=eyJfdXNlcl9pZCI6IjEifQ.ZZZZZZ.AAAA; session=1; remember_token=1|x",
        }[shot.cookie]  # fmt: skip

    # --- what must hold ------------------------------------------------------------------------------------------

    def storm(self, count: int) -> list[str]:
        """Send so many requests; returns what did not hold."""
        return [finding for block in self.blocks(count) for finding in self.stand(block)]

    def stand(self, block: Block) -> list[str]:
        """Send a block; returns what did not hold, each with the request."""
        found, before = [], self._state()
        for shot in block.shots:
            found += [self._finding(block, shot, fault) for fault in self._shoot(shot)]
        after, usable = self._state(), self._is_usable()
        changed = self._wrongly_changed(block, before, after)
        if changed or not (usable or self._takes_leave(block)):
            found += self._culprits(block) or [f"{block.name}: together: {changed or 'the next plain request failed'}"]
        if not usable or after[0] != before[0]:
            self._begin_anew()
        return found

    def _finding(self, block: Block, shot: Shot, fault: str) -> str:
        return f"seed {self.seed}, {self.role or 'nobody'}, {block.name}: {fault} after {shot.told()}"

    def _culprits(self, block: Block) -> list[str]:
        """Send the block again, and look after each request."""
        self._begin_anew()
        found, before = [], self._state()
        for shot in block.shots:
            self.send(shot)
            after = self._state()
            alone = Block(block.name, (shot,), block.innocent)
            found += [self._finding(block, shot, fault) for fault in self._wrongly_changed(alone, before, after)]
            if not (self._is_usable() or self._takes_leave(alone)):
                found.append(self._finding(block, shot, "the next plain request failed"))
            before = after
        return found

    def _shoot(self, shot: Shot) -> Iterator[str]:
        try:
            answer = self.send(shot)
        except Exception as error:  # anything at all that gets past the application
            yield f"raised {error!r}"
            return
        self.statuses[answer.status_code] += 1
        if endpoint := shot.endpoint(self.app):
            self.reached.add((endpoint, "reads" if shot.reads else "writes"))
        yield from self._faults(shot, answer)

    def _faults(self, shot: Shot, answer: Any) -> Iterator[str]:
        """What of an answer must not be."""
        markup = [label for label in shot.labels if label in MARKUP]
        if answer.status_code >= 500:
            yield str(answer.status_code)
        elif shot.method.upper() in ("GET", "POST") and (answer.mimetype or "").startswith("text/"):
            yield from (fault for label in markup or ["empty"] for fault in faults(answer, label))
        if "x=y" in answer.headers.get("Set-Cookie", "") or not stays_here(answer.headers.get("Location", "/")):
            yield f"a header of its own: {answer.headers!r}"
        if not self.is_allowed(shot) and answer.status_code not in REFUSED and not _only_leads_on(answer):
            yield f"{answer.status_code} though it is not allowed"
        body = answer.get_data()[:200_000]
        yield from (f"told {found[0]!r}" for found in [self.telltales.search(body)] if found)
        yield from (f"told {secret!r}" for secret in self.own_secrets if secret in body)
        if self.who(shot) == "unit" and not any(word in shot.told() for word in OTHERS):
            yield from (f"told of {word}" for word in OTHERS if word.encode() in body)
        try:
            headers_are_right(answer)
        except (AssertionError, KeyError) as missing:
            yield f"headers: {missing!r} in {answer.headers!r}"

    def _state(self) -> tuple[dict[str, Any], list[Any]]:
        with self.app.app_context(), db.engine.connect() as connection:
            trail = connection.execute(select(AuditEntry.__table__).order_by(AuditEntry.id)).all()
        return rows(self.app), trail

    def _wrongly_changed(self, block: Block, before: Any, after: Any) -> list[str]:
        """The tables in which something changed that may not change; and what the trail tells that isn't so by design."""
        may = set() if block.innocent else MAY_CHANGE[self.role]
        mine, was, now = self._own_keys(), before[0], after[0]
        found = [f"{table} changed" for table in was if table not in may and was[table] != now[table]]
        for table, (column, keys) in mine.items() if not block.innocent else ():
            if _of_others(table, column, keys, was[table]) != _of_others(table, column, keys, now[table]):
                found.append(f"{table} of others changed")
        trail, grown = before[1], after[1]
        if grown[: len(trail)] != trail:
            found.append("the trail of before changed")
        if block.innocent and (told := {entry.action for entry in grown[len(trail) :]} - SEEN):
            found.append(f"the trail tells of {told}")
        return found

    def _own_keys(self) -> dict[str, tuple[str, set[int]]]:
        """The rows that are this person's own: table -> column, values. An administrator's are all."""
        if self.role in ("admin", None):
            return {}
        me = id_of(self.app, User, f"{self.role}@sikerja.test")
        own = {"user": ("id", {me}), "saved_view": ("owner_id", {me})}
        if self.role == "unit":
            unit = select(Unit.id).join(User, User.unit_id == Unit.id).where(User.id == me).scalar_subquery()
            hers = ask(self.app, select(AgreementUnit.agreement_id).where(AgreementUnit.unit_id == unit))
            own["attachment"] = own["agreement_search"] = ("agreement_id", set(hers))
        return own

    def _takes_leave(self, block: Block) -> bool:
        """True where the block may end with a sign-out."""
        return bool(block.shots) and block.shots[-1].endpoint(self.app) in ENDS_SESSION

    def _is_usable(self) -> bool:
        """True where the person's next plain request is answered."""
        return self.send(Shot("GET", "/account/" if self.role else "/login")).status_code == 200


def _turns(app: Flask, chance: Random) -> Iterator[tuple[Rule, str]]:
    """Every address by each of its methods, over and over; the first time also by two that it doesn't have."""
    declared = [(rule, method) for rule in rules(app) for method in ("GET", "POST") if method in (rule.methods or ())]
    turn = [*declared, *((rule, method) for rule in rules(app) for method in chance.sample(ODD_METHODS, 2))]
    while True:
        chance.shuffle(turn)
        yield from turn
        turn = [*declared]


def _of_others(table: str, column: str, keys: set[int], found: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    at = list(Base.metadata.tables[table].columns.keys()).index(column)
    return [row for row in found if row[at] not in keys]


def _only_leads_on(answer: Any) -> bool:
    """True for a redirect to the sign-in, or to the address as it is written."""
    return answer.status_code == 308 or (answer.status_code == 302 and answer.headers["Location"].startswith("/login"))


def _cookie_of(person: Person) -> str:
    found = person.client.get_cookie("sikerja")
    return found.value if found is not None else ""


def _secrets(app: Flask, cookie: str) -> list[bytes]:
    """What of a session no page tells: the token of the session, and the secret behind the tokens of forms."""
    kept = app.session_interface.get_signing_serializer(app).loads(cookie)  # type: ignore[attr-defined]
    return [str(kept[name]).encode() for name in ("_user_id", "csrf_token") if name in kept]


def _telltales(app: Flask) -> re.Pattern[bytes]:
    """What no body may hold: traces, SQL, libraries, places on the disk, secrets."""
    places = [str(ROOT), str(app.config["SIKERJA_DATA"]), "site-packages", app.config["SECRET_KEY"], "$argon2"]
    words = [
        "Traceback (most recent",
        "sqlalchemy",
        "psycopg",
        "sqlite3",
        "werkzeug",
        "jinja2",
        "INSERT INTO",
        "BEGIN IMMEDIATE",
    ]
    patterns = [rb'File "[^"]{1,200}", line \d', rb"SELECT\s[^<]{1,2000}\sFROM\s", rb"UPDATE \w+ SET "]
    return re.compile(b"|".join([*(re.escape(word.encode()) for word in (*places, *words)), *patterns]))
