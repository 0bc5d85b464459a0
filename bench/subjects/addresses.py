"""The addresses that Sikerja and Flask-Admin have in common: both know a list, its filters and its pages by the same names."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from bench.operations import PAGE
from bench.probe import Probe

LIST = "/admin/agreement/"
Arguments = Mapping[str, Any]


def address(probe: Probe, operation: str, own: Mapping[str, Arguments], always: Arguments) -> str:
    """The path of an operation; `own` are those that each asks in its own way, `always` is said on every page of the list."""
    filters = {
        "flt0_group_equals": probe.group,
        "flt1_instrument_equals": probe.instrument,
        "flt2_signed_on_between": f"{probe.first_day} to {probe.last_day}",
    }
    if operation == "details":
        return f"{LIST}details/?id={probe.key}"
    kind, _, filtered = operation.partition("_")
    if kind in ("csv", "xlsx"):
        return f"{LIST}export/{kind}/?{urlencode(filters if filtered else {})}"
    last = probe.total // PAGE
    asked: dict[str, Arguments] = {
        "first": {},
        "middle": {"page": last // 2},
        "deep": {"page": last * 9 // 10},
        "three_filters": filters,
        **own,
    }
    found = asked[operation] if operation in asked else {"search": getattr(probe, operation)}
    return f"{LIST}?{urlencode({**found, **always})}"
