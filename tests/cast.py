# ruff: noqa: ARG001 - a fixture that is asked for by name for its effect
"""The named cast and a small published draft, for tests that read like sentences.

| fixture | who |
|---|---|
| `drafter` | drafts the framework of `draft` |
| `moderator` | moderates the site |
| `administrator` | verifies organisations, gives roles, reads the audit log |
| `representative` | has an accepted mandate to speak for `association` |
| `member` | belongs to `association`, without a mandate |
| `visitor` | a person with a verified e-mail address |
| `outsider` | signed in, e-mail address never verified |
| `anonymous` | nobody signed in |
"""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone, translation

from accounts.access import Visitor
from accounts.groups import StakeholderGroup
from accounts.models import Mandate, Membership, Organisation, User
from accounts.privacy import CURRENT_NOTICE
from consult.document.importing import import_draft
from consult.document.models import Draft, Drafter, Framework, Provision, Section
from consult.document.outline import (
    Outline,
    OutlineCoordinationItem,
    OutlineProvision,
    OutlineSection,
)
from consult.document.publishing import (
    announce_section,
    close_section,
    open_section,
    withdraw_section,
)

# Words that no reader may meet: leak tests look for them.
SECRET = "密件"


def person(name: str, *, verified: bool = True, **fields: bool) -> User:
    """A new account; its address is `name@example.org`."""
    user = User.objects.create_user(
        f"{name}@example.org",
        None,
        display_name=name,
        privacy_version=CURRENT_NOTICE,
        privacy_agreed_at=timezone.now(),
        **fields,
    )
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=verified)
    return user


def with_second_factor(user: User) -> User:
    """The same person, who has set up an authenticator app, as an office asks for."""
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "GEZDG"})
    return user


def organisation(
    name: str, group: str = StakeholderGroup.ASSOCIATION, *, verified: bool = True
) -> Organisation:
    """A new organisation; a verified one may be spoken for."""
    state = Organisation.State.VERIFIED if verified else Organisation.State.APPLIED
    return Organisation.objects.create(
        name=name, group=group, state=state, verified_at=timezone.now() if verified else None
    )


def mandate(user: User, organisation: Organisation) -> Mandate:
    """The user represents the organisation from yesterday on, and that was accepted."""
    membership = Membership.objects.create(
        user=user, organisation=organisation, role=Membership.Role.REPRESENTATIVE
    )
    return Mandate.objects.create(
        membership=membership,
        evidence="理事會決議",
        starts_on=timezone.localdate() - dt.timedelta(days=1),
        state=Mandate.State.ACCEPTED,
        decided_at=timezone.now(),
    )


@pytest.fixture
def framework(db: None) -> Framework:
    return Framework.objects.create(code="tve", title="技術及職業教育政策綱領", owner_body="教育部")


@pytest.fixture
def drafter(framework: Framework) -> User:
    user = with_second_factor(person("drafter"))
    Drafter.objects.create(framework=framework, user=user)
    return user


@pytest.fixture
def moderator(db: None) -> User:
    return with_second_factor(person("moderator", is_moderator=True))


@pytest.fixture
def administrator(db: None) -> User:
    return with_second_factor(person("administrator", is_staff=True, is_superuser=True))


@pytest.fixture
def association(db: None) -> Organisation:
    return organisation("臺灣機械工業同業公會")


@pytest.fixture
def school(db: None) -> Organisation:
    return organisation("臺北市立大安高級工業職業學校", StakeholderGroup.SCHOOL)


@pytest.fixture
def representative(association: Organisation) -> User:
    user = person("representative")
    mandate(user, association)
    return user


@pytest.fixture
def member(association: Organisation) -> User:
    user = person("member")
    Membership.objects.create(user=user, organisation=association)
    return user


@pytest.fixture
def visitor(db: None) -> User:
    return person("visitor")


@pytest.fixture
def outsider(db: None) -> User:
    return person("outsider", verified=False)


@pytest.fixture
def anonymous() -> AnonymousUser:
    return AnonymousUser()


@pytest.fixture
def client_for(db: None) -> Callable[[Visitor], Client]:
    """A browser in which this person is signed in."""

    def client(user: Visitor) -> Client:
        browser = Client()
        if isinstance(user, User):
            browser.force_login(user)
        return browser

    return client


def outline_section(
    ref: str,
    title: str,
    *texts: str | tuple[str, str],
    sections: tuple[OutlineSection, ...] = (),
) -> OutlineSection:
    """A section whose provisions are 肆-1, 肆-2 …; a text alone is a paragraph."""
    pairs = [("paragraph", text) if isinstance(text, str) else text for text in texts]
    return OutlineSection(
        number=ref.rpartition("-")[2],
        title=title,
        ref=ref,
        provisions=tuple(
            OutlineProvision(ref=f"{ref}-{place}", kind=kind, text=text)
            for place, (kind, text) in enumerate(pairs, start=1)
        ),
        sections=sections,
    )


def small_outline() -> Outline:
    """Every state a section can be in, a subsection, and one whose parent is not published."""
    return Outline(
        title="技術及職業教育政策綱領",
        label="第 5 版",
        history=(),
        sections=(
            outline_section(
                "壹",
                "序言",
                "技職教育肩負「配合國家整體發展、促進產業升級」之責任。前一句是現況。",
                "𠮷野家徵才🧑‍🏭，培養ｅ化人才é。",
                ("caption", "圖 1 技職教育體系"),
            ),
            outline_section("貳", "願景", f"{SECRET}願景的內文"),
            outline_section("參", "目標", "改變社會對技職教育的觀點。"),
            outline_section(
                "肆",
                "發展重點",
                "以現況而言，臺灣產業環境其實正在轉變。",
                sections=(
                    outline_section("肆-一", "創新學習模式", "發展跨域素養導向課程。"),
                    outline_section("肆-二", f"{SECRET}尚未公開的標題", f"{SECRET}尚未公開的內文"),
                ),
            ),
            outline_section(
                "伍",
                f"{SECRET}結語的標題",
                f"{SECRET}結語的內文",
                sections=(outline_section("伍-一", "後續推動", "各機關應定期檢討。"),),
            ),
            outline_section("陸", f"{SECRET}撤回的標題", f"{SECRET}撤回的內文"),
            outline_section(
                "附錄二",
                "協力事項",
                ("row", "創新學習模式｜勞動部｜提供職業訓練資源"),
                ("row", "創新學習模式｜經濟部｜提供產業人才需求"),
            ),
        ),
        coordination_items=(
            OutlineCoordinationItem("創新學習模式", "勞動部", "提供職業訓練資源"),
            OutlineCoordinationItem("創新學習模式", "經濟部", "提供產業人才需求"),
        ),
        warnings=(),
    )


@pytest.fixture
def unpublished_draft(framework: Framework) -> Draft:
    """The small draft as it is after importing: nothing of it is shown."""
    return import_draft(framework=framework, outline=small_outline(), source="small")


@pytest.fixture
def draft(unpublished_draft: Draft, drafter: User) -> Draft:
    """The small draft: 壹, 肆, 肆-一, 伍-一 and 附錄二 open, 貳 announced, 參 closed,
    肆-二 and 伍 not published, 陸 withdrawn."""
    now = timezone.now()
    long_ago, lately, soon = (now + dt.timedelta(days=days) for days in (-20, -5, 9))

    def named(ref: str) -> Section:
        return unpublished_draft.sections.get(ref=ref)

    for ref in ("壹", "參", "肆", "肆-一", "伍-一", "陸", "附錄二"):
        open_section(named(ref), actor=drafter, at=long_ago, closes_at=soon, with_subsections=False)
    announce_section(named("貳"), actor=drafter, at=long_ago, opens_at=soon, with_subsections=False)
    close_section(named("參"), actor=drafter, at=lately)
    withdraw_section(named("陸"), actor=drafter, at=lately)
    return unpublished_draft


def next_outline() -> Outline:
    """The small text redrafted: 壹-1 edited, 壹-2 split, 參-1 moved to 肆-一, a row deleted."""
    return Outline(
        title="技術及職業教育政策綱領",
        label="第 6 版",
        history=(),
        sections=(
            outline_section(
                "壹",
                "序言",
                "技職教育肩負「配合國家整體發展、帶動產業升級」之責任。前一句是現況。",
                "𠮷野家徵才🧑‍🏭，",
                "培養ｅ化人才é。",
                ("caption", "圖 1 技職教育體系"),
            ),
            outline_section("貳", "願景", f"{SECRET}願景的內文"),
            outline_section(
                "肆",
                "發展重點",
                "以現況而言，臺灣產業環境其實正在轉變。",
                sections=(
                    outline_section(
                        "肆-一",
                        "創新學習模式",
                        "發展跨域素養導向課程。",
                        "改變社會對技職教育的觀點。",
                    ),
                ),
            ),
            outline_section("伍", "結語", "本綱領每二年通盤檢討一次，並公告其結果。"),
            outline_section(
                "附錄二", "協力事項", ("row", "創新學習模式｜勞動部｜提供職業訓練資源")
            ),
        ),
        coordination_items=(OutlineCoordinationItem("創新學習模式", "勞動部", "提供職業訓練資源"),),
        warnings=(),
    )


@pytest.fixture
def next_draft(draft: Draft) -> Draft:
    """What the small draft was redrafted to; nothing of it is shown yet."""
    return import_draft(framework=draft.framework, outline=next_outline(), source="next")


@pytest.fixture
def section(draft: Draft) -> Callable[[str], Section]:
    """A section of the small draft by its reference."""
    return lambda ref: Section.objects.get(draft=draft, ref=ref)


@pytest.fixture
def provision(draft: Draft) -> Callable[[str], Provision]:
    """A provision of the small draft by its reference."""
    return lambda ref: Provision.objects.get(draft=draft, ref=ref)


@pytest.fixture
def english() -> Iterator[None]:
    """Refusals read as they stand in the source."""
    with translation.override("en"):
        yield
