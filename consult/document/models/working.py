"""Working texts: where drafters write the next draft, since a draft's own text never changes."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consult.document.models.texts import Draft, Framework, Provision


class WorkingTextQuerySet(models.QuerySet["WorkingText"]):
    def open(self) -> Self:
        """Those that are still written at."""
        return self.filter(finished_at=None)


class WorkingText(models.Model):
    """編修中的文字: what the drafters of a framework make the next draft of.

    It ends as a draft, or is put away without one and may be taken up again.
    """

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="working_texts")
    based_on = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(_("label"), max_length=120, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    draft = models.OneToOneField(
        Draft, on_delete=models.PROTECT, null=True, blank=True, related_name="written_as"
    )

    objects = WorkingTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("working text")
        verbose_name_plural = _("working texts")
        constraints = [
            models.UniqueConstraint(
                fields=["framework"],
                condition=Q(finished_at=None),
                name="working_text_open_once",
                violation_error_message=_("The next draft of this framework is written already."),
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None, finished_by=None, draft=None)
                | Q(finished_at__isnull=False, finished_by__isnull=False),
                name="working_text_finished_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.framework_id} · {self.started_at:%Y-%m-%d}"


class WorkingPieceQuerySet(models.QuerySet["WorkingPiece"]):
    def in_order(self) -> Self:
        return self.order_by("position")

    def standing(self) -> Self:
        """What will be in the draft: all that was not deleted or merged into another."""
        return self.filter(is_removed=False)


class WorkingPiece(models.Model):
    """A heading or a provision of a working text.

    The pieces stand in one row: a provision belongs to the heading before it, a heading to the
    last one before it of a smaller depth. `position` leaves room between neighbours.
    """

    class Kind(models.TextChoices):
        SECTION = "section", _("Section")
        PARAGRAPH = Provision.Kind.PARAGRAPH.value, Provision.Kind.PARAGRAPH.label
        ITEM = Provision.Kind.ITEM.value, Provision.Kind.ITEM.label
        ROW = Provision.Kind.ROW.value, Provision.Kind.ROW.label
        CAPTION = Provision.Kind.CAPTION.value, Provision.Kind.CAPTION.label

    working_text = models.ForeignKey(WorkingText, on_delete=models.CASCADE, related_name="pieces")
    position = models.BigIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    # Of a section: how deep it stands, and what it is headed with.
    depth = models.PositiveSmallIntegerField(_("depth"), default=0)
    number = models.CharField(_("number"), max_length=40, blank=True)
    title = models.CharField(_("title"), max_length=300, blank=True)
    # Of a provision.
    text = models.TextField(_("text"), blank=True)
    came_from = models.ManyToManyField(Provision, related_name="+", blank=True)
    # The comment whose proposed wording was adopted; comments live on a higher floor.
    adopted_reference = models.CharField(max_length=12, blank=True)
    # Counts what was saved of its words: who saves has seen the last.
    version = models.PositiveIntegerField(_("version"), default=1)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField(_("changed"), null=True, blank=True)
    is_removed = models.BooleanField(_("removed"), default=False)
    # It was deleted along with this heading, or its words stand in this provision now.
    removed_with = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )

    objects = WorkingPieceQuerySet.as_manager()

    class Meta:
        verbose_name = _("working piece")
        verbose_name_plural = _("working pieces")
        constraints = [
            models.UniqueConstraint(
                fields=["working_text", "position"],
                name="working_piece_position_unique",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(is_removed=True) | Q(removed_with=None, merged_into=None),
                name="working_piece_stands_by_itself",
            ),
            models.CheckConstraint(
                condition=Q(kind="section", text="") | ~Q(kind="section") & Q(number="", title=""),
                name="working_piece_words_fit_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.working_text_id} {self.position} ({self.kind})"

    @property
    def is_section(self) -> bool:
        return self.kind == self.Kind.SECTION


class WorkingRecord(models.Model):
    """One act on a working text: by whom, and what stood there before and after. Never edited."""

    class Act(models.TextChoices):
        CHANGE = "change", pgettext_lazy("act", "Changed")
        SPLIT = "split", pgettext_lazy("act", "Split")
        MERGE = "merge", pgettext_lazy("act", "Merged")
        MOVE = "move", pgettext_lazy("act", "Moved")
        ADD = "add", pgettext_lazy("act", "Added")
        DELETE = "delete", pgettext_lazy("act", "Deleted")
        RESTORE = "restore", pgettext_lazy("act", "Restored")
        ADOPT = "adopt", pgettext_lazy("act", "Adopted")

    piece = models.ForeignKey(WorkingPiece, on_delete=models.CASCADE, related_name="records")
    act = models.CharField(_("act"), max_length=7, choices=Act.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="working_records"
    )
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now)
    # {"text": …} or {"number", "title", "depth"} as it stood; of a split {"texts": […]}.
    before = models.JSONField(_("before"))
    after = models.JSONField(_("after"))

    class Meta:
        verbose_name = _("working record")
        verbose_name_plural = _("working records")
        # The history of one piece, newest first.
        indexes = [models.Index(fields=["piece", "-id"], name="working_history")]

    def __str__(self) -> str:
        return f"{self.piece_id} {self.act} {self.recorded_at:%Y-%m-%d %H:%M}"
