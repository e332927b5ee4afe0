"""What is said: threads on the draft's text, and the comments in them."""

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
from consult.document import windows
from consult.document.models import Draft, Provision, Section

# Crockford's base 32: no letter that is read as another when a receipt is told by telephone.
REFERENCE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
REFERENCE_LENGTH = 8
MAXIMUM_BODY_LENGTH = 5000


def new_reference() -> str:
    """A comment's short public name, printed on its receipt and in its permanent link."""
    return "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(REFERENCE_LENGTH))


class ThreadQuerySet(models.QuerySet["Thread"]):
    def readable(self, *, at: datetime) -> Self:
        """Threads on text that anyone may read: what stands on unpublished text isn't shown."""
        return self.filter(windows.is_readable(at=at, prefix="section__window__"))

    def within(self, section: Section) -> Self:
        """Threads on the section, on its provisions, and on all that stands beneath it."""
        return self.filter(
            draft_id=section.draft_id,
            section__position__gte=section.position,
            section__position__lte=section.last_position,
        )


class Thread(models.Model):
    """討論串: all comments on one provision, or on a section as a whole.

    Every change in a thread takes its next sequence number, in the transaction of the change, so
    that a reader who holds number n can ask for what came after.
    """

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="threads")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="threads")
    provision = models.ForeignKey(
        Provision, on_delete=models.PROTECT, null=True, blank=True, related_name="threads"
    )
    sequence = models.PositiveBigIntegerField(_("last sequence number"), default=0)
    comment_count = models.PositiveIntegerField(_("comments"), default=0)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        verbose_name = _("thread")
        verbose_name_plural = _("threads")
        constraints = [
            models.UniqueConstraint(
                fields=["provision"],
                condition=Q(provision__isnull=False),
                name="thread_one_a_provision",
            ),
            models.UniqueConstraint(
                fields=["section"],
                condition=Q(provision__isnull=True),
                name="thread_one_a_section_as_a_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def ref(self) -> str:
        """The reference of what the thread is about: a provision's, or else the section's."""
        return self.provision.ref if self.provision else self.section.ref


class CommentQuerySet(models.QuerySet["Comment"]):
    def readable(self, *, at: datetime) -> Self:
        """Comments that anyone may read: those on text that anyone may read."""
        return self.filter(windows.is_readable(at=at, prefix="thread__section__window__"))

    def posted_by(self, cutoff: datetime) -> Self:
        """Comments posted up to and at this moment."""
        return self.filter(created_at__lte=cutoff)

    def changed_after(self, sequence: int) -> Self:
        """What a reader misses who last saw this sequence number of the thread."""
        return self.filter(changed_sequence__gt=sequence)

    def with_speaker(self) -> Self:
        return self.select_related("author", "organisation")


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
    anchor_exact = models.TextField(blank=True)
    anchor_prefix = models.TextField(blank=True)
    anchor_suffix = models.TextField(blank=True)
    anchor_start = models.PositiveIntegerField(null=True, blank=True)
    anchor_end = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(_("posted"), default=timezone.now)
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
        ]
        indexes = [
            # What changed in a thread after a sequence number: catching up.
            models.Index(fields=["thread", "changed_sequence"], name="comment_catching_up"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def speaker_name(self) -> str:
        """In whose name it was said: the organisation's as it was called then, or the author's."""
        return self.organisation_name or self.author.shown_name
