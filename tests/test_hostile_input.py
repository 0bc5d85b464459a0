"""What nobody types, on every argument of every address: a page or a refusal answers it, never a fault, and never as markup."""

from collections.abc import Iterable
from itertools import product
from typing import Any

import pytest

from sikerja import lists
from sikerja.listing import Listing
from tests.hostile import SHARPEST, VALUES, faults
from tests.pages import Pairs, encoded
from tests.people import Person
from tests.routes import path, records, rules, screen_of
from tests.rows import rows


def asked(person: Person, url: str, pairs: Pairs) -> Any:
    """The answer to an address with these arguments; a redirect to a canonical address is followed once."""
    answer = person.get(f"{url}?{encoded(pairs)}", buffered=True)
    if answer.status_code == 302:
        answer = person.get(answer.headers["Location"], buffered=True)
    return answer


# --- arguments of addresses --------------------------------------------------------------------------------------

LISTS: dict[str, Listing] = {
    "agreement": lists.AGREEMENTS, "stage": lists.STAGES, "partner": lists.PARTNERS, "contact": lists.CONTACTS,
    "unit": lists.UNITS, "sector": lists.SECTORS, "holiday": lists.HOLIDAYS, "procedure": lists.PROCEDURES,
    "regulation": lists.REGULATIONS, "user": lists.USERS, "attachment": lists.ATTACHMENTS,
}  # fmt: skip
# Arguments of each kind of page that are tried together: none of them keeps the page from reading the others.
ARGUMENTS = {
    "index_view": (
        ("search",), ("sort", "desc", "page", "page_size", "exact", "bin", "open", "id", "columns"), ("sort",), ("add",), ("url",),
    ),
    "details_view": (("id",), ("url",), ("page",)),
    "download_view": (("id",),),
    "preview_view": (("id",), ("page",)),
    "edit_view": (("id",), ("url",)),
    "create_view": (("url",), ("agreement", "id"), ("replaces",)),
    "export": (("search", "sort", "desc", "columns", "delimiter", "bin", "page", "page_size", "id"), ("sort", "columns")),
    "ajax_lookup": (("query", "offset", "limit"), ("offset", "limit"), ("name",)),
    "term_view": (("duration", "starts_on", "signed_on"), ("duration",), ("starts_on",)),
}  # fmt: skip


def labels_for(screen: str) -> Iterable[str]:
    """Every list is the same code: the longest one is tried with everything, the others with the sharpest."""
    return VALUES if screen == "agreement" else SHARPEST


@pytest.mark.parametrize("view", ARGUMENTS)
def test_no_argument_brings_a_page_down(andi: Person, view: str) -> None:
    ids, found = records(andi.app), []
    before = rows(andi.app)
    for rule in [rule for rule in rules(andi.app) if rule.endpoint.endswith(f".{view}") and screen_of(rule) in ids]:
        screen = screen_of(rule)
        usual = {"id": str(ids[screen]), "name": FIRST_LOOKUP.get(screen, ""), "query": "a"} if view != "index_view" else {}
        for label, names in product(labels_for(screen), ARGUMENTS[view]):
            answer = asked(andi, path(rule), list((usual | dict.fromkeys(names, VALUES[label])).items()))
            found += [(rule.rule, names, label, fault) for fault in faults(answer, label)]

    assert found == []
    assert rows(andi.app) == before


FIRST_LOOKUP = {"agreement": "partner", "stage": "agreement", "contact": "partner", "attachment": "agreement"}


def operations() -> dict[str, list[tuple[str, Iterable[str]]]]:
    """The filters of each list, with what is tried: everything the first time a kind of filter is met, then the sharpest."""
    met, tried = set(), {}
    for screen, listing in LISTS.items():
        tried[screen] = []
        for each, operation in [(one, operation) for one in listing.filters for operation in one.operations]:
            is_new = (type(each), operation) not in met
            met.add((type(each), operation))
            tried[screen].append((f"flt0_{each.name}_{operation}", VALUES if is_new else SHARPEST))
    return tried


@pytest.mark.parametrize("screen", LISTS)
def test_no_value_of_a_filter_brings_a_list_down(andi: Person, screen: str) -> None:
    found = []
    for name, labels in operations()[screen]:
        for label in labels:
            answer = andi.get(f"/admin/{screen}/?{encoded([(name, VALUES[label]), ('page', '9')])}")
            found += [(name, label, fault) for fault in faults(answer, label)]
            assert answer.status_code in (200, 400), (name, label)

    assert found == []


@pytest.mark.parametrize("screen", LISTS)
def test_nothing_sent_from_the_filter_bar_brings_a_list_down(andi: Person, screen: str) -> None:
    filters, found = LISTS[screen].filters, []
    for label in labels_for(screen):
        value = VALUES[label]
        bars = [[(f"q.{each.name}", text) for each in filters] for text in (value, f"equals:{value}")]
        bars.append([("open", f"{each.name}:{value}") for each in filters])
        for part in ("col", "op", "val", "val2"):
            groups = [
                {"col": each.name, "op": each.operations[0], "val": "2026-01-01", "val2": "2026-12-31"} | {part: value}
                for each in filters
            ]
            bars.append([(f"f{index}.{key}", text) for index, group in enumerate(groups) for key, text in group.items()])
        for sent in bars:
            found += [(sent[0], label, fault) for fault in faults(asked(andi, f"/admin/{screen}/", sent), label)]

    assert found == []


@pytest.mark.parametrize("label", VALUES)
def test_no_part_of_an_address_brings_it_down(andi: Person, tamu: Person, label: str) -> None:
    part = encoded([("", VALUES[label])])[1:].replace("+", "%20")
    urls = ["/{}", "/admin/{}/", "/admin/agreement/{}/", "/admin/agreement/export/{}/", "/static/{}", "/admin/agreement/?{}",
            "/admin/agreement/?flt{}", "/admin/agreement/?flt0_{}=1", "/login?next={}", "/login?{}={}"]  # fmt: skip
    for person in (andi, tamu):
        for url in urls:
            answer = person.get(url.replace("{}", part), buffered=True)
            assert list(faults(answer, label)) == [], url


# --- filters that are none ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "flt0_nothing_equals=1", "flt0_title_within_days=1", "flt0_title=1", "flt0_=1", "flt=1", "flt_title_contains=1",
        "fltx_title_contains=1", "flt-1_title_contains=1", "flt1234_title_contains=1", "flt0_TITLE_contains=1",
        "flt0__title_contains=1", "flt0_title_contains_=1", "flt0_password_equals=1", "flt0_title_contains%00=1",
        "flt０_title_contains=1", "flt0_nothing_equals=", "flt0_version_equals=1",
    ],
)  # fmt: skip
def test_an_unknown_filter_is_refused_rather_than_ignored(sinta: Person, query: str) -> None:
    for url in ("/admin/agreement/", "/admin/agreement/export/csv/"):
        answer = sinta.get(f"{url}?{query}")
        assert answer.status_code == 400
        assert "tidak dikenal. Daftar tidak ditampilkan agar tidak keliru. Hapus saringan itu." in answer.text
        assert "data-key" not in answer.text


@pytest.mark.parametrize(
    ("query", "label"),
    [
        ("flt0_group_equals=nothing", "Jenis"),
        ("flt0_group_in_list=ksdd,nothing", "Jenis"),
        ("flt0_group_in_list=,", "Jenis"),
        ("flt0_validity_equals=KSDD", "Masa berlaku"),
        ("flt0_stage_equals=A B", "Tahap"),
        ("flt0_sector_equals=kesehatan", "Bidang"),
        ("flt0_sector_equals=-1", "Bidang"),
        ("flt0_unit_equals=99999999999999999999", "Perangkat daerah"),
        ("flt0_unit_equals=１", "Perangkat daerah"),
        ("flt0_partner_equals=1,2", "Mitra"),
        ("flt0_partner_in_list=1,x", "Mitra"),
        ("flt0_partner_empty=yes", "Mitra"),
        ("flt0_ends_on_equals=besok", "Berakhir"),
        ("flt0_ends_on_equals=2026-02-30", "Berakhir"),
        ("flt0_ends_on_equals=0000-01-01", "Berakhir"),
        ("flt0_ends_on_between=2026-01-01", "Berakhir"),
        ("flt0_ends_on_between=2026-01-01 to ", "Berakhir"),
        ("flt0_ends_on_within_days=-1", "Berakhir"),
        ("flt0_ends_on_within_days=90.5", "Berakhir"),
        ("flt0_ends_on_past_days=999999999", "Berakhir"),
        ("flt0_ends_on_empty=2", "Berakhir"),
        ("flt0_value_greater=banyak", "Nilai"),
        ("flt0_value_greater=NaN", "Nilai"),
        ("flt0_value_greater=Infinity", "Nilai"),
        ("flt0_value_greater=1e400", "Nilai"),
        ("flt0_value_between=1 to x", "Nilai"),
        ("flt0_title_contains=" + "x" * 201, "Judul"),
    ],
)
def test_a_value_that_cannot_be_read_is_refused_rather_than_ignored(sinta: Person, query: str, label: str) -> None:
    for url in ("/admin/agreement/", "/admin/agreement/export/csv/"):
        answer = sinta.get(f"{url}?{query}")
        assert answer.status_code == 400
        assert f"Nilai saringan “{label}” tidak dapat dibaca." in answer.text
        assert "data-key" not in answer.text


@pytest.mark.parametrize("query", ["flt0_title_contains=", "flt0_group_equals=%20", "flt3_ends_on_between=&flt1_unit_equals="])
def test_a_filter_without_a_value_filters_nothing(sinta: Person, query: str) -> None:
    assert sinta.total(f"/admin/agreement/?{query}") == 47


def test_more_filters_than_anyone_needs_are_refused(sinta: Person) -> None:
    many = "&".join(f"flt{number}_title_contains=a" for number in range(21))
    assert sinta.get(f"/admin/agreement/?{many}").status_code == 400


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("page=9", 0), ("page=99999999999999999999", 0), ("page=3", 0), ("page=-1", 20), ("page=abc", 20), ("page=", 20),
        ("page=1.5", 20), ("page=１", 20), ("page=%00", 20), ("page=2", 7), ("page_size=0", 20), ("page_size=-1", 20),
        ("page_size=1000000", 20), ("page_size=21", 20), ("page_size=50", 47), ("page_size=200&page=1", 0), ("sort=nothing", 20),
        ("sort=99", 20), ("sort=-1", 20), ("sort=scope", 20), ("sort=password_hash", 20), ("desc=ya", 20), ("bin=2", 20),
        ("columns=nothing", 20), ("open=nothing:equals", 20), ("open=title", 20), ("nothing=1", 20),
    ],
)  # fmt: skip
def test_what_makes_no_sense_in_a_list_falls_back(sinta: Person, query: str, count: int) -> None:
    assert len(sinta.keys(f"/admin/agreement/?{query}")) == count
    assert sinta.total(f"/admin/agreement/?{query}") == 47
