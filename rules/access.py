"""Who may do what: permission by screen and role, rows by role. The one table; nothing else asks for a role's name.

A permission is "screen:verb". `action` opens the bulk endpoint; the action itself then asks for its own verb.
"""

READ = frozenset({"read"})
EXPORT = READ | {"export"}
EDIT = READ | {"lookup", "create", "edit"}
ALL = EXPORT | EDIT | {"delete", "restore", "action"}
UPLOAD = EXPORT | {"lookup", "create"}
ENTER = frozenset({"enter"})  # articles that were checked, and the official text
HISTORY = frozenset({"history"})
# Whoever may pass over a missing document with a reason may move the stage that it holds.
MOVE = frozenset({"move", "override"})
NOTHING: frozenset[str] = frozenset()


Verbs = frozenset[str]


def _row(admin: Verbs, staff: Verbs, supervisor: Verbs, unit: Verbs, auditor: Verbs) -> dict[str, Verbs]:
    return {"admin": admin, "staff": staff, "supervisor": supervisor, "unit": unit, "auditor": auditor}


def _records(*verbs: Verbs) -> dict[str, Verbs]:
    """A screen of records. Whoever reads one reads its history too, but for the units."""
    return {role: held | HISTORY if held and role != "unit" else held for role, held in _row(*verbs).items()}


# Lists over the agreements that one may see anyway.
MONITORING = _row(EXPORT, EXPORT, EXPORT, EXPORT, EXPORT)
KEPT = READ | {"create", "edit", "delete"}

MATRIX: dict[str, dict[str, frozenset[str]]] = {
    # admin, staff, supervisor, unit, auditor
    "dashboard": _row(READ, READ, READ, READ, READ),
    "agreement": _records(ALL | {"close", "decide", "adopt"}, ALL | {"close", "decide"}, EXPORT | {"decide"}, EXPORT, EXPORT),
    "stage": _records(ALL | MOVE, ALL | {"move"}, EXPORT | MOVE, EXPORT, EXPORT),
    "attachment": _records(ALL | {"review"}, ALL | {"review"}, EXPORT, UPLOAD, EXPORT),
    "partner": _records(ALL, ALL, EXPORT, READ, EXPORT),
    "contact": _records(ALL, ALL, EXPORT, NOTHING, EXPORT),
    "unit": _records(ALL, READ, READ, READ, READ),
    "sector": _records(ALL, READ, READ, READ, READ),
    "holiday": _records(ALL, EDIT, READ, NOTHING, READ),
    "procedure": _records(READ | {"draft"}, READ | {"draft"}, READ, READ, READ),
    # What was published never changes: these verbs are a draft's.
    "version": _records(READ | {"edit", "delete", "publish"}, READ | {"edit", "delete"}, READ, READ, READ),
    "stage_rule": _records(KEPT, KEPT, READ, READ, READ),
    "document_rule": _records(KEPT, KEPT, READ, READ, READ),
    "deadline_rule": _records(KEPT, KEPT, READ, READ, READ),
    "regulation": _records(ALL | ENTER, READ | ENTER, READ, READ, READ),
    "user": _records(ALL - {"delete", "restore", "action"}, NOTHING, NOTHING, NOTHING, NOTHING),
    "audit": _row(READ, NOTHING, READ, NOTHING, EXPORT),
    "ending": MONITORING,
    "ended": MONITORING,
    "undated": MONITORING,
    "process": MONITORING,
    "closed": MONITORING,
    "offers": MONITORING,
    "gaps": MONITORING,
    "recap": MONITORING,
    "view": _row(KEPT | {"share", "share_any"}, KEPT | {"share"}, KEPT | {"share"}, KEPT, KEPT),
}

# Roles that see only the rows their own unit is tied to; every other role sees every row of a screen it may read.
OWN_ROWS_ONLY = frozenset({"unit"})

# The verb that each view function of a screen asks for.
VERBS = {
    "index_view": "read",
    "details_view": "read",
    "export": "export",
    "create_view": "create",
    "offer_view": "create",
    "edit_view": "edit",
    "delete_view": "delete",
    "restore_view": "restore",
    "action_view": "action",
    "ajax_lookup": "lookup",
    "term_view": "lookup",
    "history_view": "history",
    "download_view": "read",
    "preview_view": "read",
    "review_view": "review",
    "choose_view": "export",
    "move_view": "move",
    "many_view": "action",
    "document_view": "edit",
    "answer_view": "edit",
    "close_view": "close",
    "reopen_view": "close",
    "terminate_view": "close",
    "renew_view": "decide",
    "amend_view": "create",
    "implement_view": "create",
    "follow_view": "create",
    "adopt_view": "adopt",
    "figures_view": "export",
    "enter_view": "enter",
    "withdraw_view": "enter",
    "receive_view": "enter",
    "paper_view": "read",
    "open_view": "read",
    "start_view": "read",
    "draft_view": "draft",
    "publish_view": "publish",
}

PUBLIC = "public"  # anyone, without an account
SIGNED_IN = "signed-in"  # anyone with an account, about themselves
OTHER_ENDPOINTS = {
    "static": PUBLIC,
    "public.front": PUBLIC,
    "public.healthz": PUBLIC,
    "public.readyz": PUBLIC,
    "account.login": PUBLIC,
    "account.logout": PUBLIC,
    "account.overview": SIGNED_IN,
    "account.change_password": SIGNED_IN,
    "account.end_session": SIGNED_IN,
}


def may(role: str, permission: str) -> bool:
    """True where the role holds the permission "screen:verb"; a screen, role or verb that is not in the table holds none."""
    screen, _, verb = permission.partition(":")
    return verb in MATRIX.get(screen, {}).get(role, NOTHING)


def permission_of(endpoint: str | None) -> str | None:
    """The permission that a Flask endpoint asks for: PUBLIC, SIGNED_IN, "screen:verb", or None where no rule opens it."""
    if endpoint in OTHER_ENDPOINTS:
        return OTHER_ENDPOINTS[endpoint]
    screen, _, view = (endpoint or "").partition(".")
    if screen in MATRIX and view in VERBS:
        return f"{screen}:{VERBS[view]}"
    return None
