"""Comments' texts in templates."""

from django import template
from django.utils.safestring import SafeString

from comments.bodies import body_as_html

register = template.Library()


@register.filter
def as_paragraphs(body: str) -> SafeString:
    """The text as safe HTML."""
    return body_as_html(body)
