"""Settings from the environment. Production refuses to start half-configured."""

import os
import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent
ENVIRONMENTS = ("development", "testing", "production")
MINIMUM_SECRET = 32
MEGABYTE = 1024 * 1024


class ConfigError(Exception):
    """A setting is missing or makes no sense; the message says which and what to do."""


def settings(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """The Flask configuration for this environment. Raises ConfigError."""
    kind = environ.get("SIKERJA_ENV", "development")
    if kind not in ENVIRONMENTS:
        raise ConfigError(f"SIKERJA_ENV={kind!r}: pick one of {', '.join(ENVIRONMENTS)}")
    data = Path(environ.get("SIKERJA_DATA") or ROOT / "instance").resolve()
    data.mkdir(parents=True, exist_ok=True)
    url = _database_url(environ.get("DATABASE_URL") or f"sqlite:///{data / 'sikerja.db'}")
    return {
        "SIKERJA_ENV": kind,
        "SIKERJA_DATA": data,
        "SIKERJA_TODAY": _fixed_today(environ, kind),
        "TESTING": kind == "testing",
        "SECRET_KEY": _secret_key(environ, kind, data),
        "SQLALCHEMY_DATABASE_URI": url,
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(url),
        "TRUSTED_HOSTS": _names(environ.get("TRUSTED_HOSTS") or "127.0.0.1,localhost"),
        "TIMEZONE": environ.get("TIMEZONE") or "Asia/Makassar",
        "REGION_NAME": environ.get("REGION_NAME") or "Kota Samarinda",
        "SESSION_IDLE": timedelta(minutes=_whole(environ, "SESSION_IDLE_MINUTES", 60)),
        "SESSION_LIFE": timedelta(hours=_whole(environ, "SESSION_HOURS", 12)),
        "SESSION_COOKIE_NAME": "sikerja",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": kind == "production",
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session: a long form must not lose its token
        # The Referer check asks for the header itself over https; trusted hosts and SameSite already bind the origin.
        "WTF_CSRF_SSL_STRICT": False,
        "ATTACHMENTS_URL": environ.get("ATTACHMENTS_URL") or (data / "attachments").as_uri(),
        "MAX_UPLOAD": _whole(environ, "MAX_UPLOAD_MB", 25) * MEGABYTE,
        "REFUSE_ACTIVE_PDF": _yes(environ, "REFUSE_ACTIVE_PDF"),
        "MAX_CONTENT_LENGTH": 2 * MEGABYTE,  # an upload has a limit of its own
        "MAX_FORM_MEMORY_SIZE": MEGABYTE,
        "MAX_FORM_PARTS": 1000,
        "BABEL_DEFAULT_LOCALE": "id",
        "BABEL_DEFAULT_TIMEZONE": environ.get("TIMEZONE") or "Asia/Makassar",
        # Argon2 memory in KiB: 64 MiB a login; the tests use the least the library allows, or they would only hash.
        "ARGON2_MEMORY": 64 * 1024 if kind != "testing" else 64,
    }


def _database_url(url: str) -> str:
    """The URL with our PostgreSQL driver, where a host's setting names none."""
    scheme, glue, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if glue and scheme in ("postgres", "postgresql") else url


def _secret_key(environ: Mapping[str, str], kind: str, data: Path) -> str:
    key = environ.get("SECRET_KEY", "")
    if kind == "production":
        if len(key) < MINIMUM_SECRET or len(set(key)) < 10:
            raise ConfigError(
                f"SECRET_KEY: production needs a random one of {MINIMUM_SECRET} characters or more, e.g. from "
                "`python3 -c 'import secrets; print(secrets.token_urlsafe(48))'`"
            )
        return key
    return key or _kept_secret(data / "secret_key")


def _kept_secret(path: Path) -> str:
    """A development key that outlives a restart, made once; the exclusive open lets only one process make it."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text() or secrets.token_urlsafe(48)
    with os.fdopen(handle, "w") as file:
        key = secrets.token_urlsafe(48)
        file.write(key)
    return key


def _fixed_today(environ: Mapping[str, str], kind: str) -> date | None:
    text = environ.get("SIKERJA_TODAY")
    if not text or kind == "production":
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"SIKERJA_TODAY={text!r}: write it as YYYY-MM-DD") from None


def _engine_options(url: str) -> dict[str, Any]:
    # hide_parameters: an error text must never carry a row's values into a log or onto a page.
    options: dict[str, Any] = {"hide_parameters": True}
    if url.startswith("sqlite"):
        return options | {"connect_args": {"timeout": 30}}
    # Moments are kept in UTC without a zone on both engines, so the server must count in UTC too.
    return options | {
        "pool_pre_ping": True,
        "pool_size": 10,
        "max_overflow": 10,
        "connect_args": {"options": "-c timezone=utc"},
    }


def _whole(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name) or str(default)
    if not text.isdecimal() or not 0 < int(text) < 100_000:
        raise ConfigError(f"{name}={text!r}: write a whole number above 0")
    return int(text)


def _yes(environ: Mapping[str, str], name: str) -> bool:
    text = environ.get(name) or "1"
    if text not in ("0", "1"):
        raise ConfigError(f"{name}={text!r}: write 1 for yes, 0 for no")
    return text == "1"


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
