"""Who is measured. Each runs in a process of its own and is asked by `bench/worker.py`."""

from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

from bench.probe import Probe
from bench.wsgi import Application

# Name -> (module, variant of it). The limit comes first: the others are compared with it.
SUBJECTS = {
    "raw": ("raw", ""),
    "sikerja": ("ours", ""),
    "flask-admin": ("flaskadmin", "stock"),
    "flask-admin-eager": ("flaskadmin", "eager"),
    "django": ("djangoadmin", "stock"),
    "django-lean": ("djangoadmin", "lean"),
}
LIMIT, OURS, EAGER = "raw", "sikerja", "flask-admin-eager"
RIVALS = tuple(name for name in SUBJECTS if name not in (LIMIT, OURS))


@dataclass(frozen=True)
class Cannot:
    """What a subject has no way to do, and why."""

    why: str


class Subject(Protocol):
    """An application that is ready to be asked, signed in where it asks for that."""

    application: Application
    cookie: str
    statements: int  # sent to the register since the start
    key_pattern: str  # what holds the register number of a row on its list page, as its one group

    def address(self, operation: str) -> str | Cannot:
        """The path of an operation."""


def make(name: str, url: str, probe: Probe) -> Subject:
    """The subject of that name over the register at that URL."""
    module, variant = SUBJECTS[name]
    subject: Subject = import_module(f"bench.subjects.{module}").make(url, probe, variant)
    return subject
