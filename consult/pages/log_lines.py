"""The audit log in sentences: who did what to whom, by names as they are now."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.auditing import Act
from accounts.models import (
    AuditRecord,
    EvidenceFile,
    Mandate,
    Membership,
    Organisation,
    User,
)
from accounts.roles import Role
from consult.document.drafting import DRAFTER
from consult.document.models import Draft, Framework
from consult.reports.models import ExpectedVoice, Report

SENTENCES: dict[str, str | Promise] = {
    Act.SIGN_IN: gettext_lazy("%(actor)s signed in."),
    Act.PASSWORD_CHANGED: gettext_lazy("%(actor)s changed their password."),
    Act.ADDRESS_CHANGED: gettext_lazy("%(actor)s changed their e-mail address."),
    Act.FACTOR_ADDED: gettext_lazy("%(actor)s added a second factor."),
    Act.FACTOR_REMOVED: gettext_lazy("%(actor)s removed a second factor."),
    Act.LOGIN_CONNECTED: gettext_lazy("%(actor)s connected a sign-in service."),
    Act.LOGIN_DISCONNECTED: gettext_lazy("%(actor)s disconnected a sign-in service."),
    Act.ROLE_GIVEN: gettext_lazy("%(actor)s gave %(object)s a role."),
    Act.ROLE_TAKEN: gettext_lazy("%(actor)s took a role away from %(object)s."),
    Act.ORGANISATION_APPLIED: gettext_lazy("%(actor)s applied for %(object)s."),
    Act.ORGANISATION_COMPLETED: gettext_lazy("%(actor)s completed the application of %(object)s."),
    Act.ORGANISATION_ASKED: gettext_lazy("%(actor)s asked %(object)s for more."),
    Act.ORGANISATION_VERIFIED: gettext_lazy("%(actor)s verified %(object)s."),
    Act.ORGANISATION_REFUSED: gettext_lazy("%(actor)s refused %(object)s."),
    Act.ORGANISATION_WITHDRAWN: gettext_lazy("%(actor)s withdrew the verification of %(object)s."),
    Act.NAME_PROPOSED: gettext_lazy("%(actor)s proposed a new name for %(object)s."),
    Act.NAME_ACCEPTED: gettext_lazy("%(actor)s accepted the new name of %(object)s."),
    Act.NAME_REFUSED: gettext_lazy("%(actor)s refused the new name of %(object)s."),
    Act.EVIDENCE_OPENED: gettext_lazy("%(actor)s opened evidence: %(object)s."),
    Act.MEMBER_INVITED: gettext_lazy("%(actor)s invited someone to %(object)s."),
    Act.INVITATION_CANCELLED: gettext_lazy("%(actor)s cancelled an invitation to %(object)s."),
    Act.MEMBER_JOINED: gettext_lazy("A member joined %(object)s, through %(actor)s."),
    Act.MEMBER_LEFT: gettext_lazy("%(actor)s left %(object)s."),
    Act.MEMBER_REMOVED: gettext_lazy("%(actor)s removed a member of %(object)s."),
    Act.MEMBER_ROLE_CHANGED: gettext_lazy("%(actor)s changed a member's role in %(object)s."),
    Act.MANDATE_PROPOSED: gettext_lazy("%(actor)s proposed a mandate: %(object)s."),
    Act.MANDATE_ACCEPTED: gettext_lazy("%(actor)s accepted a mandate: %(object)s."),
    Act.MANDATE_REFUSED: gettext_lazy("%(actor)s refused a mandate: %(object)s."),
    Act.MANDATE_WITHDRAWN: gettext_lazy("%(actor)s withdrew a mandate: %(object)s."),
    Act.DATA_DOWNLOADED: gettext_lazy("%(actor)s downloaded their own data."),
    Act.ACCOUNT_CLOSED: gettext_lazy("%(actor)s closed their account."),
    Act.EXPORTED: gettext_lazy("%(actor)s exported data: %(object)s."),
    Act.DRAFT_IMPORTED: gettext_lazy("%(actor)s imported a draft: %(object)s."),
    Act.REPORT_PUBLISHED: gettext_lazy("%(actor)s published a report: %(object)s."),
    Act.REPORT_TAKEN_BACK: gettext_lazy("%(actor)s took back a published report: %(object)s."),
    Act.SCHEDULE_CHANGED: gettext_lazy(
        "%(actor)s changed when reports are made by themselves: %(object)s."
    ),
    Act.THEMES_CHANGED: gettext_lazy("%(actor)s changed the themes of a report: %(object)s."),
    Act.DISCLOSED: gettext_lazy("%(actor)s disclosed restricted data: %(object)s."),
    Act.VOICE_EXPECTED: gettext_lazy("%(actor)s put %(object)s on the list of those expected."),
    Act.VOICES_IMPORTED: gettext_lazy("%(actor)s imported a list of those expected: %(object)s."),
    Act.VOICE_CHANGED: gettext_lazy("%(actor)s changed an entry of those expected: %(object)s."),
    Act.VOICE_REMOVED: gettext_lazy("%(actor)s took %(object)s off the list of those expected."),
    Act.VOICE_RESTORED: gettext_lazy(
        "%(actor)s put %(object)s back on the list of those expected."
    ),
    Act.VOICE_REMINDED: gettext_lazy("%(actor)s had %(object)s reminded to speak."),
}
# What a line is about when it names no row.
WHOLE = {"audit log": gettext_lazy("the audit log")}
ROLES: dict[str, str | Promise] = {
    **{role.value: role.label for role in Role},
    **{role.value: role.label for role in Membership.Role},
    DRAFTER: gettext_lazy("Drafter"),
}


@dataclass(frozen=True)
class LogLine:
    """One line as it is read; `particulars` say more where the line holds more."""

    record: AuditRecord
    sentence: str
    particulars: Sequence[str]


@dataclass(frozen=True)
class _Kind:
    """How rows of one table are found by the keys in the log, and called."""

    rows: Callable[[], QuerySet[Any]]
    by: str
    name: Callable[[Any], str]


KINDS = {
    "user": _Kind(User.objects.all, "public_id", lambda user: user.shown_name),
    "organisation": _Kind(Organisation.objects.all, "public_id", str),
    "membership": _Kind(
        lambda: Membership.objects.select_related("user"), "pk", lambda m: m.user.shown_name
    ),
    "mandate": _Kind(
        lambda: Mandate.objects.select_related("membership__user", "membership__organisation"),
        "pk",
        lambda m: f"{m.membership.user.shown_name} · {m.membership.organisation}",
    ),
    "evidencefile": _Kind(
        lambda: EvidenceFile.objects.select_related("organisation"),
        "public_id",
        lambda file: f"{file.organisation} · {file.shown_name}",
    ),
    "draft": _Kind(
        lambda: Draft.objects.select_related("framework"),
        "pk",
        lambda draft: f"{draft.framework} · {draft.label or draft.title}",
    ),
    "framework": _Kind(Framework.objects.all, "pk", str),
    "expectedvoice": _Kind(ExpectedVoice.objects.all, "public_id", str),
    "report": _Kind(lambda: Report.objects.select_related("draft__framework"), "public_id", str),
}
Key = tuple[str, str]


def lines_of(records: Sequence[AuditRecord]) -> list[LogLine]:
    """The records in sentences, by one query for each kind of object."""
    names = _names(key for record in records for key in _keys(record))
    return [_line(record, names) for record in records]


def _keys(record: AuditRecord) -> list[Key]:
    named = [(kind, str(key)) for kind, key in record.details.items() if kind in KINDS]
    return [(record.object_kind, record.object_key), *named]


def _names(keys: Iterable[Key]) -> dict[Key, str]:
    wanted: dict[str, set[str]] = defaultdict(set)
    for kind, key in keys:
        if kind in KINDS:
            wanted[kind].add(key)
    return {
        (kind, str(getattr(row, KINDS[kind].by))): KINDS[kind].name(row)
        for kind, its_keys in wanted.items()
        for row in _rows(KINDS[kind], its_keys)
    }


def _rows(kind: _Kind, keys: set[str]) -> QuerySet[Model]:
    return kind.rows().filter(**{f"{kind.by}__in": keys})


def _line(record: AuditRecord, names: Mapping[Key, str]) -> LogLine:
    said = {
        "actor": record.actor.shown_name if record.actor else _("The site"),
        "object": _object(record, names),
    }
    return LogLine(record, str(SENTENCES[record.act]) % said, _particulars(record, names))


def _object(record: AuditRecord, names: Mapping[Key, str]) -> str:
    if not record.object_kind:
        what = str(record.details.get("what", ""))
        return str(WHOLE.get(what, what)) or _("the site")
    return names.get((record.object_kind, record.object_key), record.object_key)


def _particulars(record: AuditRecord, names: Mapping[Key, str]) -> list[str]:
    said = []
    for key, value in record.details.items():
        if value in (None, "") or key == "what":
            continue
        if key == "role":
            said.append(str(ROLES.get(str(value), value)))
        elif key in KINDS:
            said.append(names.get((key, str(value)), str(value)))
        else:
            said.append(f"{key}: {value}")
    return said
