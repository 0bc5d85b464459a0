"""The lists of the register, one declaration each."""

from sikerja.lists.agreements import AGREEMENTS, NAMES_GLUE
from sikerja.lists.attachments import ATTACHMENTS
from sikerja.lists.audit import AUDIT
from sikerja.lists.law import DEADLINE_RULES, DOCUMENT_RULES, STAGE_RULES, VERSIONS
from sikerja.lists.monitoring import CLOSED, ENDED, ENDING, PROCESS, UNDATED
from sikerja.lists.offers import OFFERS
from sikerja.lists.options import look_up, options
from sikerja.lists.partners import CONTACTS, PARTNERS
from sikerja.lists.reference import HOLIDAYS, PROCEDURES, REGULATIONS, SECTORS, UNITS, USERS
from sikerja.lists.saved import SAVED_VIEWS
from sikerja.lists.stages import STAGES

__all__ = [
    "AGREEMENTS", "ATTACHMENTS", "AUDIT", "CLOSED", "CONTACTS", "DEADLINE_RULES", "DOCUMENT_RULES", "ENDED", "ENDING",
    "HOLIDAYS", "NAMES_GLUE", "OFFERS", "PARTNERS", "PROCEDURES", "PROCESS", "REGULATIONS", "SAVED_VIEWS", "SECTORS",
    "STAGES", "STAGE_RULES", "UNDATED", "UNITS", "USERS", "VERSIONS", "look_up", "options",
]  # fmt: skip
