"""What the siege (`tests/slow/test_siege.py`) has found, each by name."""

import pytest

from tests.people import Person
from tests.rows import rows
from tests.slow.shots import multipart

# Where files are sent to with much else: a day that is asked for there.
WITH_FILES = {"/admin/agreement/offer/": "offer_date", "/admin/attachment/new/": "document_date"}


@pytest.mark.parametrize("url", WITH_FILES)
def test_a_file_in_the_place_of_a_text_is_no_text(andi: Person, url: str) -> None:
    before = rows(andi.app)
    sent = multipart([("csrf_token", andi.token())], [(WITH_FILES[url], "tanggal.txt", b"24/11/2026")])

    answer = andi.post_body(url, sent, "multipart/form-data; boundary=batas")

    assert answer.status_code == 422
    assert rows(andi.app) == before


@pytest.mark.parametrize("url", WITH_FILES)
def test_every_field_of_text_sent_as_a_file_is_an_empty_one(andi: Person, url: str) -> None:
    names = ("partner", "partner-query", "title", "procedure", "group", "unit", "agreement", "kind", "reason", "document", "url",
             "offer_received", "special_procedure", "left_behind", "replaces", "stage", "paper_place", "id", "version")  # fmt: skip
    sent = multipart([("csrf_token", andi.token())], [(name, "x.txt", b"1") for name in names])

    assert andi.post_body(url, sent, "multipart/form-data; boundary=batas").status_code == 422
