"""Articles that the bureau has read and vouches for, and the regulations they belong to."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Article, Regulation

# Kind of regulation -> how it is called in a citation.
_SHORT = {
    "Undang-Undang": "UU",
    "Peraturan Pemerintah": "PP",
    "Peraturan Presiden": "Perpres",
    "Peraturan Menteri Dalam Negeri": "Permendagri",
    "Peraturan Menteri Luar Negeri": "Permenlu",
    "Peraturan Daerah Kota Samarinda": "Perda Samarinda",
}


def regulations(session: Session) -> dict[str, int]:
    """Code -> id of every regulation on record that is not in the bin: where citations lead to."""
    found = session.execute(select(Regulation.code, Regulation.id).where(Regulation.deleted_at.is_(None)))
    return {row.code: row.id for row in found}


def short_name(regulation: Regulation) -> str:
    """Permendagri 22/2020"""
    return f"{_SHORT.get(regulation.kind, regulation.kind)} {regulation.number}/{regulation.year}"


def vouched(session: Session) -> frozenset[str]:
    """The full texts of the articles that somebody vouches for: "Permendagri 22/2020 Pasal 12 ayat (2)"."""
    found = session.execute(
        select(Article.citation, Regulation)
        .join(Regulation, Regulation.id == Article.regulation_id)
        .where(Article.withdrawn_on.is_(None), Regulation.deleted_at.is_(None))
    )
    return frozenset(f"{short_name(regulation)} {citation}" for citation, regulation in found)
