"""Files that nobody names are removed; those that are named stay."""

import datetime as dt
import os
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import EvidenceFile, Organisation, User
from comments.tasks import UNCLAIMED_KEPT, remove_unclaimed_files

pytestmark = pytest.mark.django_db


def test_only_old_files_that_no_row_names_are_removed(
    association: Organisation,
    member: User,
    settings: Any,  # noqa: ANN401
    tmp_path: Path,
) -> None:
    settings.STORAGES = settings.STORAGES | {
        "private": settings.STORAGES["private"] | {"OPTIONS": {"location": tmp_path}}
    }
    claimed, unclaimed, fresh = (tmp_path / f"{letter * 32}.pdf" for letter in "abc")
    for file in (claimed, unclaimed, fresh):
        file.write_bytes(b"%PDF-")
    old = (timezone.now() - UNCLAIMED_KEPT - dt.timedelta(minutes=1)).timestamp()
    for file in (claimed, unclaimed):
        os.utime(file, (old, old))
    EvidenceFile.objects.create(
        organisation=association,
        stored_name=claimed.name,
        shown_name="letter.pdf",
        kind="PDF",
        size=5,
        sha256="0" * 64,
        uploaded_by=member,
    )
    remove_unclaimed_files()
    assert sorted(tmp_path.iterdir()) == [claimed, fresh]
