"""Saved views, for tests: what somebody keeps of a list, and the tabs that then stand over it."""

import re
from typing import Any

from flask import Flask
from sqlalchemy import select

from extensions import db
from models import SavedView
from tests.people import Person
from tests.rows import ask

LIST = "/admin/agreement/"
PROCESS = "flt0_validity_equals=process"
DETAILS = "/admin/view/details/?id="
TAB = re.compile(
    r'<li><a href="([^"]*)"( aria-current="page")?(?: data-count="(\d+)")?(?: data-count-capped="1")?>'
    r'<span>(.*?)</span> <span class="sk-count">(.*?)</span>'
)


def tabs(person: Person, url: str = LIST) -> list[tuple[str, str]]:
    """The tabs over a list: (name, count as it is read)."""
    return [(found[3], found[4]) for found in TAB.findall(person.get(url).text)]


def address_of(person: Person, name: str, url: str = LIST) -> str:
    """Where a tab leads."""
    found = {tab[3]: tab[0].replace("&amp;", "&") for tab in TAB.findall(person.get(url).text)}
    return found[name]


def active(person: Person, url: str) -> list[str]:
    """The names of the tabs that are marked as the one that is open."""
    return [found[3] for found in TAB.findall(person.get(url).text) if found[1]]


def keep(person: Person, name: str, query: str = PROCESS, screen: str = "agreement", **more: str) -> Any:
    """What the person sends with "Simpan"."""
    return person.post("/admin/view/new/", {"name": name, "screen": screen, "query": query, **more})


def view_id(app: Flask, name: str) -> int:
    """The id of the view of that name."""
    return int(ask(app, select(SavedView.id).where(SavedView.name == name))[0])


def kept(app: Flask) -> list[tuple[Any, ...]]:
    """Every view: (name, query, shared with)."""
    chosen = select(SavedView.name, SavedView.query, SavedView.shared_with).order_by(SavedView.id)
    with app.app_context(), db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(chosen)]
