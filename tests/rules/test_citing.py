"""How regulations and articles are named: one short name for each code and back, and nothing that only looks like an article."""

import tomllib

import pytest

from config import ROOT
from rules import citing
from rules.law_parts import Citation
from tests.rules.test_law import citations

ROWS = tomllib.loads((ROOT / "data/reference/regulations.toml").read_text(encoding="utf-8"))["regulation"]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("permendagri_22_2020", "Permendagri 22/2020"),
        ("perda_samarinda_7_2020", "Perda Samarinda 7/2020"),
        ("pp_28_2018", "PP 28/2018"),
        ("uu_23_2014", "UU 23/2014"),
        ("perwali_samarinda_112_2022", "Perwali Samarinda 112/2022"),
        ("uji", ""),
        ("", ""),
        ("pp_28", ""),
        ("pp_28_18", ""),
        ("PP_28_2018", ""),
        ("28_2018", ""),
        ("pp__28_2018", ""),
    ],
)
def test_a_regulation_is_called_by_its_code(code: str, name: str) -> None:
    assert citing.short_name(code) == name


@pytest.mark.parametrize("code", [row["code"] for row in ROWS])
def test_and_a_citation_of_it_leads_back_to_the_code(code: str) -> None:
    name = citing.short_name(code)

    assert Citation(name, "MEMORY").regulation_code == code
    assert Citation(f"{name} Pasal 12 ayat (2)", "VERIFIED").regulation_code == code


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["code"])
def test_the_code_says_what_number_and_year_say(row: dict[str, object]) -> None:
    assert citing.short_name(str(row["code"])).endswith(f" {row['number']}/{row['year']}")


# What cooperation meets on its way: treaties, assets, procurement, grants, supervision, and what was revoked.
RELATED = {
    "uu_24_2000", "uu_37_1999", "pp_12_2018", "perpres_38_2015", "permendagri_19_2016", "permendagri_7_2024",
    "perpres_16_2018", "perpres_12_2021", "perpres_46_2025", "pp_12_2017", "pp_10_2011", "permenlu_3_2019", "pp_50_2007",
    "permendagri_3_2008", "permendagri_74_2012", "permendagri_22_2009", "permendagri_23_2009",
}  # fmt: skip
OWN = {"uu_23_2014", "pp_28_2018", "permendagri_22_2020", "permendagri_25_2020", "perda_samarinda_7_2020"}
FILING = {"permendagri_1_2023", "permendagri_83_2022"}


def test_every_regulation_that_cooperation_meets_is_on_record() -> None:
    assert {row["code"] for row in ROWS} == RELATED | OWN | FILING
    assert all(row["governs"] and row["checked"] and row["note"] for row in ROWS)


def test_a_title_that_nobody_has_seen_stays_empty() -> None:
    assert {row["code"] for row in ROWS if "title" not in row} == {
        "pp_12_2018", "perpres_38_2015", "permendagri_19_2016", "permendagri_7_2024", "perpres_16_2018", "perpres_12_2021",
        "perpres_46_2025", "permendagri_1_2023", "permendagri_83_2022", "pp_50_2007", "permendagri_3_2008",
        "permendagri_74_2012", "permendagri_22_2009", "permendagri_23_2009",
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Pasal 12",
        "Pasal 12A",
        "Pasal 12 ayat (2)",
        "Pasal 12 ayat (2) huruf a",
        "Pasal 12 huruf b",
        "Pasal 12 ayat (2) huruf a angka 3",
        "Pasal 12 ayat (2) dan ayat (3)",
        "Pasal 17 ayat (2), ayat (3), dan ayat (4)",
        "Pasal 6 ayat (1) huruf j jo. Pasal 19 ayat (1)",
        "Pasal 14 s.d. Pasal 19",
        "Pasal 30 ayat (2) huruf b dan ayat (3)",
    ],
)
def test_an_article(text: str) -> None:
    assert citing.is_article(text)


def test_every_article_of_the_law_data_is_one() -> None:
    texts = {each.text.removeprefix(each.source).strip() for each in citations() if each.has_article}

    assert len(texts) > 100
    assert [text for text in texts if not citing.is_article(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12",
        "pasal 12",
        "Pasal",
        "Pasal 0",
        "Pasal 1234",
        "Pasal 12 ayat 2",
        "Pasal 12 ayat (0)",
        "Pasal 12 ayat(2)",
        "Pasal 12 dan",
        "Pasal 12, ",
        "ayat (2)",
        "Pasal 12\nPasal 13",
        "Pasal 12\n",
        "Pasal  12",
        "Permendagri 22/2020 Pasal 12",
        "Pasal 12 (kira-kira)",
        "<b>Pasal 12</b>",
        "Pasal １２",
        "Pasal 12" + " dan ayat (2)" * 20,
    ],
)
def test_no_article(text: str) -> None:
    assert not citing.is_article(text)
