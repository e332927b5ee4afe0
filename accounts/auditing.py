"""Write the audit log: whoever changes rights or opens what is restricted leaves a line."""

import ipaddress
from collections.abc import Mapping

from django.db.models import Model

from accounts.models import AuditRecord, User
from accounts.origins import current_address

Act = AuditRecord.Act


def record(
    act: AuditRecord.Act,
    *,
    actor: User | None,
    about: Model | None = None,
    details: Mapping[str, object] | None = None,
) -> AuditRecord:
    """Add one line, in the running transaction; the network address is the request's own.

    `details` hold no names or addresses of people: rows can't be changed when someone leaves.
    """
    return AuditRecord.objects.create(
        act=act,
        actor=actor,
        object_kind=about._meta.model_name or "" if about else "",  # noqa: SLF001 - Django documents it
        object_key=str(getattr(about, "public_id", about.pk)) if about else "",
        details=dict(details or {}),
        address=_valid(current_address()),
    )


def _valid(address: str | None) -> str | None:
    """None where there is none, as over a Unix socket."""
    try:
        return str(ipaddress.ip_address(address)) if address else None
    except ValueError:
        return None
