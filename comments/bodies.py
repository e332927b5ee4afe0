"""A comment's text as HTML: paragraphs, line breaks and links, all else as it was typed."""

import re
from collections.abc import Iterator

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

# Chinese is written without spaces: its punctuation ends an address.
LINK = re.compile(r"https?://[^\s<>\"'「」『』（）《》〈〉，。；：！？、…\u3000]+")
NOT_AT_THE_END = ".,;:!?)]}*_~'\""
LONGEST_SHOWN = 60


def body_as_html(body: str) -> SafeString:
    """Escaped first; only addresses that begin with http become links, which pass nothing on."""
    paragraphs = [part for part in re.split(r"\n\s*\n", body) if part.strip()]
    return format_html_join(
        "\n", "<p>{}</p>", ((_lines_as_html(part.strip("\n")),) for part in paragraphs)
    )


def _lines_as_html(text: str) -> SafeString:
    return format_html_join(
        mark_safe("<br>"),
        "{}",
        ((_with_links(line),) for line in text.split("\n")),
    )


def _with_links(line: str) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in _parts(line)))


def _parts(line: str) -> Iterator[SafeString]:
    place = 0
    for match in LINK.finditer(line):
        address = match.group().rstrip(NOT_AT_THE_END)
        if address.endswith("//"):
            continue
        yield conditional_escape(line[place : match.start()])
        shown = address if len(address) <= LONGEST_SHOWN else address[: LONGEST_SHOWN - 1] + "…"
        yield format_html('<a href="{}" rel="nofollow ugc noopener">{}</a>', address, shown)
        place = match.start() + len(address)
    yield conditional_escape(line[place:])
