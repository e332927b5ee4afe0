"""A campaign's texts, by how many posted each."""

from collections.abc import Callable

import pytest

from comments.campaigning import take_out
from comments.models import Campaign, CampaignMember, Comment
from consult.document.models import Provision
from tests.cast import person
from tests.comments.test_comparing import ADDED, CHANGED, TEXT, posted

pytestmark = pytest.mark.django_db


def texts(most: int = 9) -> list[tuple[str, int, int]]:
    return [
        (Comment.objects.get(pk=each.comment_id).body, each.times, each.texts)
        for each in CampaignMember.objects.by_text(most=most)
    ]


def test_what_most_posted_comes_first(provision: Callable[[str], Provision]) -> None:
    for place, text in enumerate((CHANGED, TEXT, ADDED, TEXT)):
        posted(provision("壹-1"), person(f"person-{place}"), text)
    assert texts() == [(TEXT, 2, 3), (CHANGED, 1, 3), (ADDED, 1, 3)]
    assert texts(most=1) == [(TEXT, 2, 3)]
    campaign = Campaign.objects.get()
    moderator = person("a-moderator", is_moderator=True)
    first = Comment.objects.get(body=CHANGED)
    take_out(campaign, comment=first, moderator=moderator)
    assert texts() == [(TEXT, 2, 2), (ADDED, 1, 2)]


def test_what_a_moderator_took_apart_stays_to_be_put_back(
    provision: Callable[[str], Provision],
) -> None:
    for place in range(2):
        posted(provision("壹-1"), person(f"person-{place}"), TEXT)
    campaign = Campaign.objects.with_counts().get()
    comment = campaign.members.belonging()[0].comment
    take_out(campaign, comment=comment, moderator=person("a-moderator", is_moderator=True))
    assert Campaign.objects.with_counts().get().comments == 1  # type: ignore[attr-defined]
