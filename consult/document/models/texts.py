"""What is spoken about: frameworks, their drafts, and the text of a draft, piece by piece."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import Visitor, is_signed_in
from accounts.models import User
from consult.document import windows
from consult.document.windows import WindowDates, WindowState


class FrameworkQuerySet(models.QuerySet["Framework"]):
    def drafted_by(self, user: Visitor) -> Self:
        """The frameworks this person drafts."""
        return self.filter(drafters=user) if is_signed_in(user) else self.none()

    def visible_to(self, user: Visitor, *, at: datetime) -> Self:
        """Frameworks with a section that is shown, and those this person drafts."""
        listed = Section.objects.filter(
            windows.is_listed(at=at, prefix="window__"), draft__framework=models.OuterRef("pk")
        )
        own = self.model.objects.drafted_by(user).values("pk")
        return self.filter(models.Exists(listed) | Q(pk__in=own))


class Framework(models.Model):
    """綱領: the policy document under review, over all its versions."""

    code = models.CharField(
        _("code"),
        max_length=30,
        unique=True,
        validators=[
            RegexValidator(
                r"^[a-z][a-z0-9-]*$", _("Use lower-case letters, digits and hyphens, as in “tve”.")
            )
        ],
    )
    title = models.CharField(_("title"), max_length=200)
    owner_body = models.CharField(_("owner body"), max_length=120)
    purpose = models.TextField(_("purpose"), blank=True)
    # Chinese words that the search keeps whole; `consult.document.terms` changes them, and counts
    # up the version, by which what was taken apart before is known.
    terms = ArrayField(
        models.CharField(max_length=12), verbose_name=_("terms"), default=list, blank=True
    )
    terms_version = models.PositiveIntegerField(default=0, editable=False)
    drafters: "models.ManyToManyField[User, Drafter]" = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="Drafter", related_name="frameworks_drafted"
    )

    objects = FrameworkQuerySet.as_manager()

    class Meta:
        verbose_name = _("framework")
        verbose_name_plural = _("frameworks")

    def __str__(self) -> str:
        return self.title


class Drafter(models.Model):
    """That a person drafts a framework: may publish its sections, run reports and answer."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)

    class Meta:
        verbose_name = _("drafter")
        verbose_name_plural = _("drafters")
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "user"],
                name="drafter_once",
                violation_error_message=_("This person drafts this framework already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.framework}"


class DraftQuerySet(models.QuerySet["Draft"]):
    def listed(self, *, at: datetime) -> Self:
        """Drafts of which a section is shown by its title at least."""
        return self.filter(
            models.Exists(Section.objects.listed(at=at).filter(draft=models.OuterRef("pk")))
        )

    def readable(self, *, at: datetime) -> Self:
        """Drafts of which the text of a section is shown."""
        return self.filter(
            models.Exists(Section.objects.readable(at=at).filter(draft=models.OuterRef("pk")))
        )

    def newest_first(self) -> Self:
        return self.order_by("framework_id", "-number")

    def last_of_each_framework(self) -> Self:
        """Of these drafts, the one with the highest number in each framework."""
        return self.newest_first().distinct("framework_id")


class Draft(models.Model):
    """草案版本: one numbered version of a framework. Its text never changes once stored."""

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="drafts")
    number = models.PositiveIntegerField(_("number"))
    label = models.CharField(_("label"), max_length=120)
    title = models.CharField(_("title"), max_length=200)
    # Earlier versions as read from the text: [{"date", "document_number", "note", "text"}, …].
    history = models.JSONField(_("history"), default=list, blank=True)
    warnings = models.JSONField(_("warnings"), default=list, blank=True)
    source_sha256 = models.CharField(_("SHA-256 of the source text"), max_length=64)
    imported_at = models.DateTimeField(_("imported"), default=timezone.now)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "number"],
                name="draft_number_unique",
                violation_error_message=_("This framework has a draft of this number already."),
            ),
            models.UniqueConstraint(
                fields=["framework", "source_sha256"],
                name="draft_source_unique",
                violation_error_message=_("This text has been imported already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.framework.code} {self.number}"


class SectionQuerySet(models.QuerySet["Section"]):
    def listed(self, *, at: datetime) -> Self:
        """Sections that anyone may see by title: announced, open or closed."""
        return self.filter(windows.is_listed(at=at, prefix="window__"))

    def readable(self, *, at: datetime) -> Self:
        """Sections whose text anyone may read: open or closed."""
        return self.filter(windows.is_readable(at=at, prefix="window__"))

    def open(self, *, at: datetime) -> Self:
        """Sections that take comments."""
        return self.filter(windows.is_open(at=at, prefix="window__"))

    def within(self, section: "Section") -> Self:
        """The section itself and all that stands beneath it."""
        return self.filter(
            draft_id=section.draft_id,
            position__gte=section.position,
            position__lte=section.last_position,
        )

    def above(self, section: "Section") -> Self:
        """What the section stands in, outermost first; not the section itself."""
        return self.filter(
            draft_id=section.draft_id,
            position__lt=section.position,
            last_position__gte=section.position,
        ).order_by("position")

    def in_reading_order(self) -> Self:
        return self.order_by("draft_id", "position")


class Section(models.Model):
    """章節: a node of the draft's tree. Publication happens here.

    `position` counts the draft's sections in reading order from 0; `last_position` is that of the
    last section beneath this one (its own where there is none), so that a subtree is a range.
    """

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="sections")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="subsections"
    )
    position = models.PositiveIntegerField(_("position"))
    last_position = models.PositiveIntegerField(_("last position"))
    depth = models.PositiveSmallIntegerField(_("depth"))
    ref = models.CharField(_("reference"), max_length=80)
    number = models.CharField(_("number"), max_length=40, blank=True)
    title = models.CharField(_("title"), max_length=300, blank=True)

    objects = SectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        constraints = [
            models.UniqueConstraint(fields=["draft", "ref"], name="section_ref_unique"),
            models.UniqueConstraint(fields=["draft", "position"], name="section_position_unique"),
            models.CheckConstraint(
                condition=Q(last_position__gte=F("position")), name="section_subtree_is_a_range"
            ),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def window_dates(self) -> WindowDates:
        """The dates of this section's window; none set where it was never announced."""
        window = getattr(self, "window", None)
        return window.dates if window else WindowDates(announced_at=None)

    def state(self, *, at: datetime) -> WindowState:
        """What a reader meets at this moment."""
        return self.window_dates.state(at=at)


class Provision(models.Model):
    """條文段落: the smallest addressable text of a section."""

    class Kind(models.TextChoices):
        PARAGRAPH = "paragraph", _("Paragraph")
        ITEM = "item", _("Item")
        ROW = "row", _("Table row")
        CAPTION = "caption", _("Caption")

    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="provisions")
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="provisions")
    position = models.PositiveIntegerField(_("position"))
    ref = models.CharField(_("reference"), max_length=100)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    text = models.TextField(_("text"))
    # The text's words for the search; see `consult.document.terms`.
    search = SearchVectorField(null=True, editable=False)

    class Meta:
        verbose_name = _("provision")
        verbose_name_plural = _("provisions")
        constraints = [
            models.UniqueConstraint(fields=["draft", "ref"], name="provision_ref_unique"),
            models.UniqueConstraint(
                fields=["section", "position"], name="provision_position_unique"
            ),
        ]
        indexes = [GinIndex(fields=["search"], name="provision_search")]

    def __str__(self) -> str:
        return self.ref


class CoordinationItem(models.Model):
    """協力事項: what one ministry helps with for one key point (附錄二)."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="coordination_items")
    position = models.PositiveIntegerField(_("position"))
    key_point = models.CharField(_("key point"), max_length=300)
    # The section that the key point names, where the draft has one of that title.
    section = models.ForeignKey(
        Section,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="coordination_items",
    )
    body = models.CharField(_("responsible body"), max_length=120)
    item = models.TextField(_("item"))

    class Meta:
        verbose_name = _("coordination item")
        verbose_name_plural = _("coordination items")
        constraints = [
            models.UniqueConstraint(fields=["draft", "position"], name="coordination_item_position")
        ]

    def __str__(self) -> str:
        return f"{self.body}: {self.item}"
