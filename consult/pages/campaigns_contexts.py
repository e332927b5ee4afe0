"""What the moderators' pages on campaigns show."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from comments.comparing import bared
from comments.models import Campaign, CampaignMember, CampaignRecord, Comment, SameText
from comments.nearness import own_sentences, written_sentences
from consult.document.difference import Stretch, difference
from consult.document.models import Draft

AT_ONCE = 20
SIGNERS_AT_ONCE = 25
RECORDS_AT_ONCE = 25
MOST_VARIANTS = 12
# Texts that are looked through for sentences of their own, and how many sentences these may have
# in all: each is compared with all the others, within a second.
MOST_LOOKED_THROUGH, MOST_SENTENCES = 60, 800

State = Campaign.State


@dataclass(frozen=True)
class Choice:
    """One way to narrow a list; a number says how many that leaves."""

    label: str
    address: str
    is_current: bool
    number: int | None = None


def _address(path: str, **query: object) -> str:
    """The address with what of the query isn't empty; its own path says that nothing is."""
    left = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(left)}" if left else path


@dataclass(frozen=True)
class ListedCampaign:
    """A campaign with its counts and the text that most posted."""

    campaign: Campaign
    shared: Comment | None
    texts: int


@dataclass(frozen=True)
class CampaignsPage:
    """Campaigns by size: of every draft or of one, in every state or in one."""

    query: QueryDict

    @cached_property
    def drafts(self) -> Sequence[Draft]:
        """Those on which there are campaigns, the newest first."""
        found = Draft.objects.filter(pk__in=Campaign.objects.values("draft"))
        return list(found.select_related("framework").newest_first())

    @cached_property
    def draft(self) -> Draft | None:
        """The one asked for. Raises Http404 where there is no such."""
        wanted = self.query.get("draft", "")
        found = [each for each in self.drafts if _name(each) == wanted]
        if wanted and not found:
            raise Http404
        return found[0] if found else None

    @cached_property
    def state(self) -> str:
        wanted = self.query.get("state", "")
        if wanted and wanted not in State.values:
            raise Http404
        return wanted

    @cached_property
    def page(self) -> "Page[Campaign]":
        found = self._on_drafts.select_related("draft__framework")
        if self.state:
            found = found.filter(state=self.state)
        return Paginator(found, AT_ONCE).get_page(self.query.get("page"))

    @cached_property
    def rows(self) -> list[ListedCampaign]:
        campaigns = list(self.page)
        members = CampaignMember.objects.filter(campaign__in=campaigns)
        texts = {each.campaign_id: each for each in members.by_text(most=1)}
        comments = Comment.objects.in_bulk([each.comment_id for each in texts.values()])
        return [_listed(campaign, texts.get(campaign.pk), comments) for campaign in campaigns]

    @cached_property
    def states(self) -> list[Choice]:
        numbers = dict(
            Campaign.objects.filter(pk__in=self._on_drafts.order_by().values("pk"))
            .values_list("state")
            .annotate(number=Count("pk"))
        )
        choices = [("", _("All"), sum(numbers.values()))]
        choices += [(state.value, str(state.label), numbers.get(state, 0)) for state in State]
        return [
            Choice(label, self._at(state=state), state == self.state, number)
            for state, label, number in choices
        ]

    @cached_property
    def of_drafts(self) -> list[Choice]:
        """None where there is but one draft to choose."""
        if len(self.drafts) < 2:  # noqa: PLR2004 - a choice is of two
            return []
        named = [(_name(each), f"{each.framework.title} {each.label}") for each in self.drafts]
        return [
            Choice(label, self._at(draft=name), name == self.query.get("draft", ""))
            for name, label in [("", _("All drafts")), *named]
        ]

    @property
    def earlier(self) -> str:
        return self._at(page=self.page.previous_page_number()) if self.page.has_previous() else ""

    @property
    def later(self) -> str:
        return self._at(page=self.page.next_page_number()) if self.page.has_next() else ""

    @property
    def _on_drafts(self) -> Any:  # noqa: ANN401 - an annotated queryset
        found = Campaign.objects.with_counts()
        return found.filter(draft=self.draft) if self.draft else found

    def _at(self, **changes: object) -> str:
        """This list's address with these changes; each begins with the first page."""
        now = {"draft": self.query.get("draft", ""), "state": self.state}
        return _address(reverse("campaigns"), **now | changes)


def _name(draft: Draft) -> str:
    return f"{draft.framework.code}/{draft.number}"


def _listed(
    campaign: Campaign, text: SameText | None, comments: dict[int, Comment]
) -> ListedCampaign:
    shared = comments.get(text.comment_id) if text else None
    return ListedCampaign(campaign, shared, text.texts if text else 0)


@dataclass(frozen=True)
class Variant:
    """Another text of the campaign, and how it differs from the shared one."""

    comment: Comment
    times: int
    stretches: Sequence[Stretch]


@dataclass(frozen=True)
class OwnSentence:
    """What one text of the campaign alone says."""

    comment: Comment
    text: str


@dataclass(frozen=True)
class Signer:
    """A comment of the campaign, and how its text differs from the shared one, if it does."""

    comment: Comment
    stretches: Sequence[Stretch]


@dataclass(frozen=True)
class Decision:
    """One decision, and whether it is that by which a comment is out of the campaign now."""

    record: CampaignRecord
    keeps_out: bool


@dataclass(frozen=True)
class CampaignPage:
    """One campaign: its texts, who signed it, what was decided."""

    campaign: Campaign
    query: QueryDict
    refusal: str

    @property
    def is_proposed(self) -> bool:
        return self.campaign.state == State.PROPOSED

    @cached_property
    def _texts(self) -> list[tuple[SameText, Comment]]:
        found = self.campaign.members.by_text(most=MOST_LOOKED_THROUGH)
        comments = Comment.objects.in_bulk([each.comment_id for each in found])
        return [(each, comments[each.comment_id]) for each in found if each.comment_id in comments]

    @property
    def shared(self) -> Comment | None:
        """The first comment with the text that most posted."""
        return self._texts[0][1] if self._texts else None

    @property
    def sharing(self) -> int:
        return self._texts[0][0].times if self._texts else 0

    @property
    def texts(self) -> int:
        return self._texts[0][0].texts if self._texts else 0

    @cached_property
    def variants(self) -> list[Variant]:
        others = self._texts[1 : MOST_VARIANTS + 1]
        return [Variant(comment, text.times, self._apart(comment)) for text, comment in others]

    @property
    def not_shown(self) -> int:
        """How many versions only stand with those who signed them."""
        return max(0, self.texts - 1 - len(self.variants))

    @cached_property
    def _looked_through(self) -> list[tuple[Comment, str]]:
        """Comments with their words, as far as there is time to compare them."""
        comments = [comment for _, comment in self._texts]
        bodies = [bared(comment.body, draft_id=self.campaign.draft_id) for comment in comments]
        upto = accumulate(body.count("\n") + 1 for body in bodies)
        found = zip(comments, bodies, upto, strict=True)
        return [(comment, body) for comment, body, number in found if number <= MOST_SENTENCES]

    @cached_property
    def own(self) -> list[OwnSentence]:
        found = own_sentences([body for _, body in self._looked_through])
        named = [(self._looked_through[place][0], number) for place, number in found]
        return [
            OwnSentence(comment, written_sentences(comment.body)[number])
            for comment, number in named
        ]

    @property
    def looked_through(self) -> int:
        """In how many versions such sentences were looked for, where that wasn't in all."""
        looked = len(self._looked_through)
        return looked if looked < self.texts else 0

    @cached_property
    def shows_left_out(self) -> bool:
        return self.query.get("shown") == "left_out"

    @cached_property
    def left_out(self) -> int:
        return self.campaign.members.left_out().count()

    @property
    def choices(self) -> list[Choice]:
        signers: int = self.campaign.comments  # type: ignore[attr-defined]
        shown = [("", _("Those who belong"), signers), ("left_out", _("Taken out"), self.left_out)]
        return [
            Choice(label, self._at(shown=name), bool(name) == self.shows_left_out, number)
            for name, label, number in shown
        ]

    @cached_property
    def page(self) -> "Page[CampaignMember]":
        members = self.campaign.members
        found = members.left_out() if self.shows_left_out else members.belonging()
        speakers = found.select_related("comment__author", "comment__organisation")
        return Paginator(speakers, SIGNERS_AT_ONCE).get_page(self.query.get("page"))

    @cached_property
    def signers(self) -> list[Signer]:
        return [Signer(each.comment, self._apart(each.comment)) for each in self.page]

    @cached_property
    def records(self) -> "Page[CampaignRecord]":
        """What was decided, newest first."""
        found: QuerySet[CampaignRecord] = self.campaign.records.select_related("actor", "comment")
        newest = found.order_by("-recorded_at", "-pk")
        return Paginator(newest, RECORDS_AT_ONCE).get_page(self.query.get("records"))

    @cached_property
    def decisions(self) -> list[Decision]:
        records = list(self.records)
        named = {record.comment_id for record in records}
        out = self.campaign.members.left_out().filter(pk__in=named).values_list("pk", flat=True)
        last: dict[int | None, int] = {}
        for record in records:
            last.setdefault(record.comment_id, record.pk)
        by = {last[comment_id] for comment_id in out}
        return [Decision(record, record.pk in by) for record in records]

    @property
    def earlier(self) -> str:
        return self._turned(self.page, "page", by=-1)

    @property
    def later(self) -> str:
        return self._turned(self.page, "page", by=1)

    @property
    def newer_records(self) -> str:
        return self._turned(self.records, "records", by=-1)

    @property
    def older_records(self) -> str:
        return self._turned(self.records, "records", by=1)

    def _turned(self, page: "Page[Any]", name: str, *, by: int) -> str:
        number = page.number + by
        if not 1 <= number <= page.paginator.num_pages:
            return ""
        shown = "left_out" if self.shows_left_out else ""
        now = {"shown": shown, "page": self.page.number, "records": self.records.number}
        return self._at(**now | {name: number})

    def _at(self, **query: object) -> str:
        """This page's address; the first page of a list needs no number."""
        path = reverse("campaign", args=[self.campaign.public_id])
        return _address(path, **{name: each for name, each in query.items() if each != 1})

    def _apart(self, comment: Comment) -> Sequence[Stretch]:
        """How its text differs from the shared one; nothing where it doesn't or isn't shown."""
        if self.shared is None or not comment.is_shown or comment.body == self.shared.body:
            return ()
        return difference(self.shared.body, comment.body)
