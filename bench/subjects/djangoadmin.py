"""Django's admin with a real sign-in; `lean` leaves out what grows with the table and streams a CSV."""

import re
import secrets
from typing import Any
from urllib.parse import urlencode

import django
from django.conf import settings
from sqlalchemy import make_url

from bench.databases import DATA
from bench.operations import PAGE
from bench.probe import Probe
from bench.subjects import Cannot
from bench.wsgi import Application, ask, cookies

LIST = "/admin/djangosite/agreement/"
PARTNER_COLUMN, UNIT_COLUMN = 5, 6  # of the list, counted from 1


class DjangoAdmin:
    """A site with that one admin, by an account of Django's own."""

    key_pattern = r'class="field-register_no"><a[^>]*>([^<]+)'

    def __init__(self, url: str, probe: Probe, variant: str) -> None:
        self.probe, self.variant, self.statements = probe, variant, 0
        _configure(url, variant)
        from django.core.management import call_command
        from django.core.wsgi import get_wsgi_application
        from django.db import connections

        call_command("migrate", verbosity=0)
        self.application: Application = get_wsgi_application()
        self.password = secrets.token_urlsafe(16)
        self.email = self._make_account()
        self.cookie = self._sign_in()
        for connection in connections.all():
            connection.execute_wrappers.append(self._note)

    def _make_account(self) -> str:
        from django.contrib.auth.models import User

        name = f"bench-{secrets.token_hex(6)}"
        User.objects.create_superuser(name, f"{name}@sikerja.test", self.password)
        return name

    def _note(self, execute: Any, *told: Any) -> Any:
        self.statements += 1
        return execute(*told)

    def _sign_in(self) -> str:
        page = ask(self.application, "/admin/login/")
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page.body)
        assert token is not None, f"no sign-in page: {page.status}"
        form = {"username": self.email, "password": self.password, "csrfmiddlewaretoken": token[1].decode(), "next": LIST}
        answer = ask(self.application, "/admin/login/", cookie=cookies(page), form=form)
        assert answer.status == 302, f"sign-in was answered {answer.status}"
        return cookies(answer, cookies(page))

    def address(self, operation: str) -> str | Cannot:
        """The path of an operation."""
        probe = self.probe
        span = {"signed_on__gte": probe.first_day, "signed_on__lt": f"{probe.first_day.year + 1}-01-01"}
        filters = {"group__exact": probe.group, "instrument__exact": probe.instrument, **span}
        cannot = {
            "validity": "validity is computed: a filter over it must be written by hand",
            "two_letters": "finds the letters inside of words too: other rows",
            "our_number": "the number lies in another table, several to a row: not among its search fields",
            "xlsx": "no export without an add-on",
            "xlsx_filtered": "no export without an add-on",
        }
        if self.variant != "lean":
            cannot |= {"csv": "no export without an add-on", "csv_filtered": "no export without an add-on"}
        if operation in cannot:
            return Cannot(cannot[operation])
        if operation == "details":
            return f"{LIST}{probe.key}/change/"
        if operation in ("csv", "csv_filtered"):
            return f"{LIST}csv/?{urlencode(filters if operation == 'csv_filtered' else {})}"
        last = probe.total // PAGE
        asked: dict[str, dict[str, Any]] = {
            "first": {},
            "middle": {"p": last // 2 + 1},
            "deep": {"p": last * 9 // 10 + 1},
            "three_filters": filters,
            "by_partner": {"o": PARTNER_COLUMN},
            "by_unit": {"o": UNIT_COLUMN},
        }
        return f"{LIST}?{urlencode(asked[operation] if operation in asked else {'q': getattr(probe, operation)})}"


def _configure(url: str, variant: str) -> None:
    DATA.mkdir(exist_ok=True, parents=True)
    own = {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA / f"django-{variant}.db"}
    settings.configure(
        DEBUG=False,
        SECRET_KEY=secrets.token_urlsafe(32),
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="bench.djangosite.urls",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DATABASES={"default": own, "register": _database(url)},
        DATABASE_ROUTERS=["bench.djangosite.models.Register"],
        INSTALLED_APPS=[
            "django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
            "django.contrib.messages", "django.contrib.staticfiles", "bench.djangosite",
        ],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware", "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        TEMPLATES=[{
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {"context_processors": [
                "django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]},
        }],
        STATIC_URL="static/",
        USE_TZ=True,
        BENCH_VARIANT=variant,
    )  # fmt: skip
    django.setup()


def _database(url: str) -> dict[str, Any]:
    made = make_url(url)
    if made.get_backend_name() == "sqlite":
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": made.database}
    host = made.query.get("host", made.host)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": made.database,
        "USER": made.username or "",
        "PASSWORD": made.password or "",
        "HOST": host or "",
        "PORT": str(made.port or ""),
        "CONN_MAX_AGE": None,
    }


def make(url: str, probe: Probe, variant: str) -> DjangoAdmin:
    """Django's admin over that register, `stock` or `lean`."""
    return DjangoAdmin(url, probe, variant)
