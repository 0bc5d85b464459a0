"""Values of filters as they stand in an address, read strictly: what can't be read is refused, never guessed at."""

from datetime import timedelta

from rules.text import strip_invisible

FLAG_WORDS = {"1": "Ya", "0": "Tidak"}
MAX_TEXT = 200
MAX_LIST = 100
MAX_DAYS = 36_500
MAX_ID = 2**31 - 1


def between_parts(value: str) -> tuple[str, str]:
    """The two ends of "A to B". Raises ValueError."""
    first, glue, last = value.partition(" to ")
    if not glue:
        raise ValueError(value)
    return first.strip(), last.strip()


def flag_of(value: str) -> bool:
    """Yes or no. Raises ValueError."""
    if value.strip() not in FLAG_WORDS:
        raise ValueError(value)
    return value.strip() == "1"


def text_of(value: str) -> str:
    """A text without what can't be seen. Raises ValueError."""
    text = strip_invisible(value).strip()
    if len(text) > MAX_TEXT or not text:
        raise ValueError(value)
    return text


def list_of(value: str) -> list[str]:
    """The parts of a list. Raises ValueError."""
    parts = [part.strip() for part in value.split(",") if part.strip()]
    if not parts or len(parts) > MAX_LIST:
        raise ValueError(value)
    return parts


def id_of(value: str) -> int:
    """An id. Raises ValueError."""
    text = value.strip()
    if not (text.isascii() and text.isdecimal()) or len(text) > 10 or int(text) > MAX_ID:
        raise ValueError(value)
    return int(text)


def days_of(value: str) -> timedelta:
    """A number of days. Raises ValueError."""
    text = value.strip()
    if not (text.isascii() and text.isdecimal()) or len(text) > 6 or int(text) > MAX_DAYS:
        raise ValueError(value)
    return timedelta(days=int(text))
