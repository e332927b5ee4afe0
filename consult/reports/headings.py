"""What a place of the draft is called where there is a report on it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _


def whole_heading() -> str:
    """What is said on no section, in words."""
    return _("The draft as a whole")


def section_heading(section: Mapping[str, Any]) -> str:
    """A section in words, by its whole reference: 肆-一 where its own number is 一."""
    if not section["ref"]:
        return whole_heading()
    ref = section["ref"] if section["number"] else ""
    return "　".join(part for part in (ref, section["title"]) if part) or section["ref"]
