"""Tell the demonstration's story: what its people said and did, in the order in which they did."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime

from accounts.models import Organisation, User
from accounts.voices import Voice
from comments.anchors import Anchor, describe
from comments.editing import edit_comment, withdraw_comment
from comments.endorsing import endorse
from comments.models import Comment, Notification
from comments.moderating import flag_comment, hide
from comments.posting import post_comment
from comments.targets import Target
from consult.document.models import Draft, Provision
from consult.pages.demonstration.script import WHOLE, CommentLine, Script, Step

COMMENT_KEYS = uuid.UUID("6f3c1f52-54c7-4c0f-9f7b-6d2a58f0a114")


def voices_of(
    script: Script, people: Mapping[str, User], organisations: Mapping[str, Organisation]
) -> dict[str, Voice]:
    """Representatives speak for their organisation; everyone else for themselves."""
    return {
        line.key: Voice(
            people[line.key],
            organisations[line.organisation] if line.role == "representative" else None,
        )
        for line in script.people
    }


def tell_story(script: Script, draft: Draft, voices: Mapping[str, Voice], *, at: datetime) -> None:
    """Let it all have happened up to now; nobody is written to about what was long ago."""
    targets: dict[str, Target] = {section.ref: section for section in draft.sections.all()}
    targets.update(
        (provision.ref, provision) for provision in draft.provisions.select_related("section")
    )
    targets[WHOLE] = draft
    posted: dict[str, Comment] = {}
    about: dict[str, Target] = {}
    for step in script.in_order(loaded_at=at):
        line, voice = step.line, voices[step.by]
        if step.act == "post":
            on = about[line.reply_to] if line.reply_to else targets[line.on]
            about[line.key] = on
            posted[line.key] = _post(on, step, voice=voice, parent=posted.get(line.reply_to))
        else:
            ACTS[step.act](posted[line.key], about[line.key], step, voice)
    Notification.objects.not_mailed().update(mailed_at=at)


def _post(target: Target, step: Step, *, voice: Voice, parent: Comment | None) -> Comment:
    line = step.line
    return post_comment(
        target,
        voice=voice,
        body=line.first or line.text,
        stance=line.stance,
        proposed_text=_proposed(target, line),
        anchor=_anchor(target, line.words),
        parent=parent,
        idempotency_key=uuid.uuid5(COMMENT_KEYS, line.key),
        at=step.at,
    )


def _endorse(comment: Comment, _target: Target, step: Step, voice: Voice) -> None:
    endorse(comment, voice=voice, at=step.at)


def _report(comment: Comment, _target: Target, step: Step, voice: Voice) -> None:
    flag_comment(comment, reporter=voice.user, rule=step.line.reported_for, at=step.at)


def _hide(comment: Comment, _target: Target, step: Step, voice: Voice) -> None:
    hide(comment, moderator=voice.user, rule=step.line.hidden_by, at=step.at)


def _change(comment: Comment, target: Target, step: Step, voice: Voice) -> None:
    line = step.line
    edit_comment(
        comment,
        author=voice.user,
        body=line.text,
        stance=line.stance,
        proposed_text=_proposed(target, line),
        at=step.at,
    )


def _withdraw(comment: Comment, _target: Target, step: Step, voice: Voice) -> None:
    withdraw_comment(comment, author=voice.user, at=step.at)


ACTS: Mapping[str, Callable[[Comment, Target, Step, Voice], None]] = {
    "endorse": _endorse,
    "report": _report,
    "hide": _hide,
    "change": _change,
    "withdraw": _withdraw,
}


def _proposed(target: Target, line: CommentLine) -> str:
    """The provision's text as the comment wants it."""
    if not line.proposes or not isinstance(target, Provision):
        return ""
    return target.text.replace(line.words, line.proposes)


def _anchor(target: Target, words: str) -> Anchor | None:
    if not words or not isinstance(target, Provision):
        return None
    # Where they are not found, -1 makes a stretch that is none, which is refused.
    start = target.text.find(words)
    return describe(target.text, start=start, end=start + len(words))
