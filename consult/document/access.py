"""Who may read and who may change which part of a document; what may not be seen is not found."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from accounts.access import Visitor, is_signed_in, require_second_factor
from accounts.models import User
from consult.document.models import Draft, Framework, Provision, Section, WaitingFile
from consult.document.windows import WindowState


def may_draft(user: Visitor, framework: Framework) -> bool:
    """Whether this person drafts this framework: publishes, runs reports and answers."""
    return is_signed_in(user) and framework.drafters.filter(pk=user.pk).exists()


def require_drafter(user: Visitor, framework: Framework) -> User:
    """The drafter who asks; Http404 for everyone else.

    Raises SecondFactorNeeded for a drafter without one.
    """
    if not is_signed_in(user) or not may_draft(user, framework):
        raise Http404
    return require_second_factor(user)


def frameworks_to_change(user: User) -> list[Framework]:
    """The frameworks that this person drafts, by code; none for everyone else.

    Raises SecondFactorNeeded for a drafter without one.
    """
    frameworks = list(Framework.objects.drafted_by(user).order_by("code"))
    if frameworks:
        require_second_factor(user)
    return frameworks


def framework_to_change(user: Visitor, *, code: str) -> Framework:
    """A framework that this person drafts; Http404 for any other."""
    framework = Framework.objects.drafted_by(user).filter(code=code).first()
    if framework is None:
        raise Http404
    return framework


def framework_to_import_into(user: Visitor, *, code: str) -> Framework:
    """A framework that this person drafts; refused as by `require_drafter`."""
    framework = Framework.objects.filter(code=code).first()
    if framework is None:
        raise Http404
    require_drafter(user, framework)
    return framework


def framework_to_write(user: Visitor, *, code: str) -> Framework:
    """A framework whose next draft this person may write; refused as by `require_drafter`."""
    return framework_to_import_into(user, code=code)


def waiting_file(user: Visitor, *, code: str, public_id: UUID) -> WaitingFile:
    """A file that this person handed in; refused as by `require_drafter`, Http404 for another's."""
    found = WaitingFile.objects.filter(framework__code=code, public_id=public_id)
    waiting = found.select_related("framework").first()
    if waiting is None or waiting.owner_id != require_drafter(user, waiting.framework).pk:
        raise Http404
    return waiting


def _draft(drafts: QuerySet[Draft], *, code: str, number: int) -> Draft:
    try:
        return drafts.select_related("framework").get(framework__code=code, number=number)
    except Draft.DoesNotExist:
        raise Http404 from None


def draft_to_read(*, code: str, number: int, at: datetime | None = None) -> Draft:
    """A draft of which a section is shown to everyone; Http404 for any other."""
    return _draft(Draft.objects.listed(at=at or timezone.now()), code=code, number=number)


def drafts_to_compare(
    *, code: str, old: int, new: int, at: datetime | None = None
) -> tuple[Draft, Draft]:
    """Two drafts of a framework, the old one first, of both of which text is shown.

    Http404 for any others.
    """
    readable = Draft.objects.readable(at=at or timezone.now()).select_related("framework")
    found = list(readable.filter(framework__code=code, number__in=(old, new)).order_by("number"))
    try:
        earlier, later = found
    except ValueError:
        raise Http404 from None
    return earlier, later


def draft_to_change(user: Visitor, *, code: str, number: int) -> Draft:
    """A draft of a framework that this person drafts; refused as by `require_drafter`."""
    draft = _draft(Draft.objects.all(), code=code, number=number)
    require_drafter(user, draft.framework)
    return draft


def section_to_read(*, code: str, number: int, ref: str, at: datetime | None = None) -> Section:
    """A section that is announced, open or closed; Http404 for any other."""
    section = _section(code=code, number=number, ref=ref)
    if section.state(at=at or timezone.now()) == WindowState.UNPUBLISHED:
        raise Http404
    return section


def section_to_change(user: Visitor, *, code: str, number: int, ref: str) -> Section:
    """A section of a framework that this person drafts; refused as by `require_drafter`."""
    section = _section(code=code, number=number, ref=ref)
    require_drafter(user, section.draft.framework)
    return section


def provision_to_read(*, code: str, number: int, ref: str, at: datetime | None = None) -> Provision:
    """A provision whose section is open or closed; Http404 for any other."""
    try:
        provision = Provision.objects.select_related(
            "section__window", "section__draft__framework"
        ).get(draft__framework__code=code, draft__number=number, ref=ref)
    except Provision.DoesNotExist:
        raise Http404 from None
    if provision.section.state(at=at or timezone.now()) not in READABLE:
        raise Http404
    return provision


READABLE = (WindowState.OPEN, WindowState.CLOSED)


def _section(*, code: str, number: int, ref: str) -> Section:
    try:
        return Section.objects.select_related("window", "draft__framework").get(
            draft__framework__code=code, draft__number=number, ref=ref
        )
    except Section.DoesNotExist:
        raise Http404 from None
