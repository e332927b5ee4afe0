"""What the pages show on which drafters work on a report's themes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from consult.reports.figures import Figure, Ledger
from consult.reports.headings import section_heading
from consult.reports.listing import Listing
from consult.reports.models import Report, ThemeDecision
from consult.reports.replaying import default_name
from consult.reports.surroundings import ListedComment
from consult.reports.theming import decisions_of, themes_in

MOST_DECISIONS = 50


@dataclass(frozen=True)
class EditedTheme:
    """A theme as the report has it, and what it is from the next report on."""

    key: str
    name: str
    now: str
    keywords: tuple[str, ...]
    # Nothing for one that was split off since, which has no comments yet.
    comments: Figure | None
    address: str

    @property
    def is_gone(self) -> bool:
        """It was put together with another since."""
        return not self.now

    @property
    def is_renamed(self) -> bool:
        return bool(self.now) and self.now != self.name

    @property
    def may_split(self) -> bool:
        return self.comments is not None and len(self.keywords) > 1


@dataclass(frozen=True)
class MadeDecision:
    """A decision that stands, in words."""

    decision: ThemeDecision
    told: str

    @classmethod
    def of(cls, decision: ThemeDecision) -> "MadeDecision":
        return cls(decision, _told(decision.kind, decision.payload))


class ThemesContext:
    """The themes of one section, or of all, with what was decided on them."""

    def __init__(self, *, report: Report, section: str, refusal: str) -> None:
        self.report, self.section, self.refusal = report, section, refusal
        self._ledger = Ledger(report)

    @cached_property
    def heading(self) -> str:
        rows = (self.report.result or {}).get("sections", [])
        row = next((row for row in rows if row["ref"] == self.section), None)
        return section_heading(row) if row and self.section else _("All sections")

    @cached_property
    def themes(self) -> list[EditedTheme]:
        names = {line["key"]: line for line in self._lines}
        merged = self._merged
        found = [
            self._edited(
                theme,
                "" if theme["key"] in merged else names.get(theme["key"], theme)["name"],
                self._ledger.within(
                    theme["comments"], f"themes/{self.section or 'all'}/{theme['key']}"
                ),
            )
            for theme in themes_in(self.report, self.section)
        ]
        known = {theme.key for theme in found}
        return found + [
            self._edited(line, line["name"], None)
            for line in self._lines
            if line["key"] not in known
        ]

    @property
    def targets(self) -> list[EditedTheme]:
        """The themes that another one, or comments, can be put into."""
        return [theme for theme in self.themes if not theme.is_gone]

    @cached_property
    def decisions(self) -> list[MadeDecision]:
        """The newest first."""
        return [MadeDecision.of(decision) for decision in self._standing[:MOST_DECISIONS]]

    @property
    def apart(self) -> str:
        """Where the comments are listed that are on no theme."""
        return self._comments("")

    @property
    def back(self) -> str:
        return reverse("report", args=[self.report.public_id])

    @cached_property
    def _lines(self) -> list[Mapping[str, Any]]:
        return [
            line
            for line in decisions_of(self.report.draft)
            if line["section"] == self.section and line["key"]
        ]

    @cached_property
    def _merged(self) -> set[str]:
        """Themes that a decision put into another one, which no later one made anew."""
        gone = {
            theme["key"]
            for decision in self._standing
            if decision.kind == ThemeDecision.Kind.MERGE
            for theme in decision.payload["themes"]
        }
        return gone - {line["key"] for line in self._lines}

    @cached_property
    def _standing(self) -> list[ThemeDecision]:
        standing = self.report.draft.theme_decisions.standing().order_by("-pk")
        of_section = (
            standing.filter(section__ref=self.section)
            if self.section
            else standing.filter(section=None)
        )
        return list(of_section.select_related("made_by"))

    def _edited(self, theme: Mapping[str, Any], now: str, comments: Figure | None) -> EditedTheme:
        return EditedTheme(
            key=theme["key"],
            name=default_name(theme),
            now=now or ("" if theme["key"] in self._merged else default_name(theme)),
            keywords=tuple(theme["keywords"]),
            comments=comments,
            address=self._comments(theme["key"]),
        )

    def _comments(self, key: str) -> str:
        page = reverse("report_theme_comments", args=[self.report.public_id])
        return f"{page}?{urlencode({'in': self.section, 'theme': key})}"


@dataclass(frozen=True)
class ThemeCommentsContext:
    """A theme's comments, to be chosen and moved."""

    themes: ThemesContext
    key: str
    listing: Listing

    @property
    def theme(self) -> EditedTheme | None:
        """None for the comments that are on no theme."""
        return next((theme for theme in self.themes.themes if theme.key == self.key), None)

    @property
    def targets(self) -> list[EditedTheme]:
        return [theme for theme in self.themes.targets if theme.key != self.key]

    @property
    def comments(self) -> list[ListedComment]:
        return [ListedComment.of(comment) for comment in self.listing.comments]

    @property
    def next_page(self) -> str:
        if not self.listing.after:
            return ""
        query = {"in": self.themes.section, "theme": self.key, "after": self.listing.after}
        return f"?{urlencode(query)}"


def _told(kind: str, payload: Mapping[str, Any]) -> str:
    name = default_name(payload["theme"]) if "theme" in payload else ""
    into = default_name(payload["into"]) if payload.get("into") else ""
    if kind == ThemeDecision.Kind.RENAME:
        return _("“%(name)s” is called “%(now)s”") % {"name": name, "now": payload["name"]}
    if kind == ThemeDecision.Kind.MERGE:
        names = _("”, “").join(default_name(theme) for theme in payload["themes"])
        return _("“%(names)s” put together with “%(into)s”") % {"names": names, "into": into}
    if kind == ThemeDecision.Kind.SPLIT:
        told = {"now": payload["name"], "name": name, "terms": _(", ").join(payload["terms"])}
        return _("“%(now)s” split off “%(name)s” by: %(terms)s") % told
    told = {"count": len(payload["comments"]), "into": into}
    if into:
        return _("Comments moved to “%(into)s”: %(count)s") % told
    return _("Comments taken out of every theme: %(count)s") % told
