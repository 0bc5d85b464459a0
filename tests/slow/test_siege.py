"""Twenty thousand hostile requests over every address, by every role and by nobody: none brings the register down, none is
told what nobody should be told, and none changes what it may not change.

A finding tells its seed and request; `SIKERJA_TEST_SIEGE` takes another seed, `SIKERJA_TEST_SIEGE_REQUESTS` another number.
"""

import os
from typing import Any

import pytest
from flask import Flask

from tests.people import ROLES
from tests.routes import rules
from tests.slow.siege import Siege

SEED = int(os.environ.get("SIKERJA_TEST_SIEGE") or 2026)
REQUESTS = int(os.environ.get("SIKERJA_TEST_SIEGE_REQUESTS") or 20_000)
PEOPLE = (*ROLES, None)


@pytest.mark.parametrize("role", PEOPLE)
def test_the_register_stands_a_siege(app: Flask, database: Any, role: str | None) -> None:
    siege = Siege(app, database, role, SEED)

    found = siege.storm(-(-REQUESTS // len(PEOPLE)))

    assert found == [], "\n".join(found)
    # It was no firing into the air: every address was reached, and much of what may be done was done.
    assert siege.reached >= {(rule.endpoint, kind) for rule in rules(app) for kind in siege.ways_of(rule)}
    assert siege.statuses[200] + siege.statuses[302] + siege.statuses[403] > REQUESTS // len(PEOPLE) // 3
