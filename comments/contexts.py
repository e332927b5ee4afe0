"""What a thread's page, panel and fragments show, built in one place."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from accounts.access import Visitor, is_signed_in, may_speak
from accounts.models import Organisation
from accounts.voices import Voice, voices_of
from comments.anchors import Anchor, sentences
from comments.forms import OWN_VOICE, CommentForm
from comments.models import MAXIMUM_BODY_LENGTH, Comment, Thread
from comments.targets import Target, ref_of, text_of
from comments.threads import ThreadPart, Wanted, counts_by_stance
from comments.writing import WritingRefused
from consult.document.difference import Stretch, difference
from consult.document.models import Draft, Provision, Section
from consult.document.windows import WindowState

# Beside its word and its colour, each stance has a sign.
SIGNS = {
    Comment.Stance.SUPPORT: "＋",
    Comment.Stance.OPPOSE: "－",
    Comment.Stance.SUGGEST: "△",
    Comment.Stance.QUESTION: "？",
    Comment.Stance.OTHER: "·",
}
DEEPEST_SHOWN = 4


@dataclass(frozen=True)
class CommentView:
    """One comment as it is shown. In a flat list `level` is 0, and a reply says to whom."""

    comment: Comment
    level: int
    is_new: bool = False
    # Posted just now by who reads it: its receipt stands with it.
    is_posted: bool = False
    replies_to: str = ""
    # The provision's text, which a proposed wording is shown against.
    text: str | None = None

    @property
    def sign(self) -> str:
        return SIGNS[Comment.Stance(self.comment.stance)]

    @property
    def proposal(self) -> Sequence[Stretch]:
        """What the wording that it proposes changes in the text; nothing where it proposes none."""
        if not self.comment.proposed_text or self.text is None:
            return ()
        return difference(self.text, self.comment.proposed_text)

    @property
    def who(self) -> str:
        return self.comment.speaker_name

    @property
    def is_verified(self) -> bool:
        """Whether an organisation speaks whose identity was checked."""
        organisation = self.comment.organisation
        return organisation is not None and organisation.is_verified()

    @property
    def lost_verification(self) -> str:
        """That the organisation's verification lapsed or was withdrawn since, in words."""
        organisation = self.comment.organisation
        if organisation is None or organisation.is_verified():
            return ""
        return str(organisation.phase().label)

    @property
    def public_organisation(self) -> Organisation | None:
        """The organisation that spoke, where it has a page of its own."""
        organisation = self.comment.organisation
        return organisation if organisation and organisation.verified_at else None


@dataclass(frozen=True)
class Chip:
    """One filter: a stance and how many comments have it."""

    value: str
    label: str
    sign: str
    count: int
    is_chosen: bool


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
    limit: int = MAXIMUM_BODY_LENGTH

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
    def of(cls, user: Visitor, comments: Sequence[Comment]) -> "ReaderMarks":
        """Of comments that were read for this person."""
        return cls(
            own=[comment.reference for comment in comments if comment.author_id == user.pk],
            endorsed=[each.reference for each in comments if getattr(each, "is_endorsed", False)],
        )


@dataclass(frozen=True)
class ThreadPage:
    """A thread with what it is about, its filters, its comments and the form."""

    target: Target
    section: Section
    draft: Draft
    state: WindowState
    wanted: Wanted
    chips: Sequence[Chip]
    total: int
    sequence: int
    comments: Sequence[CommentView]
    next_after: int
    compose: Compose | None
    marks: ReaderMarks = field(default_factory=ReaderMarks)
    sentences: Sequence[Anchor] = field(default_factory=tuple)

    @property
    def ref(self) -> str:
        return ref_of(self.target)

    @property
    def provision(self) -> Provision | None:
        return self.target if isinstance(self.target, Provision) else None

    @property
    def is_open(self) -> bool:
        return self.state == WindowState.OPEN

    @property
    def is_whole(self) -> bool:
        """Whether everything that was said stands here, in the order in which it was said."""
        return not (self.wanted.stance or self.wanted.newest_first or self.next_after)


def comment_views(
    comments: Iterable[Comment],
    *,
    flat: bool = False,
    new_after: int | None = None,
    posted: str = "",
    text: str | None = None,
) -> tuple[CommentView, ...]:
    """Comments as they are shown; those after a number are new."""
    return tuple(
        CommentView(
            comment=comment,
            level=0 if flat else min(comment.depth, DEEPEST_SHOWN),
            is_new=new_after is not None and comment.sequence > new_after,
            is_posted=comment.reference == posted,
            replies_to=comment.parent.reference if flat and comment.parent else "",
            text=text,
        )
        for comment in comments
    )


def chips(thread: Thread | None, *, chosen: str) -> tuple[Chip, ...]:
    """All, then each stance, with how many."""
    counts = counts_by_stance(thread)
    total = thread.comment_count if thread else 0
    return (
        Chip("", _("All"), "", total, not chosen),
        *(
            Chip(stance, str(stance.label), SIGNS[stance], counts[stance], stance == chosen)
            for stance in Comment.Stance
        ),
    )


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
        errors=[FormError(refused.field, str(refused))] if refused else [],
    )


def thread_page(
    target: Target,
    *,
    section: Section,
    state: WindowState,
    thread: Thread | None,
    part: ThreadPart,
    wanted: Wanted,
    compose: Compose | None,
    reader: Visitor,
    posted: str = "",
) -> ThreadPage:
    """Everything that a thread's page and its panel show."""
    return ThreadPage(
        target=target,
        section=section,
        draft=section.draft,
        state=state,
        wanted=wanted,
        chips=chips(thread, chosen=wanted.stance),
        total=thread.comment_count if thread else 0,
        sequence=thread.sequence if thread else 0,
        comments=comment_views(
            part.comments, flat=bool(wanted.stance), posted=posted, text=text_of(target)
        ),
        next_after=part.next_after,
        compose=compose,
        marks=ReaderMarks.of(reader, part.comments),
        sentences=sentences(target.text) if isinstance(target, Provision) else (),
    )
