"""Campaigns in the moderators' room: all of them, one of them, and decisions on it."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.access import Visitor
from accounts.models import User
from comments.campaigning import decide, take_out
from comments.models import Campaign, CampaignMember, CampaignRecord, Comment
from consult.document.models import Draft, Provision
from tests.cast import person
from tests.comments.talk import say
from tests.comments.test_comparing import ADDED, CHANGED, ELSEWHERE, TEXT, posted

pytestmark = pytest.mark.django_db

ClientFor = Callable[[Visitor], Client]
NamedProvision = Callable[[str], Provision]


@pytest.fixture
def room(client_for: ClientFor, moderator: User) -> Client:
    return client_for(moderator)


@pytest.fixture
def found(provision: NamedProvision) -> Campaign:
    """Four comments: the text twice, changed, and with a sentence more."""
    for place, text in enumerate((TEXT, CHANGED, ADDED, TEXT)):
        posted(provision("壹-1"), person(f"person-{place}"), text)
    return Campaign.objects.get()


def address(campaign: Campaign) -> str:
    return f"/moderation/campaigns/{campaign.public_id}/"


def page(client: Client, path: str, **posted: str) -> str:
    headers = {"accept-language": "en"}
    if posted:
        return str(client.post(path, posted, headers=headers, follow=True).content.decode())
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return str(answer.content.decode())


def made(draft: Draft, provision: Provision, user: User, *, comments: int = 2) -> Campaign:
    """A campaign, whatever its comments say."""
    campaign = Campaign.objects.create(draft=draft)
    for number in range(comments):
        comment = say(provision, user, body=f"{TEXT}{number}", at=timezone.now())
        CampaignMember.objects.create(campaign=campaign, comment=comment)
    return campaign


def test_the_desk_leads_to_them(room: Client) -> None:
    assert 'href="/moderation/campaigns/"' in page(room, "/moderation/")
    assert "No text was handed in by several people." in page(room, "/moderation/campaigns/")


def test_the_desk_says_how_many_wait(
    room: Client, found: Campaign, moderator: User, draft: Draft
) -> None:
    # One comment alone is no campaign.
    Campaign.objects.create(draft=draft)
    assert '?state=proposed">1 campaign to decide on</a>' in page(room, "/moderation/")
    decide(found, to=Campaign.State.CONFIRMED, moderator=moderator)
    assert "to decide on" not in page(room, "/moderation/")


def test_a_campaign_is_listed_with_its_text_and_counts(room: Client, found: Campaign) -> None:
    shown = page(room, "/moderation/campaigns/")
    for text in ("One text, 4 signers", TEXT[:40], "Proposed", address(found)):
        assert text in shown
    assert "Versions <strong>3</strong>" in shown


def test_campaigns_by_state(room: Client, found: Campaign, moderator: User) -> None:
    decide(found, to=Campaign.State.REJECTED, moderator=moderator)
    assert address(found) in page(room, "/moderation/campaigns/?state=rejected")
    assert "No campaign is in this state." in page(room, "/moderation/campaigns/?state=proposed")
    assert room.get("/moderation/campaigns/?state=lost").status_code == 404


def test_campaigns_of_a_draft(room: Client, found: Campaign, draft: Draft) -> None:
    other = Draft.objects.create(
        framework=draft.framework, number=draft.number + 1, label="別版", source_sha256="0" * 64
    )
    elsewhere = Campaign.objects.create(draft=other, state=Campaign.State.CONFIRMED)
    both = page(room, "/moderation/campaigns/")
    assert address(found) in both
    assert address(elsewhere) in both
    one = page(room, f"/moderation/campaigns/?draft={draft.framework.code}/{other.number}")
    assert address(found) not in one
    assert address(elsewhere) in one
    assert room.get("/moderation/campaigns/?draft=tve/99").status_code == 404


def test_the_list_goes_on(
    room: Client, draft: Draft, provision: NamedProvision, visitor: User
) -> None:
    campaigns = [made(draft, provision("壹-1"), visitor) for _ in range(21)]
    first = page(room, "/moderation/campaigns/")
    assert "Page 1 of 2" in first
    assert address(campaigns[-1]) not in first
    assert address(campaigns[-1]) in page(room, "/moderation/campaigns/?page=2")


def test_the_list_costs_the_same_for_many(
    room: Client, draft: Draft, provision: NamedProvision, visitor: User
) -> None:
    costs = []
    for more in (2, 10):
        for _ in range(more):
            made(draft, provision("壹-1"), visitor)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page(room, "/moderation/campaigns/")
        costs.append(len(asked))
    assert costs[0] == costs[1]


def test_a_campaign_costs_the_same_for_many(
    room: Client, draft: Draft, provision: NamedProvision, moderator: User
) -> None:
    costs = []
    for comments in (2, 12):
        users = [person(f"signer-{comments}-{number}") for number in range(comments)]
        campaign = Campaign.objects.create(draft=draft)
        for number, user in enumerate(users):
            comment = say(provision("壹-1"), user, body=f"{TEXT}{number}")
            CampaignMember.objects.create(campaign=campaign, comment=comment)
        decide(campaign, to=Campaign.State.CONFIRMED, moderator=moderator)
        for comment in Comment.objects.filter(campaign_member__campaign=campaign)[: comments // 2]:
            take_out(campaign, comment=comment, moderator=moderator)
        # The words of the draft are read once.
        page(room, address(campaign))
        with CaptureQueriesContext(connection) as asked:
            page(room, address(campaign))
        costs.append(len(asked))
    assert costs[0] == costs[1]


def test_a_campaign_shows_its_texts_and_who_signed(room: Client, found: Campaign) -> None:
    shown = page(room, address(found))
    assert "Word for word: 2." in shown
    assert "手藝</del>" in shown
    assert "功夫</ins>" in shown
    own = shown.split('id="own"')[1].split("</ul>")[0]
    assert "身為高三學生的家長，我看了很難過" in own
    assert own.count("<li>") == 1
    assert "Looked for" not in shown
    for comment in Comment.objects.all():
        assert f"/c/{comment.reference}/" in shown
        assert comment.author.shown_name in shown
    assert ELSEWHERE not in shown


def test_it_is_said_where_there_were_too_many_sentences_to_compare(
    room: Client, provision: NamedProvision
) -> None:
    sentences = "".join(f"第{number}條說學生應該在業界實習。" for number in range(300))
    for place in range(3):
        posted(provision("壹-1"), person(f"person-{place}"), f"{sentences}{place}號也這樣說了。")
    shown = page(room, address(Campaign.objects.get()))
    assert "Looked for in the 2 versions that most posted." in shown


def test_decisions_are_made_and_taken_back(room: Client, found: Campaign) -> None:
    for act, state, told in (
        ("confirm", "confirmed", "Confirmed: reports say so"),
        ("reopen", "proposed", "Decision taken back"),
        ("reject", "rejected", "Rejected: reports count each"),
    ):
        shown = page(room, address(found), act=act)
        found.refresh_from_db()
        assert found.state == state
        assert told in shown
        assert "Your decision is recorded." in shown
    history = shown.split('id="done"')[1]
    assert history.index("Rejected") < history.index("taken back") < history.index("Confirmed")
    assert history.count("moderator") == 3


def test_a_comment_is_taken_out_and_put_back(room: Client, found: Campaign) -> None:
    comment = Comment.objects.get(body=CHANGED)
    shown = page(room, address(found), act="take_out", comment=comment.reference)
    assert "One text, 3 signers" in shown
    assert "功夫" not in shown
    out = page(room, f"{address(found)}?shown=left_out")
    assert "功夫</ins>" in out
    # Beside the decision, too: there it is undone at once.
    assert shown.count('value="put_back"') == 1
    assert out.count('value="put_back"') == 2
    shown = page(room, address(found), act="put_back", comment=comment.reference)
    assert "One text, 4 signers" in shown
    assert 'value="put_back"' not in shown


def test_who_comes_second_is_told_so(room: Client, found: Campaign, moderator: User) -> None:
    decide(found, to=Campaign.State.REJECTED, moderator=moderator)
    answer = room.post(address(found), {"act": "confirm"}, headers={"accept-language": "en"})
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "Somebody else has decided on this campaign meanwhile; reload the page." in shown
    assert "Rejected: reports count each" in shown
    assert CampaignRecord.objects.count() == 1


@pytest.mark.parametrize(
    "sent",
    [{}, {"act": "forget"}, {"act": "take_out"}, {"act": "confirm", "comment": "ABCDEFGH"}],
)
def test_what_no_form_sends_changes_nothing(
    room: Client, found: Campaign, sent: dict[str, str]
) -> None:
    assert room.post(address(found), sent).status_code == 404
    assert not CampaignRecord.objects.exists()


def test_a_comment_of_another_campaign_stays_in_it(
    room: Client, found: Campaign, draft: Draft, provision: NamedProvision, visitor: User
) -> None:
    comment = made(draft, provision("壹-1"), visitor).members.belonging()[0].comment
    sent = {"act": "take_out", "comment": comment.reference}
    assert room.post(address(found), sent).status_code == 409
    assert not CampaignMember.objects.left_out().exists()


def test_who_signed_goes_on(
    room: Client, draft: Draft, provision: NamedProvision, visitor: User
) -> None:
    campaign = made(draft, provision("壹-1"), visitor, comments=26)
    last = Comment.objects.order_by("pk").last()
    assert last
    row = f'name="comment" value="{last.reference}"'
    first = page(room, address(campaign))
    assert row not in first
    assert f'href="{address(campaign)}?page=2"' in first
    second = page(room, f"{address(campaign)}?page=2")
    assert row in second
    assert f'rel="prev" href="{address(campaign)}"' in second


def test_a_campaign_of_which_nothing_is_shown_can_be_opened(room: Client, draft: Draft) -> None:
    campaign = Campaign.objects.create(draft=draft)
    assert "None of its comments is shown any more." in page(room, address(campaign))


@pytest.mark.parametrize("who", ["visitor", "drafter"])
def test_campaigns_are_moderators_alone(
    client_for: ClientFor, found: Campaign, who: str, request: pytest.FixtureRequest
) -> None:
    client = client_for(request.getfixturevalue(who))
    for path in ("/moderation/campaigns/", address(found)):
        assert client.get(path).status_code == 404
    assert client.post(address(found), {"act": "confirm"}).status_code == 404
