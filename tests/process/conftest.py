"""An agreement on its way, for the tests of stages."""

import pytest
from sqlalchemy.orm import Session

from tests.ways import Way


@pytest.fixture
def kb(session: Session) -> Way:
    """A KB of a voluntary cooperation, of Dewi's unit, none of its stages begun."""
    return Way(session, "ksdd_sukarela", "kb", title="KB air minum", units=("dinas_perhubungan",))
