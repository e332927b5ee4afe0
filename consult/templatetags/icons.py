"""A dozen line icons, drawn for this house on a grid of 24; words always stand beside them."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

# Each is one path, stroked: circles are two arcs.
ICONS = {
    "person": "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8M4.5 20c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5",
    "comment": "M4 5h16v11h-9l-4.5 4v-4H4z",
    "reply": "M9 6 4 11l5 5M4 11h10a6 6 0 0 1 6 6v1",
    "clock": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7.5V12l3 2.5",
    "calendar": "M4 6h16v14H4zM4 10.5h16M8.5 3.5V8M15.5 3.5V8",
    "contents": "M4 6h2M9 6h11M4 12h2M9 12h11M4 18h2M9 18h11",
    "search": "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M15.5 15.5 20.5 20.5",
    "link": "M9 15 15 9M10.5 6.5 13 4a5 5 0 0 1 7 7l-2.5 2.5M13.5 17.5 11 20a5 5 0 0 1-7-7l2.5-2.5",
    "document": "M6 3.5h8l4 4v13H6zM13.5 3.5V8H18M9 12.5h6M9 16h6",
    "chart": "M4 4v16h16M8.5 16v-4M13 16V8M17.5 16v-6",
    "back": "M11 5.5 4.5 12l6.5 6.5M4.5 12H20",
    "check": "M4.5 12.5 10 18 20 6.5",
    "close": "M6 6l12 12M18 6 6 18",
    "warning": "M12 4 2.5 20h19zM12 10v4.5M12 17.2v.3",
    "eye": "M2.5 12q9.5-13 19 0-9.5 13-19 0M12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5",
    "history": "M3 12a9 9 0 1 0 3-6.7M3 4v4h4M12 7v5l3 2",
    "flag": "M6 21V4M6 5h11l-2.5 4L17 13H6",
    "up": "M12 20V5M6 11l6-6 6 6",
    "undo": "M8 5 4 9l4 4M4 9h10a5.5 5.5 0 0 1 0 11H8",
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """The icon of this name, for the eye alone: screen readers read the words beside it."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        '<path d="{}"/></svg>',
        ICONS[name],
    )
