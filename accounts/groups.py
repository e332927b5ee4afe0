"""The framework's own list of who takes part: the one place that defines it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class StakeholderGroup(TextChoices):
    """利害關係人類別. Snapshotted on a comment when it is posted."""

    SCHOOL = "school", _("School")
    ASSOCIATION = "association", _("Industry association")
    ENTERPRISE = "enterprise", _("Enterprise")
    TRAINING_INSTITUTION = "training", _("Training institution")
    NGO = "ngo", _("NGO")
    GOVERNMENT = "government", _("Government body")
    PUBLIC = "public", _("Public")
