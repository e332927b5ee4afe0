"""What a thread is about: a provision, a section, or a draft as a whole."""

from datetime import datetime

from django.db.models import Q

from comments.models import Thread
from consult.document.models import Draft, Provision, Section
from consult.document.windows import WindowState

Target = Provision | Section | Draft


def section_of(target: Target) -> Section | None:
    """The section that the target is or stands in; None for a draft as a whole."""
    if isinstance(target, Draft):
        return None
    return target if isinstance(target, Section) else target.section


def draft_of(target: Target) -> Draft:
    """The draft that the target is or belongs to."""
    section = section_of(target)
    if section is not None:
        return section.draft
    assert isinstance(target, Draft)  # noqa: S101 - else it stands in a section
    return target


def ref_of(target: Target) -> str:
    """The target's reference; empty for a draft as a whole."""
    return "" if isinstance(target, Draft) else target.ref


def text_of(target: Target) -> str | None:
    """A provision's text, which may be reworded; None for what has no text of its own."""
    return target.text if isinstance(target, Provision) else None


def threads_on(target: Target) -> Q:
    """The condition that finds the target's own thread."""
    if isinstance(target, Provision):
        return Q(provision=target)
    if isinstance(target, Section):
        return Q(section=target, provision=None)
    return Q(draft=target, section=None)


def state_of(target: Target, *, at: datetime) -> WindowState:
    """Whether the target takes comments; a draft as a whole does while any of its sections does."""
    section = section_of(target)
    if section is not None:
        return section.state(at=at)
    sections = draft_of(target).sections
    if sections.open(at=at).exists():
        return WindowState.OPEN
    return WindowState.CLOSED if sections.readable(at=at).exists() else WindowState.UNPUBLISHED


def target_of(thread: Thread) -> Target:
    """What a thread is about."""
    return thread.provision or thread.section or thread.draft
