"""Signing in and out; one's own account: password and sessions."""

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user

from extensions import db
from models import User
from sikerja import accounts, formats
from sikerja.accounts import Origin
from sikerja.refusals import Refusal
from views.forms import PasswordForm, SignInForm
from views.security import is_local_path
from views.tabs import start_address

blueprint = Blueprint("account", __name__)


@blueprint.route("/login", methods=("GET", "POST"))
def login() -> Any:
    """The sign-in page; after it one goes where one wanted to, or begins, or sends the form that was kept."""
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(url_for("dashboard.index_view"))
    form = SignInForm(request.form)
    if request.method == "GET":
        return _login_page(form)
    try:
        user = accounts.sign_in(db.session(), form.email.data or "", form.password.data or "", _origin())
    except accounts.TooManyFailures as refusal:
        return _login_page(form, "Terlalu banyak percobaan", str(refusal)), 429
    except accounts.SignInRefused as refusal:
        return _login_page(form, "Surel atau kata sandi tidak cocok", str(refusal)), 422
    _begin(user)
    return _go_on()


def _begin(user: User) -> None:
    """A fresh cookie: nothing of before the sign-in lives on, least of all the CSRF token."""
    session.clear()
    login_user(user)


def _go_on() -> Any:
    kept = _kept()
    resume = request.form.get("resume", "")
    if resume and is_local_path(resume):
        fields = [(name.removeprefix("kept."), value) for name, value in kept]
        return render_template(
            "sikerja/confirm.html",
            title="Lanjutkan menyimpan",
            question="Anda sudah masuk lagi. Isian Anda masih ada dan belum disimpan. Kirim sekarang?",
            items=[],
            button="Kirim isian",
            action_url=resume,
            fields=fields,
            cancel_url=url_for("dashboard.index_view"),
        )
    return redirect(request.form.get("next") or start_address() or url_for("dashboard.index_view"))


def _kept() -> list[tuple[str, str]]:
    return [(name, value) for name, value in request.form.items(multi=True) if name.startswith("kept.")]


def _login_page(form: SignInForm, title: str | None = None, text: str | None = None) -> str:
    resume = [("resume", request.form["resume"]), *_kept()] if request.form.get("resume") else None
    following = request.values.get("next")
    return render_template("sikerja/login.html", form=form, error_title=title, error_text=text, next=following, resume=resume)


def _origin() -> Origin:
    return Origin(request.remote_addr or "", request.user_agent.string)


@blueprint.post("/logout")
def logout() -> Any:
    """End this session on the server, so that a copied cookie is dead too."""
    if current_user.is_authenticated:
        accounts.end_session(db.session(), current_user, g.user_session.id)
        db.session.commit()
    logout_user()
    session.clear()
    flash("Anda sudah keluar.", "success")
    return redirect(url_for("account.login"))


@blueprint.get("/account/")
def overview() -> Any:
    """One's own account."""
    return _account_page(PasswordForm(formdata=None))


@blueprint.post("/account/password")
def change_password() -> Any:
    """Change one's own password; all other sessions end."""
    form = PasswordForm(request.form)
    if not form.validate():
        return _account_page(form), 422
    fields = (form.current_password.data, form.new_password.data, form.repeat_password.data)
    try:
        accounts.change_own_password(db.session(), current_user, *fields, keep=g.user_session.id)
    except Refusal as refusal:
        db.session.rollback()
        form.refuse(refusal.errors)
        return _account_page(form), 422
    db.session.commit()
    flash("Kata sandi diubah. Sesi di perangkat lain sudah diakhiri.", "success")
    return redirect(url_for("account.overview"))


@blueprint.post("/account/sessions/end")
def end_session() -> Any:
    """End one of one's own sessions, or all but this one."""
    asked = request.form.get("id", "")
    if asked == "others":
        accounts.end_sessions(db.session(), current_user, keep=g.user_session.id)
    elif asked.isascii() and asked.isdecimal() and len(asked) < 10:
        accounts.end_session(db.session(), current_user, int(asked))
    else:
        abort(400)
    db.session.commit()
    flash("Sesi diakhiri.", "success")
    return redirect(url_for("account.overview"))


def _account_page(form: PasswordForm) -> str:
    sessions = [
        {
            "id": each.id,
            "device": formats.device(each.device),
            "address": each.address,
            "since": formats.moment(each.started_at),
            "seen": formats.moment(each.seen_at),
            "current": each.id == g.user_session.id,
        }
        for each in accounts.sessions_of(db.session(), current_user)
    ]
    return render_template("sikerja/account.html", form=form, sessions=sessions)
