"""How a thread may be ordered and filtered: each choice a link, with how many it shows.

The counts are the thread's tally, kept with every change; no comment is counted for them.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.groups import StakeholderGroup
from comments.models import Comment, Thread
from comments.showing import SIGNS
from comments.wanted import ENDORSED, NEWEST, Wanted


@dataclass(frozen=True)
class Choice:
    """One link: what it says, where it leads, and how many comments that shows, if it is known."""

    label: str
    query: str
    is_chosen: bool
    count: int | None = None
    value: str = ""
    sign: str = ""


@dataclass(frozen=True)
class Choices:
    """All that a reader may choose of a thread."""

    stances: Sequence[Choice]
    groups: Sequence[Choice]
    others: Sequence[Choice]
    orders: Sequence[Choice]
    # The organisation whose comments alone are shown, to be let go of.
    organisation: Choice | None

    @property
    def is_narrowed(self) -> bool:
        """Whether more is chosen than a stance: then it is seen without unfolding."""
        return bool(self.organisation) or any(
            choice.is_chosen for choice in (*self.groups[1:], *self.others)
        )


def choices_of(
    thread: Thread, wanted: Wanted, *, signed_in: bool, organisation: str = ""
) -> Choices:
    """The choices on a thread that was read with its tallies; each keeps what else is chosen.

    `organisation` is the name of the one whose comments alone are shown.
    """
    tally = Counter[tuple[str, str]]()
    for row in getattr(thread, "tally", ()):
        tally[row["group"], row["stance"]] += row["comments"]
    return Choices(
        stances=_stances(tally, wanted),
        groups=_groups(tally, wanted),
        others=[
            Choice(label, wanted.but(**{name: not chosen}).query, chosen)
            for name, label, chosen in (
                ("wording", _("With proposed wording"), wanted.wording),
                ("unanswered", _("Unanswered"), wanted.unanswered),
                ("mine", _("Mine"), wanted.mine),
            )
            if signed_in or name != "mine"
        ],
        orders=[
            Choice(label, wanted.but(order=order).query, wanted.order == order)
            for order, label in (
                ("", _("Oldest first")),
                (NEWEST, _("Newest first")),
                (ENDORSED, _("Most endorsed")),
            )
        ],
        organisation=_organisation(wanted, organisation),
    )


def _stances(tally: Counter[tuple[str, str]], wanted: Wanted) -> list[Choice]:
    counts = Counter[str]()
    for (group, stance), comments in tally.items():
        if wanted.group in ("", group):
            counts[stance] += comments
    known = not _uncounted(wanted)
    return [
        Choice(
            _("All"),
            wanted.but(stance="").query,
            not wanted.stance,
            counts.total() if known else None,
        ),
        *(
            Choice(
                str(stance.label),
                wanted.but(stance=stance.value).query,
                stance == wanted.stance,
                counts[stance] if known else None,
                stance.value,
                SIGNS[stance],
            )
            for stance in Comment.Stance
        ),
    ]


def _groups(tally: Counter[tuple[str, str]], wanted: Wanted) -> list[Choice]:
    """The groups that spoke with the stance chosen."""
    counts = Counter[str]()
    for (group, stance), comments in tally.items():
        if wanted.stance in ("", stance):
            counts[group] += comments
    known = not _uncounted(wanted)
    return [
        Choice(
            _("All groups"),
            wanted.but(group="").query,
            not wanted.group,
            counts.total() if known else None,
        ),
        *(
            Choice(
                str(group.label),
                wanted.but(group=group.value).query,
                group == wanted.group,
                counts[group] if known else None,
                group.value,
            )
            for group in StakeholderGroup
            if counts[group] or group == wanted.group
        ),
    ]


def _uncounted(wanted: Wanted) -> bool:
    """Whether a filter is chosen that the tally doesn't know."""
    return bool(wanted.organisation or wanted.wording or wanted.unanswered or wanted.mine)


def _organisation(wanted: Wanted, name: str) -> Choice | None:
    if not wanted.organisation:
        return None
    label = name or _("An organisation")
    return Choice(label, wanted.but(organisation="").query, is_chosen=True)
