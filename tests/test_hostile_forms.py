"""What nobody types, on every field of every form: it is kept as text or refused with words, and a refusal changes nothing."""

from collections.abc import Iterable
from itertools import count
from typing import Any

import pytest
from flask import Flask

from models import Agreement, Partner, Unit, User
from rules import codes
from tests.hostile import MARKUP, SHARPEST, VALUES, faults
from tests.pages import Pairs, elements, encoded, form_to
from tests.papers import attach
from tests.people import BASE, PASSWORD, Person
from tests.routes import add_contact, add_draft
from tests.rows import id_of, rows

TABLES = {"agreement": ("agreement", "party", "agreement_unit", "link", "counter"), "stage": ("stage", "agreement")}


def filled(screen: str, number: int, partner: str, agreement: str, drafted: dict[str, int] | None = None) -> dict[str, str]:
    """What a new record of that screen needs; no two are alike where the register allows none alike."""
    of_stage = {"stage_rule": str((drafted or {}).get("stage_rule", 1)), "certainty": "MEMORY", "position": "9"}
    code, day = f"uji_{number}", f"{number % 28 + 1}/{number // 28 % 12 + 1}/{2030 + number // 336}"
    return {
        "agreement": {"title": "Kerja sama uji", "group": "ksdpk", "instrument": "pks", "partner": partner},
        "partner": {"name": "Kabupaten Uji", "kind": "daerah"},
        "contact": {"partner": partner, "name": "Rina"},
        "stage": {"agreement": agreement, "name": "Rapat", "position": "9"},
        "unit": {"name": "Dinas Uji", "type": "perangkat_daerah", "code": code},
        "sector": {"name": "Bidang Uji", "cluster": next(iter(codes.SECTOR_CLUSTERS)), "position": "40", "code": code},
        "regulation": {
            "kind": "Undang-Undang", "number": "1", "year": "2026", "code": code, "checked": next(iter(codes.REGULATION_CHECKS)),
        },
        "holiday": {"on": day, "name": "Libur", "kind": "nasional"},
        "attachment": {"title": "Naskah uji", "kind": "lainnya"},
        "stage_rule": {
            "procedure_version": str((drafted or {}).get("version", 1)), "name": "Rapat", "key": code, "position": "20",
            "holder": "unit", "certainty": "MEMORY",
        },
        "document_rule": of_stage | {"name": f"Berkas {number}", "direction": "hasil"},
        "deadline_rule": of_stage | {"key": code, "kind": "usulan_nonaktif", "amount": "3", "unit": "bulan", "side": "setelah"},
        "user": {
            "name": "Rina", "email": f"rina{number}@sikerja.test", "role": "staff", "active": "y", "password": "kapal pesut 88",
        },
    }[screen]  # fmt: skip


PARTS = ("stage_rule", "document_rule", "deadline_rule")  # of a draft
SCREENS = ("agreement", "partner", "contact", "stage", "unit", "sector", "regulation", "holiday", "user")
WITH_FILES = (*SCREENS, "attachment")  # how files are sent is told in test_upload.py


def tried_on(page: str) -> list[tuple[str, Iterable[str]]]:
    """Every name that the form of a page can send, the boxes that aren't ticked and the choices to come included, with what
    is tried on it: everything the first time a kind of field is met, then the sharpest."""
    kinds: dict[str, str] = {"_continue_editing": "button"}
    for tag, found in elements(page.partition("<main")[2]):
        if tag in ("input", "select", "textarea") and "name" in found:
            kinds.setdefault(found["name"], found.get("role") or found.get("class") or found["name"])
    first = {kind: name for name, kind in reversed(kinds.items())}
    return [(name, VALUES if first[kind] == name else SHARPEST) for name, kind in kinds.items()]


def send(person: Person, url: str, pairs: Pairs) -> Any:
    return person.client.post(url, data=encoded(pairs), content_type="application/x-www-form-urlencoded", base_url=BASE)


class Attack:
    """Sends one form again and again, and keeps what went wrong."""

    def __init__(self, andi: Person, screen: str) -> None:
        self.andi, self.screen = andi, screen
        self.tables = TABLES.get(screen, (screen,))
        self.before = rows(andi.app, *self.tables)
        self.faults: list[tuple[str, str, str]] = []
        self.saved = 0

    def send(self, url: str, pairs: Pairs, name: str, label: str) -> bool:
        """True where it was saved; else the rows are still as they were."""
        answer = send(self.andi, url, pairs)
        found = list(faults(answer, label))
        after = rows(self.andi.app, *self.tables)
        if answer.status_code == 302:
            self.saved += 1
            if label in MARKUP:
                for page in (answer.headers["Location"], f"/admin/{self.screen}/?page_size=200&sort=id"):
                    found += faults(self.andi.get(page), label)
        elif answer.status_code not in (400, 409, 422):
            found.append(str(answer.status_code))
        elif after != self.before:
            found.append("refused, and changed something")
        self.before = after
        self.faults += [(name, label, fault) for fault in found]
        return bool(answer.status_code == 302)


@pytest.mark.parametrize("screen", [*SCREENS, *PARTS])
def test_no_field_of_a_new_record_is_a_way_in(andi: Person, screen: str) -> None:
    drafted = add_draft(andi.app)
    url, attack, number = f"/admin/{screen}/new/", Attack(andi, screen), count()
    page = andi.get(url).text
    form, tried, others = form_to(page, ""), tried_on(page), ids_of_others(andi.app)
    for name, labels in tried:
        for label in labels:
            sent = filled(screen, next(number), *others, drafted) | {name: VALUES[label]}
            attack.send(url, form.with_values(**sent), name, label)
    for label, value in VALUES.items():
        everywhere = {name: value for name, _ in tried if name not in ("csrf_token", "url")}
        attack.send(url, form.with_values(**everywhere), "all", label)

    assert attack.faults == []
    assert attack.saved > len(tried)


def ids_of_others(app: Flask) -> tuple[str, str]:
    """A partner and an agreement for a new record to name."""
    return str(id_of(app, Partner, "Kota Makassar")), str(id_of(app, Agreement, "Parkir nontunai"))


def edited(app: Flask) -> dict[str, int]:
    """A record of each screen, its fields filled as far as the sample goes."""
    names = {
        "agreement": (Agreement, "Perpanjangan pemeliharaan rambu dan marka jalan (contoh)"),
        "partner": (Partner, "Kota Makassar"),
        "unit": (Unit, "Dinas Perhubungan"),
        "user": (User, "auditor@sikerja.test"),
    }
    found = {screen: id_of(app, model, name) for screen, (model, name) in names.items()}
    return (
        found
        | dict.fromkeys(("stage", "sector", "regulation", "holiday"), 1)
        | {"contact": add_contact(app), "attachment": attach(app)}
        | add_draft(app)
    )


@pytest.mark.parametrize("screen", [*WITH_FILES, "version", *PARTS])
def test_no_field_of_a_record_there_is_is_a_way_in(andi: Person, screen: str) -> None:
    url = f"/admin/{screen}/edit/?id={edited(andi.app)[screen]}"
    attack, page = Attack(andi, screen), andi.get(url)
    form, tried = form_to(page.text, ""), tried_on(page.text)
    for name, label in [(name, label) for name, _ in tried for label in SHARPEST]:
        if attack.send(url, form.with_values(**{name: VALUES[label]}), name, label):
            page = andi.get(url)
            form = form_to(page.text, "")
            attack.faults += [(name, label, fault) for fault in faults(page, label)]

    assert attack.faults == []
    assert attack.saved > len(tried) / 2


@pytest.mark.parametrize("screen", WITH_FILES)
def test_an_edit_of_what_is_not_there_changes_nothing(andi: Person, screen: str) -> None:
    before, token, others = rows(andi.app), andi.token(), ids_of_others(andi.app)
    for label, value in VALUES.items():
        pairs = [*filled(screen, 1, *others).items(), ("csrf_token", token), ("id", value)]
        answer = send(andi, f"/admin/{screen}/edit/?{encoded([('id', value)])}", pairs)
        assert answer.status_code == 404, label

    assert rows(andi.app) == before


@pytest.mark.parametrize("verb", ["delete", "restore", "action"])
@pytest.mark.parametrize("screen", WITH_FILES)
def test_no_id_sent_to_the_bin_brings_it_down(andi: Person, screen: str, verb: str) -> None:
    before, token = rows(andi.app), andi.token()
    for label, value in VALUES.items():
        if verb == "action":
            bodies = [{"action": "delete", "rowid": value}, {"action": value, "rowid": "1"}]
        else:
            bodies = [{"id": value}]
        for body in bodies:
            # Ids in a list that are none are passed over; users are never thrown away.
            answer = send(andi, f"/admin/{screen}/{verb}/", [*body.items(), ("csrf_token", token)])
            assert answer.status_code in (302, 400, 403, 404), (label, body)
            assert list(faults(answer, label)) == []

    assert rows(andi.app) == before


OTHER_FORMS = {
    "/login": ("email", "password", "next", "resume", "kept.title", "version"),
    "/account/password": ("current_password", "new_password", "repeat_password", "version"),
    "/account/sessions/end": ("id",),
}


@pytest.mark.parametrize("url", OTHER_FORMS)
def test_no_field_of_the_other_forms_is_a_way_in(andi: Person, url: str) -> None:
    found, before, token = [], rows(andi.app), andi.token()
    for name in OTHER_FORMS[url]:
        for label, value in VALUES.items():
            usual = {"email": f"{label}@sikerja.test", "password": PASSWORD, "current_password": "salah"}
            pairs = [*(usual | {name: value}).items(), ("csrf_token", token)]
            answer = send(andi, url, pairs)
            found += [(name, label, fault) for fault in faults(answer, label)]
            assert answer.status_code in (302, 400, 404, 422, 429), (name, label)

    assert found == []
    assert rows(andi.app) == before
