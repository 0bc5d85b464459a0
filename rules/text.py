"""Text as it is compared: folded for search and order, squeezed for numbers of documents, checked for hidden characters."""

import re
import unicodedata

# C0 and C1 controls (but tab, line feed, carriage return), and the marks that turn the direction of writing:
# nobody types them, and they make two different numbers look the same on screen.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")


def fold(text: str | None) -> str:
    """Lower case without accents, blanks collapsed: "  Café  RAYA" -> "cafe raya"."""
    text = text or ""
    if text.isascii():
        return " ".join(text.lower().split())  # most texts, and ten times faster
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def words(text: str | None) -> str:
    """The runs of letters and digits of a folded text, each behind a blank, so that " ab" finds a word by its beginning."""
    return "".join(f" {word}" for word in re.findall(r"\w+", fold(text)))


def number_key(number: str | None) -> str | None:
    """What makes two numbers of a document the same: no blanks, one width, one case; None where nothing is left."""
    key = "".join(unicodedata.normalize("NFKC", number or "").casefold().split())
    return key or None


def clean(text: str | None) -> str:
    """A line as it is kept: composed letters, blanks collapsed. Raises ValueError on characters one can't see."""
    return " ".join(clean_lines(text).split())


def clean_lines(text: str | None) -> str:
    """Running text as it is kept: composed letters, line breaks kept. Raises ValueError on characters one can't see."""
    text = unicodedata.normalize("NFC", text or "").replace("\r\n", "\n").replace("\r", "\n")
    if has_invisible(text):
        raise ValueError("text holds characters that can't be seen")
    return text.strip()


def has_invisible(text: str) -> bool:
    """True where the text holds a control, direction or broken character."""
    return bool(_INVISIBLE.search(text) or _SURROGATE.search(text))


def strip_invisible(text: str) -> str:
    """The text without control, direction and broken characters: for what is only asked, never kept (a search)."""
    return _SURROGATE.sub("", _INVISIBLE.sub("", text))


def escape_like(term: str) -> str:
    """The term with LIKE's own signs made plain."""
    return term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def slug(text: str) -> str:
    """A name as a key: "Rapat TKKSD" -> "rapat_tkksd"."""
    return re.sub(r"[^a-z0-9]+", "_", fold(text)).strip("_")
