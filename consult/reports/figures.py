"""Numbers that lead to the comments they count: no number of a report stands without."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from consult.reports.models import Report
from consult.reports.selecting import Selection


@dataclass(frozen=True)
class Figure:
    """A number, what it counts (comments, authors or organisations), and where they are listed."""

    value: int
    counts: str
    address: str

    @property
    def html(self) -> SafeString:
        """The number as a link; a zero leads nowhere, since nothing stands behind it."""
        if not self.value:
            return format_html('<span class="zero">{}</span>', 0)
        return format_html(
            '<a class="figure" href="{}" data-{}="{}">{}</a>',
            self.address,
            self.counts,
            self.value,
            intcomma(self.value),
        )


@dataclass(frozen=True)
class Figures:
    """The three numbers of one selection."""

    comments: Figure
    authors: Figure
    organisations: Figure


@dataclass(frozen=True)
class Ledger:
    """Makes the figures of one report."""

    report: Report

    def address(self, selection: Selection) -> str:
        """The page that lists the selected comments."""
        page = reverse("report_comments", args=[self.report.public_id])
        query = urlencode(query_of(selection))
        return f"{page}?{query}" if query else page

    def comments(self, value: int, selection: Selection) -> Figure:
        return Figure(value, "comments", self.address(selection))

    def figures(self, counts: Mapping[str, Any] | None, **selection: Any) -> Figures:
        """The figures of one count of the result; None is a count of nothing."""
        counts = counts or {"comments": 0, "authors": 0, "organisations": 0}
        chosen = self.address(Selection(**selection))
        of_organisations = self.address(Selection(**selection, for_organisations=True))
        return Figures(
            Figure(counts["comments"], "comments", chosen),
            Figure(counts["authors"], "authors", chosen),
            Figure(counts["organisations"], "organisations", of_organisations),
        )


def query_of(selection: Selection) -> dict[str, str]:
    """The selection as it stands in an address."""
    return {
        name: value.isoformat() if isinstance(value, dt.date) else str(value)
        for name, value in asdict(selection).items()
        if value
    }
