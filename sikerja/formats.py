"""How dates, money, counts and states are written for people: one place for lists, pages and exports."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from markupsafe import Markup, escape

from rules import codes, dates
from rules.law_parts import Citation
from sikerja import clock

MONTHS = dates.MONTHS
SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")

DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")


def long_date(day: date | None) -> str:
    """24 November 2026"""
    return dates.words(day) if day else ""


def day_and_date(day: date) -> str:
    """Selasa, 24 November 2026"""
    return f"{DAYS[day.weekday()]}, {long_date(day)}"


def short_date(day: date | None) -> str:
    """24 Nov 2026"""
    return f"{day.day} {SHORT_MONTHS[day.month - 1]} {day.year}" if day else ""


def moment(at: datetime) -> str:
    """24 November 2026 pukul 09.12"""
    local = clock.local(at)
    return f"{long_date(local.date())} pukul {local:%H.%M}"


def short_moment(at: datetime) -> str:
    """24 Nov 2026 09.12"""
    local = clock.local(at)
    return f"{short_date(local.date())} {local:%H.%M}"


def this_moment() -> str:
    """24 November 2026 pukul 09.12: now, on the day that the register takes for today."""
    return f"{long_date(clock.today())} pukul {clock.local(clock.now()):%H.%M}"


def number(amount: int | Decimal) -> str:
    """1.250.000 and 1.250.000,50: a point between thousands, a comma before the decimals."""
    text = f"{amount:,.2f}" if amount != int(amount) else f"{int(amount):,}"
    return text.translate(str.maketrans(",.", ".,"))


def money(amount: Decimal | None) -> str:
    """Rp1.250.000"""
    return "" if amount is None else f"Rp{number(amount)}"


def plain_number(amount: Decimal | int | None) -> str:
    """A number for a file: 1250000 or 1250000.50, and nothing for None."""
    if amount is None:
        return ""
    return str(int(amount)) if amount == int(amount) else f"{amount:.2f}"


def file_size(size: int) -> str:
    """640 bita, 12 KB, 1,2 MB"""
    if size < 1024:
        return f"{size} bita"
    kilobytes = size / 1024
    return f"{kilobytes:.0f} KB" if kilobytes < 1000 else f"{kilobytes / 1024:.1f} MB".replace(".", ",")


def validity_word(validity: str, outcome: str | None) -> str:
    """The word for a computed validity; a closed agreement is told by its outcome."""
    return codes.OUTCOMES[outcome] if validity == "closed" and outcome else codes.VALIDITIES[validity]


def days_left(validity: str, ends_on: date | None, today: date) -> int | None:
    """Days until the end, below 0 after it; None where no end is being waited for."""
    counted = validity in ("upcoming", "active", "ending", "ended")
    return (ends_on - today).days if ends_on and counted else None


def days_since(since: date | None, today: date) -> int | None:
    """Days since then, None where it isn't known since when; nothing waits less than 0 days."""
    return max(0, (today - since).days) if since else None


@lru_cache(maxsize=5000)
def badge(validity: str, outcome: str | None, days: int | None, renewal: str, open_ended: bool) -> Markup:
    """The validity as colour, icon and word, with the days that are left where an end is being waited for."""
    if validity == "ending":
        when = "Hari ini" if days == 0 else f"{days} hari lagi"
        return Markup('<span class="b b-ending"><span class="vh">Segera berakhir: </span>{}</span>').format(when)
    if validity == "ended" and renewal == "undecided":
        return Markup('<span class="b b-decide">{}</span>').format("Perlu keputusan")
    if validity == "active" and open_ended:
        return Markup('<span class="b b-open">{}</span>').format("Tanpa batas waktu")
    if validity == "active" and days is not None:
        return Markup('<span class="b b-active">{} <i>{} hari</i></span>').format(codes.VALIDITIES[validity], number(days))
    return Markup('<span class="b b-{}">{}</span>').format(validity, validity_word(validity, outcome))


# Names of stages, for the dense lists.
_SHORT_NAMES = (("perjanjian kerja sama", "PKS"), ("kesepakatan bersama", "KB"), ("nota kesepakatan", "NK"))


@lru_cache(maxsize=1000)
def short_stage(name: str | None) -> str:
    """Penyusunan PKS, for Penyusunan perjanjian kerja sama."""
    short = name or ""
    for long, letters in _SHORT_NAMES:
        short = re.sub(long, letters, short, flags=re.IGNORECASE)
    return short


@lru_cache(maxsize=5000)
def stage_in_list(name: str, place: int | None, count: int | None, days: int, is_overdue: bool) -> Markup:
    """6/10 Penyusunan PKS 14 hari; in red once its limit has passed. `place` is None where the stage has none."""
    before = Markup('<span class="sk-num">{}/{}</span> ').format(place, count) if place else Markup("")
    css = "sk-late" if is_overdue else "sk-since"
    since = Markup(' <span class="{}">{} hari</span>').format(css, days) if days > 0 else ""
    return before + short_stage(name) + since


def next_step(step: str, stage: str | None, holder: str | None) -> str:
    """What is to be done next: Mulai Penyusunan PKS, Tunggu DPRD. `step` is a code of NEXT_STEPS; "" where there is none."""
    words = {
        "start": f"Mulai {stage}",
        "skip": f"Lewati {stage}",
        "finish": f"Selesaikan {stage}",
        "await": f"Tunggu {codes.HOLDERS.get(holder or '', 'jawaban')}",
        "repair": f"Perbaiki {stage}",
        "choose_procedure": codes.NEXT_STEPS["choose_procedure"],
    }
    return words.get(step, "")


def overdue(due_on: date | None, is_overdue: bool, today: date) -> Markup | None:
    """How many days past its limit something is; None where it isn't."""
    if not is_overdue or due_on is None:
        return None
    return Markup('<span class="sk-late">{} hari</span>').format(number((today - due_on).days))


RENEWAL_BADGES = {"undecided": "decide", "preparing": "process", "with_partner": "upcoming", "renewed": "active"}


def renewal_badge(decision: str) -> Markup:
    """What was decided on a renewal, as colour, icon and word."""
    word = codes.RENEWAL_DECISIONS[decision]
    css = RENEWAL_BADGES.get(decision, "ended")
    return Markup('<span class="b b-{}"><span class="vh">Keputusan perpanjangan: </span>{}</span>').format(css, word)


def verdict_badge(verdict: str | None) -> Markup:
    """What the bureau thinks of a file, as colour, icon and word."""
    css = {"accepted": "active", "refused": "decide"}.get(verdict or "", "process")
    return Markup('<span class="b b-{}">{}</span>').format(css, codes.VERDICTS.get(verdict or "", "Belum diperiksa"))


BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def device(agent: str) -> str:
    """What a person calls the device that a browser's signature stands for: "Chrome di Windows"."""
    browser = next((name for sign, name in BROWSERS if sign in agent), "Peramban lain")
    system = next((f" di {name}" for sign, name in SYSTEMS if sign in agent), "")
    return browser + system


def lines(text: str) -> Markup:
    """Running text for a page, its line breaks kept."""
    return Markup("<br>").join(escape(line) for line in text.split("\n"))


def link(url: str, text: str) -> Markup:
    """A link; both parts escaped."""
    return Markup('<a href="{}">{}</a>').format(url, text)


def citation(cited: Citation, regulations: Mapping[str, int]) -> Markup:
    """What a rule rests on, with how far it was read; the article only where its text was read.

    `regulations` are those on record, code -> id (`sikerja.law.articles.regulations`): what is there is a link to its page.
    """
    key = regulations.get(cited.regulation_code or "")
    shown = link(f"/admin/regulation/details/?id={key}", cited.shown) if key else escape(cited.shown)
    small = Markup('<small class="sk-certainty">{}</small>').format(cited.label) if cited.label else Markup("")
    return Markup(" ").join(part for part in (shown, small) if part)


def citations(cited: Iterable[Citation], regulations: Mapping[str, int]) -> Markup:
    """Several of them, one a line."""
    return Markup("<br>").join(citation(each, regulations) for each in cited)
