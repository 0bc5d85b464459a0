"""Families: what implements, amends, renews or follows what; no circles; one root."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Agreement, Link
from sikerja import families
from sikerja.refusals import Refusal
from tests import records
from tests.people import Person


def links(session: Session, agreement: Agreement) -> list[tuple[str, int]]:
    return [(link.kind, link.to_id) for link in session.scalars(select(Link).where(Link.from_id == agreement.id))]


@pytest.mark.parametrize(
    ("instrument", "kind"), [("pks", "implements"), ("addendum", "amends"), ("naskah", "follows"), ("other", "implements")]
)
def test_the_instrument_says_what_the_parent_is_to_it(session: Session, instrument: str, kind: str) -> None:
    parent = records.agreement(session, "Induk", instrument="kb")
    child = records.agreement(session, "Anak", instrument=instrument, parent=parent)

    assert links(session, child) == [(kind, parent.id)]
    assert child.root_id == parent.root_id == parent.id


def test_a_child_that_moves_takes_its_own_along(session: Session) -> None:
    first, second = records.agreement(session, "KB 1", instrument="kb"), records.agreement(session, "KB 2", instrument="kb")
    child = records.agreement(session, "PKS", parent=first)
    grandchild = records.agreement(session, "Adendum", instrument="addendum", parent=child)

    families.set_parent(session, child, second.id)
    session.commit()
    assert (child.root_id, grandchild.root_id, first.root_id) == (second.id, second.id, first.id)

    families.set_parent(session, child, None)
    session.commit()
    assert (child.root_id, grandchild.root_id, second.root_id) == (child.id, child.id, second.id)


def test_no_circles(session: Session) -> None:
    first = records.agreement(session, "Satu")
    second = records.agreement(session, "Dua", parent=first)
    third = records.agreement(session, "Tiga", parent=second)

    for other in (second, third, first):
        with pytest.raises(Refusal, match="di bawah naskah ini"):
            families.set_parent(session, first, other.id)
        session.rollback()


def test_a_renewal_survives_a_change_of_parent(session: Session) -> None:
    old, parent, new = (records.agreement(session, title) for title in ("Lama", "Induk", "Baru"))
    families.connect(session, new, old.id, "renews")

    families.set_parent(session, new, parent.id)
    session.commit()

    assert sorted(links(session, new)) == [("implements", parent.id), ("renews", old.id)]


def test_a_unit_sees_of_a_sibling_that_is_not_its_own_only_kind_and_stage(dewi: Person, sinta: Person) -> None:
    own = "/admin/agreement/details/?id=42"

    page = dewi.get(own).text
    assert "Perjanjian Kerja Sama" in page
    assert "Rujukan pelayanan kesehatan" not in page
    assert "details/?id=43" not in page
    assert "details/?id=41" in page

    assert "Rujukan pelayanan kesehatan antardaerah (contoh)" in sinta.get(own).text
