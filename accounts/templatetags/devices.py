"""Devices in words, for the list of sessions."""

from django import template
from django.utils.translation import gettext as _

from accounts.devices import device_in_words

register = template.Library()


@register.filter
def device(user_agent: str) -> str:
    """The browser and the system that a session is on."""
    return device_in_words(user_agent) or _("Unknown device")
