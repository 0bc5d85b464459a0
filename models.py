"""Every table, constraint and question of the register; the verbs live in `sikerja/`.

Words in constraint names are the glossary's; `sikerja/refusals.py` turns each of them into a sentence.
"""

from extensions import Base
from tables.files import Attachment
from tables.law import Article, DeadlineRule, DocumentRule, ProcedureVersion, StageRule
from tables.parts import NAME_LENGTH, NUMBER_LENGTH, TITLE_LENGTH
from tables.people import SavedView, SignInFailure, User, UserSession
from tables.process import Answer, Deadline, StageDocument, StageEvent
from tables.reference import Contact, Holiday, Partner, Procedure, Regulation, Sector, Unit
from tables.register import Agreement, AgreementUnit, Counter, Link, Party, SearchDocument, Stage
from tables.traces import AuditEntry, AuditSubject

__all__ = [
    "NAME_LENGTH", "NUMBER_LENGTH", "TITLE_LENGTH", "Agreement", "AgreementUnit", "Answer", "Article", "Attachment",
    "AuditEntry", "AuditSubject", "Base", "Contact", "Counter", "Deadline", "DeadlineRule", "DocumentRule", "Holiday", "Link",
    "Partner", "Party", "Procedure", "ProcedureVersion", "Regulation", "SavedView", "SearchDocument", "Sector",
    "SignInFailure", "Stage", "StageDocument", "StageEvent", "StageRule", "Unit", "User", "UserSession",
]  # fmt: skip
