"""Our Indonesian catalogues for what Flask-Admin and WTForms say themselves."""

from flask_admin import babel

from config import ROOT


def init() -> None:
    """WTForms ships no Indonesian and Flask-Admin looks for its words in WTForms' own folder: point it to ours."""
    babel.wtforms_domain._translation_directories = [str(ROOT / "translations")]
