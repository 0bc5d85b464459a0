"""What nobody types, and how one sees that it did harm."""

from collections.abc import Iterator
from typing import Any

from tests.pages import elements

VALUES = {
    "empty": "",
    "blanks": " \t\u3000\u00a0 ",
    "10,000 letters": "x" * 10_000,
    "NUL": "a\x00b",
    "NUL, escaped": "%00",
    "right to left": "a\u202eb\u200b",
    "a script": "<script>alert('sk')</script>",
    "an image": '"><img src=x onerror=alert(1)>',
    "an attribute": "x' onfocus=alert(1) \" onfocus=alert(2) y=",
    "a template": "{{77777*77777}}${77777*77777}",
    "SQL": "' OR 1=1 --",
    "LIKE": "%_\\%",
    "year 0": "0000-01-01",
    "year 0, as typed": "01/01/0000",
    "year 9999": "9999-12-31",
    "31 February": "31/02/2026",
    "20 digits": "9" * 20,
    "300 digits": "9" * 300,
    "negative": "-1",
    "a fraction": "1e309",
    "not a number": "NaN",
    "full width": "１２３",
    "an id that is none": "999999999",
    "more than an id": "2147483648",
    "emoji": "👩‍👩‍👧‍👦🇮🇩",
    "a broken character": "\ud800",
    "a path": "../../etc/passwd",
    "lines": "a\r\nSet-Cookie: x=y\r\n\r\nb",
    "a list": "1,2,,3," + "4," * 200,
    "a span": "9999-12-31 to 0000-01-01",
}  # fmt: skip
MARKUP = {"a script", "an image", "an attribute", "a template"}
SHARPEST = ("empty", "NUL", "an image", "SQL", "year 9999", "20 digits", "more than an id", "a broken character")


def faults(answer: Any, label: str) -> Iterator[str]:
    """What must never come back."""
    if answer.status_code >= 500 or (answer.status_code == 200 and not answer.text):
        yield str(answer.status_code)
    if "x=y" in answer.headers.get("Set-Cookie", ""):
        yield "a header of its own"
    if label not in MARKUP or answer.mimetype != "text/html":
        return
    for telltale in ("<script>alert", "<img src=x", "6049261729"):
        if telltale in answer.text:
            yield f"{telltale} as it was sent"
    yield from (f"{name} on {tag}" for tag, found in elements(answer.text) for name in found if name.startswith("on"))
