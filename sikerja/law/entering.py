"""An article that somebody has read comes into the register, and into the drafts of what it serves; or is taken back.

What is in force doesn't change: that takes an administrator who publishes the draft.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Article, DeadlineRule, DocumentRule, Procedure, ProcedureVersion, Regulation, StageRule, User
from rules import citing
from rules.law_parts import JANUARY_WEEK, PROPOSAL_OFF, UNITS, VERIFIED, Citation
from sikerja import audit, clock
from sikerja.law import articles, drafts
from sikerja.law.articles import DEADLINE, DOCUMENT, KIND, SKIP, STAGE, Law, Rule
from sikerja.refusals import Refusal

MOST = 999
# With letters for the numbers, so that nothing looks like an article that somebody has read.
FORM = "Tulis pasalnya seperti “Pasal N”, “Pasal N ayat (n) huruf a”, atau “Pasal N ayat (n) dan ayat (n)”, dengan nomornya."
UNREAD = "MEMORY"
# What the law counts in once a proposal is switched on; weeks of January are another kind of deadline.
LENGTHS = {unit: word for unit, word in UNITS.items() if unit != JANUARY_WEEK}
Grounds = ProcedureVersion | StageRule  # what rests on several citations of one certainty


@dataclass(frozen=True)
class Entry:
    """What somebody writes down who has the official text before them.

    `serves` are keys of rules. `amount` and `unit` are the length that the article gives to the proposals among them.
    """

    citation: str
    says: str
    checked_on: date | None
    serves: tuple[str, ...] = ()
    amount: int | None = None
    unit: str = ""


def obstacles(session: Session, regulation: Regulation, entry: Entry) -> dict[str, str]:
    """Everything that is in the way of entering this, by the field it is told at; empty where nothing is."""
    law, short = Law(session), articles.short_name(regulation)
    found = dict(_of_the_article(regulation, short, entry))
    chosen = _chosen(law, regulation, entry)
    told = [] if len(chosen) == len(set(entry.serves)) else ["Salah satu pilihan sudah tidak ada. Muat ulang halaman."]
    good = law.read | articles.vouched(session) | {f"{short} {entry.citation}"}
    told += [words for rule in chosen if (words := _unfounded(rule, short, entry.citation, good))]
    if told:
        found["serves"] = " ".join(told)
    found.update(_of_the_length(any(not rule.active for rule in chosen), entry))
    return found


def _of_the_article(regulation: Regulation, short: str, entry: Entry) -> Iterable[tuple[str, str]]:
    if regulation.is_binned:
        yield "", "Peraturan ini ada di keranjang. Kembalikan dulu, lalu catat pasalnya."
    elif not short:
        yield "", "Kode peraturan ini tidak memuat jenis, nomor, dan tahun, misalnya “permendagri_22_2020”. Ubah dulu kodenya."
    if not citing.is_article(entry.citation):
        yield (
            "citation",
            FORM,
        )
    if not entry.says:
        yield "says", "Isi bunyi atau pokok pasalnya."
    if entry.checked_on is None:
        yield "checked_on", "Isi tanggal pasalnya diperiksa."
    elif entry.checked_on > clock.today():
        yield "checked_on", "Tanggal diperiksa tidak boleh sesudah hari ini."
    elif entry.checked_on.year < regulation.year:
        yield "checked_on", f"Tanggal diperiksa tidak boleh sebelum tahun {regulation.year}, tahun peraturannya."


def _of_the_length(asked: bool, entry: Entry) -> Iterable[tuple[str, str]]:
    if not asked:
        if entry.amount is not None or entry.unit:
            yield (
                "amount",
                "Jumlah hanya untuk tenggat yang belum dipasang. Pilih tenggatnya, atau kosongkan jumlah dan satuan.",
            )
        return
    if entry.amount is None or not 1 <= entry.amount <= MOST:
        yield "amount", f"Isi jumlah yang tertulis pada pasalnya, 1 sampai {MOST}."
    if entry.unit not in LENGTHS:
        yield "unit", "Pilih satuan yang tertulis pada pasalnya."


def _chosen(law: Law, regulation: Regulation, entry: Entry) -> list[Rule]:
    offered = {rule.key: rule for rule in (*law.waiting(regulation.code), *law.others(regulation.code))}
    return [offered[key] for key in dict.fromkeys(entry.serves) if key in offered]


def _unfounded(rule: Rule, short: str, citation: str, good: frozenset[str]) -> str:
    """Why this rule can't rest on what was read: one certainty holds for all that a stage rests on. Empty where it can."""
    if rule.what not in (KIND, STAGE) or all(each.certainty == VERIFIED for each in rule.cited):
        return ""
    rest = [text for text in _with(tuple(each.text for each in rule.cited), short, citation) if text not in good]
    if not rest:
        return ""
    where = f"{rule.kind_name}, {rule.stage_name or 'dasar jenisnya'}"
    return (
        f"{where}: dasar lainnya, “{rest[0]}”, bukan pasal yang sudah diperiksa. "
        "Ubah dulu dasarnya pada draf, atau jangan pilih yang ini."
    )


def _with(texts: tuple[str, ...], short: str, citation: str) -> tuple[str, ...]:
    """The citations with this article: in the place of its regulation alone, else beside them."""
    full = f"{short} {citation}"
    if full in texts:
        return texts
    return tuple(full if text == short else text for text in texts) if short in texts else (*texts, full)


# --- verbs -------------------------------------------------------------------------------------------------------


def enter(session: Session, regulation: Regulation, entry: Entry, user: User) -> list[str]:
    """Write the article down under the name of who checked it, and into the drafts of what it serves.

    Returns the names of the kinds whose drafts have it now. Raises Refusal with everything that is in the way.
    """
    found = obstacles(session, regulation, entry)
    if found:
        raise Refusal(errors=found)
    asked = select(Article).where(Article.regulation_id == regulation.id, Article.citation == entry.citation)
    article = session.scalars(asked).first()
    if article is None:
        article = Article(regulation_id=regulation.id, citation=entry.citation)
        session.add(article)
    article.says, article.checked_by, article.checked_on = entry.says, user.name, entry.checked_on or clock.today()
    article.withdrawn_on, article.withdrawn_reason = None, ""
    session.flush()
    chosen, short = _chosen(Law(session), regulation, entry), articles.short_name(regulation)

    def put(rule: Rule, row: Grounds | DocumentRule | DeadlineRule) -> None:
        _put(rule, row, short, entry)

    return _in_drafts(session, chosen, put)


def withdraw(session: Session, article: Article, reason: str) -> list[str]:
    """Take an article back that turned out wrong; in the drafts, what it served falls back to the regulation alone.

    A draft is opened for each kind whose version in force cites it. Returns the names of these kinds. Raises Refusal.
    """
    if article.withdrawn_on is not None:
        raise Refusal("Pasal ini sudah ditarik.")
    if not reason:
        raise Refusal("Isi alasan menarik pasal ini.", "reason")
    regulation = session.get_one(Regulation, article.regulation_id)
    short = articles.short_name(regulation)
    full = f"{short} {article.citation}"
    audit.explain(session, article, reason)
    article.withdrawn_on, article.withdrawn_reason = clock.today(), reason
    session.flush()

    def take(rule: Rule, row: Grounds | DocumentRule | DeadlineRule) -> None:
        _take(rule, row, short, full)

    return _in_drafts(session, Law(session).citing(full), take)


def _in_drafts(
    session: Session, chosen: list[Rule], change: Callable[[Rule, Grounds | DocumentRule | DeadlineRule], None]
) -> list[str]:
    """Change the rules' rows in the drafts of their kinds, which are opened where there are none. Raises Refusal."""
    opened: dict[int, ProcedureVersion] = {}
    for rule in chosen:
        if rule.kind_id not in opened:
            opened[rule.kind_id] = drafts.open_for(session, session.get_one(Procedure, rule.kind_id))
        change(rule, _row(session, opened[rule.kind_id], rule))
    session.flush()
    return list(dict.fromkeys(rule.kind_name for rule in chosen))


def _row(session: Session, draft: ProcedureVersion, rule: Rule) -> Grounds | DocumentRule | DeadlineRule:
    if rule.what == KIND:
        return draft
    of_draft = StageRule.procedure_version_id == draft.id, StageRule.key == rule.stage
    if rule.what in (STAGE, SKIP):
        return session.scalars(select(StageRule).where(*of_draft)).one()
    if rule.what == DOCUMENT:
        return session.scalars(select(DocumentRule).join(StageRule).where(*of_draft, DocumentRule.name == rule.name)).one()
    return session.scalars(select(DeadlineRule).join(StageRule).where(*of_draft, DeadlineRule.key == rule.name)).one()


def _put(rule: Rule, row: Grounds | DocumentRule | DeadlineRule, short: str, entry: Entry) -> None:
    """Let the rule rest on the article; a proposal among the deadlines is switched on with the length that it gives."""
    if rule.what == SKIP and isinstance(row, StageRule):
        row.skip_basis, row.skip_certainty = f"{short} {entry.citation}", VERIFIED
        return
    if isinstance(row, DocumentRule | DeadlineRule):
        row.basis = f"{short} {entry.citation}"
    else:
        row.basis = "\n".join(_with(tuple(each.text for each in rule.cited), short, entry.citation))
    row.certainty = VERIFIED
    if isinstance(row, DeadlineRule) and not rule.active:
        row.kind, row.amount, row.unit = "maksimal", entry.amount or row.amount, entry.unit or row.unit


def _take(rule: Rule, row: Grounds | DocumentRule | DeadlineRule, short: str, full: str) -> None:
    """Let the rule no longer rest on the article.

    Where it rests on other articles too, these are enough. Else the regulation alone is left, as unread, and a deadline is off.
    """
    if rule.what == SKIP and isinstance(row, StageRule):
        row.skip_basis, row.skip_certainty = short, UNREAD
        return
    rest = [each.text for each in rule.cited if each.text != full]
    if any(Citation(text, VERIFIED).has_article for text in rest):
        row.basis = "\n".join(rest)
        return
    row.basis, row.certainty = "\n".join(dict.fromkeys([*rest, short])), UNREAD
    if rule.what == DEADLINE and isinstance(row, DeadlineRule):
        row.kind = PROPOSAL_OFF
