"""Who may do what: the table of roles and screens, and every address against it.

The table here is written out from the register's contract, so that a change of `rules/access.py` shows as a difference.
"""

import json
from itertools import product

import pytest
from flask import Flask
from werkzeug.routing import Rule

from rules import access
from tests.people import ROLES, Person
from tests.routes import add_draft, add_view, path, records, rules, screen_of
from tests.rows import rows

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
