"""The one room of files that knows the application: its store and its gallery, by its settings."""

from functools import lru_cache
from pathlib import Path

from flask import current_app

from sikerja.files.rendering import Gallery
from sikerja.files.store import Store, store_for


def the_store() -> Store:
    """Where the current application keeps what is attached. Raises ValueError on an address that can't be used."""
    return _store(current_app.config["ATTACHMENTS_URL"])


def the_gallery() -> Gallery:
    """Where the current application keeps pages that were drawn."""
    return _gallery(Path(current_app.config["SIKERJA_DATA"]) / "pages")


@lru_cache(maxsize=8)
def _store(url: str) -> Store:
    """Made once: a folder that vanishes later is a fault that shows, not one that is made anew without a word."""
    return store_for(url)


@lru_cache(maxsize=8)
def _gallery(folder: Path) -> Gallery:
    return Gallery(folder)
