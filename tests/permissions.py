"""What the permission table's rows need in order to be asked: objects, forms, and a way to read it.

The table itself is `permissions.md`. A row's first cell says what is asked: the name of an address
(`desk_draft`), of an address and what is sent to it (`thread POST`, `desk_window POST act=open`),
or a socket (`live SectionSocket`). A row for a new address needs at most a line in `ADDRESSES` for
the objects in it, and, where it takes a form, a line in `FORMS` for what a person fills in.
"""

import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from django.urls import URLPattern, URLResolver, get_resolver

from accounts.access import Visitor
from accounts.models import Organisation, User
from comments.models import Comment
from consult.document.models import Draft, Framework
from consult.pages.routing import websocket_urlpatterns
from consult.reports.models import Report

TABLE = Path(__file__).with_suffix(".md")


@dataclass(frozen=True)
class Scene:
    """What stands on the site when a row is asked; the association speaks, the drafter drafts."""

    people: Mapping[str, Visitor]
    draft: Draft
    framework_elsewhere: Framework
    association: Organisation
    comment: Comment
    report: Report


# What stands in an address: by its name, the arguments of its path.
ADDRESSES: dict[str, Callable[[Scene], Sequence[Any]]] = {
    "account_reset_password_from_key": lambda _: ["1", "set-password"],
    "comment": lambda scene: [scene.comment.reference],
    "desk_draft": lambda scene: [scene.draft.framework.code, scene.draft.number],
    "desk_preview": lambda scene: [scene.draft.framework.code, scene.draft.number, "肆-二"],
    "desk_reports": lambda scene: [scene.draft.framework.code, scene.draft.number],
    "desk_undo": lambda scene: [scene.draft.framework.code, scene.draft.number],
    "desk_window": lambda scene: [scene.draft.framework.code, scene.draft.number, "肆-二"],
    "draft": lambda scene: [scene.draft.framework.code, scene.draft.number],
    "framework": lambda scene: [scene.draft.framework.code],
    "report": lambda scene: [scene.report.public_id],
    "report_comments": lambda scene: [scene.report.public_id],
    "report_inputs": lambda scene: [scene.report.public_id],
    "report_progress": lambda scene: [scene.report.public_id],
    "section": lambda scene: [scene.draft.framework.code, scene.draft.number, "壹"],
    "sequences": lambda scene: [scene.draft.framework.code, scene.draft.number, "壹"],
    "thread": lambda scene: [scene.draft.framework.code, scene.draft.number, "壹-1"],
    # An act is asked of a section in a state that allows it.
    "desk_window POST act=close": lambda _: ["tve", 1, "壹"],
    "desk_window POST act=withdraw": lambda _: ["tve", 1, "壹"],
    # Words of a section that nobody but its drafters may know of.
    "section unpublished": lambda _: ["tve", 1, "肆-二"],
    "section withdrawn": lambda _: ["tve", 1, "陸"],
    "thread unpublished": lambda _: ["tve", 1, "肆-二"],
    "thread POST unpublished": lambda _: ["tve", 1, "肆-二-1"],
    "sequences unpublished": lambda _: ["tve", 1, "肆-二"],
    "live SectionSocket": lambda _: ["tve", 1, "壹"],
    "live SectionSocket unpublished": lambda _: ["tve", 1, "肆-二"],
    "live ReportSocket": lambda scene: [scene.report.public_id],
}


def a_comment(**also: str) -> dict[str, str]:
    """What the form of a comment sends."""
    return {
        "key": str(uuid.uuid4()),
        "voice": "self",
        "stance": "support",
        "body": "我贊成。",
        **also,
    }


# What a person fills in: by the row. An `act=…` of the row itself is sent in any case.
FORMS: dict[str, Callable[[Scene], Mapping[str, Any]]] = {
    "desk_undo POST": lambda _: {"recorded_at": "2026-01-01T00:00:00+08:00"},
    "office_roles POST": lambda _: {"email": "visitor@example.org", "role": "moderator"},
    "office_role_take POST": lambda scene: {
        "person": cast("User", scene.people["moderator"]).public_id,
        "role": "moderator",
    },
    "me POST": lambda _: {"display_name": "新的名字"},
    "set_language POST": lambda _: {"language": "en"},
    "theme POST": lambda _: {"theme": "dark"},
    "thread POST": lambda _: a_comment(),
    "thread POST unpublished": lambda _: a_comment(),
    "thread POST reply": lambda scene: a_comment(parent=scene.comment.reference),
    "thread POST for the association": lambda scene: a_comment(voice=str(scene.association.pk)),
}


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
        else:
            yield pattern.name or f"{pattern.pattern} has no name"


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
