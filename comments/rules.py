"""The rules of the discussion: the published list that every hiding must cite."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Rule(TextChoices):
    """What a comment may not be. The page of rules explains each."""

    PERSONAL_DATA = "personal_data", _("Gives away personal data")
    ATTACK = "attack", _("Attacks or threatens people")
    DISCRIMINATION = "discrimination", _("Degrades people for what they are")
    IMPERSONATION = "impersonation", _("Pretends to be someone else")
    ADVERTISING = "advertising", _("Advertises, or is spam")
    UNLAWFUL = "unlawful", _("Is against the law")
    OFF_TOPIC = "off_topic", _("Is not about this draft")
