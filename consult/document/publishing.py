"""Announce, open, close and withdraw sections, now or at set times.

| from \\ act | announce | open | close | withdraw |
|---|---|---|---|---|
| unpublished | announced | open | – | plan dropped |
| announced | new date | open | – | unpublished |
| open | – | new closing date | closed | unpublished |
| closed | – | open again | – | unpublished |

Each takes effect now or at a set time; until that comes the section stays as it is, and a later
act replaces the plan. Each act locks the section, checks after the lock, writes the window's dates
and appends a record. Withdrawing hides the text and what was said on it, and deletes nothing;
opening brings both back.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from consult.document.models import Section, Window, WindowRecord
from consult.document.windows import WindowState

Act = WindowRecord.Act


class PublishingRefused(Exception):
    """The act doesn't fit the section's state or its dates; the message says what to do."""


ALLOWED_ACTS: dict[WindowState, frozenset[Act]] = {
    WindowState.UNPUBLISHED: frozenset({Act.ANNOUNCE, Act.OPEN, Act.WITHDRAW}),
    WindowState.ANNOUNCED: frozenset({Act.ANNOUNCE, Act.OPEN, Act.WITHDRAW}),
    WindowState.OPEN: frozenset({Act.OPEN, Act.CLOSE, Act.WITHDRAW}),
    WindowState.CLOSED: frozenset({Act.OPEN, Act.WITHDRAW}),
}


def announce_section(
    section: Section,
    *,
    actor: User | None,
    when: datetime | None = None,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    with_subsections: bool = True,
    at: datetime | None = None,
) -> list[Section]:
    """Show the section's title from `when` (now) on, with the date it opens where that is known.

    Returns the sections changed, in reading order. Subsections for which the act does not fit
    are left as they are. Raises PublishingRefused where it doesn't fit the section itself.
    """
    _now_or_later(when, at)
    _check_closing(closes_at, after=opens_at)

    def write(window: Window, state: WindowState, now: datetime) -> None:
        if state == WindowState.ANNOUNCED and when:
            raise PublishingRefused(_("It is announced already: leave that time empty."))
        if state != WindowState.ANNOUNCED:
            window.announced_at = when or now
        if opens_at and opens_at <= max(now, window.announced_at):
            raise PublishingRefused(
                _("Choose an opening after the announcement, or open the section now.")
            )
        window.opens_at = opens_at
        window.closes_at = closes_at
        window.withdrawn_at = None

    return _act(Act.ANNOUNCE, section, write, actor, at, with_subsections=with_subsections)


def open_section(
    section: Section,
    *,
    actor: User | None,
    when: datetime | None = None,
    closes_at: datetime | None = None,
    with_subsections: bool = True,
    at: datetime | None = None,
) -> list[Section]:
    """Take comments from `when` (now) until `closes_at` (None: no end is set).

    A section that is open stays so and gets the new closing time. Until `when` comes, an
    announced section stays announced and any other isn't shown. Returns the sections changed.
    Raises PublishingRefused.
    """
    _check_closing(closes_at, after=_now_or_later(when, at))

    def write(window: Window, state: WindowState, now: datetime) -> None:
        begins = when or now
        if state == WindowState.OPEN and when:
            raise PublishingRefused(_("It is open already: leave that time empty."))
        if state == WindowState.CLOSED and begins > now:
            raise PublishingRefused(_("A closed section can only be opened again at once."))
        if state == WindowState.UNPUBLISHED:
            window.announced_at = begins
        if state in (WindowState.UNPUBLISHED, WindowState.ANNOUNCED):
            window.opens_at = begins
        if state != WindowState.OPEN:
            window.opening_announced_at = None
        window.closes_at = closes_at
        window.withdrawn_at = None

    return _act(Act.OPEN, section, write, actor, at, with_subsections=with_subsections)


def close_section(
    section: Section,
    *,
    actor: User | None,
    when: datetime | None = None,
    with_subsections: bool = True,
    at: datetime | None = None,
) -> list[Section]:
    """Take no more comments from `when` (now) on; text and comments stay readable.

    Raises PublishingRefused.
    """
    _now_or_later(when, at)

    def write(window: Window, _state: WindowState, now: datetime) -> None:
        window.closes_at = when or now

    return _act(Act.CLOSE, section, write, actor, at, with_subsections=with_subsections)


def withdraw_section(
    section: Section,
    *,
    actor: User | None,
    when: datetime | None = None,
    with_subsections: bool = True,
    at: datetime | None = None,
) -> list[Section]:
    """Show nothing of it from `when` (now) on, by any road; nothing is deleted.

    Raises PublishingRefused.
    """
    _now_or_later(when, at)

    def write(window: Window, _state: WindowState, now: datetime) -> None:
        window.withdrawn_at = when or now

    return _act(Act.WITHDRAW, section, write, actor, at, with_subsections=with_subsections)


def _now_or_later(when: datetime | None, at: datetime | None) -> datetime:
    now = at or timezone.now()
    if when and when < now:
        raise PublishingRefused(_("That time has passed: choose a later one, or leave it empty."))
    return when or now


def _check_closing(closes_at: datetime | None, *, after: datetime | None) -> None:
    if closes_at and not after:
        raise PublishingRefused(_("Give the time it opens as well."))
    if closes_at and after and closes_at <= after:
        raise PublishingRefused(_("It must close after it opens."))


@transaction.atomic
def _act(
    act: Act,
    section: Section,
    write: Callable[[Window, WindowState, datetime], None],
    actor: User | None,
    at: datetime | None,
    *,
    with_subsections: bool,
) -> list[Section]:
    scope = (
        Section.objects.within(section)
        if with_subsections
        else Section.objects.filter(pk=section.pk)
    )
    # The sections themselves are locked, since a window may not exist yet; only a query that
    # starts after the lock is held sees the windows that another drafter has just written.
    locked = [found.pk for found in scope.order_by("position").select_for_update()]
    sections = list(
        Section.objects.filter(pk__in=locked).select_related("window").order_by("position")
    )
    # Taken after the lock: what a report finds recorded by its cutoff has all been written.
    now = at or timezone.now()
    fitting = [found for found in sections if fits(act, found, at=now)]
    if not any(found.pk == section.pk for found in fitting):
        state = section.state(at=now)
        raise PublishingRefused(
            _("This can't be done now: the section is “%(state)s”.") % {"state": state.label}
        )
    changed = []
    for found in fitting:
        state = found.state(at=now)
        window = getattr(found, "window", None) or Window(section=found, announced_at=now)
        try:
            write(window, state, now)
        except PublishingRefused:
            if found.pk == section.pk:
                raise
            continue
        _announce_again(window, at=now)
        window.save()
        record_act(act, window, actor=actor, at=now)
        changed.append(found)
    return changed


def _announce_again(window: Window, *, at: datetime) -> None:
    """A moment that lies ahead again is to be announced again when it comes."""
    if window.opens_at is None or window.opens_at > at:
        window.opening_announced_at = None
    if window.closes_at is None or window.closes_at > at:
        window.closing_announced_at = None
    if window.withdrawn_at is None or window.withdrawn_at >= at:
        window.withdrawal_announced_at = None


def fits(act: Act, section: Section, *, at: datetime) -> bool:
    """Whether the section's state allows the act; withdrawing what isn't shown drops a plan."""
    state = section.state(at=at)
    if act == Act.WITHDRAW and state == WindowState.UNPUBLISHED:
        planned = section.window_dates
        return planned.announced_at is not None and planned.withdrawn_at is None
    return act in ALLOWED_ACTS[state]


def record_act(act: Act, window: Window, *, actor: User | None, at: datetime) -> None:
    """Append what was done, with the dates that the window has after it."""
    WindowRecord.objects.create(
        section_id=window.section_id,
        act=act,
        actor=actor,
        recorded_at=at,
        announced_at=window.announced_at,
        opens_at=window.opens_at,
        closes_at=window.closes_at,
        withdrawn_at=window.withdrawn_at,
    )
