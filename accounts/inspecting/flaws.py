"""What can be wrong with a file."""

from enum import StrEnum


class Flaw(StrEnum):
    """Why a file isn't taken."""

    OTHER_KIND = "other kind"  # the content isn't what the name's ending says
    DAMAGED = "damaged"  # it can't be read to its end
    LOCKED = "locked"  # it needs a password
    ACTIVE = "active"  # it holds a script, a macro, or an action that runs by itself
    ATTACHED = "attached"  # other files lie inside it
    LINKED = "linked"  # it fetches parts of itself from elsewhere
    CONCEALING = "concealing"  # there is more in it than a program for this kind shows
    TOO_MANY_PIXELS = "too many pixels"
    TOO_MUCH_INSIDE = "too much inside"  # it unpacks to far more than it is, or takes too long


class FlawFound(Exception):
    """The file has this flaw."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw)
        self.flaw = flaw
