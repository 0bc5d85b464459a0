"""A unit that were allowed everything would still reach its own rows alone: every address that takes an id is walked with
the id of a record that Dewi's unit has no part in. A new address is held to the same without a new test.
"""

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.routing import Rule

from models import Agreement, Partner, Stage
from rules import access
from tests.papers import CLINIC, attach
from tests.people import Person
from tests.routes import add_view, path, records, rules, screen_of
from tests.rows import ask, id_of, rows

SCREENS = ("agreement", "stage", "partner", "attachment", "view")
EVERY_VERB = {verb for row in access.MATRIX.values() for verbs in row.values() for verb in verbs}
OTHERS = ("Rujukan pelayanan", "Pinrang", "CONTOH-002/KS/2024", "Milik Andi")  # what is told of these records
# Addresses that take no id, or many of them: what they answer where none of them is for this person.
OTHER_ANSWERS = {
    ("GET", "index_view"): {200}, ("GET", "offer_view"): {200}, ("GET", "choose_view"): {200, 404}, ("GET", "export"): {200, 404},
    ("GET", "create_view"): {200, 404, 422}, ("GET", "ajax_lookup"): {404}, ("GET", "term_view"): {200},
    ("GET", "many_view"): {302}, ("POST", "create_view"): {422}, ("POST", "action_view"): {302, 403}, ("POST", "move_view"): {422},
}  # fmt: skip
# Forms of what begins; only files may be sent by a unit.
BEGUN_BY_STAFF = {"agreement.create_view", "agreement.offer_view", "stage.create_view", "partner.create_view"}


def foreign(app: Flask) -> dict[str, int]:
    """A record of each screen that Dewi's unit has no part in, and a view that Andi keeps for himself."""
    agreement = id_of(app, Agreement, CLINIC)
    stage = ask(app, select(func.min(Stage.id)).where(Stage.agreement_id == agreement, Stage.deleted_at.is_(None)))[0]
    return {
        "agreement": agreement, "stage": stage, "partner": id_of(app, Partner, "Kabupaten Pinrang"),
        "attachment": attach(app, CLINIC), "view": add_view(app, name="Milik Andi"),
    }  # fmt: skip


@pytest.fixture
def trusted_unit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Units may do everything on these screens that anybody may, but share views for everyone."""
    for screen in SCREENS:
        monkeypatch.setitem(access.MATRIX[screen], "unit", frozenset(EVERY_VERB - {"share_any"}))


@pytest.mark.usefixtures("trusted_unit")
@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_address_reaches_another_unit_s_record(dewi: Person, method: str, screen: str) -> None:
    key, met = str(foreign(dewi.app)[screen]), 0
    before = rows(dewi.app)
    for rule in [rule for rule in rules(dewi.app) if screen_of(rule) == screen and method in (rule.methods or ())]:
        if method == "POST" and rule.endpoint in BEGUN_BY_STAFF:
            continue
        view = rule.endpoint.partition(".")[2]
        for url, sent in asked(rule, key):
            answer = dewi.get(url) if method == "GET" else dewi.post(url, sent)
            assert answer.status_code in OTHER_ANSWERS.get((method, view), {404}), url
            assert not [word for word in OTHERS if word.encode() in answer.data], url
            met += 1

    assert rows(dewi.app) == before
    assert met > 5


def asked(rule: Rule, key: str) -> list[tuple[str, dict[str, str]]]:
    """The address with the id in every place where an id may stand."""
    everywhere = {
        "id": key, "rowid": key, "keys": key, "replaces": key, "attachment": key, "agreement": key, "parent": key, "partner": key,
        "action": "delete", "verb": "start", "override_reason": "Alasan", "title": "Diubah", "name": "Diubah", "start": "1",
    }  # fmt: skip
    query = "&".join(f"{name}={key}" for name in ("id", "keys", "agreement", "replaces", "stage"))
    return [(f"{path(rule)}?id={key}", everywhere), (f"{path(rule)}?{query}", everywhere), (path(rule), everywhere)][
        : 3 if "POST" in (rule.methods or ()) else 2
    ]


def test_no_file_is_sent_to_another_unit_s_agreement_and_its_title_is_not_told(dewi: Person) -> None:
    key = str(foreign(dewi.app)["agreement"])
    before = rows(dewi.app)
    for sent in (
        {"agreement": key},
        {"agreement": key, "kind": "naskah_final"},
        {"replaces": key},
        {"stage": key, "document": "0"},
    ):
        answer = dewi.post("/admin/attachment/new/", sent)
        assert answer.status_code == 422
        assert not [word for word in OTHERS if word in answer.text], sent

    assert rows(dewi.app) == before


@pytest.mark.parametrize(
    "query",
    ["flt0_partner_equals={partner}", "q.partner=equals:{partner}", "flt0_partner_in_list={partner}", "keys={agreement}",
     "open=partner:{partner}", "flt0_title_contains=rujukan", "flt0_our_number_equals=CONTOH-002/KS/2024"],
)  # fmt: skip
def test_no_filter_names_what_a_unit_may_not_see(dewi: Person, query: str) -> None:
    query = query.format(**foreign(dewi.app))
    for page in ("", "export/", "export/csv/"):
        answer = dewi.get(f"/admin/agreement/{page}?{query}", follow_redirects=True)
        told = [word for word in OTHERS if word in answer.text and word not in query]
        assert (answer.status_code, told) == (200, []), page


def test_a_unit_s_own_record_is_reached_where_a_foreign_one_is_not(dewi: Person) -> None:
    own = records(dewi.app, "unit")
    for screen in SCREENS:
        assert dewi.get(f"/admin/{screen}/details/?id={own[screen]}").status_code == 200, screen
