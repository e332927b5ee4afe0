"""What the chapters of a report are called, in the order in which readers meet them."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TITLES: Mapping[str, Promise] = {
    "sections": _("Section by section"),
    "matrix": _("Who spoke on what"),
    "coverage": _("Who was expected"),
    "themes": _("Themes"),
    "hot_spots": _("Where the text was commented on"),
    "wordings": _("Proposed wordings"),
    "conflicts": _("Where groups disagree"),
    "opinions": _("Groups of opinion"),
    "campaigns": _("Campaigns"),
    "questions": _("Open questions"),
    "coordination": _("What concerns whom"),
    "days": _("Day by day"),
    "chapters": _("Each section: group and stance"),
}


def chapter_title(name: str) -> str:
    return str(TITLES.get(name, name))
