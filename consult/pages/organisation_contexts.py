"""What the pages of organisations and of the office show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.groups import ORGANISED
from accounts.models import (
    EvidenceFile,
    Mandate,
    Membership,
    Organisation,
    OrganisationQuerySet,
    OrganisationRecord,
    User,
)
from accounts.representing import may_manage
from comments.models import Comment, CommentQuerySet
from comments.showing import CommentView, comment_views

LISTED = 50
SAID_A_PAGE = 20
# How long before its end a verification is worth renewing.
ENDING_SOON = timedelta(days=60)
MOST_ALIKE = 10

Phase = Organisation.Phase
State = Organisation.State
Step = OrganisationRecord.Act


@dataclass(frozen=True)
class Filter:
    """One way to narrow a list, and how many it leaves."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class OrganisationsPage:
    """Verified organisations by name; `next_after` asks for more, where there is more."""

    words: str
    group: str
    filters: tuple[Filter, ...]
    organisations: tuple[Organisation, ...]
    next_after: str


@dataclass(frozen=True)
class OrganisationPage:
    """Who an organisation is, whether it is verified, and what it said."""

    organisation: Organisation
    phase: Organisation.Phase
    withdrawn_at: datetime | None
    former_names: tuple[str, ...]
    said: tuple[CommentView, ...]
    said_count: int
    next_before: str

    @property
    def is_verified(self) -> bool:
        return self.phase == Phase.VERIFIED


@dataclass(frozen=True)
class OwnLine:
    """One organisation that a person belongs to."""

    membership: Membership
    phase: Organisation.Phase


@dataclass(frozen=True)
class OwnPage:
    """An organisation as one who belongs to it sees it: how far it is, and what comes next."""

    organisation: Organisation
    phase: Organisation.Phase
    represents: bool
    may_manage: bool
    steps: tuple[OrganisationRecord, ...]
    files: tuple[EvidenceFile, ...]

    @property
    def reason(self) -> str:
        """What was said with the last decision."""
        decided = (step for step in reversed(self.steps) if step.act in _DECISIONS)
        return next((step.reason for step in decided), "")


@dataclass(frozen=True)
class OfficePage:
    """The administrator's list of organisations; what waits stands there longest first."""

    shown: str
    words: str
    filters: tuple[Filter, ...]
    organisations: tuple[Organisation, ...]
    next_after: str
    mandates: int

    @property
    def waits(self) -> bool:
        return self.shown == WAITING


@dataclass(frozen=True)
class DecisionPage:
    """Everything that an administrator has to know of one organisation."""

    organisation: Organisation
    phase: Organisation.Phase
    is_own: bool
    steps: tuple[OrganisationRecord, ...]
    files: tuple[EvidenceFile, ...]
    mandates: tuple[Mandate, ...]
    # The applicant's verified addresses, and whether one is on the organisation's domain.
    addresses: tuple[str, ...]
    is_on_domain: bool
    alike: tuple[Organisation, ...]

    @property
    def seen(self) -> int | None:
        """The key of the last step, so that nothing newer is decided on unseen."""
        return self.steps[-1].pk if self.steps else None


_DECISIONS = {Step.ASK_MORE, Step.REFUSE, Step.WITHDRAW, Step.VERIFY}
WAITING, ENDING = "waiting", "ending"


# --- for everyone -----------------------------------------------------------------------------


def organisations_page(*, words: str, group: str, after: str, at: datetime) -> OrganisationsPage:
    """The public list, narrowed to words in the name and to a group."""
    verified = Organisation.objects.verified(on=timezone.localdate(at))
    if words.strip():
        verified = verified.named_like(words)
    counts = dict(verified.order_by().values_list("group").annotate(Count("pk")))
    groups = {value: str(label) for value, label in ORGANISED if value in counts}
    filters = [Filter("", _("All"), sum(counts.values()), group not in groups)]
    filters += [Filter(v, label, counts[v], v == group) for v, label in groups.items()]
    chosen = verified.filter(group=group) if group in groups else verified
    found, next_after = _by_name(chosen, after=after)
    return OrganisationsPage(words, group, tuple(filters), found, next_after)


def organisation_page(organisation: Organisation, *, before: str, at: datetime) -> OrganisationPage:
    """An organisation's public page, with what it said from there on, newest first."""
    steps = organisation.records.in_order()
    named = steps.filter(act__in=(Step.VERIFY, Step.ACCEPT_NAME))
    withdrawn = steps.filter(act=Step.WITHDRAW).last()
    said = Comment.objects.filter(organisation=organisation).readable(at=at).shown()
    comments, next_before = _newest(said, before=before)
    names = dict.fromkeys(named.values_list("name", flat=True))
    return OrganisationPage(
        organisation=organisation,
        phase=organisation.phase(on=timezone.localdate(at)),
        withdrawn_at=withdrawn.recorded_at if withdrawn else None,
        former_names=tuple(name for name in names if name and name != organisation.name),
        said=comment_views(comments),
        said_count=said.count(),
        next_before=next_before,
    )


def _newest(said: CommentQuerySet, *, before: str) -> tuple[list[Comment], str]:
    """A page of comments, newest first, and the reference to ask beyond for more."""
    edge = said.filter(reference=before).first() if before else None
    if edge is not None:
        earlier = Q(created_at=edge.created_at, pk__lt=edge.pk)
        said = said.filter(Q(created_at__lt=edge.created_at) | earlier)
    found = list(
        said.with_speaker()
        .select_related("thread__section", "thread__provision", "thread__draft__framework")
        .order_by("-created_at", "-pk")[: SAID_A_PAGE + 1]
    )
    more = len(found) > SAID_A_PAGE
    found = found[:SAID_A_PAGE]
    return found, found[-1].reference if more else ""


# --- for those who belong to it ---------------------------------------------------------------


def own_lines(user: User, *, at: datetime) -> list[OwnLine]:
    """The organisations that this person belongs to, the newest application first."""
    memberships = user.memberships.current().select_related("organisation")
    on = timezone.localdate(at)
    return [
        OwnLine(membership, membership.organisation.phase(on=on))
        for membership in memberships.order_by("-joined_at", "-pk")
    ]


def own_page(organisation: Organisation, *, reader: User, at: datetime) -> OwnPage:
    """The page for this reader, a member; how it was decided is for representatives."""
    on = timezone.localdate(at)
    own = organisation.memberships.current().representatives().filter(user=reader)
    represents = own.exists()
    return OwnPage(
        organisation=organisation,
        phase=organisation.phase(on=on),
        represents=represents,
        may_manage=represents and may_manage(reader, organisation, on=on),
        steps=tuple(organisation.records.in_order()) if represents else (),
        files=_files_of(organisation) if represents else (),
    )


# --- for administrators -----------------------------------------------------------------------


def office_page(*, shown: str, words: str, after: str, at: datetime) -> OfficePage:
    """The list that is asked for: what waits, or all that are in one state."""
    on = timezone.localdate(at)
    everything = Organisation.objects.all()
    lists: Mapping[str, tuple[str, OrganisationQuerySet]] = {
        WAITING: (_("Waiting"), everything.awaiting_decision()),
        State.INCOMPLETE: _in_state(State.INCOMPLETE),
        ENDING: (_("Ended or ending soon"), everything.ending_by(on + ENDING_SOON)),
        State.VERIFIED: _in_state(State.VERIFIED),
        State.REFUSED: _in_state(State.REFUSED),
        State.WITHDRAWN: _in_state(State.WITHDRAWN),
    }
    shown = shown if shown in lists else WAITING
    chosen = lists[shown][1]
    if words.strip():
        chosen = chosen.named_like(words)
    chosen = chosen.select_related("applied_by")
    if shown == WAITING:
        found, next_after = tuple(chosen.longest_waiting_first()[: 2 * LISTED]), ""
    else:
        found, next_after = _by_name(chosen, after=after)
    return OfficePage(
        shown=shown,
        words=words,
        filters=tuple(
            Filter(value, label, listed.count(), value == shown)
            for value, (label, listed) in lists.items()
        ),
        organisations=found,
        next_after=next_after,
        mandates=Mandate.objects.awaiting_decision().count(),
    )


def _in_state(state: Organisation.State) -> tuple[str, OrganisationQuerySet]:
    return str(state.label), Organisation.objects.filter(state=state)


def decision_page(organisation: Organisation, *, reader: User, at: datetime) -> DecisionPage:
    """All of it in one page, for this administrator."""
    current = organisation.memberships.current()
    addresses = EmailAddress.objects.filter(user=organisation.applied_by, verified=True)
    found = tuple(addresses.order_by("email").values_list("email", flat=True))
    domain = organisation.email_domain
    return DecisionPage(
        organisation=organisation,
        phase=organisation.phase(on=timezone.localdate(at)),
        is_own=current.filter(user=reader).exists(),
        steps=tuple(organisation.records.in_order().select_related("actor")),
        files=_files_of(organisation),
        mandates=tuple(
            Mandate.objects.filter(membership__organisation=organisation)
            .select_related("membership__user")
            .order_by("proposed_at", "pk")
        ),
        addresses=found,
        is_on_domain=any(address.lower().endswith(f"@{domain}") for address in found),
        alike=_alike(organisation),
    )


def _alike(organisation: Organisation) -> tuple[Organisation, ...]:
    """Others that may be the same body: of its name, its number or its domain."""
    name = organisation.proposed_name or organisation.name
    same = Q(plain_name__iexact=name.replace("台", "臺"))
    if organisation.business_number:
        same |= Q(business_number=organisation.business_number)
    if organisation.email_domain:
        same |= Q(email_domain=organisation.email_domain)
    others = Organisation.objects.named_like("").exclude(pk=organisation.pk).filter(same)
    return tuple(others.by_name()[:MOST_ALIKE])


def _files_of(organisation: Organisation) -> tuple[EvidenceFile, ...]:
    return tuple(organisation.evidence_files.filter(mandate=None))


def _by_name(found: OrganisationQuerySet, *, after: str) -> tuple[tuple[Organisation, ...], str]:
    """A page of them by name, and the one to ask beyond for more."""
    key = _key(after)
    edge = Organisation.objects.filter(public_id=key).first() if key else None
    if edge is not None:
        found = found.filter(Q(name__gt=edge.name) | Q(name=edge.name, pk__gt=edge.pk))
    page = tuple(found.by_name()[: LISTED + 1])
    more = len(page) > LISTED
    page = page[:LISTED]
    return page, str(page[-1].public_id) if more else ""


def _key(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None
