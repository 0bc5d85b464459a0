"""Families of agreements: nothing hangs on itself, and each family has the root that it should."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from models import Agreement, Link
from sikerja import amending, clock, families
from sikerja.verification.faults import Fault, portions

Pair = tuple[int, int]
_NAMED_AT_MOST = 5


def roots(session: Session, _checked: Counter[str]) -> Iterator[Fault]:
    """The root of every agreement is the one of its family; one without links is its own."""
    links = _links(session)
    hanging = {start for start, _ in links}
    should = {
        member: families.root_of(family, family & hanging) for family in _connected(links) for member in family
    }  # only those with links: the others are their own
    query = select(Agreement.id, Agreement.register_no, Agreement.root_id).order_by(Agreement.id)
    for row in chain.from_iterable(portions(session, query)):
        if row.root_id != should.get(row.id, row.id):
            detail = f"Akar keluarga naskah {row.root_id}, seharusnya {should.get(row.id, row.id)}."
            yield Fault("root", f"agreement {row.register_no}", detail)


def circles(session: Session, _checked: Counter[str]) -> Iterator[Fault]:
    """No agreement hangs on itself, not even by way of others."""
    going_round = _without_ends(set(_links(session)))
    for family in _connected(going_round):
        names = select(Agreement.register_no).where(Agreement.id.in_(sorted(family)[:_NAMED_AT_MOST])).order_by(Agreement.id)
        shown = list(session.scalars(names))
        if shown:  # links that lead nowhere are another fault
            more = " dan lainnya" if len(family) > _NAMED_AT_MOST else ""
            yield Fault(
                "circle", f"agreement {shown[0]}", f"Naskah berputar menjadi induk satu sama lain: {', '.join(shown)}{more}."
            )


def ends(session: Session, _checked: Counter[str]) -> Iterator[Fault]:
    """An agreement with signed addenda ends when the one that was signed last says."""
    amended = aliased(Agreement)
    query = (
        select(Link.to_id, amended.register_no, amended.ends_on, Agreement.register_no, Agreement.ends_on)
        .join(Agreement, Agreement.id == Link.from_id)
        .join(amended, amended.id == Link.to_id)
        .where(*amending.speaks(clock.today()))
        .order_by(Link.to_id, Agreement.signed_on, Agreement.id)
    )
    last = {row[0]: tuple(row) for rows in portions(session, query) for row in rows}
    for _, number, end, addendum, should in last.values():
        if end != should:
            yield Fault("amended_end", f"agreement {number}", f"Berakhir {end}, padahal Adendum {addendum} sampai {should}.")


def _links(session: Session) -> list[Pair]:
    return [(row.from_id, row.to_id) for rows in portions(session, select(Link.from_id, Link.to_id)) for row in rows]


def _connected(links: Iterable[Pair]) -> list[set[int]]:
    """The families that these links make, the one with the lowest id first."""
    leader: dict[int, int] = {}

    def find(member: int) -> int:
        leader.setdefault(member, member)
        while leader[member] != member:
            leader[member] = member = leader[leader[member]]
        return member

    for start, end in links:
        leader[find(start)] = find(end)
    members: defaultdict[int, set[int]] = defaultdict(set)
    for member in leader:
        members[find(member)].add(member)
    return sorted(members.values(), key=min)


def _without_ends(links: set[Pair]) -> set[Pair]:
    """What is left when links that lead to nothing further, or that nothing leads to, are taken away again and again."""
    for near, far in ((0, 1), (1, 0)):
        ahead: defaultdict[int, set[int]] = defaultdict(set)
        behind: defaultdict[int, set[int]] = defaultdict(set)
        for link in links:
            ahead[link[near]].add(link[far])
            behind[link[far]].add(link[near])
        ends = [member for member in behind if not ahead.get(member)]
        while ends:
            end = ends.pop()
            for before in behind.pop(end, ()):
                ahead[before].discard(end)
                if not ahead[before]:
                    ends.append(before)
        links = {link for link in links if link[far] in ahead.get(link[near], ())}
    return links
