"""Articles that were taken back: nobody vouches for them, so no screen shows their number, whichever version rests on them.

What was published never changes: a stage keeps its documents and deadlines until a version without the article is published.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache, lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Article, Regulation
from rules import citing, law
from rules.law_parts import Citation, Procedure, StageRule


class Withdrawn(Citation):
    """A citation whose article was taken back: the regulation alone may be shown."""

    @property
    def is_read(self) -> bool:
        return False

    @property
    def shown(self) -> str:
        return self.source

    @property
    def label(self) -> str:
        return "pasal ditarik"


def texts(session: Session) -> frozenset[str]:
    """The full texts of the articles that were taken back: "Permendagri 22/2020 Pasal 12 ayat (2)".

    What the law data itself has read stands, whatever somebody entered and took back beside it.
    """
    chosen = select(Article.citation, Regulation.code).join(Regulation, Regulation.id == Article.regulation_id)
    rows = session.execute(chosen.where(Article.withdrawn_on.is_not(None)))
    found = frozenset(f"{citing.short_name(code)} {citation}" for citation, code in rows)
    return found - _read_by_the_file() if found else found


@cache
def _read_by_the_file() -> frozenset[str]:
    return frozenset(each.text for content in law.procedures() for each in content.citations() if each.is_read)


def marked(content: Procedure, taken_back: frozenset[str]) -> Procedure:
    """The same with every citation of an article that was taken back told as such."""
    return _marked(content, taken_back) if taken_back else content


@lru_cache(maxsize=64)
def _marked(content: Procedure, taken_back: frozenset[str]) -> Procedure:
    stages = tuple(_stage(stage, taken_back) for stage in content.stages)
    return replace(content, basis=_all(content.basis, taken_back), stages=stages)


def _stage(stage: StageRule, taken_back: frozenset[str]) -> StageRule:
    return replace(
        stage,
        basis=_all(stage.basis, taken_back),
        skip_basis=_one(stage.skip_basis, taken_back) if stage.skip_basis is not None else None,
        documents=tuple(replace(each, basis=_one(each.basis, taken_back)) for each in stage.documents),
        deadlines=tuple(replace(each, basis=_one(each.basis, taken_back)) for each in stage.deadlines),
    )


def _all(cited: Iterable[Citation], taken_back: frozenset[str]) -> tuple[Citation, ...]:
    return tuple(_one(each, taken_back) for each in cited)


def _one(cited: Citation, taken_back: frozenset[str]) -> Citation:
    return Withdrawn(cited.text, cited.certainty) if cited.text in taken_back else cited
