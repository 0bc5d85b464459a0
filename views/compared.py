"""What two savers' forms are compared by, field by field: it knows neither the screen nor the database.

A form keeps, in its hidden field `seen`, a short digest of what each field showed when it was opened. It only tells which
of two values is chosen beforehand; nothing else rests on it, for it comes back from the browser.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from rules.text import strip_invisible

SAVED, MINE = "saved", "mine"
_SEEN = re.compile(r"([a-z_]{1,60}):([0-9a-f]{8})", re.ASCII)

Pairs = list[tuple[str, str]]


class Compared:
    """A field of which two values can be laid side by side: what each would send, and what a person reads."""

    secret = False  # never shown, and never sent along but by the hand that typed it
    name: str
    data: Any

    def plain(self) -> str:
        """The value as text that the field reads back: the same for the same value, however it was typed."""
        return str(self.data or "")

    def pairs(self) -> Pairs:
        """What the field would send."""
        return [(self.name, self.plain())]

    def sent_names(self) -> tuple[str, ...]:
        """The names under which it sends."""
        return (self.name,)

    def shown(self) -> str:
        """The value as a person reads it; "" where there is none."""
        return strip_invisible(self.plain())


@dataclass(frozen=True)
class Difference:
    """A field that holds one value in the register and another in what a person sent."""

    name: str
    label: str
    saved: str
    mine: str
    take: str  # SAVED or MINE: which of the two is chosen beforehand


def open_fields(form: Iterable[Any]) -> Iterator[Any]:
    """The fields that can be compared; a password is not."""
    return (field for field in form if isinstance(field, Compared) and not field.secret)


def digests(form: Iterable[Any]) -> str:
    """What each field of a form shows, as `seen` carries it: "title:1f3a90bc,scope:…"."""
    return ",".join(f"{field.name}:{_digest(field)}" for field in open_fields(form))


def _digest(field: Compared) -> str:
    return hashlib.sha256(repr(field.pairs()).encode()).hexdigest()[:8]


def differences(saved: Any, mine: Iterable[Any], sent: MultiDict[str, str]) -> list[Difference]:
    """The fields in which two forms differ, in the order of `mine`.

    What the person has chosen on this page already stays chosen. Else their own value is, where they touched the field
    since they opened the form, or where that can't be told.
    """
    seen = dict(_SEEN.findall(sent.get("seen", "")))
    found = []
    for field in open_fields(mine):
        there = saved[field.name]
        if field.pairs() == there.pairs():
            continue
        untouched = seen.get(field.name) == _digest(field)
        take = sent.get(f"take_{field.name}", "")
        take = take if take in (SAVED, MINE) else (SAVED if untouched else MINE)
        found.append(Difference(field.name, str(field.label.text), there.shown(), field.shown(), take))
    return found


def with_choices(sent: MultiDict[str, str], saved: Iterable[Any]) -> MultiDict[str, str]:
    """What was sent, with the register's own value in each field where the person chose that one."""
    chosen: MultiDict[str, str] = MultiDict(sent)
    for field in open_fields(saved):
        if sent.get(f"take_{field.name}") == SAVED:
            for name in field.sent_names():
                chosen.poplist(name)
            for name, value in field.pairs():
                chosen.add(name, value)
    return chosen


def carried(sent: MultiDict[str, str], form: Iterable[Any]) -> Pairs:
    """All that was typed into a form, under its own names, as it was typed; but no password."""
    names = {name for field in open_fields(form) for name in field.sent_names()}
    return [(name, value) for name, value in sent.items(multi=True) if name in names]
