"""Campaigns as they are shown: the shared text, how its variants differ, and who signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from accounts.groups import StakeholderGroup
from comments.nearness import written_sentences
from consult.document.difference import Stretch, difference
from consult.reports.analysing.campaigns import NAME
from consult.reports.analysing.chapter import Json
from consult.reports.figures import Figure, Ledger, Quote
from consult.reports.selecting import Selection


@dataclass(frozen=True)
class Variant:
    """How another text of the campaign differs from the shared one."""

    quote: Quote
    comments: int
    stretches: Sequence[Stretch]


@dataclass(frozen=True)
class OwnSentence:
    """What one variant alone says."""

    quote: Quote
    text: str


@dataclass(frozen=True)
class ShownCampaign:
    """One campaign, counted both ways."""

    key: str
    is_confirmed: bool
    shared: Quote | None
    sharing: int
    texts: int
    comments: Figure
    people: Figure
    organisations: Figure
    groups: Sequence[tuple[str, Figure]]
    first: datetime
    last: datetime
    variants: Sequence[Variant]
    own: Sequence[OwnSentence]
    # Quoted variants whose words are no longer shown.
    gone: int


class Campaigns:
    """The chapter: all campaigns, and the numbers with each counted once."""

    def __init__(self, found: Json, ledger: Ledger) -> None:
        self.found, self._ledger = found, ledger

    @cached_property
    def campaigns(self) -> list[ShownCampaign]:
        return [self._shown(campaign) for campaign in self.found["campaigns"]]

    @property
    def comments(self) -> int:
        """How many comments there are, each counted."""
        return int(self.found["counted"]["comments"])

    @property
    def texts(self) -> int:
        """How many different texts, each campaign counted once."""
        return int(self.found["counted"]["texts"])

    @cached_property
    def by_group(self) -> list[tuple[str, Figure, int]]:
        """Each group's comments, and its texts with each campaign counted once."""
        counted = self.found["counted"]["groups"]
        return [
            (
                str(group.label),
                self._ledger.comments(counted[group]["comments"], Selection(group=group.value)),
                counted[group]["texts"],
            )
            for group in StakeholderGroup
            if group in counted
        ]

    def _shown(self, campaign: Json) -> ShownCampaign:
        key = f"{NAME}/{campaign['key']}"
        shared = self._ledger.quote(campaign["shared"])
        quotes = [
            (self._ledger.quote(each["reference"]), each["comments"])
            for each in campaign["variants"]
        ]
        return ShownCampaign(
            key=campaign["key"],
            is_confirmed=campaign["state"] == "confirmed",
            shared=shared,
            sharing=campaign["sharing"],
            texts=campaign["texts"],
            comments=self._ledger.within(campaign["comments"], key),
            people=self._figure(campaign, "people", "authors"),
            organisations=self._figure(campaign, "organisations", "organisations"),
            groups=[
                (
                    str(StakeholderGroup(group).label),
                    self._ledger.within(comments, key, group=group),
                )
                for group, comments in campaign["groups"].items()
            ],
            first=datetime.fromisoformat(campaign["first"]),
            last=datetime.fromisoformat(campaign["last"]),
            variants=[
                Variant(quote, comments, difference(shared.body, quote.body))
                for quote, comments in quotes
                if quote and shared
            ],
            own=list(self._own(campaign)),
            gone=sum(quote is None for quote, _ in quotes),
        )

    def _figure(self, campaign: Json, name: str, counts: str) -> Figure:
        address = self._ledger.within(campaign[name], f"{NAME}/{campaign['key']}").address
        return Figure(campaign[name], counts, address)

    def _own(self, campaign: Json) -> list[OwnSentence]:
        found = []
        for each in campaign["own_sentences"]:
            quote = self._ledger.quote(each["reference"])
            sentences = written_sentences(quote.body) if quote else []
            if quote and each["sentence"] < len(sentences):
                found.append(OwnSentence(quote, sentences[each["sentence"]]))
        return found
