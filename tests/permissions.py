"""The permission table, read: what each row asks, and every name that must stand in it.

The table itself is `permissions.md`. A row's first cell says what is asked: the name of an address
(`desk_draft`), of an address and what is sent to it (`thread POST`, `desk_window POST act=open`),
or a socket (`live SectionSocket`); words behind that tell rows apart. What it takes to ask stands
in `permission_objects.py`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from django.urls import URLPattern, URLResolver, get_resolver
from django.views.generic import RedirectView

from consult.pages.routing import websocket_urlpatterns
from tests.permission_objects import ADDRESSES, FORMS, Scene

TABLE = Path(__file__).with_suffix(".md")


@dataclass(frozen=True)
class Row:
    """One line of the table: what is asked, and what becomes of it for each role."""

    asked: str
    cells: Mapping[str, str]

    @property
    def name(self) -> str:
        """The name of the address, or of the socket."""
        words = self.asked.split()
        return words[1] if self.is_live else words[0]

    @property
    def is_live(self) -> bool:
        return self.asked.startswith("live ")

    @property
    def is_sent(self) -> bool:
        return self.asked.split()[1:2] == ["POST"]

    @property
    def act(self) -> dict[str, str]:
        """The choice that tells this act from others at the same address, if the row names one."""
        found = re.search(r"(\w+)=(\S+)", self.asked)
        return {found[1]: found[2]} if found else {}

    def arguments(self, scene: Scene) -> Sequence[Any]:
        """The row's own, or those of every row with its name."""
        found = ADDRESSES.get(self.asked) or ADDRESSES.get(self.name)
        return found(scene) if found else []

    def form(self, scene: Scene) -> dict[str, Any]:
        found = FORMS.get(self.asked)
        return {**(found(scene) if found else {}), **self.act}


def read_table() -> list[Row]:
    """The rows of `permissions.md`, in order."""
    lines = [
        [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]
        for line in TABLE.read_text().splitlines()
        if line.startswith("|") and set(line) - set("|- ")
    ]
    head = next(index for index, cells in enumerate(lines) if cells[0] == "asked")
    return [
        Row(cells[0], dict(zip(lines[head][1:], cells[1:], strict=True)))
        for cells in lines[head + 1 :]
    ]


def names_of_addresses() -> set[str]:
    """Every named address of the site; Django's admin, which guards its own, is one."""
    return set(_names(get_resolver().url_patterns))


def _names(patterns: Sequence[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver) and pattern.namespace == "admin":
            yield "admin:index"
        elif isinstance(pattern, URLResolver):
            yield from _names(pattern.url_patterns)
        elif pattern.name:
            yield pattern.name
        # allauth keeps its former addresses, which lead to the present ones.
        elif getattr(pattern.callback, "view_class", None) is not RedirectView:
            yield f"{pattern.pattern} has no name"


def _sockets() -> dict[str, str]:
    """The path of each live consumer that is routed."""
    return {
        cast("Any", route.callback).consumer_class.__name__: str(route.pattern)
        for route in websocket_urlpatterns
    }


def names_of_sockets() -> set[str]:
    """Every live consumer that is routed."""
    return set(_sockets())


def path_of_socket(name: str, arguments: Sequence[Any]) -> str:
    """The path at which the consumer of this name answers."""
    left = iter(arguments)
    return "/" + re.sub(r"<[^>]+>", lambda _: str(next(left)), _sockets()[name])
