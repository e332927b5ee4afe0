"""Comments: one statement each, or a reply to one."""

import secrets
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.groups import PublicRole, SchoolLevel, StakeholderGroup
from accounts.models import Organisation
from comments.models.threads import Thread
from comments.rules import Rule

# Crockford's base 32: no letter that is read as another when a receipt is told by telephone.
REFERENCE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
REFERENCE_LENGTH = 8
MAXIMUM_BODY_LENGTH = 5000


def new_reference() -> str:
    """A comment's short public name, printed on its receipt and in its permanent link."""
    return "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(REFERENCE_LENGTH))


class CommentQuerySet(models.QuerySet["Comment"]):
    def readable(self, *, at: datetime) -> Self:
        """Comments that stand where anyone may read, also those whose text is taken away.

        A comment that is held back for a moderator isn't among them.
        """
        threads = Thread.objects.readable(at=at).values("pk")
        return self.filter(thread__in=threads).exclude(state=Comment.State.HELD)

    def listed(self) -> Self:
        """Comments that stand in a thread, if only as a tombstone: all but those held back."""
        return self.exclude(state=Comment.State.HELD)

    def shown(self) -> Self:
        """Comments whose text readers see: not held back, hidden or withdrawn."""
        return self.filter(state=Comment.State.SHOWN)

    def held(self) -> Self:
        """Comments that readers see once a moderator has released them."""
        return self.filter(state=Comment.State.HELD)

    def unanswered(self) -> Self:
        """First comments that nobody has replied to."""
        return self.filter(parent=None, reply_count=0)

    def with_wording(self) -> Self:
        """Comments that propose what the text should be."""
        return self.exclude(proposed_text="")

    def posted_by(self, cutoff: datetime) -> Self:
        """Comments posted up to and at this moment."""
        return self.filter(created_at__lte=cutoff)

    def changed_after(self, sequence: int) -> Self:
        """What a reader misses who last saw this sequence number of the thread."""
        return self.filter(changed_sequence__gt=sequence)

    def with_speaker(self) -> Self:
        return self.select_related("author", "organisation")

    def in_talk(self) -> Self:
        """With who speaks, and in `parent_reference` whom they reply to."""
        return self.with_speaker().annotate(parent_reference=F("parent__reference"))


class Comment(models.Model):
    """意見: one statement in a thread, or a reply to one.

    `path` names the branch: each level adds the comment's sequence number in its thread, padded
    so that text order is reading order. The anchor is the W3C Web Annotation TextQuote (exact,
    prefix, suffix) and TextPosition (start, end) of the words commented on, in code points of the
    provision's text; all empty where the comment is on the whole provision.
    """

    class Stance(models.TextChoices):
        SUPPORT = "support", _("Support")
        OPPOSE = "oppose", _("Oppose")
        SUGGEST = "suggest", _("Suggest a change")
        QUESTION = "question", _("Question")
        OTHER = "other", _("Other")

    class State(models.TextChoices):
        SHOWN = "shown", _("Shown")
        HELD = "held", _("Held for a moderator")
        HIDDEN = "hidden", _("Hidden")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="comments")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replies"
    )
    path = models.TextField(_("path"), db_collation="C")
    depth = models.PositiveSmallIntegerField(_("depth"), default=0)
    sequence = models.PositiveBigIntegerField(_("sequence number"))
    changed_sequence = models.PositiveBigIntegerField(_("sequence number of the last change"))
    reference = models.CharField(
        _("receipt number"), max_length=12, unique=True, default=new_reference, editable=False
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="comments"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="comments"
    )
    group = models.CharField(
        _("stakeholder group"), max_length=12, choices=StakeholderGroup.choices
    )
    # As they were when it was posted: later changes don't rewrite what was said.
    organisation_name = models.CharField(_("organisation's name"), max_length=120, blank=True)
    school_level = models.CharField(
        _("school level"), max_length=13, choices=SchoolLevel.choices, blank=True
    )
    public_role = models.CharField(_("role"), max_length=8, choices=PublicRole.choices, blank=True)
    as_drafter = models.BooleanField(_("said as a drafter"), default=False)
    stance = models.CharField(_("stance"), max_length=8, choices=Stance.choices)
    body = models.TextField(_("comment"), max_length=MAXIMUM_BODY_LENGTH)
    # What a comment that suggests a change wants the provision's text to be.
    proposed_text = models.TextField(_("proposed wording"), blank=True)
    # Only a shown comment has its text here: the rest keeps it in `Original`.
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.SHOWN)
    # The rule that a hidden comment breaks, as the tombstone names it.
    hidden_by_rule = models.CharField(_("rule"), max_length=16, choices=Rule.choices, blank=True)
    anchor_exact = models.TextField(blank=True)
    anchor_prefix = models.TextField(blank=True)
    anchor_suffix = models.TextField(blank=True)
    anchor_start = models.PositiveIntegerField(null=True, blank=True)
    anchor_end = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(_("posted"), default=timezone.now)
    # Set when it was changed later than the time in which that leaves no trace.
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True)
    # Set by whoever told the people whom it concerns.
    spread_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Counted under the thread's lock; they equal the rows. Replies are shown ones, at any depth.
    reply_count = models.PositiveIntegerField(_("replies"), default=0)
    endorsement_count = models.PositiveIntegerField(_("endorsements"), default=0)
    idempotency_key = models.UUIDField(_("idempotency key"))
    is_demonstration = models.BooleanField(_("demonstration"), default=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        constraints = [
            # A double click or a retried request makes one comment.
            models.UniqueConstraint(fields=["author", "idempotency_key"], name="comment_once"),
            # Also serves reading a thread branch by branch.
            models.UniqueConstraint(fields=["thread", "path"], name="comment_path_unique"),
            models.CheckConstraint(
                condition=Q(anchor_start__isnull=True, anchor_end__isnull=True, anchor_exact="")
                | Q(anchor_start__lt=F("anchor_end")) & ~Q(anchor_exact=""),
                name="comment_anchor_whole_or_none",
                violation_error_message=_("The words commented on are incomplete."),
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, depth=0) | Q(parent__isnull=False, depth__gt=0),
                name="comment_depth_fits_parent",
            ),
            models.CheckConstraint(
                condition=Q(state="shown") | Q(body="", proposed_text="", anchor_exact=""),
                name="comment_text_only_where_shown",
            ),
            models.CheckConstraint(
                condition=Q(state="hidden") ^ Q(hidden_by_rule=""),
                name="comment_hidden_by_a_rule",
            ),
        ]
        indexes = [
            # What changed in a thread after a sequence number: catching up.
            models.Index(fields=["thread", "changed_sequence"], name="comment_catching_up"),
            # A thread's page of first comments: newest or oldest, and most endorsed.
            models.Index(
                fields=["thread", "sequence"],
                condition=Q(parent__isnull=True),
                name="comment_first_by_number",
            ),
            models.Index(
                fields=["thread", "-endorsement_count", "-sequence"],
                condition=Q(parent__isnull=True),
                name="comment_first_by_endorsement",
            ),
            # The same, of one stance or of one group, replies among them.
            models.Index(fields=["thread", "stance", "sequence"], name="comment_of_a_stance"),
            models.Index(fields=["thread", "group", "sequence"], name="comment_of_a_group"),
            # Replies to one comment, a page at a time.
            models.Index(fields=["parent", "sequence"], name="comment_replies"),
            # What a person said, and what an organisation said, newest first.
            models.Index(fields=["author", "-created_at", "-id"], name="comment_of_an_author"),
            models.Index(
                fields=["organisation", "-created_at", "-id"], name="comment_of_an_organisation"
            ),
            # Whose word has not been spread yet.
            models.Index(
                fields=["created_at"],
                condition=Q(spread_at__isnull=True),
                name="comment_to_be_spread",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def speaker_name(self) -> str:
        """In whose name it was said: the organisation's as it was called then, or the author's."""
        return self.organisation_name or self.author.shown_name

    @property
    def is_shown(self) -> bool:
        return self.state == self.State.SHOWN


class CommentVersion(models.Model):
    """What a comment said before it was changed, for the history that readers can open."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    stance = models.CharField(_("stance"), max_length=8, choices=Comment.Stance.choices)
    body = models.TextField(_("comment"))
    proposed_text = models.TextField(_("proposed wording"), blank=True)
    # From when to when it said this.
    written_at = models.DateTimeField(_("written"))
    replaced_at = models.DateTimeField(_("replaced"), default=timezone.now)

    class Meta:
        verbose_name = _("comment version")
        verbose_name_plural = _("comment versions")
        constraints = [
            models.UniqueConstraint(fields=["comment", "number"], name="comment_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} {self.number}"
