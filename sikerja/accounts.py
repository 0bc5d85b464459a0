"""Accounts: passwords, signing in and out, sessions on the server, the throttle on failures."""

import hashlib
import secrets
import threading
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, contains_eager

from config import ROOT
from extensions import db
from models import SignInFailure, User, UserSession
from rules.text import clean, fold, has_invisible
from sikerja import audit, clock
from sikerja.refusals import Refusal

MINIMUM_PASSWORD = 12
MAXIMUM_PASSWORD = 256
FAILURES_AN_ACCOUNT = 10
FAILURES_AN_ADDRESS = 100
WINDOW = timedelta(minutes=15)
SEEN_EVERY = timedelta(minutes=1)

# Each hash in the making takes 64 MiB: no more than two at once.
_hashing = threading.BoundedSemaphore(2)


class SignInRefused(Refusal):
    """Wrong address or password, or an account that is switched off: the same words for all."""


class TooManyFailures(Refusal):
    """The throttle: this account or this address has failed too often."""


# --- passwords ---------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4)
def _hasher(memory: int) -> PasswordHasher:
    return PasswordHasher(time_cost=3, memory_cost=memory, parallelism=1)


def _the_hasher() -> PasswordHasher:
    return _hasher(current_app.config["ARGON2_MEMORY"])


@lru_cache(maxsize=4)
def _hash_of_nobody(memory: int) -> str:
    """What an unknown address is compared with, so that it takes as long as a known one."""
    return _hasher(memory).hash(secrets.token_urlsafe())


@lru_cache(maxsize=1)
def _common_passwords() -> frozenset[str]:
    return frozenset((ROOT / "data" / "common-passwords.txt").read_text(encoding="utf-8").split("\n"))


def hash_password(password: str) -> str:
    """The argon2id hash of a password."""
    with _hashing:
        return _the_hasher().hash(password)


def check_password_rules(password: str, email: str = "", field: str = "password") -> None:
    """Raises Refusal where the password is too short, too long, or one that many use. No composition rules (ASVS 6.2.5)."""
    if len(password) < MINIMUM_PASSWORD:
        raise Refusal(f"Kata sandi terlalu pendek. Pakai sedikitnya {MINIMUM_PASSWORD} karakter.", field)
    if len(password) > MAXIMUM_PASSWORD:
        raise Refusal(f"Kata sandi terlalu panjang. Pakai paling banyak {MAXIMUM_PASSWORD} karakter.", field)
    plain = fold(password)
    if plain in _common_passwords() or len(set(plain)) < 4 or plain in (email, email.partition("@")[0]):
        raise Refusal("Kata sandi ini terlalu mudah ditebak. Pakai beberapa kata yang tidak berhubungan.", field)


def _matches(password_hash: str, password: str) -> bool:
    with _hashing:
        try:
            return _the_hasher().verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False


# --- accounts ----------------------------------------------------------------------------------------------------


def normal_email(text: str) -> str:
    """An address as it is kept and compared: one width, lower case, no blanks around."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def create(session: Session, *, email: str, name: str, role: str, unit_id: int | None, password: str) -> User:
    """A new account. Raises Refusal."""
    email = normal_email(email)
    check_password_rules(password, email)
    user = User(email=email, name=name, role=role, unit_id=unit_id, password_hash=hash_password(password))
    session.add(user)
    return user


def create_checked(session: Session, **fields: Any) -> User:
    """The same from where no form has looked at the fields before: checks them too. Raises Refusal."""
    fields["name"] = clean(fields["name"])
    if not fields["name"] or "@" not in fields["email"].strip("@ "):
        raise Refusal("Isi nama dan alamat surel yang lengkap.")
    if session.scalar(select(User.id).where(User.email == normal_email(fields["email"]))):
        raise Refusal("Surel ini sudah dipakai akun lain.", "email")
    return create(session, **fields)


def set_password(session: Session, user: User, password: str, field: str = "password", keep: int | None = None) -> None:
    """Give an account a new password and end its sessions, but for the one to keep. Raises Refusal."""
    check_password_rules(password, user.email, field)
    user.password_hash = hash_password(password)
    end_sessions(session, user, keep=keep)


def change_own_password(session: Session, user: User, current: str, new: str, repeat: str, keep: int) -> None:
    """A person's change of their own password. Raises Refusal."""
    if not _matches(user.password_hash, current[:MAXIMUM_PASSWORD]):
        raise Refusal("Kata sandi sekarang tidak cocok. Periksa, lalu coba lagi.", "current_password")
    if new != repeat:
        raise Refusal("Kedua isian kata sandi baru tidak sama. Ketik ulang.", "repeat_password")
    set_password(session, user, new, field="new_password", keep=keep)


# --- signing in --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Origin:
    """Where a sign-in comes from."""

    address: str
    device: str


def sign_in(session: Session, email: str, password: str, origin: Origin) -> User:
    """The user with a new session, its token in `session_token`. Raises SignInRefused or TooManyFailures.

    A failure is written down before the password is looked at and taken back when it fits: so tries that run at once
    can't slip past the limit. No transaction is open while the hash is computed, for on SQLite it would keep all others
    from writing.
    """
    email = normal_email(email)[:254]
    failure_id = _reserve(session, _digest(email), origin.address[:64])
    chosen = select(User.id, User.name, User.role, User.password_hash, User.active).where(User.email == email)
    known = None if has_invisible(email) else session.execute(chosen).first()
    session.commit()
    password_hash = known.password_hash if known else _hash_of_nobody(current_app.config["ARGON2_MEMORY"])
    fits = _matches(password_hash, password[: MAXIMUM_PASSWORD + 1])
    if known is None or not fits or not known.active:
        audit.note(session, "sign_in_failed", known, detail=_why_refused(known, fits))
        session.commit()
        raise SignInRefused("Periksa keduanya, lalu coba lagi.")
    session.execute(delete(SignInFailure).where(SignInFailure.id == failure_id))
    token = _begin_session(session, known.id, origin)
    audit.note(session, "sign_in", known, by=audit.actor(known))
    session.commit()
    user = session.get_one(User, known.id)
    user.session_token = token
    return user


def _why_refused(known: Any, fits: bool) -> str:
    """For the trail alone. What was typed is not kept: it may be a password in the wrong field."""
    if known is None:
        return "surel tidak dikenal"
    return "akun tidak aktif" if fits else "kata sandi tidak cocok"


def _reserve(session: Session, account: str, address: str) -> int:
    """Write a failure down and return its id. Raises TooManyFailures; a refused try doesn't lengthen the wait."""
    now = clock.now()
    session.execute(delete(SignInFailure).where(SignInFailure.at < now - WINDOW))
    failure = SignInFailure(at=now, account=account, address=address)
    session.add(failure)
    session.flush()
    failure_id = failure.id
    session.commit()  # tries that run at once must see each other
    limits = (
        (SignInFailure.account == account, FAILURES_AN_ACCOUNT),
        (SignInFailure.address == address, FAILURES_AN_ADDRESS),
    )
    for condition, limit in limits:
        others = select(SignInFailure.at).where(condition, SignInFailure.id != failure_id)
        times = list(session.scalars(others.order_by(SignInFailure.at.desc()).limit(limit)))
        if len(times) == limit:
            session.execute(delete(SignInFailure).where(SignInFailure.id == failure_id))
            session.commit()
            minutes = max(1, -(-(times[-1] + WINDOW - now) // timedelta(minutes=1)))
            raise TooManyFailures(f"Terlalu banyak percobaan. Coba lagi dalam {minutes} menit.")
    return failure_id


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


# --- sessions ----------------------------------------------------------------------------------------------------


def _begin_session(session: Session, user_id: int, origin: Origin) -> str:
    """A new session of that person; returns the token for the cookie. Sessions past their longest life are cleared away."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    longest = current_app.config["SESSION_LIFE"]
    session.execute(delete(UserSession).where(UserSession.user_id == user_id, UserSession.started_at < now - longest))
    session.add(
        UserSession(
            token_hash=_digest(token),
            user_id=user_id,
            started_at=now,
            seen_at=now,
            address=origin.address[:64],
            device=origin.device[:200],
        )
    )
    return token


def user_of_token(session: Session, token: str) -> tuple[User, UserSession] | None:
    """Whose living session a cookie's token names: not ended, not idle too long, not too old, the account active."""
    row = _living_session(session, token)
    if row is not None and row.seen_at < clock.now() - SEEN_EVERY:
        session_id = row.id
        session.rollback()  # a request that writes holds SQLite's lock already, and would wait for itself
        _note_seen(session_id)
        row = _living_session(session, token)
    if row is None:
        return None
    row.user.session_token = token
    return row.user, row


def _living_session(session: Session, token: str) -> UserSession | None:
    now = clock.now()
    return session.scalar(
        select(UserSession)
        .join(UserSession.user)
        .options(contains_eager(UserSession.user))
        .where(
            UserSession.token_hash == _digest(token),
            UserSession.seen_at > now - current_app.config["SESSION_IDLE"],
            UserSession.started_at > now - current_app.config["SESSION_LIFE"],
            User.active,
        )
    )


def _note_seen(session_id: int) -> None:
    """Keep the session from idling out; over a connection of its own, since the request may only read."""
    with db.engine.connect().execution_options(sikerja_writer=True) as connection, connection.begin():
        connection.execute(update(UserSession).where(UserSession.id == session_id).values(seen_at=clock.now()))


def sessions_of(session: Session, user: User) -> list[UserSession]:
    """The living sessions of a person, the newest first."""
    now = clock.now()
    living = select(UserSession).where(
        UserSession.user_id == user.id,
        UserSession.seen_at > now - current_app.config["SESSION_IDLE"],
        UserSession.started_at > now - current_app.config["SESSION_LIFE"],
    )
    return list(session.scalars(living.order_by(UserSession.started_at.desc())))


def end_session(session: Session, user: User, session_id: int) -> None:
    """End one session of this person; another person's is left alone."""
    mine = delete(UserSession).where(UserSession.id == session_id, UserSession.user_id == user.id)
    if session.scalars(mine.returning(UserSession.id)).all():
        audit.note(session, "sign_out", user)


def end_sessions(session: Session, user: User, keep: int | None = None) -> None:
    """End all sessions of a person, but for the one to keep."""
    others = delete(UserSession).where(UserSession.user_id == user.id, UserSession.id != (keep or 0))
    ended = session.scalars(others.returning(UserSession.id)).all()
    if ended:
        audit.note(session, "sign_out", user, detail=f"{len(ended)} sesi diakhiri")


def active_administrators(session: Session) -> int:
    """How many administrators can still sign in."""
    return session.scalar(select(func.count(User.id)).where(User.role == "admin", User.active)) or 0
