"""Form fields as the register wants them: cleaned, bounded, telling in Indonesian what is wrong and what to do.

Each field carries what its template macro asks for: `widget_kind`, and for a combobox its chosen items.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask_admin.form import BaseForm
from wtforms import BooleanField, Field, PasswordField, SelectField, StringField, TextAreaField
from wtforms.validators import StopValidation

from rules.text import clean, clean_lines, has_invisible, strip_invisible
from sikerja import formats
from sikerja.dates import parse_date
from sikerja.refusals import CHOICE_GONE
from views.compared import Compared

GONE = "(sudah tidak ada)"
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 12, 31)
LARGEST_ID = 2**31 - 1


class Form(BaseForm):
    """Parent of every form. CSRF is the application's (one token for every POST), not the form's."""

    def refuse(self, errors: dict[str, str]) -> list[str]:
        """Tell errors at their fields; returns those that belong to none."""
        general = []
        for name, message in errors.items():
            if name in self:
                self[name].errors = [*self[name].errors, message]
            else:
                general.append(message)
        return general


class Asked(Compared):
    """What all fields share: required in words, the same sentence wherever it is missing."""

    widget_kind = "text"
    required_words = ""
    suggestions: Sequence[str] | None = None

    def ask(self, required: str) -> None:
        """`required` is the sentence for an empty field ("Isi judul."), or "" where it may stay empty."""
        self.required_words = required
        self.flags.required = bool(required)  # type: ignore[attr-defined]  # the field beside this class has them

    def refuse_empty(self, empty: bool) -> None:
        if empty and self.required_words:
            raise StopValidation(self.required_words)


class Line(Asked, StringField):
    """One line of text. Empty is "", never None."""

    def __init__(
        self, label: str, help: str = "", *, most: int, required: str = "", suggestions: Any = None, **kw: Any
    ) -> None:
        super().__init__(label, description=help, **kw)
        self.most = most
        self.suggestions = suggestions
        self.ask(required)

    def _cleaned(self, text: str) -> str:
        return clean(text)

    def plain(self) -> str:
        text = self.data or ""
        return text if has_invisible(text) else self._cleaned(text)

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = valuelist[0]

    def pre_validate(self, form: Any) -> None:
        text = self.data or ""
        if has_invisible(text):
            raise StopValidation(
                f"{self.label.text} memuat karakter yang tidak terlihat. Ketik ulang, jangan disalin dari PDF."
            )
        self.data = self._cleaned(text)
        self.refuse_empty(not self.data)
        if len(self.data) > self.most:
            raise StopValidation(f"{self.label.text} terlalu panjang: {len(self.data)} huruf, paling banyak {self.most}.")


class Lines(Line, TextAreaField):
    """Running text, its line breaks kept."""

    widget_kind = "textarea"
    widget = TextAreaField.widget

    def _cleaned(self, text: str) -> str:
        return clean_lines(text)


class TitleLine(Line, TextAreaField):
    """A long line that is given room: shown as a text area, kept as one line."""

    widget_kind = "textarea"
    widget = TextAreaField.widget


class Duration(Line):
    """A term in words; the page shows the end it gives before anything is saved."""

    widget_kind = "duration"


class Email(Line):
    """An e-mail address, or empty."""

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if self.data and not re.fullmatch(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]+|[^@\s]{1,64}@[a-z0-9.-]+", self.data, re.I):
            raise StopValidation("Alamat surel tidak dikenali. Tulis seperti nama@contoh.go.id.")


class Password(Asked, PasswordField):
    """A password; never cleaned, never shown again."""

    widget_kind = "password"
    secret = True

    def __init__(self, label: str, help: str = "", *, required: str = "", **kw: Any) -> None:
        super().__init__(label, description=help, **kw)
        self.ask(required)

    def pre_validate(self, form: Any) -> None:
        self.refuse_empty(not self.data)


class _Parsed(Asked, StringField):
    """A text that stands for a value: `data` is the value, what was typed is shown again."""

    def __init__(self, label: str, help: str = "", *, required: str = "", **kw: Any) -> None:
        super().__init__(label, description=help, **kw)
        self.ask(required)

    def _parse(self, text: str) -> Any:
        raise ValueError(text)

    def _shown(self) -> str:
        return "" if self.data is None else str(self.data)

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else self._shown()

    def plain(self) -> str:
        # Where it could not be read `data` is still the record's.
        return self._value().strip() if self.process_errors else self._shown()

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        text = valuelist[0].strip()
        self.data = self._parse(text) if text else None

    def pre_validate(self, form: Any) -> None:
        # An error in reading is told once, as it is.
        if self.process_errors:
            raise StopValidation()
        self.refuse_empty(self.data is None)


class Day(_Parsed):
    """A date, typed as a person writes it."""

    widget_kind = "date"

    def _parse(self, text: str) -> date:
        try:
            day = parse_date(text)
        except ValueError:
            raise ValueError("Tanggal tidak dikenali. Tulis seperti 24/11/2026 atau 24 November 2026.") from None
        if not EARLIEST <= day <= LATEST:
            raise ValueError("Tanggal di luar jangkauan. Isi tahun antara 1900 dan 2200.")
        return day

    def _shown(self) -> str:
        return formats.long_date(self.data)


class Whole(_Parsed):
    """A whole number within bounds."""

    widget_kind = "number"

    def __init__(self, label: str, help: str = "", *, least: int, most: int, required: str = "", **kw: Any) -> None:
        super().__init__(label, help, required=required, **kw)
        self.least, self.most = least, most

    def _parse(self, text: str) -> int:
        if re.fullmatch(r"-?[0-9]{1,9}", text) and self.least <= int(text) <= self.most:
            return int(text)
        raise ValueError(f"Isi bilangan bulat antara {self.least} dan {self.most}.")


class Money(_Parsed):
    """An amount in rupiah: 1250000, 1.250.000, Rp1.250.000,50."""

    widget_kind = "money"
    largest = Decimal(10) ** 15

    def _parse(self, text: str) -> Decimal:
        plain = re.sub(r"^rp\.?\s*", "", text, flags=re.I).replace(" ", "")
        if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+(,[0-9]{1,2})?", plain) or re.fullmatch(r"[0-9]+,[0-9]{1,2}", plain):
            plain = plain.replace(".", "").replace(",", ".")
        if not re.fullmatch(r"[0-9]+(\.[0-9]{1,2})?", plain) or len(plain) > 20:
            raise ValueError("Nilai tidak dikenali. Tulis seperti 1.250.000 atau Rp1.250.000.")
        amount = Decimal(plain)
        if amount >= self.largest:
            raise ValueError("Nilai terlalu besar. Periksa banyaknya nol.")
        return amount

    def _shown(self) -> str:
        return "" if self.data is None else formats.number(self.data)

    def shown(self) -> str:
        return super().shown() if self.process_errors else formats.money(self.data)


class Choice(Asked, SelectField):
    """One of a list of codes; "" stands for none."""

    widget_kind = "select"

    def __init__(
        self,
        label: str,
        choices: Any,
        help: str = "",
        *,
        required: str = "",
        blank: str | None = "Belum dipilih",
        **kw: Any,
    ) -> None:
        source = choices if callable(choices) else choices.items
        opening = [] if blank is None else [("", blank)]
        super().__init__(label, description=help, choices=lambda: [*opening, *source()], validate_choice=False, **kw)
        self.ask(required)

    def plain(self) -> str:
        return "" if self.data is None else str(self.data)

    def shown(self) -> str:
        chosen = self.plain()
        known = {str(value): label for value, label, *_ in self.iter_choices()}
        return str(known.get(chosen, GONE)) if chosen else ""

    def pre_validate(self, form: Any) -> None:
        # What isn't on the list any more is refused, but for the value the record already has.
        known = {str(value) for value, *_ in self.iter_choices()}
        chosen = "" if self.data is None else str(self.data)
        if chosen not in known and not (chosen == "" and not self.required_words):
            raise StopValidation(self.required_words if chosen == "" else CHOICE_GONE)
        self.refuse_empty(chosen == "")


class Record(Choice):
    """One of a short list of records, by id; None stands for none."""

    def __init__(self, label: str, choices: Callable[[], Iterable[tuple[Any, str]]], help: str = "", **kw: Any) -> None:
        super().__init__(label, choices, help, coerce=_id_or_none, **kw)


def _id_or_none(value: Any) -> int | None:
    """An id from a form; 0, which no record has, for what isn't one."""
    if value in (None, ""):
        return None
    text = str(value).strip()
    return int(text) if re.fullmatch(r"[0-9]{1,10}", text) and int(text) <= LARGEST_ID else 0


class Tick(Compared, BooleanField):
    """Yes or no; a box that is not ticked sends nothing."""

    widget_kind = "checkbox"

    def __init__(self, label: str, help: str = "", **kw: Any) -> None:
        super().__init__(label, description=help, **kw)

    def pairs(self) -> list[tuple[str, str]]:
        return [(self.name, "y")] if self.data else []

    def shown(self) -> str:
        return "Ya" if self.data else "Tidak"


class Combobox(Asked, Field):
    """Records found by type-ahead: `data` is the list of their ids in order, the leading one first.

    `names` gives (id, name) for ids; `number_name` is the name of a number field that each chosen record carries.
    """

    widget_kind = "combobox"
    raw_query = ""
    without_script = "Pencarian ini memerlukan JavaScript. Pilihan yang sudah ada tetap tersimpan."

    def __init__(
        self, label: str, help: str = "", *, names: Callable[[list[int]], dict[int, str]], multiple: bool = False,
        required: str = "", number_name: str = "", lead_label: str = "", **kw: Any,
    ) -> None:  # fmt: skip
        super().__init__(label, description=help, **kw)
        self.names, self.multiple = names, multiple
        self.number_name, self.lead_label = number_name, lead_label
        self.numbers: list[str] = []
        self.lookup_url = ""
        self.ask(required)

    def process(self, formdata: Any, *args: Any, **kw: Any) -> None:
        """What was sent, else the record's; all were taken out where only the search box came along."""
        super().process(formdata, *args, **kw)
        self.raw_query = (formdata or {}).get(f"{self.name}-query", "")
        if formdata and f"{self.name}-query" in formdata and self.name not in formdata:
            self.data = []

    def sent_names(self) -> tuple[str, ...]:
        return tuple(name for name in (self.name, f"{self.name}-query", self.number_name) if name)

    def pairs(self) -> list[tuple[str, str]]:
        ids = [(self.name, str(key)) for key in self.data or []] or [(self.name, "")]
        return ids + [(self.number_name, number) for number in self._numbers() if self.number_name]

    def shown(self) -> str:
        names = {item["value"]: item["label"] for item in self.items}
        told = [
            f"{names.get(key, GONE)} (nomor {strip_invisible(number)})" if number else names.get(key, GONE)
            for key, number in zip(self.data or [], self._numbers(), strict=True)
        ]
        return "; ".join(told)

    def _numbers(self) -> list[str]:
        """One number for each chosen record, "" where it has none."""
        chosen = len(self.data or [])
        return [number if has_invisible(number) else clean(number) for number in [*self.numbers, *[""] * chosen][:chosen]]

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = [_id_or_none(value) or 0 for value in valuelist if value.strip()]

    def pre_validate(self, form: Any) -> None:
        self.data = list(self.data or [])
        self.refuse_empty(not self.data)
        if 0 in self.data or len(self.data) > (50 if self.multiple else 1):
            raise StopValidation(CHOICE_GONE)

    @property
    def items(self) -> list[dict[str, Any]]:
        """What is chosen, for the template: value, label, and the number that goes with it."""
        chosen = [key for key in self.data or [] if key]
        names = self.names(chosen) if chosen else {}
        numbers = [*self.numbers, *[""] * len(chosen)]
        return [
            {"value": key, "label": names.get(key, GONE), "extra": number} for key, number in zip(chosen, numbers, strict=False)
        ]


class Numbers(Field):
    """The number fields that stand beside the chosen records of a combobox, in their order."""

    widget_kind = "none"

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = valuelist

    def pre_validate(self, form: Any) -> None:
        cleaned = []
        for number in self.data or []:
            if has_invisible(number):
                raise StopValidation("Nomor memuat karakter yang tidak terlihat. Ketik ulang, jangan disalin dari PDF.")
            cleaned.append(clean(number))
            if len(cleaned[-1]) > 100:
                raise StopValidation(f"Nomor terlalu panjang: {len(cleaned[-1])} huruf, paling banyak 100.")
        self.data = cleaned
