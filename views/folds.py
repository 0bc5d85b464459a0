"""Verbs on a details page: each a small form in a fold, told again open above all where it was refused."""

from dataclasses import dataclass, field
from typing import Any

from views.fields import Form


@dataclass(frozen=True)
class Words:
    """What a fold is called: on the page, on its button (the same where empty), and over the obstacles where it is refused."""

    label: str
    icon: str
    refused: str
    button: str = ""
    risk: bool = False


@dataclass(frozen=True)
class Fold:
    """A verb with its form on the page; `obstacles` are told above it where it was refused."""

    verb: str
    url: str  # where the form is sent to
    form: Form
    fields: list[tuple[str, Any]]
    words: Words
    obstacles: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # what is good to know before
