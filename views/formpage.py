"""The form page of a screen: creating and editing, in one transaction, with what was typed kept through every refusal."""

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from extensions import db
from sikerja import clock, formats
from sikerja.refusals import Conflict, Refusal, of_integrity_error
from views.fields import Form
from views.screen import CONFLICT, Screen


class FormPage(Screen):
    """How a screen's records are written down and changed; mixed into the guarded view."""

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        return self._serve_form(None)

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Any:
        record = self.get_one(request.args.get("id"))
        if getattr(record, "is_binned", False):
            raise Refusal("Data ini ada di keranjang. Kembalikan dulu, lalu ubah.")
        return self._serve_form(record)

    def _serve_form(self, record: Any) -> Any:
        if self.form_class is None:
            abort(404)
        sent = request.form if request.method == "POST" else None
        form = self.make_form(sent, record)
        if request.method == "GET":
            return self._form_page(form, record)
        general: list[str] = []
        if form.validate():
            try:
                saved = self._save(form, record)
            except Refusal as refusal:
                db.session.rollback()
                general = form.refuse(refusal.errors)
                return self._form_page(form, record, general, 409 if isinstance(refusal, Conflict) else 422)
            return redirect(self._after_saving(saved))
        db.session.rollback()
        return self._form_page(form, record, general, 422)

    def make_form(self, sent: Any, record: Any) -> Form:
        """The form, filled from what was sent, else from the record."""
        form_class = self.form_class or Form
        form = form_class(sent, data=self.form_values(record)) if record is not None else form_class(sent)
        for field in form:
            if field.short_name in self.lookups:
                field.lookup_url = f"/admin/{self.screen}/ajax/lookup/"
        return form

    def form_values(self, record: Any) -> dict[str, Any]:
        """The record's values by the names of the form's fields."""
        columns = record.__mapper__.column_attrs.keys()
        return {name: getattr(record, name) for name in (self.form_class or Form)()._fields if name in columns}

    def _save(self, form: Form, record: Any) -> Any:
        """Save in one transaction. Raises Refusal, and then nothing is changed."""
        try:
            if record is not None:
                self._check_version(form, record)
            saved = self.create_model(form) if record is None else self.update_model(form, record)
            db.session.commit()
        except StaleDataError:
            raise Conflict(CONFLICT) from None
        except IntegrityError as error:
            raise of_integrity_error(error) from None
        except DataError:
            raise Refusal("Ada isian yang terlalu panjang atau terlalu besar. Periksa kembali isiannya.") from None
        flash("Data dicatat." if record is None else "Perubahan disimpan.", "success")
        return saved

    def _check_version(self, form: Form, record: Any) -> None:
        sent = form.version.data
        if request.form.get("version") and str(sent) != str(record.version):
            raise Conflict(CONFLICT)

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
            if name != "version":
                setattr(record, name, field.data)

    def _after_saving(self, record: Any) -> str:
        if request.form.get("_continue_editing"):
            return url_for(f"{self.screen}.edit_view", id=record.id)
        return url_for(f"{self.screen}.details_view", id=record.id)

    def _form_page(self, form: Form, record: Any, general: Sequence[str] = (), status: int = 200) -> Any:
        conflict = status == 409
        if record is not None:
            form.version.data = record.version if conflict or not form.version.data else form.version.data
        back = (
            url_for(f"{self.screen}.details_view", id=record.id) if record is not None else url_for(f"{self.screen}.index_view")
        )
        errors = [("", message) for message in general if not conflict]
        errors += [(field.id, message) for field in self._in_order(form) for message in field.errors]
        page = self.render(
            "sikerja/form.html",
            title=f"Ubah {self.noun}" if record is not None else self.create_label,
            crumbs=[(self.title, url_for(f"{self.screen}.index_view")), *([(str(record), back)] if record is not None else [])],
            form=form,
            sections=self._shown_sections(form),
            hidden_fields=[form.version] if record is not None else [],
            errors=errors,
            return_url=request.values.get("url") or back,
            is_new=record is None,
            last_changed=_last_changed(record),
            version_conflict=conflict,
            latest_url=back,
            term_url=self.term_url(),
        )  # fmt: skip
        return page, status

    def term_url(self) -> str | None:
        """Where the form's script asks for the end that a duration gives."""
        return None

    def _in_order(self, form: Form) -> list[Any]:
        """The form's fields as they stand on the page, from top to bottom; those without a place of their own last."""
        rows = [row for section in self.form_sections for row in section.rows]
        placed = [name for row in rows for name in ((row,) if isinstance(row, str) else row)]
        return [form[name] for name in placed] + [field for field in form if field.short_name not in placed]

    def _shown_sections(self, form: Form) -> list[dict[str, Any]]:
        shown = []
        for number, section in enumerate(self.form_sections, start=1):
            rows = [[form[name] for name in ((row,) if isinstance(row, str) else row)] for row in section.rows]
            count = sum(1 for row in rows for field in row if field.errors)
            shown.append(
                {"id": f"bagian-{number}", "title": section.title, "help": section.help, "rows": rows, "errors": count}
            )
        return shown


def _last_changed(record: Any) -> str | None:
    return None if record is None else f"Terakhir diubah {formats.long_date(clock.local(record.updated_at).date())}"
