"""Threads: all that is said on one piece of text, numbered change by change."""

from datetime import datetime
from typing import Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from accounts.groups import StakeholderGroup
from accounts.models import OrganisationRecord
from consult.document import windows
from consult.document.models import Draft, Provision, Section


class ThreadQuerySet(models.QuerySet["Thread"]):
    def readable(self, *, at: datetime) -> Self:
        """Threads on text that anyone may read; on a draft as a whole, while any of it is."""
        shown = Section.objects.readable(at=at).filter(draft=OuterRef("draft"))
        return self.filter(
            windows.is_readable(at=at, prefix="section__window__")
            | Q(section__isnull=True) & Exists(shown)
        )

    def named(self, *, code: str, number: int, ref: str) -> Self:
        """The thread on what has this reference in the draft; with none, on the draft as a whole.

        A provision's reference goes before a section's.
        """
        on_draft = self.filter(draft__framework__code=code, draft__number=number)
        if not ref:
            return on_draft.filter(section=None)
        provisions = Provision.objects.filter(draft=OuterRef("draft"), ref=ref)
        return on_draft.filter(
            Q(provision__ref=ref) | Q(provision=None, section__ref=ref) & ~Exists(provisions)
        )

    def with_sections_above(self) -> Self:
        """With the keys of the sections that the thread's own stands in, in `sections_above`."""
        above = (
            Section.objects.filter(
                draft=OuterRef("draft"),
                position__lt=OuterRef("section__position"),
                last_position__gte=OuterRef("section__position"),
            )
            .order_by()
            .values("pk")
        )
        return self.annotate(sections_above=ArraySubquery(above))

    def with_target(self) -> Self:
        """With what the thread is about, and the window that it stands in."""
        return self.select_related("draft__framework", "section__window", "provision")

    def with_last_act_on_organisations(self) -> Self:
        """With the last step of any organisation's verification, in the same query."""
        last = OrganisationRecord.objects.order_by("-pk").values("pk")[:1]
        return self.annotate(last_act_on_organisations=Subquery(last))

    def with_tallies(self) -> Self:
        """With the numbers of comments by group and stance in `tally`, in the same query."""
        rows = ThreadTally.objects.filter(thread=OuterRef("pk"), comments__gt=0).order_by()
        return self.annotate(
            tally=ArraySubquery(
                rows.values_list(JSONObject(group="group", stance="stance", comments="comments"))
            )
        )

    def within(self, section: Section) -> Self:
        """Threads on the section, on its provisions, and on all that stands beneath it."""
        return self.filter(
            draft_id=section.draft_id,
            section__position__gte=section.position,
            section__position__lte=section.last_position,
        )


class Thread(models.Model):
    """討論串: all comments on one provision, or on a section or a draft as a whole.

    Every change in a thread takes its next sequence number, in the transaction of the change, so
    that a reader who holds number n can ask for what came after.
    """

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="threads")
    # Empty in the thread on the draft as a whole.
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, null=True, blank=True, related_name="threads"
    )
    provision = models.ForeignKey(
        Provision, on_delete=models.PROTECT, null=True, blank=True, related_name="threads"
    )
    sequence = models.PositiveBigIntegerField(_("last sequence number"), default=0)
    # Comments that readers see: not those held back, hidden or withdrawn.
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
                condition=Q(provision__isnull=True, section__isnull=False),
                name="thread_one_a_section_as_a_whole",
            ),
            models.UniqueConstraint(
                fields=["draft"],
                condition=Q(section__isnull=True),
                name="thread_one_a_draft_as_a_whole",
            ),
            models.CheckConstraint(
                condition=Q(provision__isnull=True) | Q(section__isnull=False),
                name="thread_provision_in_section",
            ),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def ref(self) -> str:
        """The reference of what the thread is about; empty for the draft as a whole."""
        if self.provision:
            return self.provision.ref
        return self.section.ref if self.section else ""


class ThreadTally(models.Model):
    """How many comments of one group and stance readers see in a thread.

    Kept under the thread's lock with every change, so that a page with its filters costs the same
    at a hundred comments and at a hundred thousand.
    """

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="tallies")
    group = models.CharField(max_length=12, choices=StakeholderGroup.choices)
    stance = models.CharField(max_length=8)
    comments = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("thread tally")
        verbose_name_plural = _("thread tallies")
        constraints = [
            models.UniqueConstraint(fields=["thread", "group", "stance"], name="thread_tally_once")
        ]

    def __str__(self) -> str:
        return f"{self.thread_id} {self.group} {self.stance}: {self.comments}"
