"""Users: the administrator opens an account, changes a role, switches an account off."""

from typing import Any

from flask_login import current_user

from extensions import db
from models import Unit, User
from rules import codes
from sikerja import accounts, exports, formats, lists, records
from sikerja.refusals import Refusal
from views.base import Section, SikerjaView
from views.fields import Choice, Email, Form, Line, Password, Record, Tick


class UserForm(Form):
    """An account; the password stays as it is where none is typed."""

    name = Line("Nama", most=200, required="Isi nama.")
    email = Email("Surel", "Dipakai untuk masuk.", most=254, required="Isi surel.")
    role = Choice("Peran", codes.ROLES, required="Pilih peran.")
    unit = Record("Perangkat daerah", records.unit_choices, "Wajib untuk peran perangkat daerah.")
    active = Tick("Aktif", "Akun yang tidak aktif tidak dapat masuk; sesinya langsung berakhir.", default=True)
    password = Password("Kata sandi", "Sedikitnya 12 karakter. Kosongkan bila tidak diubah.")


class UserView(SikerjaView):
    """People who sign in. Accounts are switched off, never deleted: what they did keeps their name."""

    screen = "user"
    listing = lists.USERS
    title = "Pengguna"
    noun = "pengguna"
    create_label = "Tambah pengguna"
    search_hint = "Cari nama atau surel"
    column_list = ("name", "email", "role", "unit", "active")
    quick_filters = ("role", "active")
    export_columns = exports.USERS
    form_class = UserForm
    form_sections = (Section("Pengguna", ("name", "email", ("role", "unit"), "active", "password")),)
    cells = {"role": lambda row: codes.ROLES[row["role"]]}
    details = (
        ("Surel", lambda user: user.email),
        ("Peran", lambda user: codes.ROLES[user.role]),
        ("Perangkat daerah", lambda user: records.names(Unit, [user.unit_id])[user.unit_id] if user.unit_id else None),
        ("Aktif", lambda user: "Ya" if user.active else "Tidak"),
        ("Dibuat", lambda user: formats.moment(user.created_at)),
    )

    def form_values(self, record: User) -> dict[str, Any]:
        names = ("name", "email", "role", "active")
        return {name: getattr(record, name) for name in names} | {"unit": record.unit_id}

    def create_model(self, form: UserForm) -> User:
        if not form.password.data:
            raise Refusal("Isi kata sandi untuk akun baru.", "password")
        user = accounts.create(
            db.session(), email=form.email.data, name=form.name.data, role=form.role.data, unit_id=self._unit_of(form),
            password=form.password.data,
        )  # fmt: skip
        user.active = form.active.data
        db.session.flush()
        return user

    def update_model(self, form: UserForm, model: User) -> User:
        self._keep_one_administrator(form, model)
        model.name, model.email = form.name.data, accounts.normal_email(form.email.data)
        model.role, model.unit_id, model.active = form.role.data, self._unit_of(form), form.active.data
        if form.password.data:
            accounts.set_password(db.session(), model, form.password.data)
        if not model.active:
            accounts.end_sessions(db.session(), model)
        db.session.flush()
        return model

    @staticmethod
    def _unit_of(form: UserForm) -> int | None:
        if form.role.data == "unit" and not form.unit.data:
            raise Refusal("Pilih perangkat daerah untuk akun perangkat daerah.", "unit")
        return form.unit.data or None

    @staticmethod
    def _keep_one_administrator(form: UserForm, user: User) -> None:
        leaves = user.role == "admin" and user.active and (form.role.data != "admin" or not form.active.data)
        if leaves and accounts.active_administrators(db.session()) < 2:
            raise Refusal("Ini administrator aktif yang terakhir. Tunjuk administrator lain dulu.", "role")
        if user.id == current_user.id and not form.active.data:
            raise Refusal("Anda tidak dapat menonaktifkan akun sendiri.", "active")
