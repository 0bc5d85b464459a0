"""Who may do what: the table of roles and screens, every address against it, and the rows that a unit sees.

The table here is written out from the register's contract, so that a change of `rules/access.py` shows as a difference.
"""

import json
import re
from itertools import product

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.routing import Rule

from models import Agreement, AgreementUnit, Partner, Stage, Unit
from rules import access
from tests.people import ROLES, Person
from tests.routes import add_contact, add_draft, add_view, path, records, rules, screen_of
from tests.rows import ask, id_of, rows

VERBS = ("read", "export", "history", "lookup", "create", "edit", "delete", "restore", "action", "review", "close",
         "decide", "adopt", "share", "share_any", "draft", "publish", "enter", "move", "override")  # fmt: skip
ALL = "read export history lookup create edit delete restore action"
KEPT = "read create edit delete"
READ, EXPORT, SEEN, TAKEN = "read", "read export", "read history", "read export history"

# screen: what admin, staff, supervisor, unit and auditor may, in this order
TABLE = {
    "dashboard": (READ, READ, READ, READ, READ),
    "agreement": (f"{ALL} close decide adopt", f"{ALL} close decide", f"{TAKEN} decide", EXPORT, TAKEN),
    "stage": (f"{ALL} move override", f"{ALL} move", f"{TAKEN} move override", EXPORT, TAKEN),
    "attachment": (f"{ALL} review", f"{ALL} review", TAKEN, "read export lookup create", TAKEN),
    "partner": (ALL, ALL, TAKEN, READ, TAKEN),
    "contact": (ALL, ALL, TAKEN, "", TAKEN),
    "unit": (ALL, SEEN, SEEN, READ, SEEN),
    "sector": (ALL, SEEN, SEEN, READ, SEEN),
    "holiday": (ALL, "read history lookup create edit", SEEN, "", SEEN),
    "procedure": (f"{SEEN} draft", f"{SEEN} draft", SEEN, READ, SEEN),
    "version": (f"{SEEN} edit delete publish", f"{SEEN} edit delete", SEEN, READ, SEEN),
    **dict.fromkeys(("stage_rule", "document_rule", "deadline_rule"), (f"{SEEN} create edit delete",) * 2 + (SEEN, READ, SEEN)),
    "regulation": (f"{ALL} enter", f"{SEEN} enter", SEEN, READ, SEEN),
    "user": ("read export history lookup create edit", "", "", "", ""),
    "audit": (READ, "", READ, "", EXPORT),
    **dict.fromkeys(("ending", "ended", "undated", "process", "closed", "offers", "gaps", "recap"), (EXPORT,) * 5),
    "view": (f"{KEPT} share share_any", f"{KEPT} share", f"{KEPT} share", KEPT, KEPT),
}
OPEN_TO_ALL = {
    "/", "/healthz", "/readyz", "/login", "/logout", "/static/<path:filename>",
}  # fmt: skip
ABOUT_ONESELF = {"/account/", "/account/password", "/account/sessions/end"}
# The leadership moves a stage only where it passes over a missing document, and that with a reason.
ONLY_WITH_A_REASON = {("supervisor", "stage.move_view")}


def allowed(role: str, permission: str) -> bool:
    screen, _, verb = permission.partition(":")
    return verb in TABLE[screen][ROLES.index(role)].split()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("screen", TABLE)
def test_the_table_of_roles_and_screens(role: str, screen: str) -> None:
    assert {verb for verb in VERBS if access.may(role, f"{screen}:{verb}")} == set(TABLE[screen][ROLES.index(role)].split())


def test_the_table_holds_every_screen_and_role_and_nothing_else() -> None:
    assert set(access.MATRIX) == set(TABLE)
    assert all(set(row) == set(ROLES) for row in access.MATRIX.values())
    assert {verb for row in access.MATRIX.values() for verbs in row.values() for verb in verbs} == set(VERBS)


@pytest.mark.parametrize("permission", ["agreement:purge", "nothing:read", "agreement", "", ":read", "agreement:"])
@pytest.mark.parametrize("role", [*ROLES, "root", ""])
def test_what_is_not_in_the_table_is_not_allowed(role: str, permission: str) -> None:
    assert not access.may(role, permission)


def test_every_address_has_its_place_in_the_table(app: Flask) -> None:
    kinds: dict[str | None, set[str]] = {access.PUBLIC: set(), access.SIGNED_IN: set(), None: set()}
    for rule in rules(app):
        permission = access.permission_of(rule.endpoint)
        if permission in kinds:
            kinds[permission].add(rule.rule)
        else:
            screen, _, verb = str(permission).partition(":")
            assert screen in TABLE, rule
            assert verb in VERBS, rule

    assert kinds == {access.PUBLIC: OPEN_TO_ALL, access.SIGNED_IN: ABOUT_ONESELF, None: set()}


def visit(person: Person, url: str, method: str, token: str) -> int:
    if method == "GET":
        return int(person.get(url).status_code)
    return int(person.client.post(url, data={"csrf_token": token}, base_url="http://localhost").status_code)


# What an allowed one answers; a refused one is always 403.
ANSWERS = {
    "GET": {200},
    "POST": {422, 302, 400, 409},  # an empty form is refused with words, a verb is done, what was binned is told
}


def expected(rule: Rule, method: str, role: str) -> set[int]:
    permission = access.permission_of(rule.endpoint)
    if method not in (rule.methods or ()):
        return {405}
    if permission is None:
        return {404}
    if not allowed(role, permission) or (role, rule.endpoint) in ONLY_WITH_A_REASON:
        return {403}
    if rule.endpoint.endswith(".ajax_lookup"):
        return {404}  # it must say which field it is for
    if method == "GET" and rule.endpoint in ("view.open_view", "view.create_view"):
        return {302} if rule.endpoint == "view.open_view" else {422}  # to the list; and from no list nothing can be kept
    return ANSWERS[method]


@pytest.mark.parametrize("role", ROLES)
def test_every_address_answers_each_role_as_the_table_says(app: Flask, role: str) -> None:
    person, ids = Person(app, role), records(app, role)
    token, faults = person.token(), []
    of_screens = [rule for rule in rules(app) if rule.rule not in OPEN_TO_ALL | ABOUT_ONESELF]
    # First all are read, then written to: what lies in the bin can no longer be edited.
    for method, rule in product(("GET", "POST"), of_screens):
        url = f"{path(rule)}?id={ids.get(screen_of(rule), 1)}"
        status = visit(person, url, method, token)
        if status not in expected(rule, method, role):
            faults.append((method, url, status))
        if (method, rule.endpoint) == ("POST", "view.delete_view"):
            ids["view"] = add_view(app, role)  # it is gone for good
        if method == "POST" and rule.endpoint.endswith("_rule.delete_view"):
            ids |= add_draft(app)  # so is a part of a draft; another one takes its place

    assert faults == []


@pytest.mark.parametrize("role", ["supervisor", "unit", "auditor"])
def test_who_only_reads_changes_nothing_whatever_is_sent(app: Flask, role: str) -> None:
    person, ids = Person(app, role), records(app)
    before = rows(app)
    for rule in rules(app):
        if "POST" in (rule.methods or ()) and screen_of(rule) in set(TABLE) - {"view"}:  # one's own views are one's own
            key = str(ids[screen_of(rule)])
            sent = {"id": key, "rowid": key, "action": "delete", "name": "Diubah", "title": "Diubah"}
            may = allowed(role, str(access.permission_of(rule.endpoint)))  # a unit sends files; this one sends none
            may = may and (role, rule.endpoint) not in ONLY_WITH_A_REASON
            assert person.post(f"{path(rule)}?id={key}", sent).status_code == (422 if may else 403), rule

    assert rows(app) == before


def test_a_stranger_is_sent_to_the_sign_in_and_comes_back_to_where_he_wanted(tamu: Person, app: Flask) -> None:
    ids = records(app)
    for rule in rules(app):
        if "GET" not in (rule.methods or ()) or rule.rule in OPEN_TO_ALL:
            continue
        url = f"{path(rule)}?id={ids.get(screen_of(rule), 1)}"
        answer = tamu.get(url)
        assert answer.status_code == 302, url
        where = answer.headers["Location"]
        assert where.startswith("/login?next=/"), url
        assert tamu.get(where).status_code == 200

    wanted = tamu.get("/admin/agreement/?search=parkir&page_size=50").headers["Location"]
    form = {"email": "staff@sikerja.test", "password": "sikerja-demo-2026"}
    token = tamu.token(wanted)
    answer = tamu.client.post(
        "/login",
        data=form | {"csrf_token": token, "next": "/admin/agreement/?search=parkir&page_size=50"},
        base_url="http://localhost",
    )
    assert answer.headers["Location"] == "/admin/agreement/?search=parkir&page_size=50"


def test_a_stranger_who_sends_something_changes_nothing(tamu: Person, app: Flask) -> None:
    ids = records(app)
    before = rows(app)
    for rule in rules(app):
        if "POST" not in (rule.methods or ()) or rule.rule in OPEN_TO_ALL:
            continue
        key = str(ids.get(screen_of(rule), 1))
        url = f"{path(rule)}?id={key}"
        # Where files are sent to, a stranger is turned away before anything is read, the token included.
        refused = 401 if rule.endpoint in ("attachment.create_view", "regulation.receive_view") else 400
        assert tamu.client.post(url, data={"id": key}, base_url="http://localhost").status_code == refused, url
        answer = tamu.post(url, {"id": key, "rowid": key, "action": "delete"}, page="/login")
        assert answer.status_code == 401, url
        assert "(contoh)" not in answer.text

    assert rows(app) == before


def test_editing_in_the_list_does_not_exist(andi: Person) -> None:
    assert andi.get("/admin/agreement/ajax/update/").status_code == 404
    assert andi.post("/admin/agreement/ajax/update/", {"list_form_pk": "1", "title": "Diubah"}).status_code == 404
    assert not [rule for rule in rules(andi.app) if "update" in rule.rule]


@pytest.mark.parametrize("file", ["admin/js/filters.js", "../config.py", "%2e%2e/config.py", "vendor/jquery.min.js"])
def test_the_framework_s_own_files_are_closed(andi: Person, file: str) -> None:
    assert andi.get(f"/admin/static/{file}").status_code == 404


def test_the_addresses_can_be_read_as_json(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["routes-json"])

    assert result.exit_code == 0
    told = {(row["rule"], tuple(row["methods"])): row["permission"] for row in json.loads(result.output)}
    assert told["/admin/agreement/", ("GET",)] == "agreement:read"
    assert told["/admin/agreement/edit/", ("GET", "POST")] == "agreement:edit"
    assert told["/admin/agreement/delete/", ("POST",)] == "agreement:delete"
    assert told["/login", ("GET", "POST")] == "public"
    assert told["/account/", ("GET",)] == "signed-in"
    assert {rule for rule, _ in told} == {rule.rule for rule in rules(app)}


# --- the rows of a unit ------------------------------------------------------------------------------------------

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
OTHERS = ("Rujukan pelayanan", "Adendum rujukan", "Tigard", "BPJS", "Pinrang", "CONTOH-002/KS/2024")


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
