"""What the rows of `permissions.md` are asked about: who is there, what stands on the site.

A row for a new address needs at most a line in `ADDRESSES`, with a small factory for what stands in
the address, and, where it takes a form, a line in `FORMS`. Whatever a factory makes is gone before
the next role asks.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts import uploads
from accounts.access import Visitor
from accounts.inspecting.kinds import FileKind
from accounts.letters import digest_of
from accounts.models import (
    EvidenceFile,
    Invitation,
    JoinRequest,
    Mandate,
    Membership,
    Organisation,
    User,
)
from accounts.voices import Voice
from comments.campaigning import decide, take_out
from comments.digesting import ticket_of
from comments.models import Attachment, Campaign, CampaignMember, Comment, Original, Placement
from comments.moderating import appeal, hide
from comments.posting import post_comment
from consult.document.finishing import put_away, start_working
from consult.document.handing_in import hand_in
from consult.document.importing import import_draft
from consult.document.models import (
    Draft,
    Framework,
    WaitingFile,
    WorkingPiece,
    WorkingText,
)
from consult.document.publishing import open_section
from consult.document.working import Words, change_piece, delete_piece
from consult.reports.expecting import Entry, expect_voice, link_voice, remove_voice
from consult.reports.models import ExpectedVoice, Report, ReportFile, ReportSet, ThemeDecision
from consult.reports.reminder_letters import ticket_of as reminder_ticket_of
from tests.cast import next_outline, organisation
from tests.consult.reports.making import report_at

TOKEN = "the secret of a link"


@dataclass(frozen=True)
class Scene:
    """What stands on the site when a row is asked.

    The drafter drafts `draft`. The member and the representative belong to the association. The
    visitor wrote the comment.
    """

    people: Mapping[str, Visitor]
    draft: Draft
    framework_elsewhere: Framework
    association: Organisation
    comment: Comment
    report: Report

    def person(self, role: str) -> User:
        """The person in this role."""
        return cast("User", self.people[role])


# --- what a row is about -----------------------------------------------------------------------


def hidden(scene: Scene) -> Comment:
    """The visitor's comment, hidden."""
    hide(scene.comment, moderator=scene.person("moderator"), rule="attack", reason="因為")
    return scene.comment


def appealed(scene: Scene) -> Comment:
    """The visitor's comment, hidden, which they say it should not be."""
    appeal(hidden(scene), author=scene.person("visitor"), words="沒有")
    return scene.comment


def held(scene: Scene) -> Comment:
    """The visitor's comment as it would be where first comments are held."""
    Original.objects.create(comment=scene.comment, body=scene.comment.body)
    scene.comment.state, scene.comment.body = Comment.State.HELD, ""
    scene.comment.save(update_fields=["state", "body"])
    return scene.comment


def campaign(scene: Scene) -> Campaign:
    """A campaign of two: the visitor's comment, and one that was taken out."""
    found = Campaign.objects.create(draft=scene.draft)
    outlier = post_comment(
        scene.draft.provisions.get(ref="壹-1"),
        voice=Voice(scene.person("visitor"), None),
        body="意見",
        stance="support",
        idempotency_key=uuid.uuid4(),
        # Walks make many of these within a minute, which would be too fast for a person.
        at=timezone.now(),
    )
    for comment in (scene.comment, outlier):
        CampaignMember.objects.create(campaign=found, comment=comment)
    take_out(found, comment=outlier, moderator=scene.person("moderator"))
    return found


def confirmed_campaign(scene: Scene) -> Campaign:
    """The same, confirmed."""
    return decide(campaign(scene), to=Campaign.State.CONFIRMED, moderator=scene.person("moderator"))


def without_the_comment(scene: Scene) -> Campaign:
    """The same, with the visitor's comment taken out."""
    found = campaign(scene)
    take_out(found, comment=scene.comment, moderator=scene.person("moderator"))
    return found


def redraft(scene: Scene) -> Draft:
    """A draft that follows the one on the site."""
    return import_draft(framework=scene.draft.framework, outline=next_outline(), source="next")


def unplaced(scene: Scene) -> Draft:
    """The redraft, in which the visitor's comment stands where a drafter is to look at it."""
    draft = redraft(scene)
    provision = draft.provisions.get(ref="壹-1")
    Placement.objects.create(
        comment=scene.comment,
        draft=draft,
        status=Placement.Status.EXACT,
        section=provision.section,
        provision=provision,
        score=1,
        is_certain=False,
    )
    return draft


def working(scene: Scene) -> WorkingText:
    """The next draft as the drafter writes it: 參-1 is changed."""
    drafter = scene.person("drafter")
    found = start_working(scene.draft.framework, actor=drafter)
    change_piece(piece_of("參-1", found), words=Words(text="別的。"), version=1, actor=drafter)
    return found


def put_away_text(scene: Scene) -> WorkingText:
    """The same, put away."""
    return put_away(working(scene), actor=scene.person("drafter"))


def piece_of(ref: str, text: WorkingText) -> WorkingPiece:
    """The piece that came from this provision."""
    return text.pieces.get(came_from__ref=ref)


def piece(ref: str) -> Callable[[Scene], Sequence[Any]]:
    """The address of the piece that came from a provision."""
    return lambda scene: [scene.draft.framework.code, piece_of(ref, working(scene)).pk]


def deleted_piece(scene: Scene) -> Sequence[Any]:
    """The address of a piece that is deleted."""
    found = piece_of("參-1", working(scene))
    delete_piece(found, version=2, actor=scene.person("drafter"))
    return [scene.draft.framework.code, found.pk]


def compared(scene: Scene) -> Sequence[Any]:
    """The address of what came in between two reports on one section."""
    cutoffs = (timezone.now(), timezone.now() - dt.timedelta(hours=1))
    newer, older = (
        report_at(scene.draft, scene.person("drafter"), cutoff=cutoff, sections=["壹"])
        for cutoff in cutoffs
    )
    return [newer.public_id, older.public_id]


def proposing(scene: Scene) -> Sequence[Any]:
    """The address of a piece for which the visitor's comment proposes another wording."""
    scene.comment.proposed_text = "建議的文字。"
    scene.comment.save(update_fields=["proposed_text"])
    provision = scene.comment.thread.provision
    assert provision
    return piece(provision.ref)(scene)


def following(_scene: Scene) -> dict[str, Any]:
    """The form of merging 壹-1 with 壹-2."""
    found = WorkingPiece.objects.get(came_from__ref="壹-2")
    return {"version": 1, "text": "前段。", "following": found.pk, "following_version": 1}


def invitation(scene: Scene) -> Invitation:
    """An open invitation of the visitor to the association."""
    return Invitation.objects.create(
        organisation=scene.association,
        email="visitor@example.org",
        token_sha256=digest_of(TOKEN),
        invited_by=scene.person("representative"),
        expires_at=timezone.now() + dt.timedelta(days=1),
        mailed_at=timezone.now(),
    )


def joinable(scene: Scene) -> Organisation:
    """The association, which whoever has a verified address like the cast's may ask to join."""
    scene.association.email_domain = "example.org"
    scene.association.save(update_fields=["email_domain"])
    return scene.association


def request(scene: Scene) -> JoinRequest:
    """The visitor's request to join the association."""
    return JoinRequest.objects.create(organisation=joinable(scene), user=scene.person("visitor"))


def membership(scene: Scene, role: str) -> Membership:
    """The association's membership of the person in this role."""
    return Membership.objects.get(organisation=scene.association, user=scene.person(role))


def removed(scene: Scene) -> Membership:
    """The member's membership, ended by the representative just now."""
    found = membership(scene, "member")
    found.left_at, found.removed_by = timezone.now(), scene.person("representative")
    found.save()
    return found


def promoted(scene: Scene) -> Membership:
    """The member's membership, which is a representative's now."""
    found = membership(scene, "member")
    found.role = Membership.Role.REPRESENTATIVE
    found.save()
    return found


def proposed(scene: Scene) -> Mandate:
    """A mandate proposed for the member."""
    return Mandate.objects.create(
        membership=membership(scene, "member"), evidence="會議紀錄", starts_on=timezone.localdate()
    )


def accepted(scene: Scene) -> Mandate:
    """The representative's mandate."""
    return Mandate.objects.get(membership=membership(scene, "representative"))


def applied(scene: Scene) -> Organisation:
    """An organisation that the member has applied for."""
    found = organisation("新的公會", verified=False)
    found.applied_by = scene.person("member")
    found.save()
    represent(found, scene.person("member"))
    return found


def incomplete(scene: Scene) -> Organisation:
    """The same, of which an administrator has asked for more."""
    found = applied(scene)
    found.state = Organisation.State.INCOMPLETE
    found.save()
    return found


def represent(found: Organisation, user: User) -> None:
    """Make the person the representative who applied for the organisation."""
    of_it = Membership.objects.create(
        organisation=found, user=user, role=Membership.Role.REPRESENTATIVE
    )
    Mandate.objects.create(membership=of_it, evidence="會議紀錄", starts_on=timezone.localdate())


def renamed(scene: Scene) -> Organisation:
    """The association, for which another name is proposed."""
    scene.association.proposed_name = "新的名稱"
    scene.association.save()
    return scene.association


def evidence(scene: Scene) -> EvidenceFile:
    """A file of evidence of the association."""
    stored = uploads.private_files().save(f"{uuid.uuid4().hex}.pdf", ContentFile(b"%PDF"))
    return EvidenceFile.objects.create(
        organisation=scene.association,
        stored_name=stored,
        shown_name="letter.pdf",
        kind="pdf",
        size=4,
        sha256="0" * 64,
        uploaded_by=scene.person("representative"),
    )


def a_text() -> SimpleUploadedFile:
    """The text of another draft, as a file."""
    return SimpleUploadedFile("draft.txt", "綱領\n壹、序言\n內文。\n".encode())


def waiting(scene: Scene) -> WaitingFile:
    """A file that the drafter has handed in as the next draft."""
    drafter = scene.person("drafter")
    file = uploads.guard(a_text(), kinds={FileKind.TXT})
    return hand_in(file, framework=scene.draft.framework, owner=drafter)


def attached(scene: Scene) -> Attachment:
    """A file of the visitor's comment."""
    stored = uploads.private_files().save(f"{uuid.uuid4().hex}.pdf", ContentFile(b"%PDF"))
    return Attachment.objects.create(
        comment=scene.comment,
        position=1,
        stored_name=stored,
        shown_name="plan.pdf",
        kind="pdf",
        size=4,
        sha256="0" * 64,
    )


def attached_to(state: Callable[[Scene], Comment]) -> Callable[[Scene], Attachment]:
    """A file of the visitor's comment, once that stands so."""

    def make(scene: Scene) -> Attachment:
        state(scene)
        return attached(scene)

    return make


def passkey_of(scene: Scene, role: str) -> Authenticator:
    """A passkey of the person in this role."""
    return Authenticator.objects.create(
        user=scene.person(role), type=Authenticator.Type.WEBAUTHN, data={"name": "鑰匙"}
    )


def session_of(scene: Scene, role: str) -> UserSession:
    """Another place where the person in this role is signed in."""
    return UserSession.objects.create(
        user=scene.person(role), session_key="elsewhere", ip="192.0.2.7", user_agent="Elsewhere"
    )


def invited(scene: Scene) -> ExpectedVoice:
    """An organisation that the drafter has invited, with a contact, which the site doesn't know."""
    entry = Entry("organisation", name="機械工業公會", email="contact@example.net")
    drafter = scene.person("drafter")
    return expect_voice(scene.draft.framework, entry=entry, actor=drafter)


def linked(scene: Scene) -> ExpectedVoice:
    """The same, which is known to be the association."""
    return link_voice(invited(scene), organisation=scene.association, actor=scene.person("drafter"))


def uninvited(scene: Scene) -> ExpectedVoice:
    """The same, taken off the list."""
    return remove_voice(invited(scene), actor=scene.person("drafter"))


def listed(scene: Scene) -> Sequence[Any]:
    """The address of a list on which one is silent and one is taken off."""
    uninvited(scene)
    return [invited(scene).framework.code]


def a_voice(_scene: Scene) -> dict[str, Any]:
    """The form of an act on what `listed` has put on the list, or taken off it."""
    return {"voice": ExpectedVoice.objects.listed().get().public_id}


Address = Callable[[Scene], Sequence[Any]]


def draft(scene: Scene) -> Sequence[Any]:
    return [scene.draft.framework.code, scene.draft.number]


def on(ref: str) -> Address:
    """The address of a section or a provision of the draft."""
    return lambda scene: [*draft(scene), ref]


def themed(scene: Scene) -> Report:
    """The report, done, with two themes of which one has the visitor's comment."""
    report, now = scene.report, timezone.now()
    words: dict[str, Any] = {"name": "", "words": {}, "comments": 1, "authors": 1, "quotes": []}
    found: dict[str, Any] = {
        "themes": [
            {"key": key, "keywords": [f"{key}1", f"{key}2"], "groups": {}, "stances": {}, **words}
            for key in "ab"
        ],
        "comments": 1,
        "apart": 0,
        "prefix": "themes/all",
    }
    report.state, report.finished_at = Report.State.DONE, now
    report.inputs_sha256 = report.result_sha256 = "0" * 64
    report.result = {"sections": [], "chapters": {"themes": {"": found}}}
    report.save()
    ReportSet.objects.create(
        report=report, key="themes/all/a", references=[scene.comment.reference]
    )
    payload = {"theme": {**found["themes"][0], "comments": []}, "name": "舊名"}
    ThemeDecision.objects.create(
        draft=scene.draft, kind="rename", payload=payload, made_by=scene.person("drafter")
    )
    return report


def of(make: Callable[[Scene], Any], *names: str) -> Address:
    """The address of what the factory makes, by these attributes."""

    def address(scene: Scene) -> Sequence[Any]:
        made = make(scene)
        return [_attribute(made, name) for name in names]

    return address


def _attribute(of_what: Any, name: str) -> Any:  # noqa: ANN401 - any object
    for part in name.split("."):
        of_what = getattr(of_what, part)
    return of_what


def changes(*refs: str) -> Address:
    """The draft, the one after it with 壹 published, and what else stands in the address."""

    def address(scene: Scene) -> Sequence[Any]:
        later = import_draft(framework=scene.draft.framework, outline=next_outline(), source="next")
        open_section(later.sections.get(ref="壹"), actor=None)
        return [scene.draft.framework.code, scene.draft.number, later.number, *refs]

    return address


def file_of_report(scene: Scene) -> ReportFile:
    """A file of the report that is being made."""
    return ReportFile.objects.create(
        report=scene.report, format="json", language="en", requested_at=timezone.now()
    )


COMMENT = of(lambda scene: scene.comment, "reference")
REPORT = of(lambda scene: scene.report, "public_id")
ASSOCIATION = of(lambda scene: scene.association, "public_id")
MEMBER = of(lambda scene: membership(scene, "member"), "organisation.public_id", "pk")

# What stands in an address: by the row, or by the name of the address for all its rows.
ADDRESSES: dict[str, Address] = {
    "account_reset_password_from_key": lambda _: ["1", "set-password"],
    "campaign": of(campaign, "public_id"),
    "campaign confirmed": of(confirmed_campaign, "public_id"),
    "campaign POST act=put_back": of(without_the_comment, "public_id"),
    "campaign POST act=reopen": of(confirmed_campaign, "public_id"),
    "changes": changes(),
    "changes unpublished": lambda scene: [scene.draft.framework.code, 1, 2],
    "changes_table": changes("odt"),
    "changes_table unpublished": lambda scene: [scene.draft.framework.code, 1, 2, "odt"],
    "comment": COMMENT,
    "comment_appeal": of(hidden, "reference"),
    "comment_edit": COMMENT,
    "comment_endorse": COMMENT,
    "comment_file": of(attached, "comment.reference", "public_id"),
    "comment_file held": of(attached_to(held), "comment.reference", "public_id"),
    "comment_file hidden": of(attached_to(hidden), "comment.reference", "public_id"),
    "comment_history": COMMENT,
    "comment_more": COMMENT,
    "comment_more hidden": of(hidden, "reference"),
    "comment_report": COMMENT,
    "comment_unendorse": COMMENT,
    "comment_withdraw": COMMENT,
    "desk_draft": draft,
    "desk_expected": lambda scene: [scene.draft.framework.code],
    "desk_expected with entries": listed,
    "desk_expected POST act=remind": listed,
    "desk_expected POST act=remind_all": listed,
    "desk_expected POST act=remove": listed,
    "desk_expected POST act=restore": of(uninvited, "framework.code"),
    "desk_expected_add": lambda scene: [scene.draft.framework.code],
    "desk_expected_entry": of(invited, "framework.code", "public_id"),
    "desk_expected_entry linked": of(linked, "framework.code", "public_id"),
    "desk_expected_entry POST act=unlink": of(linked, "framework.code", "public_id"),
    "desk_expected_import": lambda scene: [scene.draft.framework.code],
    "desk_import": lambda scene: [scene.draft.framework.code],
    "desk_import_preview": of(waiting, "framework.code", "public_id"),
    "desk_lineage": of(redraft, "framework.code", "number"),
    "desk_placements": of(unplaced, "framework.code", "number"),
    "desk_preview": on("肆-二"),
    "desk_reports": draft,
    "desk_report_schedule": draft,
    "desk_undo": draft,
    "desk_window": on("肆-二"),
    "desk_working": lambda scene: [scene.draft.framework.code],
    "desk_working open": of(working, "framework.code"),
    "desk_working POST act=put_away": of(working, "framework.code"),
    "desk_working POST act=take_up": of(put_away_text, "framework.code"),
    "desk_working_piece": piece("壹-1"),
    "desk_working put away": of(put_away_text, "framework.code"),
    "desk_working_piece deleted": deleted_piece,
    "desk_working_piece with a wording": proposing,
    "desk_working_piece POST act=restore": deleted_piece,
    "desk_working_piece POST act=adopt": proposing,
    "desk_working_history": of(working, "framework.code"),
    "desk_working_finish": of(working, "framework.code"),
    # An act is asked of a section in a state that allows it.
    "desk_window open": on("壹"),
    "desk_window POST act=close": on("壹"),
    "desk_window POST act=withdraw": on("壹"),
    "draft": draft,
    "desk_terms": lambda scene: [scene.draft.framework.code],
    "feed": lambda scene: [scene.draft.framework.code],
    "feed unpublished": lambda scene: [scene.framework_elsewhere.code],
    "follow": on("壹-1"),
    "follow unpublished": on("肆-二-1"),
    "framework": lambda scene: [scene.draft.framework.code],
    "invitation": lambda scene: [TOKEN] if invitation(scene) else [],
    "invitation_cancel": of(invitation, "organisation.public_id", "pk"),
    "invitation_sign_up": lambda scene: [TOKEN] if invitation(scene) else [],
    "join": of(joinable, "public_id"),
    "join asked": of(request, "organisation.public_id"),
    "join POST act=take_back": of(request, "organisation.public_id"),
    "leave_organisation": ASSOCIATION,
    "live ReportSocket": REPORT,
    "draft_follow": draft,
    "draft_sequences": draft,
    "draft_thread": draft,
    "live DraftSocket": draft,
    "live SectionSocket": on("壹"),
    "live SectionSocket unpublished": on("肆-二"),
    "mandate_new": ASSOCIATION,
    "mandate_withdraw": of(proposed, "membership.organisation.public_id", "pk"),
    "member": MEMBER,
    "member POST act=make_member": of(promoted, "organisation.public_id", "pk"),
    "member POST act=restore": of(removed, "organisation.public_id", "pk"),
    "members": ASSOCIATION,
    "members promoted": of(promoted, "organisation.public_id"),
    "members removed": of(removed, "organisation.public_id"),
    "members waiting": of(request, "organisation.public_id"),
    "mfa_edit_webauthn": of(lambda scene: passkey_of(scene, "visitor"), "pk"),
    "mfa_remove_webauthn": of(lambda scene: passkey_of(scene, "visitor"), "pk"),
    "moderated": COMMENT,
    "moderated POST act=release": of(held, "reference"),
    "moderated POST act=restore": of(hidden, "reference"),
    "moderated POST act=uphold": of(appealed, "reference"),
    "moderated appealed": of(appealed, "reference"),
    "moderated held": of(held, "reference"),
    "moderated hidden": of(hidden, "reference"),
    "moderated_file": of(attached, "comment.reference", "public_id"),
    "moderated_file held": of(attached_to(held), "comment.reference", "public_id"),
    "moderated_file hidden": of(attached_to(hidden), "comment.reference", "public_id"),
    "moderation waiting": of(appealed),
    "my_organisation": ASSOCIATION,
    "my_organisation applied": of(applied, "public_id"),
    "notifications_off": lambda scene: [ticket_of(scene.comment.author)],
    "newest": on("壹-1"),
    "newest unpublished": on("肆-二-1"),
    "office_evidence": of(evidence, "public_id"),
    "office_mandate": of(proposed, "pk"),
    "office_mandate accepted": of(accepted, "pk"),
    "office_mandate POST act=withdraw": of(accepted, "pk"),
    "office_organisation": of(applied, "public_id"),
    "office_organisation POST act=accept_name": of(renamed, "public_id"),
    "office_organisation POST act=refuse_name": of(renamed, "public_id"),
    "office_organisation POST act=withdraw": ASSOCIATION,
    "office_organisation verified": ASSOCIATION,
    "office_organisation renamed": of(renamed, "public_id"),
    "openid_connect_callback": lambda _: ["service"],
    "openid_connect_login": lambda _: ["service"],
    "organisation": ASSOCIATION,
    "organisation applied": of(applied, "public_id"),
    "organisation_complete": of(incomplete, "public_id"),
    "organisation_name": ASSOCIATION,
    "report": REPORT,
    "report_comments": REPORT,
    "report_flags": REPORT,
    "report_bundle": REPORT,
    "report_cancel": REPORT,
    "report_note": REPORT,
    "report_publish": REPORT,
    "report_export": REPORT,
    "report_file": of(file_of_report, "report.public_id", "public_id"),
    "report_file_download": of(file_of_report, "report.public_id", "public_id"),
    "report_file_progress": of(file_of_report, "report.public_id", "public_id"),
    "report_inputs": REPORT,
    "report_progress": REPORT,
    "report_since": compared,
    "report_theme_comments": of(themed, "public_id"),
    "report_themes": of(themed, "public_id"),
    "reminders_off": lambda _: [reminder_ticket_of("0" * 64)],
    "request_answer": of(request, "organisation.public_id", "pk"),
    "section": on("壹"),
    "section unpublished": on("肆-二"),
    "section withdrawn": on("陸"),
    "section_changes": changes("壹"),
    "section_changes unpublished": changes("貳"),
    "sequences": on("壹"),
    "sequences unpublished": on("肆-二"),
    "sign_out_there": of(lambda scene: session_of(scene, "visitor"), "pk"),
    "thread": on("壹-1"),
    "thread POST unpublished": on("肆-二-1"),
    "thread unpublished": on("肆-二"),
}

Form = Callable[[Scene], Mapping[str, Any]]


def a_comment(**also: str) -> dict[str, str]:
    """What the form of a comment sends."""
    return {
        "key": str(uuid.uuid4()),
        "voice": "self",
        "stance": "support",
        "body": "我贊成。",
        **also,
    }


def a_mandate(scene: Scene) -> dict[str, Any]:
    """A mandate proposed for the member: by a representative, or by the member."""
    return {
        "member": membership(scene, "member").pk,
        "evidence": "會議紀錄",
        "scope": "all",
        "starts_on": timezone.localdate().isoformat(),
    }


def an_application(_scene: Scene) -> dict[str, Any]:
    """An application without the letter that it lacks."""
    return {"group": "ngo", "name": "協會", "county": "TPE", "evidence": "會議紀錄"}


def because(_scene: Scene) -> dict[str, str]:
    return {"reason": "因為"}


def a_decision(scene: Scene) -> dict[str, str]:
    """A moderator's decision on the visitor's comment."""
    return {"comment": scene.comment.reference, "rule": "attack", "reason": "因為"}


def the_comment(scene: Scene) -> dict[str, str]:
    return {"comment": scene.comment.reference}


def placing(scene: Scene, act: str) -> dict[str, Any]:
    """A decision on where the visitor's comment stands."""
    return {"comment": scene.comment.reference, "act": act, "ref": "壹-2"}


# What a person fills in: by the row. An `act=…` of the row itself is sent in any case.
FORMS: dict[str, Form] = {
    "desk_expected POST act=remind": a_voice,
    "desk_expected POST act=remove": a_voice,
    "desk_expected POST act=restore": lambda _: {"voice": ExpectedVoice.objects.get().public_id},
    "desk_expected_add POST act=add_kind": lambda _: {"kind": "county:TPE"},
    "desk_expected_add POST act=add_organisation": lambda _: {"name": "公會"},
    "desk_expected_entry POST act=link": lambda scene: {
        "organisation": scene.association.public_id
    },
    "desk_expected_entry POST act=save": lambda _: {"name": "公會"},
    "desk_expected_import POST": lambda _: {"text": "公會"},
    "comment_appeal POST": lambda _: {"words": "沒有違反"},
    "comment_edit POST": lambda _: {"stance": "oppose", "body": "我改變主意。"},
    "comment_endorse POST": lambda _: {"voice": "self"},
    "report_export POST": lambda _: {"format": "json"},
    "comment_report POST": lambda _: {"rule": "attack"},
    "desk_placements POST act=agree": lambda scene: placing(scene, "agree"),
    "desk_placements POST act=gone": lambda scene: placing(scene, "gone"),
    "desk_placements POST act=place": lambda scene: placing(scene, "place"),
    "desk_lineage POST act=declare": lambda _: {"act": "declare", "old": "壹-1", "new": ""},
    "desk_import POST": lambda _: {"file": a_text()},
    "desk_import_preview POST act=confirm": lambda _: {"label": "第 6 版"},
    **{
        f"desk_working_piece POST act={act}": lambda _: {
            "version": 1,
            "text": "前段。\n---\n後段。",
        }
        for act in ("save", "split", "down", "delete", "restore", "add")
    },
    "desk_working_piece POST act=up": lambda _: {"version": 1, "text": "前段。"},
    "desk_working_piece POST act=merge": following,
    "desk_working_piece POST act=move": lambda _: {"version": 1, "behind": "參"},
    "desk_working_piece POST act=adopt": lambda scene: {
        "version": 1,
        "comment": scene.comment.reference,
    },
    "desk_working_finish POST": lambda _: {"label": "第 6 版"},
    "desk_undo POST": lambda _: {"recorded_at": "2026-01-01T00:00:00+08:00"},
    "mandate_new POST": a_mandate,
    "me POST": lambda _: {"display_name": "新的名字"},
    "members POST": lambda _: {"email": "someone@example.org"},
    "campaign POST act=put_back": the_comment,
    "campaign POST act=take_out": the_comment,
    "moderated POST act=hide": lambda _: {"rule": "attack", "reason": "因為"},
    "moderated POST act=keep": because,
    "moderated POST act=restore": because,
    "moderated POST act=uphold": because,
    "moderation POST act=hide": a_decision,
    "moderation POST act=keep": a_decision,
    "moderation POST act=release": a_decision,
    "moderation POST act=restore": a_decision,
    "my_closing POST": lambda _: {"understood": "on"},
    "my_closing POST unconfirmed": lambda _: {"understood": "on"},
    "office_mandate POST act=refuse": because,
    "office_mandate POST act=withdraw": because,
    "office_organisation POST act=ask_more": because,
    "office_organisation POST act=refuse": because,
    "office_organisation POST act=refuse_name": because,
    "office_organisation POST act=withdraw": because,
    "office_role_take POST": lambda scene: {
        "person": scene.person("moderator").public_id,
        "role": "moderator",
    },
    "office_roles POST": lambda _: {"email": "visitor@example.org", "role": "moderator"},
    "office_roles POST unconfirmed": lambda _: {
        "email": "visitor@example.org",
        "role": "moderator",
    },
    "organisation_apply POST": an_application,
    "organisation_complete POST": an_application,
    "organisation_name POST": lambda _: {"name": "新的名稱", "reason": "會員大會決議"},
    "report_theme_comments POST": lambda scene: {
        "comments": scene.comment.reference,
        "into": "b",
    },
    "report_themes POST act=merge": lambda _: {"theme": "a", "into": "b"},
    "report_themes POST act=rename": lambda _: {"theme": "a", "name": "名"},
    "report_themes POST act=split": lambda _: {"theme": "a", "name": "名", "terms": "a1"},
    "report_themes POST act=undo": lambda scene: {"decision": scene.draft.theme_decisions.get().pk},
    "set_language POST": lambda _: {"language": "en"},
    "desk_terms POST": lambda _: {"terms": "產學合作"},
    "notifications POST": lambda _: {"e_mail": "digest"},
    "theme POST": lambda _: {"theme": "dark"},
    "draft_thread POST": lambda _: a_comment(),
    "thread POST": lambda _: a_comment(),
    "thread POST for the association": lambda scene: a_comment(voice=str(scene.association.pk)),
    "thread POST reply": lambda scene: a_comment(parent=scene.comment.reference),
    "thread POST unpublished": lambda _: a_comment(),
}
