"""The demonstration's organisations: most are verified, two are in the administrator's queue.

Written as rows, not by the verbs: these would tell people who don't exist by e-mail.
"""

import datetime as dt
from datetime import datetime

from django.utils import timezone

from accounts.inspecting.kinds import FileKind
from accounts.models import (
    EvidenceFile,
    Mandate,
    Membership,
    Organisation,
    OrganisationRecord,
    User,
)
from accounts.uploads import GuardedFile, keep
from consult.pages.demonstration.script import (
    CODE,
    FOLDER,
    NINE,
    OrganisationLine,
    PersonLine,
    Script,
    days_before,
)

VERIFIED_DAYS_BEFORE = 40
APPLIED_DAYS_BEFORE = {"verified": 43, "applied": 3, "incomplete": 9}
ASKED_DAYS_BEFORE = 6
VERIFIED_FOR_DAYS = 730
LETTER = FOLDER / "letter.pdf"
LETTER_NAME = "示範用授權書.pdf"
EVIDENCE = "示範用：授權書（虛構）"
RESOLUTION = "示範用：第 12 屆第 3 次理事會決議（虛構）"

Step = OrganisationRecord.Act


def add_organisations(
    lines: tuple[OrganisationLine, ...], *, at: datetime
) -> dict[str, Organisation]:
    """Each organisation by its key."""
    verified_at = days_before(at, days=VERIFIED_DAYS_BEFORE, at=NINE)
    until = timezone.localdate(verified_at) + dt.timedelta(days=VERIFIED_FOR_DAYS)
    return {
        line.key: Organisation.objects.create(
            name=line.name,
            group=line.group,
            school_level=line.school_level,
            sector=line.sector,
            county=line.county,
            state=line.stage,
            applied_at=_applied_at(line, at=at),
            verified_at=verified_at if line.is_verified else None,
            verified_until=until if line.is_verified else None,
            is_demonstration=True,
        )
        for line in lines
    }


def add_members(
    script: Script,
    people: dict[str, User],
    organisations: dict[str, Organisation],
    *,
    at: datetime,
) -> None:
    """Who belongs to which organisation; a representative is the one who applied for it."""
    lines = {line.key: line for line in script.organisations}
    for person in script.people:
        if person.organisation:
            organisation = organisations[person.organisation]
            membership = Membership.objects.create(
                user=people[person.key],
                organisation=organisation,
                role=_role(person),
                joined_at=_applied_at(lines[person.organisation], at=at),
            )
            if person.asks_for_mandate:
                _add_proposal(membership, at=at)
            if person.role == "representative":
                line = lines[person.organisation]
                _add_application(line, membership, administrator=people["administrator"], at=at)


def _role(person: PersonLine) -> Membership.Role:
    speaks = person.role == "representative"
    return Membership.Role.REPRESENTATIVE if speaks else Membership.Role.MEMBER


def _add_proposal(membership: Membership, *, at: datetime) -> None:
    proposed_at = days_before(at, days=1, at=NINE)
    Mandate.objects.create(
        membership=membership,
        evidence=RESOLUTION,
        framework_codes=[CODE],
        starts_on=timezone.localdate(proposed_at),
        proposed_at=proposed_at,
    )


def _add_application(
    line: OrganisationLine, membership: Membership, *, administrator: User, at: datetime
) -> None:
    organisation, applicant = membership.organisation, membership.user
    applied_at = _applied_at(line, at=at)
    verified_at = days_before(at, days=VERIFIED_DAYS_BEFORE, at=NINE)
    Organisation.objects.filter(pk=organisation.pk).update(applied_by=applicant)
    Mandate.objects.create(
        membership=membership,
        evidence=EVIDENCE,
        starts_on=timezone.localdate(applied_at),
        state=Mandate.State.ACCEPTED if line.is_verified else Mandate.State.PROPOSED,
        proposed_at=applied_at,
        decided_at=verified_at if line.is_verified else None,
        decided_by=administrator if line.is_verified else None,
    )
    _add_step(Step.APPLY, organisation, actor=applicant, at=applied_at)
    if line.is_verified:
        _add_step(Step.VERIFY, organisation, actor=administrator, at=verified_at)
        return
    _add_letter(organisation, applicant, at=applied_at)
    if line.asked:
        asked_at = days_before(at, days=ASKED_DAYS_BEFORE, at=NINE)
        _add_step(Step.ASK_MORE, organisation, actor=administrator, at=asked_at, reason=line.asked)


def _add_step(
    step: OrganisationRecord.Act,
    organisation: Organisation,
    *,
    actor: User,
    at: datetime,
    reason: str = "",
) -> None:
    OrganisationRecord.objects.create(
        organisation=organisation,
        act=step,
        actor=actor,
        reason=reason,
        name=organisation.name,
        recorded_at=at,
        told_at=at,
    )


def _add_letter(organisation: Organisation, applicant: User, *, at: datetime) -> None:
    letter = GuardedFile(name=LETTER_NAME, kind=FileKind.PDF, content=LETTER.read_bytes())
    EvidenceFile.objects.create(
        organisation=organisation,
        stored_name=keep(letter),
        shown_name=letter.name,
        kind=letter.kind.value,
        size=letter.size,
        sha256=letter.digest,
        uploaded_by=applicant,
        uploaded_at=at,
    )


def _applied_at(line: OrganisationLine, *, at: datetime) -> datetime:
    return days_before(at, days=APPLIED_DAYS_BEFORE[line.stage], at=NINE)
