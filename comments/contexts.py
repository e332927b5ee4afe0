"""What a thread's page, panel and fragments show, built in one place."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from accounts.access import Visitor, is_signed_in, may_speak
from accounts.voices import Voice, voices_of
from comments.access import Talk
from comments.addresses import thread_address
from comments.anchors import Anchor, sentences
from comments.attaching import KINDS, MEGABYTES, MOST_FILES, InHand
from comments.carried import Carried
from comments.forms import OWN_VOICE, CommentForm
from comments.models import MAXIMUM_BODY_LENGTH, Comment, Endorsement
from comments.parts import RenderedPart
from comments.showing import SIGNS
from comments.targets import Target, draft_of, ref_of, section_of
from comments.warning import TextGivesAway, Warned
from comments.writing import WritingRefused
from consult.document.models import Draft, Provision, Section
from consult.document.windows import WindowState


@dataclass(frozen=True)
class FormError:
    """What is wrong, and the field it speaks of."""

    field: str
    message: str


@dataclass(frozen=True)
class Compose:
    """The form: who may speak in which names, and what is written so far."""

    is_signed_in: bool
    may_speak: bool
    voices: Sequence[Voice]
    stances: Sequence[tuple[str, str, str]]
    key: str
    voice: str = OWN_VOICE
    stance: str = ""
    body: str = ""
    proposal: str = ""
    anchor: Anchor | None = None
    parent: Comment | None = None
    errors: Sequence[FormError] = ()
    # What the text gives away, where its writer is asked whether they mean it.
    warned: Warned | None = None
    # Files chosen before, which need not be chosen again.
    files: Sequence[InHand] = ()
    limit: int = MAXIMUM_BODY_LENGTH
    most_files: int = MOST_FILES
    megabytes: int = MEGABYTES

    @property
    def is_sent_back(self) -> bool:
        """Whether it was sent and isn't posted."""
        return bool(self.errors or self.warned)

    @property
    def endings(self) -> str:
        """The endings of files that are taken, for the browser's own window of files."""
        return ",".join([f".{kind.value}" for kind in KINDS] + [".jpeg"])

    @property
    def fields_in_error(self) -> set[str]:
        return {error.field for error in self.errors}

    @property
    def message_for(self) -> Mapping[str, str]:
        return {error.field: error.message for error in self.errors}


@dataclass(frozen=True)
class ReaderMarks:
    """What of a page's comments is this reader's own: the comments themselves look the same to all.

    References, for the page's script; without it each comment's own page says so.
    """

    own: Sequence[str] = ()
    endorsed: Sequence[str] = ()

    @classmethod
    def of(cls, user: Visitor, part: RenderedPart) -> "ReaderMarks":
        """Of the comments of a part, in one query; in none for who isn't signed in."""
        if not is_signed_in(user) or not part.comments:
            return cls()
        endorsed = Endorsement.objects.filter(user=user, comment__in=part.keys)
        return cls(
            own=part.references_by(user.pk),
            endorsed=list(endorsed.values_list("comment__reference", flat=True)),
        )


@dataclass(frozen=True)
class ThreadPage:
    """A thread with what it is about, the part of it that is read, and the form."""

    target: Target
    state: WindowState
    sequence: int
    part: RenderedPart
    compose: Compose | None
    marks: ReaderMarks = field(default_factory=ReaderMarks)
    sentences: Sequence[Anchor] = field(default_factory=tuple)
    carried: Carried | None = None
    # The receipt of what this reader has just posted, where a moderator sees it first.
    waiting: str = ""

    @property
    def ref(self) -> str:
        return ref_of(self.target)

    @property
    def draft(self) -> Draft:
        return draft_of(self.target)

    @property
    def section(self) -> Section | None:
        """None in the thread on the draft as a whole."""
        return section_of(self.target)

    @property
    def provision(self) -> Provision | None:
        return self.target if isinstance(self.target, Provision) else None

    @property
    def address(self) -> str:
        return thread_address(self.draft, self.ref)

    @property
    def is_open(self) -> bool:
        return self.state == WindowState.OPEN


def compose(
    user: Visitor,
    *,
    framework_code: str,
    form: CommentForm | None = None,
    refused: WritingRefused | None = None,
    anchor: Anchor | None = None,
    parent: Comment | None = None,
) -> Compose:
    """The form as it stands: empty, or with what was typed and what is wrong with it."""
    speaks = may_speak(user)
    form = form or CommentForm({})
    form.is_valid()
    warned = refused.warned if isinstance(refused, TextGivesAway) else None
    return Compose(
        is_signed_in=is_signed_in(user),
        may_speak=speaks,
        voices=voices_of(user, framework_code=framework_code)
        if is_signed_in(user) and speaks
        else (),
        stances=[(s.value, str(s.label), SIGNS[s]) for s in Comment.Stance],
        key=form.written("key") or str(uuid.uuid4()),
        voice=form.written("voice") or OWN_VOICE,
        stance=form.written("stance"),
        body=form.written("body"),
        proposal=form.written("proposal"),
        anchor=form.anchor or anchor,
        parent=parent,
        errors=[FormError(refused.field, str(refused))] if refused and not warned else [],
        warned=warned,
        files=form.aside,
    )


def thread_page(
    talk: Talk,
    *,
    part: RenderedPart,
    compose: Compose | None,
    reader: Visitor,
    carried: Carried | None = None,
    posted: str = "",
) -> ThreadPage:
    """Everything that a thread's page and its panel show."""
    target = talk.target
    return ThreadPage(
        target=target,
        state=talk.state,
        sequence=talk.thread.sequence if talk.thread else 0,
        part=part,
        compose=compose,
        marks=ReaderMarks.of(reader, part),
        sentences=sentences(target.text) if isinstance(target, Provision) else (),
        carried=carried,
        waiting=_waiting(talk, part, reader, posted),
    )


def _waiting(talk: Talk, part: RenderedPart, reader: Visitor, posted: str) -> str:
    """What was posted just now and stands in no part, because it is held; empty otherwise."""
    is_there = posted in [comment.reference for comment in part.comments]
    if not posted or is_there or talk.thread is None or not is_signed_in(reader):
        return ""
    held = talk.thread.comments.held().filter(author=reader, reference=posted)
    return held.values_list("reference", flat=True).first() or ""
