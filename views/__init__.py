"""The table of contents: which screens there are, and where they stand in the menu."""

from functools import lru_cache
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_admin import Admin
from flask_admin.theme import Bootstrap4Theme
from flask_login import current_user

from config import ROOT
from sikerja import formats
from views import account, public, security
from views.agreements import AgreementView
from views.attachments import AttachmentView
from views.audit import AuditView
from views.contacts import ContactView
from views.dashboard import DashboardView
from views.gaps import GapView
from views.law_rules import DeadlineRuleView, DocumentRuleView, StageRuleView
from views.monitoring import ClosedView, EndedView, EndingView, ProcessView, UndatedView
from views.offers import OffersView
from views.partners import PartnerView
from views.procedures import ProcedureView, VersionView
from views.recap import RecapView
from views.reference import HolidayView, SectorView, UnitView
from views.regulations import RegulationView
from views.saved import SavedViewView
from views.stages import StageView
from views.users import UserView

SCREENS = (
    AgreementView, PartnerView, AttachmentView, ContactView, StageView, UnitView, SectorView, ProcedureView, RegulationView,
    HolidayView, UserView, AuditView, EndingView, EndedView, UndatedView, ProcessView, ClosedView, GapView, OffersView,
    RecapView, SavedViewView, VersionView, StageRuleView, DocumentRuleView, DeadlineRuleView,
)  # fmt: skip

# (label, screen, icon), or (label, [(label, screen), …]) for a group
MENU: tuple[Any, ...] = (
    ("Beranda", "dashboard", "home"),
    ("Kerja sama", "agreement", "list"),
    (
        "Pemantauan",
        [
            ("Akan berakhir", "ending"), ("Sudah berakhir", "ended"), ("Tanpa tanggal", "undated"), ("Dalam proses", "process"),
            ("Ditutup", "closed"), ("Penawaran", "offers"), ("Kekosongan data", "gaps"), ("Rekapitulasi", "recap"),
        ],
    ),
    ("Mitra", "partner", "building"),
    ("Berkas", "attachment", "file"),
    ("Dasar hukum", "regulation", "book"),
    (
        "Referensi",
        [
            ("Tahap", "stage"), ("Narahubung", "contact"), ("Perangkat daerah", "unit"), ("Bidang urusan", "sector"),
            ("Jenis kerja sama", "procedure"), ("Versi prosedur", "version"), ("Hari libur", "holiday"), ("Pengguna", "user"),
            ("Jejak audit", "audit"),
        ],
    ),
)  # fmt: skip


def init_app(app: Flask) -> None:
    """Tie all screens and pages to the application."""
    security.init_app(app)
    app.register_blueprint(public.blueprint)
    app.register_blueprint(account.blueprint)
    admin = Admin(
        app,
        name="Sikerja",
        theme=Bootstrap4Theme(base_template="sikerja/base.html"),
        index_view=DashboardView(),
        translations_path=str(ROOT / "translations"),
        csp_nonce_generator=security.nonce,
    )
    for screen in SCREENS:
        admin.add_view(screen())
    app.context_processor(_for_every_page)


def _for_every_page() -> dict[str, Any]:
    signed_in = security.signed_in()
    return {
        "icons_url": url_for("static", filename="icons.svg"),
        "csp_nonce": security.nonce,
        "menu": menu() if signed_in else [],
        "printed_at": formats.this_moment,
        "region_name": current_app.config["REGION_NAME"],
        "global_search_url": url_for("agreement.index_view") if signed_in and current_user.may("agreement:read") else None,
    }


def menu() -> list[dict[str, Any]]:
    """The menu of the person who is signed in: only what they may open."""
    shown = []
    user, here = current_user._get_current_object(), (request.endpoint or "").partition(".")[0]
    for label, target, *icon in MENU:
        children = _opened(user, target, here) if isinstance(target, list) else []
        if children:
            shown.append(
                {
                    "label": label,
                    "url": None,
                    "icon": "",
                    "active": any(item["active"] for item in children),
                    "children": children,
                }
            )
        elif isinstance(target, str) and user.may(f"{target}:read"):
            shown.append(_item(label, target, icon[0], here))
    return shown


def _opened(user: Any, screens: list[tuple[str, str]], here: str) -> list[dict[str, Any]]:
    return [_item(name, screen, "", here) for name, screen in screens if user.may(f"{screen}:read")]


def _item(label: str, screen: str, icon: str, here: str) -> dict[str, Any]:
    url = _address(screen, request.script_root)
    return {"label": label, "url": url, "icon": icon, "active": here == screen, "children": []}


@lru_cache(maxsize=200)
def _address(screen: str, _script_root: str) -> str:
    """Where a screen begins: the same on every page, and a page has two dozen of them."""
    return url_for(f"{screen}.index_view")
