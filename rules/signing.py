"""Who signs for the region: its head, or somebody else on his behalf, by power of attorney."""

import re

from rules.text import fold

# What the head signs himself: power is given for a PKS or contract alone (PP 28/2018 Pasal 2 ayat (2), Pasal 13 ayat (2));
# abroad the law names the head (PP 28/2018 Pasal 23 ayat (1); Permendagri 25/2020 Pasal 14 ayat (4), Pasal 25 ayat (1)).
HEAD_ALONE = ("kb", "pernyataan_kehendak", "naskah")

_ACTING = re.compile(r"(?:(?:pj|pjs|plt|plh|penjabat|pejabat|pelaksana|tugas|harian|sementara|acting|the|bapak|ibu|yth) )*")
_HEAD = re.compile(r"(?:wali ?kota|kepala daerah|mayor)\b(?P<rest>.*)")
# What stands after "Wali Kota" where it is another who signs: "Wali Kota Samarinda u.b. Sekretaris Daerah".
_ANOTHER = re.compile(r"\b(?:u ?b|a ?n|wakil|sekretaris|sekda|asisten|kepala|kadis|direktur|camat|staf|ajudan|kuasa)\b")


def is_head(post: str) -> bool | None:
    """Whether a post is the head of the region or somebody who acts as one (Pj., Plt., Plh.); None where none is named."""
    said = " ".join(re.findall(r"\w+", fold(post)))
    if not said:
        return None
    found = _HEAD.match(said, _ACTING.match(said + " ").end())  # type: ignore[union-attr] # it matches the empty text too
    return found is not None and not _ANOTHER.search(found["rest"])


def by_power(flagged: bool, post: str) -> bool:
    """True where another than the head of the region signs: said so, or told by the post."""
    return flagged or is_head(post) is False
