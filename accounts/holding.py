"""What is held about a person, table by table: each app says its part, a page puts it together.

A test walks every table that points at an account and fails where it is in nobody's part.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db.models import Model, Q

from accounts.models import (
    AuditRecord,
    EvidenceFile,
    Invitation,
    JoinRequest,
    Mandate,
    Membership,
    Organisation,
    OrganisationRecord,
    User,
)

ROWS_AT_ONCE = 500
Rows = Iterator[Mapping[str, Any]]


@dataclass(frozen=True)
class HeldPart:
    """One file of the download: rows of a table, found by what leads from them to the person.

    A field may lead on to another table (`organisation__name`); none holds a secret.
    """

    name: str
    model: type[Model]
    by: str
    fields: tuple[str, ...]

    def rows(self, user: User) -> Rows:
        """The person's rows, oldest first, never all in memory."""
        found = self.model._default_manager.filter(**{self.by: user.pk}).order_by("pk")  # noqa: SLF001 - Django documents it
        yield from found.values(*self.fields).iterator(chunk_size=ROWS_AT_ONCE)


PARTS = (
    HeldPart(
        "account",
        User,
        "pk",
        (
            "email",
            "display_name",
            "public_role",
            "public_id",
            "date_joined",
            "last_login",
            "privacy_version",
            "privacy_agreed_at",
            "is_moderator",
            "is_staff",
        ),
    ),
    HeldPart("second-factors", Authenticator, "user", ("type", "created_at", "last_used_at")),
    HeldPart(
        "sign-in-services",
        SocialAccount,
        "user",
        ("provider", "uid", "date_joined", "last_login", "extra_data"),
    ),
    HeldPart("sessions", UserSession, "user", ("created_at", "last_seen_at", "ip", "user_agent")),
    HeldPart("addresses", EmailAddress, "user", ("email", "verified", "primary")),
    HeldPart(
        "memberships", Membership, "user", ("organisation__name", "role", "joined_at", "left_at")
    ),
    HeldPart(
        "mandates",
        Mandate,
        "membership__user",
        (
            "membership__organisation__name",
            "evidence",
            "framework_codes",
            "starts_on",
            "ends_on",
            "state",
            "proposed_at",
            "decided_at",
            "reason",
        ),
    ),
    HeldPart(
        "requests-to-join",
        JoinRequest,
        "user",
        ("organisation__name", "state", "asked_at", "decided_at"),
    ),
    HeldPart(
        "invitations-sent",
        Invitation,
        "invited_by",
        ("organisation__name", "email", "created_at", "expires_at", "accepted_at", "cancelled_at"),
    ),
    HeldPart(
        "invitations-accepted",
        Invitation,
        "accepted_by",
        ("organisation__name", "email", "created_at", "accepted_at"),
    ),
    HeldPart(
        "applications",
        Organisation,
        "applied_by",
        (
            "name",
            "group",
            "school_level",
            "sector",
            "county",
            "business_number",
            "email_domain",
            "state",
            "applied_at",
        ),
    ),
    HeldPart(
        "application-steps",
        OrganisationRecord,
        "actor",
        ("organisation__name", "act", "reason", "recorded_at"),
    ),
    HeldPart(
        "evidence",
        EvidenceFile,
        "uploaded_by",
        ("public_id", "organisation__name", "shown_name", "size", "sha256", "uploaded_at"),
    ),
    HeldPart(
        "audit-log",
        AuditRecord,
        "actor",
        ("recorded_at", "act", "object_kind", "object_key", "details", "address"),
    ),
)


def invitations_to(user: User) -> Rows:
    """What was sent to an address of this person and is held by the address alone."""
    addresses = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    same = Q(pk__in=[])
    for address in addresses:
        same |= Q(email__iexact=address)
    found = Invitation.objects.filter(same).order_by("pk")
    yield from found.values("organisation__name", "email", "created_at", "expires_at")


def done_to(user: User) -> Rows:
    """What the audit log says was done to this person's account by whomever."""
    found = AuditRecord.objects.about(user).exclude(actor=user).order_by("pk")
    yield from found.values("recorded_at", "act", "details").iterator(chunk_size=ROWS_AT_ONCE)
