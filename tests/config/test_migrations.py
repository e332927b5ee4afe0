"""The tables are the ones that the models ask for."""

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    # Ends with SystemExit, and says what is missing.
    call_command("makemigrations", "--check", "--dry-run")
