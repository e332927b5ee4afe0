"""The demonstration as it is written down: who there is, and what each says when.

Read from people.toml and comments.toml; nothing here touches the database.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal

from django.utils import timezone

FOLDER = Path(__file__).resolve().parent
TEXT = FOLDER / "tve-policy-framework-draft-114-5.txt"
MAIL_DOMAIN = "example.org"
CODE = "tve"

Stage = Literal["verified", "applied", "incomplete"]
Act = Literal["post", "endorse", "report", "hide", "change", "withdraw"]
Role = Literal["drafter", "moderator", "administrator", "representative", "member", "public"]


@dataclass(frozen=True)
class Opening:
    """When a section opens and closes, in days before (or, negative, after) the loading."""

    ref: str
    opens: int
    closes: int


OPEN = (Opening("壹", 15, -9), Opening("參", 14, -16), Opening("肆", 13, -23))
# What a comment on the draft as a whole is said to be on.
WHOLE = "draft"
ANNOUNCED = Opening("附錄二", -6, -30)
NINE, SIX_PM = time(9), time(18)
MODERATOR = "moderator"
HOURS_BETWEEN = timedelta(hours=5)
NEXT_DAY = timedelta(hours=26)


@dataclass(frozen=True)
class OrganisationLine:
    """One invented organisation; of one that is `incomplete`, what was `asked` for."""

    key: str
    name: str
    group: str
    county: str
    sector: str = ""
    school_level: str = ""
    stage: Stage = "verified"
    asked: str = ""

    @property
    def is_verified(self) -> bool:
        return self.stage == "verified"


@dataclass(frozen=True)
class PersonLine:
    """One invented person; `sign_in` says that the account is offered to whoever tries the site.

    Of one who `asks_for_mandate`, a mandate is under review.
    """

    key: str
    name: str
    role: Role
    organisation: str = ""
    sign_in: bool = False
    asks_for_mandate: bool = False

    @property
    def email(self) -> str:
        return f"{self.key}@{MAIL_DOMAIN}"


@dataclass(frozen=True)
class CommentLine:
    """One invented comment: on words of the text, on all of it, or in reply to another."""

    key: str
    by: str
    stance: str
    text: str
    on: str = ""
    words: str = ""
    reply_to: str = ""
    day: int = 0
    time: str = ""
    minutes_ago: int = 0
    proposes: str = ""
    endorsed_by: tuple[str, ...] = ()
    first: str = ""
    withdrawn: bool = False
    hidden_by: str = ""
    reported_by: str = ""
    reported_for: str = ""

    def moment(self, *, loaded_at: datetime) -> datetime:
        """When it was said, counted back from the loading."""
        if self.minutes_ago:
            return loaded_at - timedelta(minutes=self.minutes_ago)
        return days_before(loaded_at, days=self.day, at=time.fromisoformat(self.time))


@dataclass(frozen=True)
class Step:
    """One thing that happens to one comment, and whose doing it is."""

    at: datetime
    act: Act
    line: CommentLine
    by: str


@dataclass(frozen=True)
class Script:
    """The whole demonstration."""

    password: str
    organisations: tuple[OrganisationLine, ...]
    people: tuple[PersonLine, ...]
    # Who is expected to speak: as entries of the list, an organisation of these by its key.
    expected: tuple[dict[str, Any], ...]
    comments: tuple[CommentLine, ...]

    def in_order(self, *, loaded_at: datetime) -> list[Step]:
        """All that happened, one after another."""
        steps = [step for line in self.comments for step in _steps(line, loaded_at=loaded_at)]
        return sorted(steps, key=lambda step: step.at)


def _steps(line: CommentLine, *, loaded_at: datetime) -> Iterator[Step]:
    said = line.moment(loaded_at=loaded_at)
    yield Step(said, "post", line, line.by)
    for place, endorser in enumerate(line.endorsed_by, start=1):
        yield Step(said + place * HOURS_BETWEEN, "endorse", line, endorser)
    if line.reported_by:
        yield Step(said + HOURS_BETWEEN, "report", line, line.reported_by)
    if line.hidden_by:
        yield Step(said + HOURS_BETWEEN, "hide", line, MODERATOR)
    if line.first:
        yield Step(said + NEXT_DAY, "change", line, line.by)
    if line.withdrawn:
        yield Step(said + NEXT_DAY, "withdraw", line, line.by)


def read_script() -> Script:
    """The demonstration from its files."""
    people = _read("people.toml")
    return Script(
        password=people["password"],
        organisations=tuple(OrganisationLine(**line) for line in people["organisations"]),
        people=tuple(PersonLine(**line) for line in people["people"]),
        expected=tuple(people["expected"]),
        comments=tuple(
            CommentLine(
                **line
                | {"text": line["text"].strip(), "endorsed_by": tuple(line.get("endorsed_by", ()))}
            )
            for line in _read("comments.toml")["comments"]
        ),
    )


def days_before(moment: datetime, *, days: int, at: time) -> datetime:
    """This time of day in Taipei, so many days before the moment; after it where negative."""
    day = timezone.localdate(moment) - timedelta(days=days)
    return datetime.combine(day, at, tzinfo=timezone.get_default_timezone())


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
