"""Pages as a browser reads them: their elements, and their forms with what would be sent."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urlencode

Attributes = dict[str, str]
Pairs = list[tuple[str, str]]


@dataclass
class SentForm:
    """A form of a page: where it goes, how, and what it holds before anybody types."""

    action: str
    method: str
    fields: Pairs = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)  # what a select, a box or a round button may send

    def with_values(self, **changes: str) -> Pairs:
        """What is sent where some fields hold something else."""
        kept = [(name, value) for name, value in self.fields if name not in changes]
        return kept + list(changes.items())


class _Reader(HTMLParser):
    """Collects elements and forms; what stands in a `<template>` is no part of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, Attributes]] = []
        self.forms: list[SentForm] = []
        self._inside = self._in_template = False
        self._select: tuple[str, list[tuple[str, bool]]] | None = None
        self._area: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.elements.append((tag, found))
        if tag == "template":
            self._in_template = True
        if self._in_template:
            return
        if tag == "form":
            self._inside = True
            self.forms.append(SentForm(found.get("action", ""), found.get("method", "get")))
        elif self._inside and found.get("name"):
            self._field(tag, found)
        elif tag == "option" and self._select is not None:
            self._select[1].append((found.get("value", ""), "selected" in found))
            self.forms[-1].choices.setdefault(self._select[0], []).append(found.get("value", ""))

    def _field(self, tag: str, found: Attributes) -> None:
        if tag == "select":
            self._select = (found["name"], [])
        elif tag == "textarea":
            self._area = [found["name"], ""]
        elif tag == "input":
            ticked = found.get("type") in ("checkbox", "radio")
            if ticked:
                self.forms[-1].choices.setdefault(found["name"], []).append(found.get("value", "on"))
            if not ticked or "checked" in found:
                self.forms[-1].fields.append((found["name"], found.get("value", "on")))

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area[1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self._in_template = False
        elif tag == "form" and not self._in_template:
            self._inside = False
        elif tag == "select" and self._select is not None:
            name, options = self._select
            chosen = [value for value, selected in options if selected] or [value for value, _ in options[:1]]
            self.forms[-1].fields += [(name, value) for value in chosen]
            self._select = None
        elif tag == "textarea" and self._area is not None:
            # A line break right behind the tag is no part of the text.
            self.forms[-1].fields.append((self._area[0], self._area[1].removeprefix("\r\n").removeprefix("\n")))
            self._area = None


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    return reader


def elements(html: str) -> Iterator[tuple[str, Attributes]]:
    """Every element of a page with its attributes."""
    yield from _read(html).elements


def forms(html: str) -> list[SentForm]:
    """Every form of a page."""
    return _read(html).forms


def form_to(html: str, action: str) -> SentForm:
    """The form of a page that is sent to this address ("" is the page itself)."""
    found = [form for form in _read(html).forms if form.method == "post" and form.action.partition("?")[0] == action]
    assert found, f"no form to {action!r}"
    return found[0]


def encoded(pairs: Pairs) -> str:
    """Names and values as they travel, broken characters included."""
    return urlencode(pairs, errors="surrogatepass")


_NEVER_CLOSED = frozenset({"input", "br", "hr", "img", "link", "meta", "option", "use", "col"})


class _Texts(HTMLParser):
    """Collects what every element of a class says, its inner elements included; hidden fields and choices left out."""

    def __init__(self, css: frozenset[str]) -> None:
        super().__init__()
        self.css = css
        self.found: list[tuple[Attributes, str]] = []
        self._open: list[tuple[str, list[str] | None, Attributes]] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = {name: value or "" for name, value in attrs}
        self._silent += tag in ("form", "template")
        if tag not in _NEVER_CLOSED:
            self._open.append((tag, [] if self.css.intersection(about.get("class", "").split()) else None, about))

    def handle_data(self, data: str) -> None:
        if not self._silent:
            for _, words, _ in self._open:
                if words is not None:
                    words.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("form", "template")
        while self._open:
            opened, words, about = self._open.pop()
            if words is not None:
                self.found.append((about, " ".join(" ".join(words).split())))
            if opened == tag:
                break


def texts(html: str, *css: str) -> list[tuple[Attributes, str]]:
    """Every element of one of these classes: its attributes, and what it says in plain words, forms left out."""
    reader = _Texts(frozenset(css))
    reader.feed(html)
    return reader.found


def text_of(page: str) -> str:
    """The words of a page, tags left out, blanks squeezed."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def title_of(page: str) -> str:
    """The title that stands over a page."""
    found = re.search(r"<h1>(.*?)</h1>", page, re.S)
    assert found, "no title"
    return unescape(found[1])
