"""What stands before and after every request: who may in, which headers go out, how an error is told."""

import re
import secrets
from typing import Any

from flask import Flask, Response, abort, current_app, g, jsonify, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, SecurityError

from extensions import READING, db, login
from rules import access
from sikerja import accounts, audit
from sikerja.audit import request_id
from sikerja.filters import UnknownFilter
from sikerja.refusals import NO_ROOM, TOO_LONG, Refusal, is_lack_of_room, is_out_of_time
from views.forms import SignInForm

LEFT_BEHIND = "left_behind"  # names the file fields of a form that was kept without its files
_LOCAL_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x1f\x7f]{0,4000}")

WORDS = {
    400: ("Permintaan tidak dapat dibaca", "Periksa alamat atau isiannya, lalu coba lagi."),
    401: ("Sesi berakhir", "Masuk lagi untuk melanjutkan."),
    403: ("Anda tidak berwenang", "Anda tidak berwenang membuka halaman ini. Hubungi administrator bila seharusnya dapat."),
    404: ("Halaman tidak ditemukan", "Alamatnya mungkin salah ketik, atau datanya sudah tidak ada."),
    405: ("Cara membuka halaman ini keliru", "Kembali ke halaman sebelumnya, lalu pakai tombol yang tersedia."),
    409: ("Data baru saja diubah orang lain", "Muat ulang halaman untuk melihat keadaan terbaru."),
    413: ("Kiriman terlalu besar", "Kurangi isiannya, lalu kirim lagi."),
    416: ("Bagian berkas ini tidak ada", "Unduh berkasnya dari awal."),
    422: ("Belum dapat dilakukan", "Periksa kembali, lalu coba lagi."),
    429: ("Terlalu banyak permintaan", "Tunggu sebentar, lalu coba lagi."),
    500: ("Terjadi gangguan pada sistem", "Isian belum disimpan. Coba lagi; bila berulang, sebutkan kode di bawah."),
    503: ("Sistem sedang dipelihara", "Coba lagi beberapa menit lagi."),
    507: ("Penyimpanan penuh", NO_ROOM),
}  # fmt: skip


def init_app(app: Flask) -> None:
    """Tie the guard, the headers and the error pages to the application."""
    app.before_request(_guard)
    app.after_request(_add_headers)
    app.register_error_handler(HTTPException, _tell_http_error)
    app.register_error_handler(Refusal, _tell_refusal)
    app.register_error_handler(CSRFError, _tell_csrf_error)
    app.register_error_handler(Exception, _tell_failure)
    login.user_loader(_user_of_cookie)
    login.session_protection = None  # the server's session table decides, not a fingerprint of the browser


def nonce() -> str:
    """The nonce that this response's scripts carry."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return g.nonce


def is_local_path(url: str) -> bool:
    """True for a path on this server, so that a redirect can't leave it."""
    return bool(_LOCAL_PATH.fullmatch(url))


def _guard() -> Any:
    """Deny by default: an endpoint that is not in the table of rules/access.py doesn't exist."""
    if request.routing_exception is not None:
        return None  # an unknown address or method is told as such
    permission = access.permission_of(request.endpoint)
    if permission is None:
        abort(404)
    for name in ("url", "next"):
        if any(url and not is_local_path(url) for url in request.values.getlist(name)):
            abort(400, "Alamat tujuan tidak dikenal. Buka dari menu.")
    if permission == access.PUBLIC:
        return None
    if not current_user.is_authenticated:
        return _ask_to_sign_in()
    if permission != access.SIGNED_IN and not current_user.may(permission):
        abort(403)
    return None


def _ask_to_sign_in() -> Any:
    """A page sends to the sign-in; a form that was sent after the session ended is kept, to be sent again afterwards."""
    if request.method in READING:
        here = request.full_path.rstrip("?")
        return redirect(url_for("account.login", next=here if is_local_path(here) else None))
    abort(401)


def _user_of_cookie(token: str) -> Any:
    if g.get("without_user"):
        return None
    found = accounts.user_of_token(db.session(), token)
    if found is None:
        return None
    user, g.user_session = found
    audit.acts(user)
    return user


def _add_headers(response: Response) -> Response:
    policy = (
        f"default-src 'none'; script-src 'nonce-{nonce()}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    headers = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Request-ID": request_id(),
    }
    if request.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    for name, value in headers.items():
        response.headers[name] = value
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response


# --- errors ------------------------------------------------------------------------------------------------------


def wants_json() -> bool:
    """True where the asker is a script of ours, which shows what it is told by itself."""
    return request.accept_mimetypes.best == "application/json"


def error_page(code: int, text: str = "", links: list[tuple[str, str]] | None = None, title: str = "") -> tuple[Any, int]:
    """The page that tells an error in words, with a way on; for a script the words alone."""
    usual, general = WORDS.get(code, WORDS[400 if code < 500 else 500])
    if wants_json():
        return jsonify(ok=False, errors={"": text or general}), code
    home = ("Ke beranda", url_for("dashboard.index_view")) if signed_in() else ("Ke halaman masuk", url_for("account.login"))
    page = render_template(
        "sikerja/error.html",
        code=code,
        title=title or usual,
        text=text or general,
        links=links or [home],
        request_id=request_id(),
    )
    return page, code


def signed_in() -> bool:
    """True where someone is signed in and may be asked who it is (not while an error is being told)."""
    return not g.get("without_user") and current_user.is_authenticated


def _tell_http_error(error: HTTPException) -> Any:
    code = error.code or 500
    if isinstance(error, SecurityError):
        # No address of ours can be built for a name that isn't ours: not even the stylesheet's.
        return Response("Nama server ini tidak dikenal. Buka Sikerja lewat alamat resminya.\n", code, mimetype="text/plain")
    if code < 400:
        return error
    if code == 401 and request.method not in READING:
        return _keep_form_for_sign_in()
    ours = type(error).description != error.description
    general = g.get("too_large", "") if code == 413 else ""
    return error_page(code, (error.description or "") if ours else general)


def _keep_form_for_sign_in() -> Any:
    """The sign-in page with what was typed, to be sent on after signing in. CSRF was checked before: it was our form."""
    sent = [(name, value) for name, value in request.form.items(multi=True) if not _is_secret(name)]
    sent += [(LEFT_BEHIND, name) for name, file in request.files.items(multi=True) if file.filename]
    resume = [("resume", request.full_path.rstrip("?"))] + [(f"kept.{name}", value) for name, value in sent]
    page = render_template(
        "sikerja/login.html",
        form=SignInForm(formdata=None),
        error_title=None,
        error_text=None,
        next=None,
        resume=resume,
    )
    return page, 401


def _is_secret(name: str) -> bool:
    return name == "csrf_token" or "password" in name


def _tell_csrf_error(error: CSRFError) -> Any:
    return error_page(400, "Halaman ini sudah terlalu lama terbuka. Muat ulang halaman, lalu kirim lagi.")


def _tell_refusal(error: Refusal) -> Any:
    db.session.rollback()
    code = 400 if isinstance(error, UnknownFilter) else 422
    links = [("Tampilkan daftar tanpa saringan", request.path)] if code == 400 else None
    return error_page(code, str(error), links)


def _tell_failure(error: Exception) -> Any:
    """A fault of ours, or a full disk: logged with its code, told without any of its inside."""
    current_app.logger.error("request failed", exc_info=error)
    try:
        db.session.rollback()
    except SQLAlchemyError:
        db.session.remove()
    g.without_user = True
    g.pop("_login_user", None)
    if is_out_of_time(error):
        return error_page(503, TOO_LONG, title="Permintaan terlalu lama")
    return error_page(507 if is_lack_of_room(error) else 500)
