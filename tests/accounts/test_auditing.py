"""The audit log takes lines and gives none back, whoever asks."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from accounts.auditing import Act, record
from accounts.models import AuditRecord, Organisation, User
from accounts.origins import current_address, remember_address

pytestmark = pytest.mark.django_db


def test_a_line_names_actor_object_and_details(moderator: User, association: Organisation) -> None:
    line = record(
        Act.ORGANISATION_VERIFIED, actor=moderator, about=association, details={"until": None}
    )
    line.refresh_from_db()
    assert (line.actor, line.object_kind, line.object_key) == (
        moderator,
        "organisation",
        str(association.public_id),
    )
    assert line.details == {"until": None}
    assert line.address is None


@pytest.mark.parametrize("change", ["update", "save", "delete", "sql"])
def test_no_line_is_changed_or_deleted(moderator: User, change: str) -> None:
    line = record(Act.SIGN_IN, actor=moderator)
    lines = AuditRecord.objects.filter(pk=line.pk)
    changes: dict[str, Callable[[], object]] = {
        "update": lambda: lines.update(act=Act.EXPORTED),
        "save": line.save,
        "delete": line.delete,
        "sql": lambda: lines.raw("DELETE FROM accounts_auditrecord RETURNING *")[0],
    }
    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
        changes[change]()
    assert lines.get().act == Act.SIGN_IN


def test_the_network_address_is_the_requests(moderator: User) -> None:
    written: list[AuditRecord] = []

    def answer(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view
        written.append(record(Act.SIGN_IN, actor=moderator))
        return HttpResponse()

    ask = remember_address(answer)
    for address in ("192.0.2.7", "2001:db8::7", ""):
        ask(RequestFactory().get("/", REMOTE_ADDR=address))
    assert [line.address for line in written] == ["192.0.2.7", "2001:db8::7", None]
    assert current_address() is None
