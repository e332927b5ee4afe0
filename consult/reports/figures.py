"""Numbers that lead to the comments they count: no number of a report stands without."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.groups import StakeholderGroup
from comments.models import Comment
from comments.showing import SIGNS
from consult.reports.models import Report, ReportQuote
from consult.reports.selecting import Selection
from consult.reports.tallying import NOTHING


@dataclass(frozen=True)
class Figure:
    """A number, what it counts (comments, authors, organisations, endorsements, wordings), and
    where the comments behind it are listed."""

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
    """The numbers of one selection."""

    comments: Figure
    authors: Figure
    organisations: Figure
    endorsements: Figure
    wordings: Figure


@dataclass(frozen=True)
class Quote:
    """A comment's words as a report shows them, with who said them, how and where."""

    reference: str
    body: str
    proposed_text: str
    speaker: str
    group: str
    group_label: str
    stance: str
    stance_label: str
    sign: str
    section: str
    provision: str
    address: str

    @classmethod
    def of(cls, stored: ReportQuote) -> "Quote":
        stance = Comment.Stance(stored.stance)
        return cls(
            reference=stored.reference,
            body=stored.body,
            proposed_text=stored.proposed_text,
            speaker=stored.speaker,
            group=stored.group,
            group_label=str(StakeholderGroup(stored.group).label),
            stance=stance.value,
            stance_label=str(stance.label),
            sign=SIGNS[stance],
            section=stored.section,
            provision=stored.provision,
            address=reverse("comment", args=[stored.reference]),
        )


class Ledger:
    """Makes the figures of one report, and has its quotes."""

    def __init__(self, report: Report) -> None:
        self.report = report

    def address(self, selection: Selection) -> str:
        """The page that lists the selected comments."""
        query = urlencode(query_of(selection))
        return f"{self._list}?{query}" if query else self._list

    def comments(self, value: int, selection: Selection) -> Figure:
        return Figure(value, "comments", self.address(selection))

    def within(self, value: int, key: str, **selection: Any) -> Figure:
        """The number of comments in one of the report's sets, or of some in it."""
        return self.comments(value, Selection(within=key, **selection))

    def figures(self, counts: Mapping[str, Any] | None, **chosen: Any) -> Figures:
        """The figures of one count of the result; None is a count of nothing."""
        counts = counts or NOTHING
        everything = self.address(Selection(**chosen))
        narrower = {
            "organisations": Selection(**chosen, for_organisations=True),
            "endorsements": Selection(**chosen, endorsed=True),
            "wordings": Selection(**chosen, with_wording=True),
        }
        return Figures(
            Figure(counts["comments"], "comments", everything),
            Figure(counts["authors"], "authors", everything),
            *(
                Figure(counts[name], name, self.address(selection))
                for name, selection in narrower.items()
            ),
        )

    def quote(self, reference: str) -> Quote | None:
        """The comment's words; None where they are no longer shown."""
        return self._quotes.get(reference)

    @cached_property
    def _list(self) -> str:
        # A page has thousands of figures.
        return reverse("report_comments", args=[self.report.public_id])

    @cached_property
    def _quotes(self) -> Mapping[str, Quote]:
        return {stored.reference: Quote.of(stored) for stored in self.report.quotes.all()}


def query_of(selection: Selection) -> dict[str, str]:
    """The selection as it stands in an address."""
    return {
        name: value.isoformat() if isinstance(value, dt.date | dt.datetime) else str(value)
        for name, value in vars(selection).items()
        if value
    }
