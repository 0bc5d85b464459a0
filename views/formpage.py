"""The form page of a screen: creating and editing, in one transaction, with what was typed kept through every refusal."""

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose

from extensions import db
from sikerja import clock, formats
from sikerja.refusals import Conflict, Refusal
from views import compared
from views.conflict import ConflictPage, in_one_transaction, is_binned, is_stale
from views.fields import Form
from views.screen import Section


class FormPage(ConflictPage):
    """How a screen's records are written down and changed; mixed into the guarded view."""

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        return self._serve_form(None)

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Any:
        # What was typed must not be lost to someone who may not look into the bin.
        record = self.get_one(request.args.get("id"), even_binned=request.method == "POST")
        if is_binned(record) and request.method != "POST":
            raise Refusal("Data ini ada di keranjang. Kembalikan dulu, lalu ubah.")
        return self._serve_form(record)

    def _serve_form(self, record: Any) -> Any:
        if self.form_class is None:
            abort(404)
        if request.method != "POST":
            return self._form_page(self.make_form(None, record), record)
        if record is None:
            return self._save_or_tell(self.make_form(request.form, None), None, [])
        return self._stopped_by_others(record) or self._change(record)

    def _stopped_by_others(self, record: Any, surely: bool = False) -> Any:
        """The page that tells what others did to the record since the form was opened; None where nothing is in the way."""
        if is_binned(record):
            return self._binned_page(record)
        if not surely and not is_stale(request.form.get("version"), record):
            return None
        return self._conflict_page(record, self._in_order(self.make_form(request.form, record)), self.make_form(None, record))

    def _change(self, record: Any) -> Any:
        saved = self.make_form(None, record)
        # Taken now: once the transaction is let go of, someone else may save, and this person has not seen that.
        opened = _opened(record, saved)
        return self._save_or_tell(self.make_form(compared.with_choices(request.form, saved), record), record, opened)

    def _save_or_tell(self, form: Form, record: Any, opened: compared.Pairs) -> Any:
        """Save and go on to the record, or show the form again with what is wrong. `opened` is what the form was made from."""
        if not form.validate():
            db.session.rollback()
            return self._form_page(form, record, (), 422, opened)
        try:
            saved = self._save(form, record)
        except Refusal as refusal:
            db.session.rollback()
            if isinstance(refusal, Conflict) and record is not None:
                return self._stopped_by_others(record, surely=True) or self._saved_by_both(record)
            status = 409 if isinstance(refusal, Conflict) else 422
            return self._form_page(form, record, form.refuse(refusal.errors), status, opened)
        return redirect(self._after_saving(saved))

    def _saved_by_both(self, record: Any) -> Any:
        """Someone else saved the very same at the very same moment."""
        flash("Perubahan disimpan.", "success")
        return redirect(self._after_saving(record))

    def _binned_page(self, record: Any) -> Any:
        """The form as it was typed, for a record that went to the bin meanwhile; those who may not see it there see no more."""
        may_restore = self.may("restore")
        shown = record if may_restore else None
        kept = [(name, request.form[name]) for name in ("version", "seen") if request.form.get(name)]
        way = "Kembalikan dulu dari halaman rinciannya" if may_restore else "Minta administrator mengembalikannya"
        stopped = {
            "title": f"{self.noun.capitalize()} ini sudah ada di keranjang",
            "text": f"Isian Anda belum disimpan dan tidak hilang. {way}, lalu tekan Simpan lagi di halaman ini.",
            "url": self._details_url(record) if may_restore else None,
        }
        return self._form_page(self.make_form(request.form, shown), shown, (), 409, kept, stopped)

    def make_form(self, sent: Any, record: Any) -> Form:
        """The form, filled from what was sent, else from the record."""
        form_class = self.form_class_for(record)
        form = form_class(sent, data=self.form_values(record)) if record is not None else form_class(sent)
        for field in form:
            if field.short_name in self.lookups:
                field.lookup_url = f"/admin/{self.screen}/ajax/lookup/"
        return form

    def form_class_for(self, record: Any) -> type[Form]:
        """The form of this record, None for a new one; a screen where some records have fewer fields says which."""
        return self.form_class or Form

    def form_values(self, record: Any) -> dict[str, Any]:
        """The record's values by the names of the form's fields."""
        columns = record.__mapper__.column_attrs.keys()
        return {name: getattr(record, name) for name in (self.form_class or Form)()._fields if name in columns}

    def _save(self, form: Form, record: Any) -> Any:
        """Save in one transaction. Raises Refusal, and then nothing is changed."""

        def work() -> Any:
            changed = self.create_model(form) if record is None else self.update_model(form, record)
            self.after_change(changed)
            return changed

        saved = in_one_transaction(work, record)
        flash("Data dicatat." if record is None else "Perubahan disimpan.", "success")
        self.tell_change([saved.id])
        return saved

    def create_model(self, form: Form) -> Any:
        """Add a record; a screen with a verb of its own calls that instead. Raises Refusal."""
        record = self.model()
        self.fill(record, form)
        db.session.add(record)
        db.session.flush()
        return record

    def update_model(self, form: Form, model: Any) -> Any:
        """Change a record; a screen with a verb of its own calls that instead. Raises Refusal."""
        self.fill(model, form)
        db.session.flush()
        return model

    def fill(self, record: Any, form: Form) -> None:
        """Copy the form's values into the record."""
        for name, field in form._fields.items():
            setattr(record, name, field.data)

    def _after_saving(self, record: Any) -> str:
        if request.form.get("_continue_editing"):
            return url_for(f"{self.screen}.edit_view", id=record.id)
        return url_for(f"{self.screen}.details_view", id=record.id)

    def _form_page(
        self, form: Form, record: Any, general: Sequence[str] = (), status: int = 200,
        opened: compared.Pairs | None = None, stopped: dict[str, Any] | None = None,
    ) -> Any:  # fmt: skip
        """The page of the form. `opened` travels with it, `stopped` tells why it could not be saved at all."""
        if opened is None:
            opened = _opened(record, form)
        back = self.came_from(record)
        errors = [("", message) for message in general]
        errors += [(field.id, message) for field in self._in_order(form) for message in field.errors]
        page = self.render(
            "sikerja/form.html",
            title=f"Ubah {self.noun}" if record is not None or stopped else self.create_label,
            crumbs=[(self.title, url_for(f"{self.screen}.index_view")), *([(str(record), back)] if record is not None else [])],
            form=form,
            sections=self._shown_sections(form),
            hidden=opened,
            errors=errors,
            return_url=request.values.get("url") or back,
            last_changed=_last_changed(record),
            stopped=stopped,
            term_url=self.term_url(),
        )  # fmt: skip
        return page, status

    def came_from(self, record: Any) -> str:
        """Where one goes who gives the form up."""
        return self._details_url(record) if record is not None else url_for(f"{self.screen}.index_view")

    def term_url(self) -> str | None:
        """Where the form's script asks for the end that a duration gives."""
        return None

    def _in_order(self, form: Form) -> list[Any]:
        """The form's fields as they stand on the page, from top to bottom; those without a place of their own last."""
        placed = [field for section in self.form_sections for row in _placed(form, section) for field in row]
        return placed + [field for field in form if field not in placed]

    def _shown_sections(self, form: Form) -> list[dict[str, Any]]:
        shown = []
        for number, section in enumerate(self.form_sections, start=1):
            rows = _placed(form, section)
            if not rows:
                continue
            count = sum(1 for row in rows for field in row if field.errors)
            shown.append(
                {"id": f"bagian-{number}", "title": section.title, "help": section.help, "rows": rows, "errors": count}
            )
        return shown


def _placed(form: Form, section: Section) -> list[list[Any]]:
    """The fields of a section that this form has, row by row."""
    rows = [[form[name] for name in ((row,) if isinstance(row, str) else row) if name in form] for row in section.rows]
    return [row for row in rows if row]


def _last_changed(record: Any) -> str | None:
    return None if record is None else f"Terakhir diubah {formats.long_date(clock.local(record.updated_at).date())}"


def _opened(record: Any, form: Form) -> compared.Pairs:
    """What a form carries of the record it was filled from: its version, and a digest of what each field showed."""
    return [] if record is None else [("version", str(record.version)), ("seen", compared.digests(form))]
