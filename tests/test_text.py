"""Text is compared without accents, case and blanks; what nobody can see is refused."""

import pytest

from rules import text


@pytest.mark.parametrize(
    ("raw", "folded"),
    [("  Café  RAYA ", "cafe raya"), ("ＡＢＣ", "abc"), ("Ñandú", "nandu"), ("STRAẞE", "strasse"), (None, "")],
)
def test_folding(raw: str | None, folded: str) -> None:
    assert text.fold(raw) == folded


def test_words_stand_behind_blanks() -> None:
    assert text.words("119/10/KS-2024: Café") == " 119 10 ks 2024 cafe"


@pytest.mark.parametrize("number", ["119/KS/2024", " 119 / ks / 2024", "１１９/KS/2024", "119/Ks/2024\t"])
def test_numbers_that_are_the_same(number: str) -> None:
    assert text.number_key(number) == "119/ks/2024"


@pytest.mark.parametrize("blank", ["", "  ", None])
def test_no_number_has_no_key(blank: str | None) -> None:
    assert text.number_key(blank) is None


@pytest.mark.parametrize("mark", ["\x00", "\x1b", "\u202e", "\u200b", "\u2066", "\ufeff", "\ud800", "\x85"])
def test_what_cannot_be_seen_is_refused(mark: str) -> None:
    with pytest.raises(ValueError, match="can't be seen"):
        text.clean(f"No{mark}1")
    assert text.strip_invisible(f"No{mark}1") == "No1"


def test_running_text_keeps_its_lines() -> None:
    assert text.clean_lines(" a\r\nb\rc \n") == "a\nb\nc"
    assert text.clean(" a\r\n b ") == "a b"
