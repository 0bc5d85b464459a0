"""The admin as its documentation shows it, and a lean one: what a careful user of Django makes of it."""

import csv
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import path

from bench.djangosite.models import Agreement
from bench.operations import PAGE

FILE_COLUMNS = (
    "register_no", "title", "group", "instrument", "lead_unit__name", "lead_partner__name", "signed_on", "starts_on", "ends_on",
    "value", "scope",
)  # fmt: skip


class AgreementAdmin(admin.ModelAdmin):
    """The same rows, columns, filters and search as far as Django has them."""

    list_display = (
        "register_no", "title", "group", "instrument", "lead_partner", "lead_unit", "signed_on", "starts_on", "ends_on",
        "value",
    )  # fmt: skip
    list_filter = ("group", "instrument", "signed_on")
    search_fields = ("register_no", "title", "lead_partner__name")
    date_hierarchy: str | None = "signed_on"
    list_per_page = PAGE
    raw_id_fields = ("lead_partner", "lead_unit")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Agreement]:
        return super().get_queryset(request).filter(deleted_at=None)


class LeanAdmin(AgreementAdmin):
    """No count of the whole table, no hierarchy of dates, relations named; and the streamed CSV of Django's documentation."""

    show_full_result_count = False
    date_hierarchy = None
    list_select_related = ("lead_partner", "lead_unit")

    def get_urls(self) -> list[Any]:
        return [path("csv/", self.admin_site.admin_view(self.csv_view)), *super().get_urls()]

    def csv_view(self, request: HttpRequest) -> StreamingHttpResponse:
        """The rows of the list, filtered as it is, one by one."""
        rows = self.get_changelist_instance(request).get_queryset(request).values_list(*FILE_COLUMNS)
        return StreamingHttpResponse(_lines(rows), content_type="text/csv")


class Echo:
    """A file that hands back what is written into it."""

    def write(self, value: str) -> str:
        """The value."""
        return value


def _lines(rows: QuerySet[Any]) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield writer.writerow(FILE_COLUMNS)
    for row in rows.iterator():
        yield writer.writerow(row)
