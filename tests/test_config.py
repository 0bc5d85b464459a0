"""Settings: every one is written down, and production refuses to start half-configured."""

import re
from pathlib import Path

import pytest

from config import ROOT, ConfigError, settings

STRONG = "k3y-of-forty-random-looking-characters-Zq9"


def test_every_setting_stands_in_the_example_and_no_other() -> None:
    written = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    sources = [ROOT / "config.py", ROOT / "gunicorn.conf.py", *(ROOT / "tests").glob("*.py")]
    pattern = r'environ(?:\.get\(|\[)\s*"([A-Z_]+)"|_(?:whole|yes)\(environ, "([A-Z_]+)"'
    read = {name for path in sources for pair in re.findall(pattern, path.read_text()) for name in pair if name}

    assert written == read - {"XDG_RUNTIME_DIR"} | {"SIKERJA_TEST_BROWSER"}


def test_the_default_is_a_desk(tmp_path: Path) -> None:
    made = settings({"SIKERJA_DATA": str(tmp_path)})

    assert made["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{tmp_path}/sikerja.db"
    assert made["TRUSTED_HOSTS"] == ["127.0.0.1", "localhost"]
    assert settings({"SIKERJA_DATA": str(tmp_path)})["SECRET_KEY"] == made["SECRET_KEY"]


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_spoken_to_by_one_driver(tmp_path: Path, scheme: str) -> None:
    made = settings({"SIKERJA_DATA": str(tmp_path), "DATABASE_URL": f"{scheme}://u:p@127.0.0.1/sikerja"})

    assert made["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://u:p@127.0.0.1/sikerja"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"SIKERJA_ENV": "prod"}, "SIKERJA_ENV"),
        ({"SIKERJA_ENV": "production"}, "SECRET_KEY"),
        ({"SIKERJA_ENV": "production", "SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SIKERJA_ENV": "production", "SECRET_KEY": "a" * 64}, "SECRET_KEY"),
        ({"SIKERJA_TODAY": "24/11/2026"}, "SIKERJA_TODAY"),
        ({"SESSION_IDLE_MINUTES": "0"}, "SESSION_IDLE_MINUTES"),
        ({"SESSION_HOURS": "soon"}, "SESSION_HOURS"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_name(tmp_path: Path, given: dict[str, str], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        settings(given | {"SIKERJA_DATA": str(tmp_path)})


def test_production_ignores_a_set_day_and_keeps_cookies_to_tls(tmp_path: Path) -> None:
    given = {"SIKERJA_ENV": "production", "SECRET_KEY": STRONG, "SIKERJA_TODAY": "2020-01-01", "SIKERJA_DATA": str(tmp_path)}

    made = settings(given)

    assert (made["SIKERJA_TODAY"], made["SESSION_COOKIE_SECURE"], made["SECRET_KEY"]) == (None, True, STRONG)


@pytest.mark.parametrize(("kind", "secure"), [("production", True), ("development", False), ("testing", False)])
def test_production_sends_the_cookie_over_https_only(tmp_path: Path, kind: str, secure: bool) -> None:
    found = settings({"SIKERJA_ENV": kind, "SIKERJA_DATA": str(tmp_path), "SECRET_KEY": STRONG})

    assert found["SESSION_COOKIE_SECURE"] is secure
    assert found["SESSION_COOKIE_HTTPONLY"] is True
    assert found["SESSION_COOKIE_SAMESITE"] in ("Lax", "Strict")
    assert found["TESTING"] is (kind == "testing")


@pytest.mark.parametrize("key", [None, "", "dev", "x" * 64, "abcabcabc" * 8, STRONG[:31]])
def test_production_refuses_a_weak_secret(tmp_path: Path, key: str | None) -> None:
    environ = {"SIKERJA_ENV": "production", "SIKERJA_DATA": str(tmp_path)} | ({} if key is None else {"SECRET_KEY": key})
    with pytest.raises(ConfigError, match="SECRET_KEY"):
        settings(environ)
    assert settings(environ | {"SECRET_KEY": STRONG})["SECRET_KEY"] == STRONG


def test_a_secret_made_for_development_is_kept_to_its_owner(tmp_path: Path) -> None:
    environ = {"SIKERJA_DATA": str(tmp_path)}
    key = settings(environ)["SECRET_KEY"]

    assert settings(environ)["SECRET_KEY"] == key
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
