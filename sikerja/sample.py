"""The sample register: public records of Samarinda from `data/sample`, an account for each role, papers of our own."""

import tomllib
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import ROOT
from models import Agreement, Partner, Procedure, Sector, Unit, User
from sikerja import accounts, agreements, families, sample_files, sample_walk
from sikerja.refusals import Refusal

REGISTER = ROOT / "data" / "sample" / "register.toml"
PASSWORD = "sikerja-demo-2026"  # noqa: S105 - printed at start in development; production never loads these accounts
ACCOUNTS = {
    "admin": "Administrator Contoh",
    "staff": "Staf Kerja Sama Contoh",
    "supervisor": "Pimpinan Contoh",
    "unit": "Dinas Perhubungan Contoh",
    "auditor": "Auditor Contoh",
}
UNIT_OF_SAMPLE = "dinas_perhubungan"


def is_filled(session: Session) -> bool:
    """True where the register already holds agreements, partners or people."""
    return any(session.scalar(select(model.id).limit(1)) is not None for model in (Agreement, Partner, User))


def load(session: Session) -> int:
    """Load the sample register, its accounts and papers into an empty register. Returns how many agreements. Raises Refusal.

    Reading the papers takes seconds under SQLite's lock; a register that is empty has nobody who would wait.
    """
    if is_filled(session):
        raise Refusal("Register sudah berisi. Data contoh hanya dimuat ke register yang kosong.")
    with REGISTER.open("rb") as source:
        data = tomllib.load(source)
    loader = _Loader(session, data)
    loader.load()
    clerk = _add_accounts(session)["staff"]
    ids = {key: agreement.id for key, agreement in loader.agreements.items()}
    papers = sample_files.Papers(session, ids, clerk)
    papers.load(told=False)
    for row in data["agreement"]:
        agreement = loader.agreements[row["key"]]
        sample_walk.walk(session, agreement, row.get("stages", []), clerk)
        for name in ("closed_on", "closed_as", "closed_reason"):
            setattr(agreement, name, row.get(name, getattr(agreement, name)))
    papers.load(told=True)
    return len(data["agreement"])


def _add_accounts(session: Session) -> dict[str, User]:
    """The accounts by their roles."""
    people = {}
    unit_id = session.scalars(select(Unit.id).where(Unit.code == UNIT_OF_SAMPLE)).one()
    for role, name in ACCOUNTS.items():
        own_unit = unit_id if role == "unit" else None
        # Its password is known to all the world, so that the rules for passwords refuse it: written past them.
        password_hash = accounts.hash_password(PASSWORD)
        email = f"{role}@sikerja.test"
        people[role] = User(email=email, name=name, role=role, unit_id=own_unit, password_hash=password_hash)
        session.add(people[role])
    session.flush()
    return people


class _Loader:
    """Turns the rows of the file into records by way of the same verbs that a clerk's form uses."""

    def __init__(self, session: Session, data: dict[str, Any]) -> None:
        self.session = session
        self.data = data
        self.units = self._ids(Unit)
        self.sectors = self._ids(Sector)
        self.procedures = self._ids(Procedure)
        self.partners: dict[str, int] = {}
        self.agreements: dict[str, Agreement] = {}

    def _ids(self, model: Any) -> dict[str, int]:
        return {code: key for key, code in self.session.execute(select(model.id, model.code))}

    def load(self) -> None:
        for row in self.data["partner"]:
            key = row.pop("key")
            partner = Partner(**row)
            self.session.add(partner)
            self.session.flush()
            self.partners[key] = partner.id
        for row in self.data["agreement"]:
            self.agreements[row["key"]] = self._agreement(row)
        for row in self.data["agreement"]:
            for link in row.get("links", ()):
                to = self.agreements[link["to"]]
                families.connect(self.session, self.agreements[row["key"]], to.id, link["kind"])

    def _agreement(self, row: dict[str, Any]) -> Agreement:
        agreement = agreements.record(self.session, self._draft(row))
        agreement.source, agreement.source_note = row["source"], row.get("note", "")
        self.session.flush()
        return agreement

    def _draft(self, row: dict[str, Any]) -> agreements.Draft:
        values = {name: row[name] for name in agreements.COLUMNS if name in row}
        values["sector_id"] = self.sectors[row["sector"]] if "sector" in row else None
        values["procedure_id"] = self.procedures[row["procedure"]] if "procedure" in row else None
        numbers = [row.get("partner_number", "")] + [""] * len(row["partners"])
        held: list[tuple[int, str]] = [(self.units[each["unit"]], each["role"]) for each in row["units"]]
        return agreements.Draft(
            values,
            partners=[(self.partners[key], number) for key, number in zip(row["partners"], numbers, strict=False)],
            units=[unit_id for unit_id, _ in held],
            unit_roles=dict(held),
            our_number=row.get("our_number", ""),
            partner_unknown=not row["partners"],
        )
