"""How a regulation and its articles are named in a citation: "Permendagri 22/2020 Pasal 12 ayat (2)"."""

import re

# Of the words in a code, those that are no word but letters; the others begin with a capital.
_LETTERS = frozenset({"uu", "pp"})
_CODE = re.compile(r"([a-z][a-z0-9]*(?:_[a-z][a-z0-9]*)*)_([1-9][0-9]*)_([0-9]{4})")

_POINT = r"(?: huruf [a-z]{1,2})?(?: angka [1-9][0-9]?)?"
_PARAGRAPH = rf"ayat \([1-9][0-9]?[a-z]?\){_POINT}"
_WHOLE = rf"Pasal [1-9][0-9]{{0,2}}[A-Z]?(?: {_PARAGRAPH}|{_POINT})"
_NEXT = r"(?:, dan |, | dan | atau | jo\. | s\.d\. )"
_ARTICLE = re.compile(rf"{_WHOLE}(?:{_NEXT}(?:{_WHOLE}|{_PARAGRAPH}|huruf [a-z]{{1,2}}))*")


def short_name(code: str) -> str:
    """What citations call the regulation of that code: "permendagri_22_2020" -> "Permendagri 22/2020".

    The other way round it is `Citation.regulation_code`. Empty for a code that is not made of a kind, a number and a year.
    """
    parts = _CODE.fullmatch(code)
    if parts is None:
        return ""
    kind = " ".join(word.upper() if word in _LETTERS else word.capitalize() for word in parts[1].split("_"))
    return f"{kind} {parts[2]}/{parts[3]}"


def is_article(text: str) -> bool:
    """True for "Pasal 12", "Pasal 12 ayat (2) huruf a", "Pasal 12 ayat (2) dan ayat (3)", "Pasal 3 jo. Pasal 4"."""
    return len(text) <= 200 and _ARTICLE.fullmatch(text) is not None
