"""The papers of the sample register: made here from what the register says, marked as samples on every page.

They come in as an upload does: looked through in a child process, then put into the store.
"""

import io
import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import ROOT
from models import Agreement, Attachment, Link, Stage, User
from rules import codes
from sikerja import agreements, clock, formats, paper
from sikerja.files import inspection, place
from sikerja.paper import Page

PAPERS = ROOT / "data" / "sample" / "papers.toml"
NOTICE = "Contoh untuk Sikerja, bukan naskah asli"
_MAKERS: dict[str, Callable[[str, list[Page]], bytes]] = {"pdf": paper.pdf, "docx": paper.docx}


class Papers:
    """The papers of the sample, attached to the agreements that `ids` names by their keys, as uploaded by `clerk`."""

    def __init__(self, session: Session, ids: dict[str, int], clerk: User) -> None:
        self.session, self.ids, self.clerk = session, ids, clerk
        with PAPERS.open("rb") as source:
            self.papers = tomllib.load(source)["paper"]

    def load(self, *, told: bool) -> int:
        """Attach those that tell of the stages (`told`), once these have moved, or all the others. Returns how many files."""
        chosen = [each for each in self.papers if told == any("stages" in edition["pages"] for edition in each["editions"])]
        return sum(_attach(self.session, self.ids[each["agreement"]], each, self.clerk) for each in chosen)


def _attach(session: Session, agreement_id: int, told: dict[str, Any], clerk: User) -> int:
    """One document with all its editions."""
    agreement = agreements.for_editing(session, agreement_id)
    before: Attachment | None = None
    for number, edition in enumerate(told["editions"], start=1):
        pages = [_PAGES[name](session, agreement) for name in edition["pages"]]
        made = Attachment(
            agreement_id=agreement.id,
            kind=told["kind"],
            title=told["title"],
            document_date=agreement.signed_on if told["kind"] == "naskah_final" else None,
            uploaded_by_id=clerk.id,
            edition=number,
            replaces_id=before and before.id,
            series_id=before and before.series_id,
            reason=edition.get("reason", ""),
            **_stored(f"{told['title']} v{number}.{told['format']}", _MAKERS[told["format"]](NOTICE, pages)),
            **_verdict(edition, clerk),
        )
        session.add(made)
        session.flush()
        if before is None:
            made.series_id = made.id
            session.flush()
        before = made
    return len(told["editions"])


def _stored(name: str, content: bytes) -> dict[str, Any]:
    """Look through the file and keep it; the columns that tell of it. Raises Refusal."""
    limit = current_app.config["MAX_UPLOAD"]
    accepted = inspection.inspect(io.BytesIO(content), name, limit, current_app.config["REFUSE_ACTIVE_PDF"])
    stored = place.the_store().put(io.BytesIO(content), limit)
    return {
        "original_name": inspection.safe_name(name),
        "digest": stored.digest,
        "size": stored.size,
        "format": accepted.kind,
        "pages": accepted.pages,
    }


def _verdict(edition: dict[str, Any], clerk: User) -> dict[str, Any]:
    if "verdict" not in edition:
        return {}
    return {
        "verdict": edition["verdict"],
        "verdict_remark": edition.get("remark", ""),
        "verdict_at": clock.now(),
        "verdict_by_id": clerk.id,
    }


# --- pages: what the register says, and nothing else -------------------------------------------------------------


def _page(heading: str, agreement: Agreement, facts: Iterator[tuple[str, str]]) -> Page:
    told = [f"{label}: {text}" for label, text in facts if text]
    return Page(heading, [codes.INSTRUMENTS[agreement.instrument], agreement.title, "", *told])


def _parties(session: Session, agreement: Agreement) -> Page:
    def facts() -> Iterator[tuple[str, str]]:
        for party in agreement.parties:
            name = party.partner.name if party.partner else f"Pemerintah {current_app.config['REGION_NAME']}"
            yield ("Mitra" if party.partner else "Pihak Kesatu"), name
            yield "Nomor", party.number
        for held in agreement.units:
            yield "Perangkat daerah", f"{held.unit.name} ({codes.UNIT_ROLES[held.role].lower()})"

    return _page("Para pihak", agreement, facts())


def _term(session: Session, agreement: Agreement) -> Page:
    dates = (("Ditandatangani", agreement.signed_on), ("Mulai berlaku", agreement.starts_on), ("Berakhir", agreement.ends_on))
    facts = [("Jangka waktu", agreement.duration), *((label, _date(day)) for label, day in dates)]
    return _page("Jangka waktu", agreement, iter(facts))


def _date(day: date | None) -> str:
    return formats.long_date(day)


def _family(session: Session, agreement: Agreement) -> Page:
    linked = select(Agreement.title).join(Link, Link.to_id == Agreement.id).where(Link.from_id == agreement.id)
    titles = session.scalars(linked.order_by(Agreement.id))
    return _page("Naskah terkait", agreement, (("Naskah", title) for title in titles))


def _stages(session: Session, agreement: Agreement) -> Page:
    def facts() -> Iterator[tuple[str, str]]:
        rows = select(Stage).where(Stage.agreement_id == agreement.id, Stage.deleted_at.is_(None))
        for stage in session.scalars(rows.order_by(Stage.position, Stage.id)):
            told = [codes.STAGE_STATUSES[stage.status].lower()]
            told += [f"mulai {_date(stage.started_on)}"] if stage.started_on else []
            told += [f"selesai {_date(stage.finished_on)}"] if stage.finished_on else []
            yield stage.name, ", ".join(told)

    return _page("Pelaksanaan", agreement, facts())


def _offer(session: Session, agreement: Agreement) -> Page:
    offering = ", ".join(party.partner.name for party in agreement.parties if party.partner)
    return _page("Penawaran kerja sama", agreement, iter([("Dari", offering), ("Jangka waktu", agreement.duration)]))


def _signing(session: Session, agreement: Agreement) -> Page:
    page = _page("Penandatanganan", agreement, iter([("Ditandatangani", _date(agreement.signed_on))]))
    return page._replace(lines=[*page.lines, "", "Ruang tanda tangan dikosongkan karena dokumen ini contoh."])


_PAGES: dict[str, Callable[[Session, Agreement], Page]] = {
    "parties": _parties,
    "term": _term,
    "family": _family,
    "stages": _stages,
    "offer": _offer,
    "signing": _signing,
}
