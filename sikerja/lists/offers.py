"""The list of offers: the agreements that come by way of the process, the newest first."""

from dataclasses import replace

from models import Agreement
from sikerja import questions
from sikerja.lists.agreements import AGREEMENTS

OFFERS = replace(
    AGREEMENTS,
    order=((questions.offer_received(), True), (Agreement.id, True)),
    scope=lambda _state: [Agreement.origin == "process"],
)
