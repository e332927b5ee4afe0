"""Who drafts a framework is decided by an administrator, and held while it is used."""

import threading
import time
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.http import Http404
from django.utils import translation

from accounts.auditing import Act
from accounts.models import AuditRecord, User
from accounts.roles import RoleRefused
from consult.document.access import may_draft
from consult.document.drafting import give_drafting, hold_drafting, take_drafting
from consult.document.models import Framework

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def test_drafting_is_given_and_taken_away(
    administrator: User, visitor: User, framework: Framework
) -> None:
    give_drafting(framework, to=visitor, actor=administrator)
    assert may_draft(visitor, framework)
    with pytest.raises(RoleRefused, match="already"):
        give_drafting(framework, to=visitor, actor=administrator)
    take_drafting(framework, away_from=visitor, actor=administrator)
    assert not may_draft(visitor, framework)
    with pytest.raises(RoleRefused, match="no longer"):
        take_drafting(framework, away_from=visitor, actor=administrator)
    details = {"role": "drafter", "framework": "tve"}
    assert list(AuditRecord.objects.order_by("pk").values_list("act", "details", "object_key")) == [
        (Act.ROLE_GIVEN, details, str(visitor.public_id)),
        (Act.ROLE_TAKEN, details, str(visitor.public_id)),
    ]


def test_drafters_give_no_drafting(drafter: User, visitor: User, framework: Framework) -> None:
    with pytest.raises(RoleRefused):
        give_drafting(framework, to=visitor, actor=drafter)
    assert not may_draft(visitor, framework)


def test_who_drafts_no_longer_holds_nothing(visitor: User, framework: Framework) -> None:
    with pytest.raises(Http404):
        hold_drafting(framework, user=visitor)


@pytest.mark.django_db(transaction=True)
def test_taking_it_away_waits_for_what_is_being_published(
    administrator: User, drafter: User, framework: Framework
) -> None:
    order: list[str] = []

    def take() -> None:
        take_drafting(framework, away_from=drafter, actor=administrator)
        order.append("taken away")
        connection.close()

    with transaction.atomic():
        hold_drafting(framework, user=drafter)
        thread = threading.Thread(target=take)
        thread.start()
        time.sleep(0.3)
        order.append("published")
    thread.join(10)
    assert order == ["published", "taken away"]
    assert not may_draft(drafter, framework)
