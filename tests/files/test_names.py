"""The name of an upload is data: it is kept so that it can be offered again, and it can't mislead anyone."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sikerja.files.inspection import safe_name


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("naskah.pdf", "naskah.pdf"),
        ("Nota Kesepakatan (2026) – final.pdf", "Nota Kesepakatan (2026) – final.pdf"),
        ("v1.2 final.PDF", "v1.2 final.PDF"),
        ("協定書.pdf", "協定書.pdf"),
        ("re\u0301sume\u0301.pdf", "r\u00e9sum\u00e9.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\sinta\\naskah.pdf", "naskah.pdf"),
        ("..\\/..\\naskah.pdf", "naskah.pdf"),
        ("a\0b\r\nc\td.pdf", "ab c d.pdf"),
        ("nota\u202efdp.exe", "notafdp.exe"),
        ("nas\u200bkah\ufeff\u2028.pdf", "naskah.pdf"),
        ("nas\ud800kah.pdf", "naskah.pdf"),
        ('a<b>c:d"e|f?g*h.pdf', "a_b_c_d_e_f_g_h.pdf"),
        (".htaccess", "htaccess"),
        ("...naskah.pdf", "naskah.pdf"),
        ("naskah.pdf. . .", "naskah.pdf"),
        ("  naskah  akhir .pdf ", "naskah akhir.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("nul", "_nul"),
        ("com1.tar.pdf", "_com1.tar.pdf"),
        ("Lpt¹.pdf", "_Lpt¹.pdf"),
        ("CONTOH.pdf", "CONTOH.pdf"),
        ("", "berkas"),
        ("...", "berkas"),
        ("/", "berkas"),
        ("naskah.pdf/", "berkas"),
        ("\u202e", "berkas"),
        ("a" * 10_000 + ".pdf", "a" * 196 + ".pdf"),
        ("a" * 200, "a" * 200),
        ("a." + "b" * 10_000, "a." + "b" * 198),
        ("a" * 195 + " . " + "b.pdf", "a" * 195 + ".pdf"),
    ],
)
def test_a_name_is_kept_as_far_as_it_is_safe(name: str, kept: str) -> None:
    assert safe_name(name) == kept


@settings(deadline=None)
@given(st.text(max_size=300) | st.text(alphabet="./\\ :conCON\u202e\0a1", max_size=40))
def test_whatever_was_sent_the_kept_name_is_harmless(name: str) -> None:
    kept = safe_name(name)
    assert 1 <= len(kept) <= 200
    assert not set(kept) & set('/\\<>:"|?*')
    assert not any(unicodedata.category(letter) in {"Cc", "Cf", "Cs"} for letter in kept)
    assert kept == kept.strip(" .")
    assert kept.partition(".")[0].lower() not in {"con", "prn", "aux", "nul", "com1", "lpt1"}
    assert safe_name(kept) == kept
