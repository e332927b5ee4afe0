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


# What an organisation can be: the public speaks for itself.
ORGANISED = [choice for choice in StakeholderGroup.choices if choice[0] != StakeholderGroup.PUBLIC]


class SchoolLevel(TextChoices):
    """學制: what kind of school speaks, where a school does."""

    JUNIOR_HIGH = "junior", _("Junior high school")
    TECHNICAL_HIGH = "technical", _("Technical senior high school")
    COMPREHENSIVE_HIGH = "comprehensive", _("Comprehensive senior high school")
    JUNIOR_COLLEGE = "college", _("Junior college")
    TECHNICAL_UNIVERSITY = "university", _("Institute or university of technology")
    OTHER = "other", _("Other school")


class PublicRole(TextChoices):
    """What a person who speaks for themselves says they are."""

    STUDENT = "student", _("Student")
    PARENT = "parent", _("Parent")
    TEACHER = "teacher", _("Teacher")
    WORKER = "worker", _("Worker")
    EMPLOYER = "employer", _("Employer")
    OTHER = "other", _("Other")
