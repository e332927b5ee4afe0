"""`manage.py load_demonstration`: all of it or nothing, once, signed in to with what is shown."""

import datetime as dt
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from accounts.models import Organisation, User
from comments.models import Comment
from config.embedded.folders import default_database_url
from consult.document.models import Framework
from consult.pages.demonstration.loading import load_demonstration
from consult.reports.silence import invited_and_silent

TAIPEI = ZoneInfo("Asia/Taipei")


def command(*options: str) -> str:
    output = StringIO()
    call_command("load_demonstration", *options, stdout=output, no_color=True)
    return output.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("hour", [0, 6, 23])
def test_it_loads_at_any_hour(hour: int) -> None:
    assert load_demonstration(at=dt.datetime(2025, 3, 1, hour, 1, tzinfo=TAIPEI))


@pytest.mark.django_db
def test_loading_twice_changes_nothing() -> None:
    said = command()
    assert said == (
        f"Loaded the demonstration: draft 1 of tve, {Organisation.objects.count()} organisations, "
        f"{User.objects.count()} people, {Comment.objects.count()} comments.\n"
    )
    before = Counter(Comment.objects.values_list("reference", flat=True))
    assert command() == "The demonstration is there already.\n"
    assert Counter(Comment.objects.values_list("reference", flat=True)) == before
    assert "not loaded" in command("--if-empty")


@pytest.mark.django_db
def test_most_who_were_invited_have_spoken_and_some_are_silent() -> None:
    loaded = load_demonstration()
    assert loaded
    invited, silent = invited_and_silent(loaded.draft)
    assert (invited, silent) == (10, 4)


@pytest.mark.django_db
def test_work_that_is_there_is_left_alone() -> None:
    Framework.objects.create(code="skills", title="Skills", owner_body="Ministry of Skills")
    said = command("--if-empty")
    assert said == "There is a framework already: the demonstration was not loaded.\n"
    assert not User.objects.exists()


@pytest.mark.django_db
def test_it_does_not_mix_with_a_framework_of_the_same_code() -> None:
    Framework.objects.create(code="tve", title="Another", owner_body="Another")
    with pytest.raises(CommandError, match="“tve” already"):
        command()
    assert not User.objects.exists()


@pytest.mark.django_db
def test_it_does_not_take_over_an_account() -> None:
    User.objects.create_user("Drafter@example.org", display_name="somebody")
    with pytest.raises(CommandError, match=r"drafter@example\.org already"):
        command()
    assert not Framework.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seconds", [0.0, 0.4])
def test_a_loading_that_is_killed_leaves_nothing(seconds: float) -> None:
    process = subprocess.Popen(
        [sys.executable, "manage.py", "load_demonstration"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": url_of_the_test_database()},
    )
    while not is_loading():
        assert process.poll() is None
        time.sleep(0.01)
    time.sleep(seconds)
    process.kill()
    assert process.wait(10) == -signal.SIGKILL
    assert not Framework.objects.exists()
    assert not User.objects.exists()
    assert load_demonstration()


def url_of_the_test_database() -> str:
    url = os.environ.get("DATABASE_URL") or default_database_url()
    return f"{url.rsplit('/', 1)[0]}/{connection.settings_dict['NAME']}"


def is_loading() -> bool:
    """Whether another process holds the lock under which the demonstration is loaded."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = database"
            " WHERE locktype = 'advisory' AND datname = current_database()"
        )
        return cursor.fetchone() is not None


@pytest.mark.django_db
def test_accounts_are_shown_where_they_are_and_sign_in() -> None:
    assert command("--show-accounts") == ""
    load_demonstration()
    lines = command("--show-accounts").splitlines()
    rows = [re.split("  +", line) for line in lines]
    assert rows[0] == ["role", "e-mail", "password"]
    assert ["drafter", "drafter@example.org", "shifan-114"] in rows
    assert ["representative (school)", "qinghe@example.org", "shifan-114"] in rows
    assert (
        len(
            {
                (line.index(row[1]), line.index(row[2]))
                for line, row in zip(lines, rows, strict=True)
            }
        )
        == 1
    )
    for _, email, password in rows[1:3]:
        assert Client().login(request=None, email=email, password=password)
    hashes = User.objects.values_list("password", flat=True).distinct()
    assert len(hashes) == 1
