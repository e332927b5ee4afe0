"""Who speaks: people, organisations, who belongs to them, who may speak for them, and the log."""

from accounts.models.auditing import AuditRecord
from accounts.models.limits import CachedInDatabase, RateCount
from accounts.models.membership import Invitation, JoinRequest, Mandate, Membership
from accounts.models.organisations import (
    EvidenceFile,
    Organisation,
    OrganisationQuerySet,
    OrganisationRecord,
)
from accounts.models.people import User, UserManager

__all__ = [
    "AuditRecord",
    "CachedInDatabase",
    "EvidenceFile",
    "Invitation",
    "JoinRequest",
    "Mandate",
    "Membership",
    "Organisation",
    "OrganisationQuerySet",
    "OrganisationRecord",
    "RateCount",
    "User",
    "UserManager",
]
