"""Near-identical comments are put together as they are posted, whatever comes at once or goes."""

import datetime as dt
import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import chain

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from comments.comparing import (
    CROWDED,
    EXEMPLARS,
    WAITS_FOR,
    Marks,
    compare,
    key_of,
    uncompared_comments,
)
from comments.editing import edit_comment, withdraw_comment
from comments.models import Campaign, CampaignMember, Comment, ComparisonDue, TextSignature
from comments.moderating import hide, release, restore
from comments.nearness import bare
from comments.numbering import locked_thread_on
from comments.paths import path_of
from comments.rules import Rule
from consult.document.models import Draft, Provision
from tests.benchmarks.letters import changed, judged, letters_among_others
from tests.cast import person
from tests.comments.talk import at_once, say

# Of one text: what the same text is known by, and its lowest bands.
KEY = 6863141097083372349
BANDS = [-2003463226, -1964591415, -1877946441]
NamedProvision = Callable[[str], Provision]

TEXT = (
    "我們反對刪除技職學校的實習經費。學生在業界學到的手藝，是教室裡給不了的。"
    "請教育部維持原來的補助，並且公開各校分配的標準。"
)
CHANGED = TEXT.replace("手藝", "功夫").replace("請教育部", "懇請貴部")
ADDED = f"身為高三學生的家長，我看了很難過。{TEXT}"
WIDE = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in f"{TEXT}(附議)") + "!"
ELSEWHERE = (
    "實習經費應該由業界分擔，不是全部由教育部補助。學校要先盤點設備，"
    "再談手藝的傳承，否則標準公開了也沒有用。"
)

# Long enough to be quoted.
LONG = (
    "技職校院應與產業共同規劃實習課程，每一學期至少安排三百二十小時，並應提供學生必要之保險、"
    "津貼及輔導，其辦法由中央主管機關會商勞動主管機關定之。"
)


def posted(provision: Provision, user: User, body: str, **changes: object) -> Comment:
    comment = say(provision, user, body=body, **changes)
    compare(comment.pk)
    return comment


def together() -> list[set[str]]:
    """What each campaign says, the oldest first."""
    return [
        set(campaign.members.belonging().values_list("comment__body", flat=True))
        for campaign in Campaign.objects.order_by("pk")
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("turn", range(4))
def test_one_text_changed_here_and_there_is_one_campaign(
    provision: NamedProvision, turn: int
) -> None:
    texts = [TEXT, CHANGED, ADDED, WIDE, ELSEWHERE, TEXT]
    random.Random(turn).shuffle(texts)  # noqa: S311 - an order, not a secret
    for place, text in enumerate(texts):
        posted(provision("壹-1"), person(f"person-{place}"), text)
    assert together() == [{TEXT, CHANGED, ADDED, WIDE}]
    assert Campaign.objects.get().members.count() == 5
    assert Campaign.objects.get().state == "proposed"


@pytest.mark.django_db
def test_short_words_are_no_campaign(provision: NamedProvision, visitor: User) -> None:
    for body in ("我贊成。", "我贊成。", "同意以上意見"):
        posted(provision("壹-1"), visitor, body)
    assert together() == []
    assert not TextSignature.objects.exists()


@pytest.mark.django_db
def test_what_drafters_say_is_in_no_campaign(provision: NamedProvision, drafter: User) -> None:
    for _ in range(2):
        posted(provision("壹-1"), drafter, TEXT)
    assert together() == []


@pytest.mark.django_db
def test_each_draft_has_campaigns_of_its_own(
    provision: NamedProvision, visitor: User, draft: Draft
) -> None:
    first = posted(provision("壹-1"), visitor, TEXT)
    TextSignature.objects.filter(pk=first.pk).update(draft=_another(draft))
    posted(provision("壹-2"), visitor, TEXT)
    assert together() == []


def _another(draft: Draft) -> Draft:
    return Draft.objects.create(
        framework=draft.framework, number=draft.number + 1, label="x", source_sha256="0" * 64
    )


@pytest.mark.django_db
def test_comparing_twice_changes_nothing(provision: NamedProvision, visitor: User) -> None:
    first = posted(provision("壹-1"), visitor, TEXT)
    second = posted(provision("壹-1"), visitor, TEXT)
    assert not compare(first.pk)
    assert not compare(second.pk)
    assert CampaignMember.objects.count() == 2


@pytest.mark.django_db
def test_the_same_text_keeps_its_bands_once(provision: NamedProvision, visitor: User) -> None:
    comments = [posted(provision("壹-1"), visitor, TEXT) for _ in range(3)]
    kept = TextSignature.objects.order_by("pk").values_list("bands", flat=True)
    assert [bool(bands) for bands in kept] == [True, False, False]
    hide(comments[0], moderator=person("a-moderator", is_moderator=True), rule=Rule.ATTACK)
    # Another one has them in its turn, so that what is near is still found.
    assert uncompared_comments(at=timezone.now() + 2 * WAITS_FOR) == [comments[1].pk]
    compare(comments[1].pk)
    posted(provision("壹-1"), visitor, CHANGED)
    assert together() == [{TEXT, CHANGED}]


@pytest.mark.django_db
def test_who_changes_the_text_that_all_are_met_by_leaves_another_to_be_met(
    provision: NamedProvision,
) -> None:
    people = [person(f"person-{number}") for number in range(3)]
    first, second, _ = (posted(provision("壹-1"), each, TEXT) for each in people)
    edit_comment(first, author=people[0], stance="other", body=ELSEWHERE)
    compare(first.pk)
    assert uncompared_comments(at=timezone.now() + 2 * WAITS_FOR) == [second.pk]
    compare(second.pk)
    posted(provision("壹-1"), person("another"), CHANGED)
    assert together() == [{TEXT, CHANGED}]


@pytest.mark.django_db
def test_a_large_campaign_is_met_by_some_of_its_texts(provision: NamedProvision) -> None:
    for number in range(EXEMPLARS + 5):
        posted(
            provision("壹-1"), person(f"person-{number}"), TEXT.replace("實習", f"第{number}次實習")
        )
    assert TextSignature.objects.exclude(bands=[]).count() == EXEMPLARS
    assert Campaign.objects.get().members.count() == EXEMPLARS + 5


@pytest.mark.django_db
def test_a_phrase_that_many_use_brings_few_of_them_together(
    provision: NamedProvision,
) -> None:
    chance = random.Random(7)  # noqa: S311 - words, not a secret
    words = [chr(code) for code in range(0x4E00, 0x9FA6)]
    for number in range(6 * CROWDED):
        own = "".join(chance.sample(words, 12))
        posted(provision("壹-1"), person(f"person-{number}"), f"技職教育政策綱領{own}")
    kept = TextSignature.objects.values_list("bands", flat=True)
    assert max(Counter(chain.from_iterable(kept)).values()) == CROWDED
    # Who says the same as one of them is put together with it all the same.
    last = Comment.objects.latest("pk").body
    posted(provision("壹-1"), person("another"), f"{last[:-1]}。")
    assert together() == [{last, f"{last[:-1]}。"}]


@pytest.mark.django_db
def test_short_texts_with_a_phrase_in_common_are_not_read(provision: NamedProvision) -> None:
    first, second = "技職教育的綱領可不可以先在離島試辦", "技職教育的綱領應當列出每年的進度表"
    posted(provision("壹-1"), person("one"), first)
    with CaptureQueriesContext(connection) as asked:
        posted(provision("壹-1"), person("another"), second)
    statements = [query["sql"] for query in asked]
    assert any("&&" in statement for statement in statements)
    assert not any("SKIP LOCKED" in statement for statement in statements)
    posted(provision("壹-1"), person("a-third"), second.replace("表", "呢"))
    assert together() == [{second, second.replace("表", "呢")}]


@pytest.mark.django_db
def test_short_texts_that_were_changed_a_little_are_found(provision: NamedProvision) -> None:
    chance = random.Random(5)  # noqa: S311 - words, not a secret
    words = [chr(code) for code in range(0x4E00, 0x9FA6)]
    texts = ["".join(chance.sample(words, length)) for length in range(20, 60)]
    one, another, now = person("one"), person("another"), timezone.now()
    for text in texts:
        posted(provision("壹-1"), one, text, at=now)
        posted(provision("壹-1"), another, changed(text, 0.1, chance), at=now)
    pairs = Campaign.objects.with_counts()
    assert {campaign.comments for campaign in pairs} == {2}  # type: ignore[attr-defined]
    # Nearly all share a band.
    assert len(pairs) >= 0.95 * len(texts)


@pytest.mark.django_db
def test_what_is_hidden_before_it_is_compared_is_no_longer_due(
    provision: NamedProvision, visitor: User, moderator: User
) -> None:
    hidden = say(provision("壹-1"), visitor, body=TEXT)
    hide(hidden, moderator=moderator, rule=Rule.ATTACK)
    assert not compare(hidden.pk)
    assert not ComparisonDue.objects.exists()
    restore(hidden, moderator=moderator)
    assert compare(hidden.pk)


@pytest.mark.django_db
def test_what_is_hidden_or_withdrawn_leaves_no_trace(
    provision: NamedProvision, visitor: User, moderator: User
) -> None:
    first, second, third = (posted(provision("壹-1"), visitor, TEXT) for _ in range(3))
    hide(first, moderator=moderator, rule=Rule.ATTACK)
    withdraw_comment(second, author=visitor)
    assert set(TextSignature.objects.values_list("pk", flat=True)) == {third.pk}
    assert set(CampaignMember.objects.values_list("pk", flat=True)) == {third.pk}
    assert not Campaign.objects.with_counts().exists()
    restore(first, moderator=moderator)
    assert first.pk in uncompared_comments(at=timezone.now() + 2 * WAITS_FOR)
    assert compare(third.pk)
    assert compare(first.pk)
    assert Campaign.objects.with_counts().get().comments == 2  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_a_held_comment_waits_until_it_is_released(
    provision: NamedProvision, visitor: User, moderator: User, settings: object
) -> None:
    settings.HOLD_FIRST_COMMENTS = 1  # type: ignore[attr-defined]
    held = say(provision("壹-1"), visitor, body=TEXT)
    assert not compare(held.pk)
    release(held, moderator=moderator)
    assert compare(held.pk)


@pytest.mark.django_db
def test_an_edited_comment_goes_where_its_new_text_belongs(
    provision: NamedProvision, visitor: User, member: User
) -> None:
    for user in (visitor, member):
        posted(provision("壹-1"), user, TEXT)
    leaving = posted(provision("壹-1"), visitor, TEXT)
    edit_comment(leaving, author=visitor, body=ELSEWHERE, stance="oppose")
    assert compare(leaving.pk)
    assert together() == [{TEXT}]
    edit_comment(leaving, author=visitor, body=CHANGED, stance="oppose")
    assert compare(leaving.pk)
    assert together() == [{TEXT, CHANGED}]


@pytest.mark.django_db
def test_what_was_lost_is_found(provision: NamedProvision, visitor: User) -> None:
    lost = say(provision("壹-1"), visitor, body=TEXT)
    dated_back = say(provision("壹-1"), visitor, at=timezone.now() - dt.timedelta(days=1))
    now = timezone.now()
    assert uncompared_comments(at=now) == [dated_back.pk]
    assert uncompared_comments(at=now + 2 * WAITS_FOR) == [dated_back.pk, lost.pk]


@pytest.mark.django_db
def test_comparing_does_not_wait_for_the_disk(provision: NamedProvision, visitor: User) -> None:
    comment = say(provision("壹-1"), visitor, body=TEXT)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO on")
        compare(comment.pk)
        # Until the end of the test's own transaction.
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone() == ("off",)


@pytest.mark.django_db
def test_two_proposals_become_one_where_a_text_is_near_both(
    provision: NamedProvision, visitor: User
) -> None:
    one, other = _halves(provision("壹-1"), visitor)
    for campaign in Campaign.objects.all():
        assert campaign.members.count() == 2
        assert campaign.exemplars.count() == 1
    posted(provision("壹-1"), visitor, one + other)
    assert Campaign.objects.get().members.count() == 5
    assert Campaign.objects.get().exemplars.count() == 3


def _halves(provision: Provision, visitor: User) -> Sequence[str]:
    texts = (
        "我們反對刪除技職學校的實習經費，學生在業界學到的手藝是教室裡給不了的。",
        "補助辦法應該公開各校分配的標準，讓偏遠地區的學校也有機會申請新的設備。",
    )
    for text in texts:
        for _ in range(2):
            posted(provision, visitor, text)
    return texts


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(3))
def test_two_workers_take_the_same_comment(
    draft: Draft, visitor: User, member: User, turn: int
) -> None:
    target = draft.provisions.select_related("section__draft__framework").get(ref="壹-1")
    first, second = (say(target, user, body=TEXT) for user in (visitor, member))
    at_once(*[lambda pk=pk: compare(pk) for pk in (first.pk, second.pk) * 3])
    # Who met the other at work left it to beat.
    for comment in (first, second):
        compare(comment.pk)
    assert Campaign.objects.get().members.count() == 2
    assert turn >= 0


@pytest.mark.django_db(transaction=True)
def test_what_was_compared_elsewhere_while_this_waited_is_left_to_beat(
    draft: Draft, visitor: User
) -> None:
    target = draft.provisions.select_related("section__draft__framework").get(ref="壹-1")
    comment = say(target, visitor, body=TEXT)

    def compared_elsewhere() -> None:
        # Of a text that was changed since: the comment is to be compared still.
        TextSignature.objects.create(comment=comment, draft=draft, text=0, length=0, bands=[])

    lock = Draft.objects.select_for_update(no_key=True).filter(pk=draft.pk)
    assert _compared_behind(lock.get, comment, then=compared_elsewhere) is False
    assert compare(comment.pk)
    assert TextSignature.objects.get().text == key_of(bare(TEXT))


@pytest.mark.django_db(transaction=True)
def test_what_is_changed_while_this_waits_is_compared_as_it_then_is(
    draft: Draft, visitor: User
) -> None:
    target = draft.provisions.select_related("section__draft__framework").get(ref="壹-1")
    comment = say(target, visitor, body=TEXT)

    def edit() -> None:
        edit_comment(comment, author=visitor, stance="other", body=ELSEWHERE)

    assert _compared_behind(edit, comment) is True
    assert TextSignature.objects.get().text == key_of(bare(ELSEWHERE))
    assert not ComparisonDue.objects.exists()


def _compared_behind(
    first: Callable[[], object], comment: Comment, *, then: Callable[[], object] = lambda: None
) -> object:
    """What comparing says that had to wait: until `first` was done, and `then`, and committed."""
    begun = threading.Event()

    def elsewhere() -> None:
        with transaction.atomic():
            first()
            begun.set()
            _until_somebody_waits()
            then()

    def here() -> bool:
        return begun.wait(5) and compare(comment.pk)

    done, compared = at_once(elsewhere, here)
    assert done is None
    return compared


def _until_somebody_waits() -> None:
    deadline = time.monotonic() + 5
    while not _is_waited_for() and time.monotonic() < deadline:
        time.sleep(0.01)


def _is_waited_for() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM pg_locks WHERE NOT granted"
            " AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
        )
        return bool(cursor.rowcount)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(3))
def test_hiding_while_it_is_compared(
    draft: Draft, visitor: User, member: User, moderator: User, turn: int
) -> None:
    """Whoever comes first: nothing is kept of a text that is hidden."""
    target = draft.provisions.select_related("section__draft__framework").get(ref="壹-1")
    first, second, third = (say(target, user, body=TEXT) for user in (visitor, member, visitor))
    compare(third.pk)
    acts = [
        lambda: compare(first.pk),
        lambda: hide(first, moderator=moderator, rule=Rule.ATTACK),
        lambda: compare(second.pk),
        lambda: hide(third, moderator=moderator, rule=Rule.ATTACK),
    ]
    results = at_once(*acts[turn:], *acts[:turn])
    assert not [each for each in results if isinstance(each, Exception)]
    assert not TextSignature.objects.exclude(comment__state="shown").exists()
    assert not CampaignMember.objects.exclude(comment__state="shown").exists()


def test_bands_are_the_same_on_any_machine() -> None:
    """They are stored: a worker elsewhere must find what this one wrote."""
    text = bare("我們反對刪除技職學校的實習經費。")
    assert key_of(text) == KEY
    assert sorted(Marks.of(text).bands)[:3] == BANDS


@pytest.mark.django_db
def test_wordings_of_one_provision_make_no_campaign(
    provision: NamedProvision, draft: Draft
) -> None:
    """Proposals on one provision share its text; so do all who quote it."""
    draft.provisions.filter(ref="壹-1").update(text=LONG)
    for name, body in (("one", TEXT), ("other", ELSEWHERE)):
        posted(
            provision("壹-1"),
            person(name),
            f"{body}{LONG}",
            stance="suggest",
            proposed_text=LONG.replace("應", "得"),
        )
    assert together() == []


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2])
def test_letters_are_found_one_comment_after_the_other(draft: Draft, seed: int) -> None:
    said = letters_among_others(seed, 0.2, letters=4, others=150)
    thread = locked_thread_on(draft.provisions.get(ref="壹-1"))
    author = person("writer")
    comments = Comment.objects.bulk_create(
        Comment(
            thread=thread,
            author=author,
            group="public",
            stance="other",
            body=text,
            path=path_of(number),
            sequence=number,
            changed_sequence=number,
            idempotency_key=uuid.UUID(int=number),
        )
        for number, text in enumerate(said.texts, start=1)
    )
    ComparisonDue.objects.bulk_create(
        ComparisonDue(comment=comment, since=comment.created_at) for comment in comments
    )
    places = {comment.pk: place for place, comment in enumerate(comments)}
    for pk in places:
        assert compare(pk)
    groups = [
        [places[member.pk] for member in campaign.members.all()]
        for campaign in Campaign.objects.all()
    ]
    found = judged(groups, said)
    assert found.precision >= 0.99
    assert found.recall >= 0.95
