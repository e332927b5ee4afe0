"""Evidence that was looked through, and organisations under way."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from accounts.applications import Application
from accounts.groups import StakeholderGroup
from accounts.inspecting.kinds import FileKind
from accounts.models import Organisation, User
from accounts.uploads import GuardedFile
from accounts.verifying import apply_for_organisation

LETTER = GuardedFile(name="授權書.pdf", kind=FileKind.PDF, content=b"%PDF-1.7 letter")
RIGHT_NUMBER = "04595257"


@pytest.fixture
def private(tmp_path: Path, settings: Any) -> Path:  # noqa: ANN401 - pytest-django's own
    """The folder of stored files, of this test alone; it isn't there before something is kept."""
    folder = tmp_path / "private"
    kept = settings.STORAGES["private"]
    options = kept["OPTIONS"] | {"location": folder}
    settings.STORAGES = settings.STORAGES | {"private": kept | {"OPTIONS": options}}
    return folder


def application(name: str = "臺灣茶業改進協會", **changed: str) -> Application:
    """What can be handed in as it is."""
    fields = {"group": StakeholderGroup.ASSOCIATION.value, "county": "TPE"} | changed
    return Application(name=name, **fields)


def applied(
    applicant: User,
    name: str = "臺灣茶業改進協會",
    *,
    at: datetime | None = None,
    **changed: str,
) -> Organisation:
    """An organisation that this person has applied for."""
    return apply_for_organisation(
        applicant=applicant,
        application=application(name, **changed),
        evidence="理事會 114 年 3 月 1 日決議",
        files=[LETTER],
        at=at,
    )
