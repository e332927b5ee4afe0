"""Who is for and who against something, group by group, as numbers and as bars."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.html import format_html
from django.utils.safestring import SafeString

from consult.reports import charts
from consult.reports.analysing.judging import SECTION
from consult.reports.chapters.texts import headings_of, texts_of
from consult.reports.figures import Ledger
from consult.reports.headings import whole_heading
from consult.reports.models import Report
from consult.reports.selecting import Selection


@dataclass(frozen=True)
class People:
    """How many people, and the comments in which they said it."""

    value: int
    address: str

    @classmethod
    def within(cls, value: int, key: str, ledger: Ledger, **selection: Any) -> "People":
        return cls(value, ledger.address(Selection(within=key, **selection)))

    @property
    def html(self) -> SafeString:
        """The number as a link; without, where nothing was said."""
        if not self.value:
            return format_html('<span class="zero">{}</span>', 0)
        if not self.address:
            return format_html("<span>{}</span>", intcomma(self.value))
        return format_html('<a class="figure" href="{}">{}</a>', self.address, intcomma(self.value))


@dataclass(frozen=True)
class SideBar:
    """The bars of one row: against to the left of the middle, for to the right; in per cent."""

    against_x: str
    against_width: str
    for_width: str


@dataclass(frozen=True)
class SideRow:
    """One group: how many of it are against and for, and how many passed."""

    # What it is called for programs.
    key: str
    label: str
    against: People
    for_it: People
    passed: People | None
    bar: SideBar

    @property
    def share(self) -> int:
        """Of a hundred that took a side, how many are for it."""
        sides = self.against.value + self.for_it.value
        return round(100 * self.for_it.value / sides) if sides else 0


def side_rows(rows: Sequence[tuple[str, str, People, People, People | None]]) -> list[SideRow]:
    """The rows, their bars as long as shares of those who judged it at all."""
    found = []
    for key, label, against, for_it, passed in rows:
        total = against.value + for_it.value + (passed.value if passed else 0)
        scale = 50 / total if total else 0.0
        left, right = against.value * scale, for_it.value * scale
        bar = SideBar(charts.per_cent(50 - left), charts.per_cent(left), charts.per_cent(right))
        found.append(SideRow(key, label, against, for_it, passed, bar))
    return found


@dataclass(frozen=True)
class Place:
    """A provision, or a section or the draft as a whole, as a reader knows it."""

    ref: str
    heading: str
    text: str

    @classmethod
    def of(cls, name: str, report: Report) -> "Place":
        """From its name in a chapter: a provision's reference, or § and a section's."""
        headings = headings_of(report)
        if name.startswith(SECTION):
            ref = name.removeprefix(SECTION)
            return cls("", headings.get(ref, ref) if ref else whole_heading(), "")
        text = texts_of(report.draft).get(name)
        return cls(name, headings.get(text.section, "") if text else "", text.text if text else "")
