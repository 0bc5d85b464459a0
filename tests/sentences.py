"""Sentences of the pages, for tests: what stands in the way, what a history tells, what several verbs say alike."""

import re
from html import unescape
from typing import Any

from tests.people import Person

CLERK = "Staf Kerja Sama Contoh"
NOT_DATED = "Tanggal tidak dikenali. Tulis seperti 24/11/2026 atau 24 November 2026."
CHOICE_GONE = "Pilihan ini sudah tidak ada. Muat ulang halaman, lalu pilih lagi."
BINNED = "Naskah ini ada di keranjang. Kembalikan dulu dari halaman ini."
CHANGED = "Data ini baru saja diubah orang lain. Isian Anda belum disimpan dan tidak hilang."


def obstacles_of(page: str) -> list[str]:
    """What a page says is in the way."""
    return [unescape(each) for each in re.findall(r'<li class="obstacle">(.*?)</li>', page)]


def obstacles(answer: Any) -> list[str]:
    """What an answer says is in the way."""
    return obstacles_of(answer.text)


def told(person: Person, screen: str, key: int) -> list[str]:
    """The sentences of a record's history, from top to bottom."""
    page = person.get(f"/admin/{screen}/history/?id={key}")
    assert page.status_code == 200, page.text
    listed = re.search(r'<ol class="sk-history">(.*?)</ol>', page.text, re.S)
    return [unescape(each) for each in re.findall(r"<p>(.*?)</p>", listed[1])] if listed else []
