"""Flask-Admin: a ModelView as its documentation shows it over the same tables; `eager` names the relations to load at once."""

from datetime import date, datetime
from typing import Any

from flask import Flask
from flask_admin import Admin
from flask_admin.contrib.sqla import ModelView
from flask_babel import Babel
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ForeignKey, event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from bench.operations import PAGE
from bench.probe import Probe
from bench.subjects import Cannot
from bench.subjects.addresses import address
from bench.wsgi import Application

CANNOT = {
    "validity": "validity is computed: a filter over it must be written by hand",
    "two_letters": "finds the letters inside of words too: other rows",
    "our_number": "the number lies in another table, several to a row: a search must be written by hand",
}
COLUMNS = (
    "register_no", "title", "group", "instrument", "lead_partner.name", "lead_unit.name", "signed_on", "starts_on", "ends_on",
    "value",
)  # fmt: skip


class Base(DeclarativeBase):
    """The parent of these tables; they are there already."""


db = SQLAlchemy(model_class=Base, disable_autonaming=True)


class Partner(Base):
    """The other side."""

    __tablename__ = "partner"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_key: Mapped[str]


class Unit(Base):
    """A unit of the city."""

    __tablename__ = "unit"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_key: Mapped[str]


class Agreement(Base):
    """The columns that a list, a file and a form of the same use need."""

    __tablename__ = "agreement"
    id: Mapped[int] = mapped_column(primary_key=True)
    register_no: Mapped[str]
    title: Mapped[str]
    group: Mapped[str]
    instrument: Mapped[str]
    origin: Mapped[str]
    lead_partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"))
    lead_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    signed_on: Mapped[date | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    value: Mapped[float | None]
    scope: Mapped[str]
    deleted_at: Mapped[datetime | None]
    lead_partner: Mapped[Partner | None] = relationship()
    lead_unit: Mapped[Unit | None] = relationship()


class AgreementView(ModelView):
    """The same rows, columns, filters and search as far as Flask-Admin has them."""

    column_list = COLUMNS
    column_export_list = (*COLUMNS, "scope")
    column_default_sort = ("id", True)
    column_searchable_list = ("register_no", "title", "lead_partner.name")
    column_sortable_list = (
        "register_no",
        "signed_on",
        ("lead_partner.name", "lead_partner.name_key"),
        ("lead_unit.name", "lead_unit.name_key"),
    )
    column_filters = ("group", "instrument", "signed_on")
    named_filter_urls = True
    can_view_details = True
    can_export = True
    export_types = ("csv", "xlsx")
    export_max_rows = 0
    page_size = PAGE

    def get_query(self) -> Any:
        return super().get_query().filter(Agreement.deleted_at.is_(None))

    def get_count_query(self) -> Any:
        return super().get_count_query().filter(Agreement.deleted_at.is_(None))


class EagerView(AgreementView):
    """The same with the relations loaded at once, as its documentation advises."""

    column_select_related_list = (Agreement.lead_partner, Agreement.lead_unit)


class FlaskAdmin:
    """An application with that one view; it knows no sign-in."""

    key_pattern = r'<td class="col-register_no">\s*([^<\s]+)'
    cookie = ""

    def __init__(self, url: str, probe: Probe, variant: str) -> None:
        self.probe, self.statements = probe, 0
        app = Flask(__name__)
        app.config |= {"SQLALCHEMY_DATABASE_URI": url, "SECRET_KEY": "bench"}
        db.init_app(app)
        Babel(app)  # where it is installed, Flask-Admin takes its words from it
        admin = Admin(app, name="Bench")
        admin.add_view({"stock": AgreementView, "eager": EagerView}[variant](Agreement, db.session, endpoint="agreement"))
        self.application: Application = app
        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", self._note)

    def _note(self, *_told: Any) -> None:
        self.statements += 1

    def address(self, operation: str) -> str | Cannot:
        """The path of an operation."""
        if operation in CANNOT:
            return Cannot(CANNOT[operation])
        own = {"by_partner": {"sort": COLUMNS.index("lead_partner.name")}, "by_unit": {"sort": COLUMNS.index("lead_unit.name")}}
        return address(self.probe, operation, own, {})


def make(url: str, probe: Probe, variant: str) -> FlaskAdmin:
    """Flask-Admin over that register, `stock` or `eager`."""
    return FlaskAdmin(url, probe, variant)
