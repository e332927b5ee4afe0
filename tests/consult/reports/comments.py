"""Make comments at chosen moments, which posting doesn't do."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from accounts.groups import StakeholderGroup
from accounts.models import Organisation, User
from comments.models import Comment, Endorsement, Thread
from comments.paths import path_of
from comments.searching import index
from consult.document.models import Draft, Framework, Provision, Section, Window, WindowRecord

CUTOFF = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
OPENED = datetime(2026, 11, 1, 0, 0, tzinfo=UTC)


def a_person(name: str) -> User:
    user, _ = User.objects.get_or_create(
        email=f"{name}@example.org", defaults={"display_name": name}
    )
    return user


def an_organisation(name: str, group: StakeholderGroup) -> Organisation:
    organisation, _ = Organisation.objects.get_or_create(
        name=name,
        group=group,
        defaults={"state": Organisation.State.VERIFIED, "verified_at": OPENED},
    )
    return organisation


def a_draft(code: str = "tve", *, sections: int = 3) -> Draft:
    """A draft with sections 壹, 貳 …, each with two provisions; all but the last are open."""
    framework = Framework.objects.create(code=code, title="技術及職業教育政策綱領")
    draft = Draft.objects.create(
        framework=framework, number=5, label="第5版", title="綱領", source_sha256="0" * 64
    )
    for position, number in enumerate("壹貳參肆伍陸柒捌玖拾"[:sections]):
        section = Section.objects.create(
            draft=draft,
            position=position,
            last_position=position,
            depth=0,
            ref=number,
            number=number,
            title=f"第{number}節",
        )
        for place in range(2):
            Provision.objects.create(
                section=section,
                draft=draft,
                position=place,
                ref=f"{number}-{place + 1}",
                kind=Provision.Kind.PARAGRAPH,
                text="技職教育肩負配合國家整體發展之責任。",
            )
        if position < sections - 1:
            open_section(section)
    return draft


def open_section(section: Section) -> None:
    Window.objects.create(section=section, announced_at=OPENED, opens_at=OPENED)
    WindowRecord.objects.create(
        section=section,
        act=WindowRecord.Act.OPEN,
        recorded_at=OPENED,
        announced_at=OPENED,
        opens_at=OPENED,
    )


def a_comment(
    draft: Draft,
    ref: str,
    *,
    author: User,
    organisation: Organisation | None = None,
    stance: str = Comment.Stance.SUPPORT,
    at: datetime = OPENED,
    body: str = "同意。",
    as_drafter: bool = False,
    proposed_text: str = "",
    parent: Comment | None = None,
) -> Comment:
    """A comment on the section or provision of this reference; with none, on the whole draft."""
    provision = Provision.objects.filter(draft=draft, ref=ref).first()
    section = provision.section if provision else draft.sections.filter(ref=ref).first()
    thread, _ = Thread.objects.get_or_create(draft=draft, section=section, provision=provision)
    thread.sequence += 1
    thread.comment_count += 1
    thread.save()
    comment = Comment.objects.create(
        thread=thread,
        parent=parent,
        path=path_of(thread.sequence, above=parent.path if parent else ""),
        depth=parent.depth + 1 if parent else 0,
        sequence=thread.sequence,
        changed_sequence=thread.sequence,
        author=author,
        organisation=organisation,
        group=organisation.group if organisation else StakeholderGroup.PUBLIC,
        stance=stance,
        body=body,
        created_at=at,
        as_drafter=as_drafter,
        proposed_text=proposed_text,
        idempotency_key=uuid.uuid4(),
    )
    index(comment, due_since=comment.created_at)
    return comment


def endorse(comment: Comment, *names: str, at: datetime = OPENED) -> None:
    """Let these people endorse the comment, for themselves."""
    for name in names:
        Endorsement.objects.create(
            comment=comment, user=a_person(name), group=StakeholderGroup.PUBLIC, created_at=at
        )
    Comment.objects.filter(pk=comment.pk).update(endorsement_count=comment.endorsements.count())


def some_comments(draft: Draft) -> None:
    """Eight comments: four people, two organisations, one answer of a drafter, one too late."""
    ann, bob, chi = a_person("ann"), a_person("bob"), a_person("chi")
    school = an_organisation("大安高工", StakeholderGroup.SCHOOL)
    guild = an_organisation("機械公會", StakeholderGroup.ASSOCIATION)
    a_comment(draft, "壹-1", author=ann)
    a_comment(draft, "壹-2", author=ann, stance="oppose", body="我不同意。\n理由\u2028如下")
    a_comment(draft, "壹", author=ann, organisation=school, stance="suggest")
    # 23:59 and 00:01 in Taipei.
    a_comment(draft, "貳-1", author=bob, at=datetime(2026, 11, 4, 15, 59, tzinfo=UTC))
    a_comment(draft, "貳-1", author=bob, at=datetime(2026, 11, 4, 16, 1, tzinfo=UTC))
    a_comment(draft, "貳-2", author=chi, organisation=guild, stance="question", at=CUTOFF)
    a_comment(draft, "貳-1", author=a_person("dora"), as_drafter=True, stance="other")
    a_comment(draft, "貳-1", author=chi, at=CUTOFF.replace(microsecond=1))
