"""Which part of a thread a reader asks for, as it stands in an address."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlencode

from accounts.groups import StakeholderGroup
from comments.models import Comment

NEWEST, ENDORSED = "newest", "endorsed"
# Oldest first needs no word in the address.
ORDERS = ("", NEWEST, ENDORSED)
LONGEST_NUMBER = 18


@dataclass(frozen=True)
class Cursor:
    """The last comment of the page before: its number, and its endorsements where they order."""

    sequence: int
    endorsements: int = 0

    def __str__(self) -> str:
        return f"{self.endorsements}-{self.sequence}" if self.endorsements else str(self.sequence)

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        """The cursor of an address; None for anything else."""
        endorsements, _, sequence = text.rpartition("-")
        numbers = (sequence, endorsements or "0")
        if all(_is_number(number) for number in numbers) and int(sequence):
            return cls(int(sequence), int(endorsements or "0"))
        return None


@dataclass(frozen=True)
class Wanted:
    """An order, filters that all must hold, and where the page begins.

    A filtered thread is a flat list. `branch` is the number of a first comment: its replies alone,
    from behind the comment `behind` on, or around the comment `at`; elsewhere `at` names a comment
    whose replies may not be folded away.
    """

    order: str = ""
    stance: str = ""
    group: str = ""
    organisation: str = ""
    wording: bool = False
    unanswered: bool = False
    mine: bool = False
    after: Cursor | None = None
    branch: int = 0
    behind: str = ""
    at: str = ""

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Self:
        """What an address asks for; what it can't mean is left out."""
        return cls(
            order=_one_of(ORDERS, asked.get("order", "")),
            stance=_one_of(Comment.Stance.values, asked.get("stance", "")),
            group=_one_of(StakeholderGroup.values, asked.get("group", "")),
            organisation=_uuid(asked.get("organisation", "")),
            wording=asked.get("wording") == "1",
            unanswered=asked.get("unanswered") == "1",
            mine=asked.get("mine") == "1",
            after=Cursor.read(asked.get("after", "")),
            branch=_number(asked.get("branch", "")),
            behind=_reference(asked.get("behind", "")),
            at=_reference(asked.get("at", "")),
        )

    @property
    def is_filtered(self) -> bool:
        """Whether only some comments are asked for, each by itself."""
        return bool(
            self.stance
            or self.group
            or self.organisation
            or self.wording
            or self.unanswered
            or self.mine
        )

    @property
    def is_first_page(self) -> bool:
        return not (self.after or self.branch)

    def but(self, **changes: str | bool) -> Self:
        """The same with another order or filter, from its beginning."""
        return replace(self, after=None, branch=0, behind="", at="", **changes)  # type: ignore[arg-type]

    def going_on(self, after: Cursor) -> Self:
        """The next page of the same."""
        return replace(self, after=after, at="")

    @property
    def query(self) -> str:
        """As it stands in an address, with its question mark; empty where nothing is asked for."""
        words = {
            "order": self.order,
            "stance": self.stance,
            "group": self.group,
            "organisation": self.organisation,
            "wording": "1" if self.wording else "",
            "unanswered": "1" if self.unanswered else "",
            "mine": "1" if self.mine else "",
            "after": str(self.after or ""),
            "branch": str(self.branch or ""),
            "behind": self.behind,
            "at": self.at,
        }
        query = urlencode({name: word for name, word in words.items() if word})
        return f"?{query}" if query else ""


def _one_of(words: "list[str] | tuple[str, ...]", asked: str) -> str:
    return asked if asked in words else ""


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER


def _number(text: str) -> int:
    return int(text) if _is_number(text) else 0


def _reference(text: str) -> str:
    return text.upper() if text.isascii() and text.isalnum() else ""


def _uuid(text: str) -> str:
    try:
        return str(uuid.UUID(text)) if text else ""
    except ValueError:
        return ""
