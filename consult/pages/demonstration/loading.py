"""Load the demonstration in one transaction: it is there whole, or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.privacy import CURRENT_NOTICE
from consult.document.importing import import_draft
from consult.document.models import Draft, Drafter, Framework
from consult.document.publishing import announce_section, open_section
from consult.document.reading import read_outline
from consult.pages.demonstration.enrolling import add_members, add_organisations
from consult.pages.demonstration.script import (
    ANNOUNCED,
    CODE,
    NINE,
    OPEN,
    SIX_PM,
    TEXT,
    PersonLine,
    Script,
    days_before,
    read_script,
)
from consult.pages.demonstration.telling import tell_story, voices_of
from consult.reports.expecting import Entry, import_voices, linked_to

TITLE = "技術及職業教育政策綱領"
OWNER_BODY = "教育部"
LABEL = "114 年第 5 版（研修階段）"
PURPOSE = (
    "依技術及職業教育法，本綱領至少每二年檢討一次。研修期間逐章節公開草案，"
    "請各界在條文上直接表示意見；每一則意見都會彙整給研修小組。"
)
# Words of the draft that a dictionary lacks.
TERMS = [
    *("人才培育", "務實致用", "十二年國民基本教育", "國家發展", "少子女化", "專業技術人才"),
    *("建教合作", "技職", "技職教育", "技職校院", "技術型高級中等學校", "技術移轉", "永續發展"),
    *("淨零", "淨零排放", "減碳", "數位應用", "數位轉型", "產學", "產學合作", "產學研發"),
    *("終身學習", "職場體驗", "職業準備教育", "職業繼續教育", "職業試探", "職涯發展"),
    *("職業試探教育", "課綱", "跨域整合", "跨域整合學習", "通識教育", "就業力", "業師", "雙師"),
]

JOINED_DAYS_BEFORE = 40


class LoadingRefused(Exception):
    """The demonstration would mix with what is there already; the message says how."""


@dataclass(frozen=True)
class Loaded:
    """What was loaded."""

    draft: Draft
    organisations: int
    people: int
    comments: int


def is_loaded() -> bool:
    """Whether the demonstration is there."""
    return User.objects.filter(is_demonstration=True).exists()


@transaction.atomic
def load_demonstration(*, at: datetime | None = None) -> Loaded | None:
    """The draft, its people and what they said; None where it is all there already.

    Everything is dated back from `at` (now). Raises LoadingRefused.
    """
    at = at or timezone.now()
    # Two loadings take turns, and the second finds everything there.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('load the demonstration'))")
    if is_loaded():
        return None
    script = read_script()
    _refuse_to_mix(script)
    organisations = add_organisations(script.organisations, at=at)
    people = _add_people(script, at=at)
    add_members(script, people, organisations, at=at)
    draft = _add_draft(drafter=people["drafter"], at=at)
    import_voices(
        draft.framework,
        entries=[_entry(line, organisations) for line in script.expected],
        actor=people["drafter"],
    )
    tell_story(script, draft, voices_of(script, people, organisations), at=at)
    return Loaded(draft, len(organisations), len(people), len(script.comments))


def _refuse_to_mix(script: Script) -> None:
    if Framework.objects.filter(code=CODE).exists():
        raise LoadingRefused(f"There is a framework “{CODE}” already, and it is no demonstration.")
    for person in script.people:
        if User.objects.filter(email__iexact=person.email).exists():
            raise LoadingRefused(f"There is an account {person.email} already.")


# --- people -----------------------------------------------------------------------------------


def _add_people(script: Script, *, at: datetime) -> dict[str, User]:
    # Hashing is slow on purpose: once is enough for a password that everyone knows.
    password = make_password(script.password)
    return {line.key: _add_person(line, password=password, at=at) for line in script.people}


def _add_person(line: PersonLine, *, password: str, at: datetime) -> User:
    administrates = line.role == "administrator"
    user = User.objects.create(
        email=line.email,
        password=password,
        display_name=line.name,
        is_moderator=line.role == "moderator",
        is_staff=administrates,
        is_superuser=administrates,
        is_demonstration=True,
        date_joined=days_before(at, days=JOINED_DAYS_BEFORE, at=NINE),
        privacy_version=CURRENT_NOTICE,
        privacy_agreed_at=days_before(at, days=JOINED_DAYS_BEFORE, at=NINE),
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


# --- the draft --------------------------------------------------------------------------------


def _add_draft(*, drafter: User, at: datetime) -> Draft:
    framework = Framework.objects.create(
        code=CODE, title=TITLE, owner_body=OWNER_BODY, purpose=PURPOSE, terms=sorted(TERMS)
    )
    Drafter.objects.create(framework=framework, user=drafter)
    source = TEXT.read_text(encoding="utf-8")
    draft = import_draft(
        framework=framework, outline=read_outline(source), source=source, label=LABEL
    )
    imported_at = days_before(at, days=OPEN[0].opens + 3, at=NINE)
    Draft.objects.filter(pk=draft.pk).update(imported_at=imported_at)
    for opening in OPEN:
        open_section(
            draft.sections.get(ref=opening.ref),
            actor=drafter,
            at=days_before(at, days=opening.opens, at=NINE),
            closes_at=days_before(at, days=opening.closes, at=SIX_PM),
        )
    announce_section(
        draft.sections.get(ref=ANNOUNCED.ref),
        actor=drafter,
        at=days_before(at, days=2, at=NINE),
        opens_at=days_before(at, days=ANNOUNCED.opens, at=NINE),
        closes_at=days_before(at, days=ANNOUNCED.closes, at=SIX_PM),
    )
    return draft


def _entry(line: Mapping[str, Any], organisations: Mapping[str, Organisation]) -> Entry:
    """Whom the drafters expect, as they would have written it down."""
    if "organisation" not in line:
        return Entry(**line)
    organisation = organisations[line["organisation"]]
    return linked_to(Entry(kind=line["kind"], name=organisation.name), organisation)
