"""What the law says: the eight kinds, who walks which stage, what is cited, what blocks, which question decides."""

import json
import tomllib
from pathlib import Path

import pytest

from rules import codes, law
from rules.law_parts import QUESTIONS, Citation, DocumentRule, answer

ROOT = Path(__file__).parent.parent.parent


def stage(kind: str, key: str) -> law.StageRule:
    return law.procedure(kind).stage(key)


def document(kind: str, key: str, name: str) -> DocumentRule:
    return next(document for document in stage(kind, key).documents if document.name == name)


@pytest.mark.parametrize(
    ("kind", "group", "stages", "documents", "deadlines"),
    [
        ("ksdd_wajib", "ksdd", 12, 30, 1),
        ("ksdd_sukarela", "ksdd", 10, 27, 1),
        ("ksdpk_prakarsa_daerah", "ksdpk", 10, 25, 1),
        ("ksdpk_prakarsa_pihak_ketiga", "ksdpk", 10, 27, 1),
        ("sinergi", "sinergi", 7, 13, 0),
        ("ksdpl", "ksdpl", 12, 28, 8),
        ("ksdll_lainnya", "ksdll", 12, 28, 8),
        ("ksdll_penerusan", "ksdll", 8, 14, 4),
    ],
)
def test_the_eight_kinds(kind: str, group: str, stages: int, documents: int, deadlines: int) -> None:
    procedure = law.procedure(kind)
    assert (procedure.group, procedure.version, len(procedure.stages)) == (group, 1, stages)
    assert sum(len(stage.documents) for stage in procedure.stages) == documents
    assert sum(len(stage.deadlines) for stage in procedure.stages) == deadlines


def test_there_are_eight_kinds_and_81_stages() -> None:
    assert {procedure.code for procedure in law.procedures()} == set(codes.PROCEDURES)
    assert sum(len(procedure.stages) for procedure in law.procedures()) == 81
    assert law.procedures() is law.procedures(), "read once"


def test_it_says_the_same_of_a_kind_as_the_reference_data() -> None:
    rows = tomllib.loads((ROOT / "data" / "reference" / "procedures.toml").read_text())["procedure"]
    assert {(row["code"], row["name"], row["group"], tuple(row["basis"])) for row in rows} == {
        (each.code, each.name, each.group, tuple(citation.text for citation in each.basis)) for each in law.procedures()
    }


# --- who walks what (issue D, line 4) ---

FIRST = ["persiapan", "penawaran"]
KB = ["penyusunan_kb", "penandatanganan_kb"]
PKS = ["persetujuan_dprd", "penyusunan_pks", "penandatanganan_pks"]
FILED = ["penatausahaan", "pelaporan"]
AFTER = ["pelaksanaan", *FILED]
ABROAD = [
    "rencana_kerja_sama", "persetujuan_dprd", "verifikasi", "rancangan_naskah", "pembahasan_naskah", "persetujuan_menteri",
    "penandatanganan", "pelaksanaan", "pelaporan",
]  # fmt: skip
PASSED_ON = [
    "usulan_mitra", "usulan_rencana", "syarat_nonprofit", "verifikasi", "rapat_kl", "rencana_tahunan", "pelaksanaan", "pelaporan",
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "instrument", "parent", "keys"),
    [
        ("ksdd_wajib", "kb", None, ["pemetaan_wajib", "koordinasi_teknis", *FIRST, *KB, *FILED]),
        ("ksdd_wajib", "pks", "kb", [*PKS, *AFTER]),
        ("ksdd_wajib", "pks", None, ["pemetaan_wajib", "koordinasi_teknis", *FIRST, *PKS, *AFTER]),
        ("ksdd_sukarela", "kb", None, [*FIRST, *KB, *FILED]),
        ("ksdd_sukarela", "pks", "kb", [*PKS, *AFTER]),
        ("ksdd_sukarela", "pks", None, [*FIRST, *PKS, *AFTER]),
        ("ksdpk_prakarsa_daerah", "kb", None, [*FIRST, *KB, *FILED]),
        ("ksdpk_prakarsa_daerah", "pks", "kb", [*PKS, *AFTER]),
        ("ksdpk_prakarsa_pihak_ketiga", "pks", None, [*FIRST, *PKS, *AFTER]),
        ("ksdpk_prakarsa_pihak_ketiga", "pks", "pks", [*FIRST, *PKS, *AFTER]),  # only a KB shortens the way
        ("sinergi", "nota_kesepakatan", None, [*FIRST, "penyusunan_nk", "penandatanganan_nk", *AFTER]),
        ("ksdpl", "pernyataan_kehendak", None, ["prakarsa", "penjajakan", "pernyataan_kehendak"]),
        ("ksdpl", "naskah", "pernyataan_kehendak", ABROAD),
        ("ksdll_lainnya", "naskah", None, ABROAD),
        ("ksdll_penerusan", "rencana_penerusan", None, PASSED_ON),
        # an addendum walks drafting, the assembly's questions, signing and filing of what it changes
        ("ksdd_sukarela", "addendum", "kb", [*KB, "penatausahaan"]),
        ("ksdpk_prakarsa_daerah", "addendum", "pks", [*PKS, "penatausahaan"]),
        ("sinergi", "addendum", "nota_kesepakatan", ["penyusunan_nk", "penandatanganan_nk", "penatausahaan"]),
        ("ksdpl", "addendum", "naskah", ["persetujuan_dprd", "rancangan_naskah", "penandatanganan"]),
        # what this kind doesn't know walks nothing
        ("sinergi", "pks", "nota_kesepakatan", []),
        ("ksdd_sukarela", "nota_kesepakatan", None, []),
        ("ksdd_sukarela", "other", None, []),
        ("ksdd_sukarela", "addendum", None, []),
    ],
)
def test_the_stages_an_instrument_walks(kind: str, instrument: str, parent: str | None, keys: list[str]) -> None:
    assert [stage.key for stage in law.walks(law.procedure(kind), instrument, parent=parent)] == keys


def test_the_archive_and_the_special_procedure_walk_none() -> None:
    ksdpk = law.procedure("ksdpk_prakarsa_daerah")
    assert law.walks(ksdpk, "kb", origin="archive") == ()
    assert law.walks(ksdpk, "pks", special=True) == ()


def test_an_addendum_is_practice_and_nothing_of_it_blocks() -> None:
    walked = law.walks(law.procedure("ksdpl"), "addendum", parent="naskah")
    assert {law.cited(citation) for stage in walked for citation in stage.basis} == {
        "Permendagri 25/2020 (praktik)", "PP 28/2018 (praktik)", "UU 23/2014 (praktik)",
    }  # fmt: skip
    assert not any(document.can_block for stage in walked for document in stage.documents)
    assert not any(stage.deadlines for stage in walked)


def test_every_way_is_signed_once_and_ends_side_by_side() -> None:
    for procedure in law.procedures():
        for walker in procedure.instruments:
            walked = [stage for stage in procedure.stages if walker in stage.instruments]
            assert sum(stage.signs for stage in walked) == (0 if walker == "rencana_penerusan" else 1), (procedure.code, walker)
            after = [stage.key for stage in walked if stage.parallel]
            assert set(after) <= set(AFTER)
            assert walked[len(walked) - len(after) :] == [stage for stage in walked if stage.parallel]


# --- what is cited (issue D, line 3) ---


@pytest.mark.parametrize(
    ("text", "certainty", "shown"),
    [
        ("PP 28/2018 Pasal 6 ayat (1) huruf a jo. Pasal 19 ayat (1)", "VERIFIED",
         "PP 28/2018 Pasal 6 ayat (1) huruf a jo. Pasal 19 ayat (1)"),
        ("Permendagri 22/2020", "VERIFIED", "Permendagri 22/2020"),
        ("Permendagri 22/2020 Pasal 12 ayat (3)", "MEMORY", "Permendagri 22/2020"),
        ("Permendagri 22/2020, Pasal 12", "UNSURE", "Permendagri 22/2020"),
        ("Permendagri 22/2020 Lampiran huruf b", "MEMORY", "Permendagri 22/2020 Lampiran"),
        ("Permendagri 22/2020 Pasal 7", "VERIFIED-PRAKTIK", "Permendagri 22/2020 (praktik)"),
        ("Panduan Kota Yogyakarta", "VERIFIED-PRAKTIK", "Panduan Kota Yogyakarta (praktik)"),
        ("Format KAK KSDD Bagian Kerja Sama Samarinda", "VERIFIED-PRAKTIK",
         "Format KAK KSDD Bagian Kerja Sama Samarinda (praktik)"),
        ("", "MEMORY", ""),
        ("", "VERIFIED-PRAKTIK", ""),
    ],
)  # fmt: skip
def test_an_article_is_shown_only_where_it_was_read(text: str, certainty: str, shown: str) -> None:
    assert law.cited(Citation(text, certainty)) == shown


def citations() -> list[Citation]:
    found = [citation for procedure in law.procedures() for citation in procedure.basis]
    for stage in (stage for procedure in law.procedures() for stage in procedure.stages):
        found += [*stage.basis, *([stage.skip_basis] if stage.skip_basis else [])]
        found += [part.basis for part in (*stage.documents, *stage.deadlines)]
    return found


def test_every_regulation_has_its_entry_and_articles_are_of_what_was_read() -> None:
    rows = tomllib.loads((ROOT / "data" / "reference" / "regulations.toml").read_text())["regulation"]
    checked = {row["code"]: row["checked"] for row in rows}
    named = {citation.regulation_code for citation in citations() if citation.regulation_code}
    assert named == {"uu_23_2014", "pp_28_2018", "permendagri_22_2020", "permendagri_25_2020"}
    for citation in citations():
        if citation.has_article:
            assert checked[citation.regulation_code or ""] == "diperiksa", citation.text


def test_practice_has_no_regulation() -> None:
    assert Citation("Panduan Kota Yogyakarta", "VERIFIED-PRAKTIK").regulation_code is None


# --- what blocks (issue D, line 6 and 8) ---

YES, NO = {"penandatangan_bukan_kepala_daerah": True}, {"penandatangan_bukan_kepala_daerah": False}


@pytest.mark.parametrize(
    ("kind", "key", "name", "answers", "blocks"),
    [
        ("ksdd_wajib", "penandatanganan_kb", "Kesepakatan bersama bertanda tangan", {}, True),
        ("ksdd_wajib", "penawaran", "Lampiran: KAK", {}, False),  # required, but practice
        ("ksdd_wajib", "penatausahaan", "Entri register kerja sama daerah", {}, False),  # required, but from memory
        ("ksdd_wajib", "penyusunan_kb", "Berita acara/notula pembahasan", {}, False),
        ("ksdd_wajib", "penandatanganan_pks", "Surat kuasa Wali Kota kepada pejabat perangkat daerah", {}, False),
        ("ksdd_wajib", "penandatanganan_pks", "Surat kuasa Wali Kota kepada pejabat perangkat daerah", YES, True),
        ("ksdd_wajib", "penandatanganan_pks", "Surat kuasa Wali Kota kepada pejabat perangkat daerah", NO, False),
        ("ksdd_sukarela", "pelaksanaan", "Keputusan pembentukan sekretariat kerja sama", {"sekretariat_dibentuk": True}, False),
    ],
)
def test_a_document_blocks_where_it_is_required_and_was_read(
    kind: str, key: str, name: str, answers: dict[str, bool], blocks: bool
) -> None:
    assert document(kind, key, name).blocks(answers) is blocks


# --- the questions (issue D, line 7) ---

BURDENS, NO_BUDGET = "membebani_masyarakat_dan_daerah", "belum_teranggarkan_apbd_tahun_berjalan"


@pytest.mark.parametrize(
    ("answers", "applies"),
    [
        ({}, None),
        ({BURDENS: True}, True),
        ({NO_BUDGET: True}, True),
        ({BURDENS: False, NO_BUDGET: True}, True),
        ({BURDENS: False}, None),
        ({BURDENS: False, NO_BUDGET: False}, False),
    ],
)
def test_two_questions_decide_on_the_assembly(answers: dict[str, bool], applies: bool | None) -> None:
    assert stage("ksdpk_prakarsa_daerah", "persetujuan_dprd").applies(answers) is applies
    assert answer("persetujuan_dprd_diperlukan", answers) is applies
    assert document("ksdd_wajib", "penyusunan_pks", "Persetujuan DPRD").wanted(answers) is applies


@pytest.mark.parametrize("kind", ["ksdpl", "ksdll_lainnya"])
def test_abroad_the_assembly_is_always_asked(kind: str) -> None:
    assert stage(kind, "persetujuan_dprd").applies({}) is True
    assert not stage(kind, "persetujuan_dprd").may_be_skipped
    (rule,) = stage(kind, "persetujuan_dprd").deadlines
    assert (rule.amount, rule.unit, rule.if_passed, rule.active) == (45, "hari_kerja", "dianggap_disetujui", True)


@pytest.mark.parametrize("kind", ["sinergi", "ksdll_penerusan"])
def test_where_the_law_is_silent_or_unclear_there_is_no_stage_of_the_assembly(kind: str) -> None:
    assert "persetujuan_dprd" not in {stage.key for stage in law.procedure(kind).stages}


def test_at_home_its_45_days_are_off() -> None:
    (rule,) = stage("ksdd_wajib", "persetujuan_dprd").deadlines
    assert (rule.active, rule.if_passed, law.cited(rule.basis)) == (False, "belum_pasti", "Permendagri 22/2020")


def test_every_question_is_a_sentence_and_used() -> None:
    stages = [stage for procedure in law.procedures() for stage in procedure.stages]
    used = {key for stage in stages for key in stage.applies_if}
    used |= {document.applies_if for stage in stages for document in stage.documents if document.applies_if}
    # The one question of which no stage depends: the law is unclear, so that the answer is only kept.
    assert used == set(QUESTIONS) - {"persetujuan_dprd_pada_penerusan"}
    assert all(question.text.startswith("Apakah ") and question.text.endswith("?") for question in QUESTIONS.values())


# --- procedures-json ---


def test_the_json_has_the_shape_of_the_contract() -> None:
    told = law.as_json()
    assert json.loads(json.dumps(told)) == told
    assert [list(each) for each in told] == [["code", "name", "group", "version", "stages"]] * 8
    assert told[4]["stages"][1] | {"documents": []} == {
        "key": "penawaran", "name": "Penawaran", "order": 2, "instruments": ["nota_kesepakatan"], "holder": "bagian",
        "parallel": False, "basis": [{"text": "Permendagri 22/2020", "certainty": "VERIFIED-PRAKTIK"}], "applies_if": [],
        "documents": [], "deadlines": [],
    }  # fmt: skip
    assert told[0]["stages"][6]["applies_if"] == [BURDENS, NO_BUDGET]
    assert told[0]["stages"][8]["documents"][0] == {
        "name": "Surat kuasa Wali Kota kepada pejabat perangkat daerah", "required": False, "blocks": True,
        "applies_if": "penandatangan_bukan_kepala_daerah", "basis": "PP 28/2018 Pasal 2 ayat (2)", "certainty": "VERIFIED",
    }  # fmt: skip
    assert told[5]["stages"][2]["deadlines"] == [{
        "key": "masa_berlaku_loi", "amount": 1, "unit": "tahun", "kind": "masa_berlaku",
        "from": "Pernyataan Kehendak ditandatangani", "if_passed": "pernyataan_kehendak_berakhir",
        "basis": "Permendagri 25/2020 Pasal 13 ayat (3)", "certainty": "VERIFIED", "active": True,
    }]  # fmt: skip


def test_the_json_gives_back_what_the_file_says() -> None:
    kinds = tomllib.loads(law.FILE.read_text())["jenis"]
    for told, (code, kind) in zip(law.as_json(), kinds.items(), strict=True):
        assert (told["code"], told["name"]) == (code, kind["nama"])
        for stage, row in zip(told["stages"], kind["tahap"], strict=True):
            assert (stage["key"], stage["order"], stage["instruments"]) == (row["kunci"], row["urutan"], row["instrumen"])
            assert [each["text"] for each in stage["basis"]] == row["dasar"]
            for part, source in ((stage["documents"], row["dokumen"]), (stage["deadlines"], row.get("tenggat", []))):
                assert [(each["basis"], each["certainty"]) for each in part] == [
                    (each["dasar"], each["kepastian"]) for each in source
                ]
            assert [each["required"] for each in stage["documents"]] == [each["wajib"] for each in row["dokumen"]]
            assert [each["amount"] for each in stage["deadlines"]] == [each["jumlah"] for each in row.get("tenggat", [])]


def test_the_names_of_stages_for_filters() -> None:
    names = law.stage_names()
    assert (names["persetujuan_dprd"], names["penawaran"]) == ("Persetujuan DPRD", "Penawaran")
