"""The screen of stages, for tests: its addresses, and what its pages say."""

import re

from tests.pages import form_to, text_of

NEW, LIST, MOVE, ACTION = "/admin/stage/new/", "/admin/stage/", "/admin/stage/move/", "/admin/stage/action/"


def edit(key: int) -> str:
    """Where the form of a stage is."""
    return f"/admin/stage/edit/?id={key}"


def details(key: int) -> str:
    """Where the page of a stage is."""
    return f"/admin/stage/details/?id={key}"


def facts_of(page: str) -> dict[str, str]:
    """What the page of a stage says of it: label -> words."""
    return {text_of(label): text_of(shown) for label, shown in re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page, re.S)}


def fields_of(page: str) -> dict[str, str]:
    """What the form of the verbs holds."""
    return dict(form_to(page, MOVE).fields)
