"""The page of a regulation: what it is, which of its articles we rely on, what of ours rests on it, what still waits."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from flask import url_for
from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from models import Article, Regulation
from rules import codes
from rules.law_parts import Citation
from sikerja import attachments, formats
from sikerja.law import articles
from sikerja.law.articles import KIND, STAGE, Law, Relied, Rule
from views import sending

READ_BY_MAKERS = "Dibaca saat Sikerja disusun"
EMPTY = Markup('<span class="none">Belum diisi</span>')
KIND_ITSELF = "Jenis kerja samanya"
OPEN_AT_MOST = 40  # so many lines are shown unfolded


def context(session: Session, regulation: Regulation, page: str) -> dict[str, Any]:
    """What the template of details shows of this regulation."""
    law, entered = Law(session), articles.of_regulation(session, regulation)
    waiting = law.waiting(regulation.code)
    resting = law.resting_on(regulation.code)
    stages = {(rule.kind, rule.stage) for rule in resting if rule.stage}
    return {
        "record": regulation,
        "short": articles.short_name(regulation),
        "facts": [codes.REGULATION_CHECKS[regulation.checked], f"{len(stages)} tahap bersandar padanya"],
        "main": [_summary(regulation), *_paper(regulation, page)],
        "relied": [_relied(each) for each in articles.relied_on(law, regulation, entered)],
        "resting": _by_kind(regulation.code, resting),
        "resting_open": len(resting) <= OPEN_AT_MOST,
        "waiting": _by_kind(regulation.code, waiting),
        "choices": _choices(waiting),
        "other_choices": _choices(law.others(regulation.code)),
        "proposals": list(dict.fromkeys(rule.told for rule in waiting if not rule.active)),
        "drafts": [(name, _kind_url(key)) for key, name in {rule.kind_id: rule.kind_name for rule in law.drafted}.items()],
        "paper": _paper_links(regulation),
    }


def _summary(regulation: Regulation) -> dict[str, Any]:
    items = [
        ("Jenis", regulation.kind), ("Nomor", regulation.number), ("Tahun", regulation.year), ("Tentang", regulation.title),
        ("Mengatur", formats.lines(regulation.governs)), ("Pemeriksaan", codes.REGULATION_CHECKS[regulation.checked]),
        ("Catatan", formats.lines(regulation.note)),
    ]  # fmt: skip
    return {"title": "Ringkasan", "kind": "facts", "items": [(label, value or EMPTY) for label, value in items]}


# --- what rests on it --------------------------------------------------------------------------------------------


def _by_kind(code: str, rules: Iterable[Rule]) -> list[dict[str, Any]]:
    """Kinds, each with its stages, each with what of it rests on the regulation."""
    kinds = []
    for (kind_id, name), of_kind in groupby(rules, key=lambda rule: (rule.kind_id, rule.kind_name)):
        rows = [
            [stage or KIND_ITSELF, Markup("<br>").join(_line(rule, code) for rule in of_stage)]
            for stage, of_stage in groupby(of_kind, key=lambda rule: rule.stage_name)
        ]
        kinds.append(
            {"name": name, "url": _kind_url(kind_id), "rows": rows, "stages": sum(stage != KIND_ITSELF for stage, _ in rows)}
        )
    return kinds


def _kind_url(kind_id: int) -> str:
    return url_for("procedure.details_view", id=kind_id)


def _line(rule: Rule, code: str) -> Markup:
    """Dokumen “Surat jawaban”: sebatas peraturannya (belum diperiksa)"""
    cited = "; ".join(_shown(each) for each in rule.citing(code))
    off = "" if rule.active else " · usulan, belum dipasang"
    return escape(f"{rule.told}: {cited}{off}")


def _shown(cited: Citation) -> str:
    """The article alone where its text was read, for the page is that of its regulation."""
    article = cited.shown.removeprefix(cited.source).strip() or "sebatas peraturannya"
    return f"{article} ({cited.label})" if cited.label else article


def _relied(each: Relied) -> dict[str, Any]:
    article = each.article
    withdrawn = article is not None and article.withdrawn_on is not None
    return {
        "citation": each.citation,
        "says": formats.lines(article.says) if article else "",
        "uses": Markup("<br>").join([*_uses(each.in_force, ""), *_uses(each.in_draft, " · dalam draf, belum diterbitkan")]),
        "state": _state(article),
        "withdrawn": withdrawn,
        "article": article if article is not None and not withdrawn else None,
    }


def _uses(rules: list[Rule], more: str) -> list[Markup]:
    """One line a kind: KSDD sukarela: Persetujuan DPRD, Penawaran"""
    lines = []
    for (key, name), of_kind in groupby(rules, key=lambda rule: (rule.kind_id, rule.kind_name)):
        stages = ", ".join(dict.fromkeys(rule.stage_name or "jenisnya" for rule in of_kind))
        lines.append(Markup("{}: {}{}").format(formats.link(_kind_url(key), name), stages, more))
    return lines


def _state(article: Article | None) -> str:
    if article is None:
        return READ_BY_MAKERS
    if article.withdrawn_on is not None:
        return f"Ditarik pada {formats.long_date(article.withdrawn_on)}: {article.withdrawn_reason}"
    return f"Diperiksa {article.checked_by} pada {formats.long_date(article.checked_on)}"


def _choices(rules: Iterable[Rule]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Kind -> what of it can be chosen: its key and its words."""
    kinds = groupby(rules, key=lambda rule: rule.kind_name)
    return [(name, [(rule.key, _choice(rule)) for rule in of_kind]) for name, of_kind in kinds]


def _choice(rule: Rule) -> str:
    what = {KIND: KIND_ITSELF, STAGE: rule.stage_name}.get(rule.what) or f"{rule.stage_name}: {rule.told}"
    return what + ("" if rule.active else " (usulan, belum dipasang)")


# --- its official text -------------------------------------------------------------------------------------------


def outgoing(regulation: Regulation) -> sending.Outgoing | None:
    """Its official text as a file; None where nobody has put it there."""
    if regulation.digest is None:
        return None
    about = {"screen": "regulation", "record_id": regulation.id, "record": str(regulation)}
    back = ("Kembali ke peraturannya", url_for("regulation.details_view", id=regulation.id))
    return sending.Outgoing(regulation.digest, regulation.size or 0, "pdf", regulation.original_name, about, back)


def _fault(regulation: Regulation) -> str:
    found = attachments.fault_of(regulation.digest, regulation.size or 0) if regulation.digest else None
    return str(found or "")


def _paper(regulation: Regulation, asked: str) -> list[dict[str, Any]]:
    """Its pages, one at a time."""
    if regulation.digest is None:
        return []
    section: dict[str, Any] = {"title": "Naskah resmi", "kind": "pages", "id": "naskah", "src": None}
    fault = _fault(regulation)
    if fault or not regulation.pages:
        return [section | {"empty": fault or "Halamannya tidak dapat ditampilkan."}]
    page = min(max(sending.page_number(asked), 1), regulation.pages)
    address = {number: url_for("regulation.details_view", id=regulation.id, page=number, _anchor="naskah")
               for number in (page - 1, page + 1) if 1 <= number <= regulation.pages}  # fmt: skip
    shown = {
        "src": url_for("regulation.preview_view", id=regulation.id, page=page),
        "place": f"Halaman {page} dari {regulation.pages}",
        "previous": address.get(page - 1),
        "next": address.get(page + 1),
    }
    return [section | shown]


def _paper_links(regulation: Regulation) -> dict[str, Any] | None:
    if regulation.digest is None:
        return None
    about = [regulation.original_name, formats.file_size(regulation.size or 0)]
    about += [f"{formats.number(regulation.pages)} halaman"] if regulation.pages else []
    url = None if _fault(regulation) else url_for("regulation.paper_view", id=regulation.id)
    return {"url": url, "about": " · ".join(about)}
