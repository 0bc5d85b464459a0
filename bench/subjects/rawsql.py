"""The SQL of the limit, for both engines: ids first, from the nearer end, by the indexes that the register has itself."""

from datetime import timedelta

from bench.operations import PAGE
from bench.probe import Probe

CAP = 1000  # a total beyond it is "more than"
ENDING_DAYS = 90

LIST_COLUMNS = (
    'a.id, a.register_no, a.title, a."group", a.instrument, p.name, u.name, a.signed_on, a.starts_on, a.ends_on, a.value'
)
JOINED = "agreement a LEFT JOIN partner p ON p.id = a.lead_partner_id LEFT JOIN unit u ON u.id = a.lead_unit_id"
LIVING = "a.deleted_at IS NULL"
FILTERED = f'{LIVING} AND a."group" = :group AND a.instrument = :instrument AND a.signed_on BETWEEN :first_day AND :last_day'
# The contract's rules of validity, for the one that is asked for.
ACTIVE = f"""{LIVING} AND a.closed_on IS NULL AND (a.terminated_on IS NULL OR a.terminated_on > :today)
    AND (a.origin <> 'process' OR a.signed_on <= :today)
    AND (COALESCE(a.starts_on, a.signed_on) IS NULL OR COALESCE(a.starts_on, a.signed_on) <= :today)
    AND (a.ends_on > :ending OR (a.ends_on IS NULL AND a.open_ended))"""
VALIDITY = """CASE WHEN a.closed_on IS NOT NULL THEN 'closed' WHEN a.terminated_on <= :today THEN 'terminated'
    WHEN a.origin = 'process' AND (a.signed_on IS NULL OR a.signed_on > :today) THEN 'process'
    WHEN COALESCE(a.starts_on, a.signed_on) > :today THEN 'upcoming'
    WHEN a.ends_on < :today AND EXISTS (SELECT 1 FROM link l JOIN agreement n ON n.id = l.from_id WHERE l.to_id = a.id
        AND l.kind IN ('renews', 'follows') AND n.signed_on <= :today AND n.deleted_at IS NULL) THEN 'renewed'
    WHEN a.ends_on < :today THEN 'ended' WHEN a.ends_on <= :ending THEN 'ending'
    WHEN a.ends_on IS NOT NULL OR a.open_ended THEN 'active' ELSE 'undated' END"""


class Sql:
    """The statements for one engine. Parameters are named, `:name`, and come from `values`."""

    def __init__(self, engine: str, probe: Probe) -> None:
        self.sqlite, self.probe = engine == "sqlite", probe
        plain = dict(vars(probe))
        days = {"ending": probe.today + timedelta(days=ENDING_DAYS)}
        self.values = {
            name: value.isoformat() if self.sqlite and hasattr(value, "isoformat") else value
            for name, value in (plain | days).items()
        }
        self.values |= {f"like_{name}": f"%{plain[name]}%" for name in ("frequent_word", "rare_word")}
        self.values["like_two_letters"] = f"% {probe.two_letters}%"
        self.values["number_key"] = "".join(probe.our_number.casefold().split())

    def keys(self, operation: str) -> tuple[str, bool]:
        """The ids of a page, in its order or the other way round: (statement, it is the other way round)."""
        last = self.probe.total // PAGE
        if operation in ("first", "middle", "deep"):
            return self._at({"first": 0, "middle": last // 2, "deep": last * 9 // 10}[operation] * PAGE)
        newest = f"ORDER BY a.id DESC LIMIT {PAGE}"
        if operation in ("by_partner", "by_unit"):
            table, key = {"by_partner": ("partner", "lead_partner_id"), "by_unit": ("unit", "lead_unit_id")}[operation]
            named = f"FROM {table} n JOIN agreement a ON a.{key} = n.id WHERE {LIVING}"
            return f"SELECT a.id {named} ORDER BY n.name_key, a.id LIMIT {PAGE}", False
        return f"SELECT a.id FROM {self._found(operation)} {newest}", False

    def total(self, operation: str) -> str | None:
        """How many rows are found, at most one above the cap; None where the register's own total stands there."""
        if operation in ("first", "middle", "deep", "by_partner", "by_unit"):
            return None
        return f"SELECT count(*) FROM (SELECT 1 FROM {self._found(operation)} LIMIT {CAP + 1}) found"

    def _at(self, offset: int) -> tuple[str, bool]:
        """From the end that is nearer."""
        chosen = f"SELECT a.id FROM agreement a WHERE {LIVING} ORDER BY a.id"
        from_end = self.probe.total - offset - PAGE
        if offset <= from_end:
            return f"{chosen} DESC LIMIT {PAGE} OFFSET {offset}", False
        return f"{chosen} LIMIT {PAGE + min(0, from_end)} OFFSET {max(0, from_end)}", True

    def _found(self, operation: str) -> str:
        """Tables and conditions of a filter or a search."""
        party = "party t JOIN agreement a ON a.id = t.agreement_id"
        plain = {
            "three_filters": f"agreement a WHERE {FILTERED}",
            "validity": f"agreement a WHERE {ACTIVE}",
            "number": f"agreement a WHERE a.register_no = :number AND {LIVING}",
            "our_number": f"{party} WHERE t.side = 'ours' AND t.number_key = :number_key AND {LIVING}",
        }
        return plain.get(operation) or self._searched(operation)

    def _searched(self, operation: str) -> str:
        """Tables and conditions of a search for a word, or for its first letters."""
        if self.sqlite and operation != "two_letters":
            trigrams = "agreement_fts f CROSS JOIN agreement a ON a.id = f.rowid"
            return f"{trigrams} WHERE agreement_fts MATCH :{operation} AND {LIVING}"
        column = "words" if operation == "two_letters" else "document"
        documents = "agreement_search s JOIN agreement a ON a.id = s.agreement_id"
        return f"{documents} WHERE s.{column} LIKE :like_{operation} AND {LIVING}"

    def rows(self, ids: list[int]) -> str:
        """The rows of a page by their ids, in any order."""
        return f"SELECT {LIST_COLUMNS} FROM {JOINED} WHERE a.id IN ({', '.join(map(str, ids)) or 'NULL'})"

    def details(self) -> list[str]:
        """Everything about one agreement."""
        own = f"SELECT a.*, p.name, u.name FROM {JOINED} WHERE a.id = :key"
        parts = [
            f"SELECT * FROM {table} WHERE agreement_id = :key" for table in ("party", "agreement_unit", "stage", "attachment")
        ]
        return [own, *parts]

    def file(self, filtered: bool) -> str:
        """The 18 columns of the file."""
        partners, numbers = self._joined("party", "partner", "m.name"), self._joined("party", "partner", "NULLIF(t.number, '')")
        units = self._joined("agreement_unit", "unit", "m.name")
        standing = "WHEN a.closed_on IS NOT NULL THEN {} WHEN a.origin = 'archive' THEN NULL WHEN a.signed_on <= :today THEN"
        return f"""SELECT a.register_no, a.title, COALESCE(c.name, a."group"), a.instrument, b.name, {units}, {partners},
            o.number, {numbers}, a.signed_on, a.starts_on, a.ends_on, {VALIDITY}, a.ends_on,
            CASE {standing.format("a.closed_as")} 'Ditandatangani' ELSE g.name END,
            CASE {standing.format("a.closed_on")} COALESCE(a.underway_since, a.signed_on) ELSE a.stage_since END,
            a.value, a.scope
            FROM agreement a LEFT JOIN procedure c ON c.id = a.procedure_id LEFT JOIN sector b ON b.id = a.sector_id
            LEFT JOIN party o ON o.agreement_id = a.id AND o.side = 'ours' LEFT JOIN stage g ON g.id = a.current_stage_id
            WHERE {FILTERED if filtered else LIVING} ORDER BY a.id DESC"""

    def _joined(self, table: str, named: str, column: str) -> str:
        held = f"{table} t JOIN {named} m ON m.id = t.{named}_id WHERE t.agreement_id = a.id"
        if self.sqlite:
            return f"(SELECT group_concat(name, '; ') FROM (SELECT {column} AS name FROM {held} ORDER BY t.position))"
        return f"(SELECT string_agg({column}, '; ' ORDER BY t.position) FROM {held})"
