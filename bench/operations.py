"""What is measured: pages of 50 agreements, the details of one, and files."""

from dataclasses import dataclass

PAGE = 50


@dataclass(frozen=True)
class Operation:
    """One thing that a person asks for.

    `kind` is "page", "details" or "file". `order` names what the order of a page is compared by, where rows that are
    equal in it may stand in any order: "partner" or "unit"; empty: the rows themselves, in their order.
    """

    name: str
    label: str
    kind: str = "page"
    order: str = ""


OPERATIONS = (
    Operation("first", "list, page 1"),
    Operation("middle", "list, middle page"),
    Operation("deep", "list, page at 90 %"),
    Operation("three_filters", "group + instrument + 2024"),
    Operation("validity", "validity filter"),
    Operation("frequent_word", "search, frequent word"),
    Operation("rare_word", "search, rare word"),
    Operation("two_letters", "search, two letters"),
    Operation("number", "search, register number"),
    Operation("our_number", "search, our number"),
    Operation("by_partner", "sorted by partner", order="partner"),
    Operation("by_unit", "sorted by unit", order="unit"),
    Operation("details", "details of one", kind="details"),
    Operation("csv", "CSV, all", kind="file"),
    Operation("csv_filtered", "CSV, three filters", kind="file"),
    Operation("xlsx", "XLSX, all", kind="file"),
    Operation("xlsx_filtered", "XLSX, three filters", kind="file"),
)
BY_NAME = {operation.name: operation for operation in OPERATIONS}
