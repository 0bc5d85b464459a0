"""What the law of cooperation is made of: kinds, stages, documents, deadlines, citations and the questions that decide.

Frozen and without a database: the file, a draft on a screen and a published version are all told in these words.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rules import codes, text

VERIFIED, PRACTICE = "VERIFIED", "VERIFIED-PRAKTIK"
# How far a source was read -> what a screen says beside it.
CERTAINTIES = {VERIFIED: "", PRACTICE: "praktik", "MEMORY": "belum diperiksa", "UNSURE": "belum pasti"}

# An instrument as the law walks it; a PKS without a parent has a longer way than one under a KB.
PKS_ALONE = "pks_tanpa_kb"
WALKERS = frozenset(codes.INSTRUMENTS) - {"addendum", "other"} | {PKS_ALONE}
# What each of them is called where one chooses.
WALKER_NAMES = {
    **{code: name for code, name in codes.INSTRUMENTS.items() if code not in ("addendum", "other")},
    "pks": "Perjanjian Kerja Sama di bawah Kesepakatan Bersama",
    PKS_ALONE: "Perjanjian Kerja Sama tanpa Kesepakatan Bersama",
}

DPRD = "persetujuan_dprd"
# Whether the assembly consents -> what that means for the stage of the same name.
CONSENTS = {
    "bersyarat": "Bila salah satu dari dua pertanyaan dijawab ya",
    "wajib": "Selalu",
    "tidak_diatur": "Tidak diatur",
    "tidak_pasti": "Belum pasti; jawaban dicatat",
}
DIRECTIONS = {"hasil": "Dibuat", "masuk": "Diterima", "keluar": "Dikirim", "keluar_masuk": "Dikirim atau diterima"}

PROPOSAL_OFF = "usulan_nonaktif"
DEADLINE_KINDS = {
    "maksimal": "Paling lama",
    "masa_berlaku": "Masa berlaku",
    "kalender_tahunan": "Setiap tahun",
    PROPOSAL_OFF: "Usulan, belum dipasang",
}
JANUARY_WEEK = "minggu_januari"
UNITS = {
    "hari_kerja": "hari kerja",
    "hari_kalender": "hari",
    "bulan": "bulan",
    "tahun": "tahun",
    JANUARY_WEEK: "minggu Januari",
}
SIDES = {"setelah": "sesudah", "sebelum": "sebelum", "pada": "pada"}

# The day a deadline counts from, in the words of the law -> where the register finds it: a column of the agreement, the day
# a letter was received by whoever holds the stage, or every year.
RECEIVED, EVERY_YEAR = "received_on", "every_year"
STARTS = {
    "surat permohonan diterima": RECEIVED,
    "surat permohonan diterima Sekretariat DPRD": RECEIVED,
    "permohonan diterima Gubernur": RECEIVED,
    "rancangan Naskah diterima Gubernur (titik mulai tidak disebut tegas)": RECEIVED,
    "Pernyataan Kehendak ditandatangani": "signed_on",
    "tanggal mulai berlaku": "starts_on",
    "tanggal mulai berlaku Naskah": "starts_on",
    "tanggal berakhir kerja sama": "ends_on",
    "setiap tahun": EVERY_YEAR,
}
# What follows when a deadline has passed, in our words.
DEEMED_APPROVED = "dianggap_disetujui"
IF_PASSED = {
    "": "",
    "belum_pasti": "Akibatnya belum pasti.",
    "tidak_diatur": "Akibatnya tidak diatur.",
    DEEMED_APPROVED: "Dianggap disetujui; dilanjutkan kepada Menteri.",
    "wali_kota_menyampaikan_langsung_ke_menteri": "Wali Kota dapat menyampaikannya langsung kepada Menteri.",
    "pernyataan_kehendak_berakhir": "Pernyataan Kehendak berakhir.",
    "naskah_berakhir_atau_diperpanjang": "Naskah berakhir atau diperpanjang.",
    "berakhir_atau_diperpanjang": "Kerja sama berakhir atau diperpanjang.",
    "menteri_tidak_memberi_persetujuan_berikutnya_bila_1_tahun": (
        "Bila satu tahun tidak melapor, Menteri tidak menyetujui Rencana Kerja Sama berikutnya."
    ),
}
# Deadlines whose wording can be read in two ways: shown with the doubt, never counted as overdue without a look.
DOUBTS = {
    "usul_perpanjangan": (
        "“Paling lama 6 bulan sebelum” dapat berarti batas akhir atau batas paling awal. Diingatkan mulai 6 bulan sebelumnya."
    ),
    "gubernur_meneruskan_naskah": "Hari mulainya tidak disebut tegas; dihitung sejak rancangan diterima Gubernur.",
}


@dataclass(frozen=True)
class Question:
    """A question with yes or no. One that follows from others, or that the register can tell, is not asked."""

    key: str
    text: str
    follows_from: tuple[str, ...] = ()
    told_by: str = ""


# The law data names the questions by key; the wording is ours, after the provision in the comment.
_ASKED = (
    # PP 28/2018 Pasal 6 ayat (2)
    Question("membebani_masyarakat_dan_daerah", "Apakah rencana kerja sama ini membebani masyarakat dan daerah?"),
    Question("belum_teranggarkan_apbd_tahun_berjalan", "Apakah pendanaannya belum teranggarkan dalam APBD tahun berjalan?"),
    Question(
        "persetujuan_dprd_diperlukan",
        "Apakah persetujuan DPRD diperlukan?",
        follows_from=("membebani_masyarakat_dan_daerah", "belum_teranggarkan_apbd_tahun_berjalan"),
    ),
    # PP 28/2018 Pasal 2 ayat (2), Pasal 13 ayat (2)
    Question("penandatangan_bukan_kepala_daerah", "Apakah penandatangan dari daerah bukan kepala daerah?", told_by="by_power"),
    # PP 28/2018 Pasal 7
    Question("sekretariat_dibentuk", "Apakah sekretariat kerja sama dibentuk?"),
    # PP 28/2018 Pasal 20
    Question("hasil_berupa_uang", "Apakah hasil kerja sama berupa uang?"),
    Question("hasil_berupa_barang", "Apakah hasil kerja sama berupa barang?"),
    # Permendagri 25/2020 Pasal 27, Pasal 29 ayat (2) huruf c, Pasal 30
    Question("dilaksanakan_kementerian_lembaga_di_daerah", "Apakah kerja sama dilaksanakan kementerian/lembaga di daerah?"),
    Question(
        "kegiatan_teknis_atau_memakai_aset_daerah",
        "Apakah kegiatannya bersifat teknis dan membebani atau menggunakan aset daerah?",
    ),
    Question("mitra_lembaga_nonprofit", "Apakah mitra lembaga nonprofit berbadan hukum di luar negeri?"),
    # PP 28/2018 and Permendagri 25/2020 can be read in two ways here; the answer is kept, and no stage follows from it.
    Question("persetujuan_dprd_pada_penerusan", "Apakah persetujuan DPRD diminta untuk penerusan kerja sama ini?"),
)
QUESTIONS = {question.key: question for question in _ASKED}

Answers = Mapping[str, bool]


def answer(key: str, answers: Answers) -> bool | None:
    """Yes, no, or None while it is open. What follows from others is yes with one yes, no when all are no."""
    if key in answers:
        return answers[key]
    sources = QUESTIONS[key].follows_from if key in QUESTIONS else ()
    return any_yes(sources, answers) if sources else None


def any_yes(keys: tuple[str, ...], answers: Answers) -> bool | None:
    """True with one yes, False when all are no, None while that is open."""
    given = [answer(key, answers) for key in keys]
    if any(given):
        return True
    return None if None in given else False


def spoken(code: str) -> str:
    """What a person reads of a code of the law data that has no word of its own: "daerah_berbatasan" -> "daerah berbatasan"."""
    return code.replace("_", " ")


def length(amount: int, unit: str, side: str, since: str) -> str:
    """45 hari kerja sesudah surat permohonan diterima · minggu ke-2 Januari"""
    if unit == JANUARY_WEEK:
        return f"minggu ke-{amount} Januari"
    return f"{amount} {UNITS.get(unit, unit)} {SIDES.get(side, side)} {since}".rstrip()


_ARTICLE = re.compile(r"[\s,;(]*\b(?:pasal|psl|ps|ayat|huruf|angka|butir|bab)\b.*", re.IGNORECASE | re.DOTALL)
_REGULATION = re.compile(r"[A-Z]\w*(?: [A-Z]\w*)* \d+/\d{4}")


@dataclass(frozen=True)
class Citation:
    """What a rule rests on, and how far that was read."""

    text: str
    certainty: str

    @property
    def source(self) -> str:
        """The regulation or paper alone, without article or paragraph."""
        return _ARTICLE.sub("", self.text).strip()

    @property
    def has_article(self) -> bool:
        """True where the text goes below the regulation."""
        return self.source != self.text.strip()

    @property
    def is_read(self) -> bool:
        """True where it names an article whose text was read."""
        return self.certainty == VERIFIED and self.has_article

    @property
    def shown(self) -> str:
        """What may be shown: the article only where its text was read."""
        return self.text if self.certainty == VERIFIED else self.source

    @property
    def label(self) -> str:
        """What a screen says beside it: "praktik", "belum diperiksa", "belum pasti", or nothing where the text was read."""
        return CERTAINTIES.get(self.certainty, "")

    @property
    def regulation_code(self) -> str | None:
        """The code of the regulation's own entry ("pp_28_2018"); None for practice that is no regulation."""
        return text.slug(self.source) if _REGULATION.fullmatch(self.source) else None


@dataclass(frozen=True)
class DocumentRule:
    """A document that a stage asks for."""

    name: str
    direction: str
    required: bool
    basis: Citation
    applies_if: str | None = None

    @property
    def can_block(self) -> bool:
        """True where it holds the stage once it is asked for: its text was read, and it is required, always or on a yes."""
        return self.basis.certainty == VERIFIED and (self.required or self.applies_if is not None)

    def wanted(self, answers: Answers) -> bool | None:
        """Whether it must be there; None while its question is open."""
        return self.required if self.applies_if is None else answer(self.applies_if, answers)

    def blocks(self, answers: Answers) -> bool:
        """True where its absence holds the stage."""
        return self.can_block and self.wanted(answers) is True


@dataclass(frozen=True)
class DeadlineRule:
    """So many units before or after a day, and what follows when it has passed."""

    key: str
    kind: str
    amount: int
    unit: str
    side: str
    since: str
    if_passed: str
    basis: Citation

    @property
    def active(self) -> bool:
        """False for a proposal, which is off until its article was checked."""
        return self.kind != PROPOSAL_OFF

    @property
    def start(self) -> str | None:
        """Where the register finds the day it counts from."""
        return STARTS.get(self.since)

    @property
    def doubt(self) -> str:
        """What is unclear in the wording of the law; empty where nothing is."""
        return DOUBTS.get(self.key, "")


@dataclass(frozen=True)
class StageRule:
    """One step that the law asks for."""

    key: str
    name: str
    order: int
    instruments: tuple[str, ...]
    holder: str
    actors: tuple[str, ...]
    description: str
    basis: tuple[Citation, ...]
    parallel: bool = False
    outside_list: bool = False
    applies_if: tuple[str, ...] = ()
    skip_basis: Citation | None = None
    documents: tuple[DocumentRule, ...] = ()
    deadlines: tuple[DeadlineRule, ...] = ()

    @property
    def may_be_skipped(self) -> bool:
        """True where the law itself lets the stage fall away."""
        return self.skip_basis is not None

    @property
    def signs(self) -> bool:
        """True where the instrument is signed in this stage."""
        return self.key.startswith("penandatanganan") or self.key == "pernyataan_kehendak"

    def applies(self, answers: Answers) -> bool | None:
        """Whether the stage is walked: always, or by its questions; None while they are open."""
        return any_yes(self.applies_if, answers) if self.applies_if else True


@dataclass(frozen=True)
class Procedure:
    """One of the kinds of cooperation, with the stages that its instruments walk."""

    code: str
    name: str
    group: str
    version: int
    partners: tuple[str, ...]
    papers: tuple[str, ...]
    consent: str
    basis: tuple[Citation, ...]
    stages: tuple[StageRule, ...]

    @property
    def instruments(self) -> frozenset[str]:
        """Every instrument that walks at least one stage."""
        return frozenset(name for stage in self.stages for name in stage.instruments)

    def citations(self) -> Iterator[Citation]:
        """Everything that the kind, its stages, documents and deadlines rest on."""
        yield from self.basis
        for stage in self.stages:
            yield from (*stage.basis, *([stage.skip_basis] if stage.skip_basis is not None else []))
            yield from (document.basis for document in stage.documents)
            yield from (deadline.basis for deadline in stage.deadlines)

    def stage(self, key: str) -> StageRule:
        """The stage of that key. Raises KeyError where there is none."""
        for stage in self.stages:
            if stage.key == key:
                return stage
        raise KeyError(key)
