"""The grounds on which a cooperation ends before its term has run, by group, each with what it rests on.

The running out of the term is none of them. The law is silent on Sinergi; what stands there is practice.
"""

from dataclasses import dataclass

from rules.law_parts import PRACTICE, VERIFIED, Citation

GOAL, AGREED = "tujuan_tercapai", "kesepakatan_para_pihak"
_DOMESTIC = {
    GOAL: "Tujuan kerja sama tercapai",
    AGREED: "Kesepakatan para pihak",
    "perubahan_kebijakan": (
        "Perubahan kebijakan berdasarkan peraturan perundang-undangan yang mengakibatkan kerja sama tidak dapat dilaksanakan"
    ),
    "objek_hilang": "Objek kerja sama hilang atau musnah",
}
_WITH_THIRD_PARTIES = _DOMESTIC | {
    "putusan_pengadilan": "Putusan pengadilan yang telah memperoleh kekuatan hukum tetap",
    "pihak_ketiga_pailit": "Pihak ketiga pailit",
}
_ABROAD = {
    "prosedur_naskah": "Kesepakatan sesuai prosedur yang diatur dalam Naskah",
    GOAL: "Tujuan kerja sama tercapai",
    "kesepakatan_baru": "Kesepakatan baru menggantikan kesepakatan lama",
}
_SINERGI = {AGREED: "Kesepakatan para pihak", GOAL: "Tujuan kerja sama tercapai"}

# Texts as the articles have them, put short: PP 28/2018 Pasal 9 and Pasal 22, Permendagri 25/2020 Pasal 34; all were read.
_OF_GROUP: dict[str, tuple[dict[str, str], Citation]] = {
    "ksdd": (_DOMESTIC, Citation("PP 28/2018 Pasal 9", VERIFIED)),
    "ksdpk": (_WITH_THIRD_PARTIES, Citation("PP 28/2018 Pasal 22", VERIFIED)),
    "sinergi": (_SINERGI, Citation("", PRACTICE)),
    "ksdpl": (_ABROAD, Citation("Permendagri 25/2020 Pasal 34", VERIFIED)),
    "ksdll": (_ABROAD, Citation("Permendagri 25/2020 Pasal 34", VERIFIED)),
}


@dataclass(frozen=True)
class Ground:
    """Why a cooperation ends early, and what says that it may."""

    code: str
    text: str
    basis: Citation

    @property
    def words(self) -> str:
        """Pihak ketiga pailit (PP 28/2018 Pasal 22); of what rests on no regulation: (praktik)."""
        said = ", ".join(part for part in (self.basis.shown, self.basis.label) if part)
        return f"{self.text} ({said})"


def of_group(group: str) -> dict[str, Ground]:
    """The grounds of a group by their code. Raises KeyError for a group that isn't known."""
    texts, basis = _OF_GROUP[group]
    return {code: Ground(code, text, basis) for code, text in texts.items()}


def words(group: str, said: str) -> str:
    """What is shown for a kept ground: its text with the basis; what an archive row says freely stays as it is."""
    ground = of_group(group).get(said)
    return ground.words if ground else TEXTS.get(said, said)


# Code -> text, where no group is at hand.
TEXTS = {code: text for texts, _ in _OF_GROUP.values() for code, text in texts.items()}
