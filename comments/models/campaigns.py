"""Campaigns: near-identical comments, found as they are posted, decided on by moderators."""

import uuid
from typing import NamedTuple, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from comments.models.comments import Comment
from consult.document.models import Draft


class TextSignature(models.Model):
    """What a shown comment's text is compared by; `comments.comparing` writes it.

    `text` is the same for the same text, however wide its characters are, and `length` is how many
    they are; `numbers` is a byte of each number of its signature, and `bands` are hashes of three
    of these in a row, or of two where the text is an exemplar of a campaign. Of a text that others
    have, too, and of a campaign that has enough exemplars, neither is kept: what is near it is near
    those that have some.
    """

    comment = models.OneToOneField(
        Comment, on_delete=models.CASCADE, primary_key=True, related_name="text_signature"
    )
    # The one of the comment's thread, where PostgreSQL sees to it that it exists.
    draft = models.ForeignKey(
        Draft, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    text = models.BigIntegerField()
    length = models.PositiveIntegerField()
    numbers = models.BinaryField(default=bytes)
    bands = ArrayField(models.IntegerField())
    exemplar_of = models.ForeignKey(
        "Campaign",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="exemplars",
        db_index=False,
    )

    class Meta:
        verbose_name = _("text signature")
        verbose_name_plural = _("text signatures")
        indexes = [
            # The same text on a draft, the earliest first.
            models.Index(fields=["draft", "text", "comment"], name="text_signature_same"),
            # What shares a band; not gathered for later, since the next comment asks.
            GinIndex(fields=["bands"], name="text_signature_near", fastupdate=False),
            models.Index(
                fields=["exemplar_of"],
                condition=Q(exemplar_of__isnull=False),
                name="text_signature_exemplars",
            ),
        ]

    def __str__(self) -> str:
        return str(self.comment_id)


class ComparisonDue(models.Model):
    """A comment whose text has not been compared yet with what others say.

    Written with the text, in its transaction, and taken away by whoever compares it. In a table of
    its own: to change a column of the comment, PostgreSQL would write to all of its indexes.
    """

    comment = models.OneToOneField(
        Comment, on_delete=models.CASCADE, primary_key=True, related_name="comparison_due"
    )
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("comparison due")
        verbose_name_plural = _("comparisons due")

    def __str__(self) -> str:
        return str(self.comment_id)


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def counted(self) -> Self:
        """With how many comments are shown and belong to each, whose, from when to when."""
        belongs = Q(members__left_out=False, members__comment__state=Comment.State.SHOWN)
        return self.annotate(
            comments=Count("members", filter=belongs),
            authors=Count("members__comment__author", filter=belongs, distinct=True),
            organisations=Count("members__comment__organisation", filter=belongs, distinct=True),
            first_at=Min("members__comment__created_at", filter=belongs),
            last_at=Max("members__comment__created_at", filter=belongs),
        )

    def with_counts(self) -> Self:
        """Those with several comments, counted, by number of comments: the largest first.

        Two make a campaign; what a moderator decided on stays to be taken back.
        """
        touched = Exists(CampaignMember.objects.left_out().filter(campaign=OuterRef("pk")))
        decided = ~Q(state=Campaign.State.PROPOSED) | touched
        return self.counted().filter(Q(comments__gt=1) | decided).order_by("-comments", "pk")

    def decided(self) -> Self:
        """Those that a moderator confirmed or rejected, or took comments out of."""
        touched = CampaignMember.objects.left_out().values("campaign")
        return self.filter(~Q(state=Campaign.State.PROPOSED) | Q(pk__in=touched))


class Campaign(models.Model):
    """制式意見: comments that are one text, changed here and there; none of them is ever deleted.

    Proposed by the machine; a moderator confirms or rejects it, and may take that back.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("campaign", "Proposed")
        CONFIRMED = "confirmed", _("Confirmed")
        REJECTED = "rejected", _("Rejected")

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="campaigns")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(
        _("state"), max_length=9, choices=State.choices, default=State.PROPOSED
    )
    proposed_at = models.DateTimeField(_("found"), default=timezone.now)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        indexes = [
            # A moderator's list.
            models.Index(fields=["draft", "state"], name="campaign_by_state"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class SameText(NamedTuple):
    """A text of a campaign: who posted it first, how many did, and how many texts there are."""

    campaign_id: int
    comment_id: int
    times: int
    texts: int


class CampaignMemberQuerySet(models.QuerySet["CampaignMember"]):
    def belonging(self) -> Self:
        """Those that no moderator took out and whose text readers see, the earliest first."""
        shown = self.filter(left_out=False, comment__state=Comment.State.SHOWN)
        return shown.order_by("comment__created_at", "comment__reference")

    def left_out(self) -> Self:
        """Those that a moderator took out, the earliest first."""
        return self.filter(left_out=True).order_by("comment__created_at", "comment__reference")

    def by_text(self, *, most: int) -> list["SameText"]:
        """The texts of each campaign, those that most posted first, and the earliest of these.

        At most so many of each campaign.
        """
        belonging = self.filter(left_out=False, comment__state=Comment.State.SHOWN)
        texts = belonging.values("campaign_id", "comment__text_signature__text").annotate(
            times=Count("pk"), first=Min("pk")
        )
        order = [F("times").desc(), F("first").asc()]
        ranked = texts.annotate(
            rank=Window(RowNumber(), partition_by="campaign_id", order_by=order),
            texts=Window(Count("*"), partition_by="campaign_id"),
        )
        shown = ranked.filter(rank__lte=most).order_by("campaign_id", "rank")
        return [
            SameText(*row) for row in shown.values_list("campaign_id", "first", "times", "texts")
        ]


class CampaignMember(models.Model):
    """That a comment belongs to a campaign, or that a moderator said it doesn't."""

    comment = models.OneToOneField(
        Comment, on_delete=models.CASCADE, primary_key=True, related_name="campaign_member"
    )
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="members")
    left_out = models.BooleanField(_("taken out"), default=False)

    objects = CampaignMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment of a campaign")
        verbose_name_plural = _("comments of campaigns")

    def __str__(self) -> str:
        return str(self.comment_id)


class CampaignRecord(models.Model):
    """One decision of a moderator on a campaign, or on a comment in it; kept for ever."""

    class Act(models.TextChoices):
        CONFIRM = "confirm", _("Confirmed")
        REJECT = "reject", _("Rejected")
        REOPEN = "reopen", _("Decision taken back")
        TAKE_OUT = "take_out", _("Comment taken out")
        PUT_BACK = "put_back", _("Comment put back")

    ON_COMMENTS = (Act.TAKE_OUT, Act.PUT_BACK)

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="records")
    act = models.CharField(_("act"), max_length=8, choices=Act.choices)
    comment = models.ForeignKey(
        Comment, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now)

    class Meta:
        verbose_name = _("decision on a campaign")
        verbose_name_plural = _("decisions on campaigns")
        indexes = [
            # A campaign's history.
            models.Index(fields=["campaign", "recorded_at"], name="campaign_record_in_order"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(act__in=("take_out", "put_back")) ^ Q(comment__isnull=True),
                name="campaign_record_names_a_comment",
            )
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.act} {self.recorded_at:%Y-%m-%d %H:%M}"
