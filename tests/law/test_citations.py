"""How a citation is shown: a link to its regulation, the article only where it was read, practice as practice."""

import pytest

from rules.law_parts import Citation
from sikerja import formats

ON_RECORD = {"pp_28_2018": 7, "permendagri_22_2020": 9}


@pytest.mark.parametrize(
    ("text", "certainty", "shown"),
    [
        ("PP 28/2018 Pasal 6 ayat (2)", "VERIFIED", '<a href="/admin/regulation/details/?id=7">PP 28/2018 Pasal 6 ayat (2)</a>'),
        ("Permendagri 22/2020 Pasal 9", "MEMORY",
         '<a href="/admin/regulation/details/?id=9">Permendagri 22/2020</a> <small class="sk-certainty">belum diperiksa</small>'),
        ("UU 1/1945 Pasal 5", "UNSURE", 'UU 1/1945 <small class="sk-certainty">belum pasti</small>'),
        ("Format KAK <b>Samarinda</b>", "VERIFIED-PRAKTIK",
         'Format KAK &lt;b&gt;Samarinda&lt;/b&gt; <small class="sk-certainty">praktik</small>'),
        ("", "MEMORY", '<small class="sk-certainty">belum diperiksa</small>'),
    ],
)  # fmt: skip
def test_a_citation_is_shown_with_how_far_it_was_read(text: str, certainty: str, shown: str) -> None:
    assert str(formats.citation(Citation(text, certainty), ON_RECORD)) == shown


def test_several_stand_one_a_line() -> None:
    cited = (Citation("PP 28/2018 Pasal 3", "VERIFIED"), Citation("Panduan", "VERIFIED-PRAKTIK"))
    assert str(formats.citations(cited, {})) == 'PP 28/2018 Pasal 3<br>Panduan <small class="sk-certainty">praktik</small>'
