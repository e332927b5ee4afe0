# ruff: noqa: ARG001 - a fixture that is asked for by name for its effect
"""A thread is read in three orders, by filters and branch by branch; each comment is met once."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.access import Visitor
from accounts.models import Organisation, User
from accounts.voices import Voice
from comments.choices import choices_of
from comments.endorsing import endorse
from comments.models import Comment, Thread
from comments.paths import path_of
from comments.targets import Target, threads_on
from comments.threads import PAGE_SIZE, REPLIES_SHOWN, place_of, read_part
from comments.wanted import ENDORSED, NEWEST, ORDERS, Wanted
from consult.document.models import Draft, Provision
from tests.cast import person
from tests.comments.talk import assert_counts_equal_rows, at_once, say

NamedProvision = Callable[[str], Provision]
NOBODY = AnonymousUser()


@pytest.fixture(autouse=True)
def _fresh_minute() -> None:
    cache.clear()


@pytest.fixture
def target(provision: NamedProvision) -> Provision:
    return provision("壹-1")


def said(target: Provision, user: User, **changes: Any) -> Comment:
    return say(target, user, at=timezone.now(), **changes)


def thread_on(target: Target) -> Thread | None:
    return Thread.objects.filter(threads_on(target)).with_tallies().first()


def many(target: Provision, user: User, count: int, **fields: Any) -> list[Comment]:
    """So many more first comments, without posting each."""
    thread = said(target, user).thread
    thread.refresh_from_db()
    start = thread.sequence + 1
    made = Comment.objects.bulk_create(
        Comment(
            **{
                "thread": thread,
                "path": path_of(number),
                "sequence": number,
                "changed_sequence": number,
                "author": user,
                "group": "public",
                "stance": "support",
                "body": "我贊成。",
                "endorsement_count": number % 7,
                "idempotency_key": uuid.uuid4(),
            }
            | fields
        )
        for number in range(start, start + count)
    )
    thread.sequence += count
    thread.comment_count += count
    thread.save()
    return made


def pages(target: Provision, wanted: Wanted, *, reader: Visitor = NOBODY) -> list[list[Comment]]:
    """The comments of each page in turn."""
    found = []
    while True:
        part = read_part(thread_on(target), wanted, reader=reader)
        found.append(part.comments)
        if part.next_after is None:
            return found
        wanted = wanted.going_on(part.next_after)


def shown(target: Provision, wanted: Wanted, *, reader: Visitor = NOBODY) -> list[Comment]:
    return [comment for page in pages(target, wanted, reader=reader) for comment in page]


# --- orders -----------------------------------------------------------------------------------


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("stance", ["", "support"])
def test_every_order_meets_every_comment_once(
    target: Provision, visitor: User, order: str, stance: str
) -> None:
    many(target, visitor, PAGE_SIZE * 2 + 3)
    found = shown(target, Wanted(order=order, stance=stance))
    assert len(found) == len({comment.pk for comment in found}) == Comment.objects.count()
    expected = {
        "": lambda c: c.sequence,
        NEWEST: lambda c: -c.sequence,
        ENDORSED: lambda c: (-c.endorsement_count, -c.sequence),
    }[order]
    assert found == sorted(found, key=expected)


def test_a_comment_that_arrives_while_one_reads_moves_no_page(
    target: Provision, visitor: User
) -> None:
    many(target, visitor, PAGE_SIZE + 5)
    wanted = Wanted(order=NEWEST)
    first = read_part(thread_on(target), wanted, reader=NOBODY)
    many(target, visitor, 3)
    assert first.next_after
    second = read_part(thread_on(target), wanted.going_on(first.next_after), reader=NOBODY)
    assert second.comments[0].sequence == first.comments[-1].sequence - 1


def test_the_most_endorsed_come_first(
    target: Provision, visitor: User, member: User, drafter: User
) -> None:
    one, two, three = (said(target, visitor, body=body) for body in ("一", "二", "三"))
    for user in (member, drafter):
        endorse(two, voice=Voice(user, None))
    endorse(three, voice=Voice(member, None))
    assert [c.pk for c in shown(target, Wanted(order=ENDORSED))] == [two.pk, three.pk, one.pk]


# --- filters ----------------------------------------------------------------------------------


@pytest.fixture
def mixed(
    target: Provision, visitor: User, representative: User, association: Organisation
) -> dict[str, Comment]:
    plain = said(target, visitor, body="平常的話")
    reply = said(target, visitor, body="回覆", stance="oppose", parent=plain)
    guild = said(target, representative, voice=Voice(representative, association), stance="oppose")
    wording = said(target, representative, stance="suggest", proposed_text="新的文字。")
    return {"plain": plain, "reply": reply, "guild": guild, "wording": wording}


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (Wanted(stance="oppose"), ["reply", "guild"]),
        (Wanted(group="association"), ["guild"]),
        (Wanted(group="public"), ["plain", "reply", "wording"]),
        (Wanted(wording=True), ["wording"]),
        (Wanted(unanswered=True), ["guild", "wording"]),
        (Wanted(group="public", stance="oppose"), ["reply"]),
        (Wanted(unanswered=True, stance="oppose", order=NEWEST), ["guild"]),
        (Wanted(group="association", wording=True), []),
        (Wanted(organisation=str(uuid.uuid4())), []),
    ],
)
def test_filters_and_all_of_them_together(
    target: Provision, mixed: dict[str, Comment], wanted: Wanted, names: list[str]
) -> None:
    assert [c.pk for c in shown(target, wanted)] == [mixed[name].pk for name in names]


def test_an_organisations_comments_alone(
    target: Provision, mixed: dict[str, Comment], association: Organisation
) -> None:
    found = shown(target, Wanted(organisation=str(association.public_id)))
    assert [c.pk for c in found] == [mixed["guild"].pk]


def test_mine_are_mine_and_nobodys_are_none(
    target: Provision, mixed: dict[str, Comment], visitor: User
) -> None:
    mine = shown(target, Wanted(mine=True), reader=visitor)
    assert [c.pk for c in mine] == [mixed["plain"].pk, mixed["reply"].pk]
    assert shown(target, Wanted(mine=True)) == []


def test_a_filtered_list_holds_no_tombstone(target: Provision, mixed: dict[str, Comment]) -> None:
    Comment.objects.filter(pk=mixed["guild"].pk).update(state="withdrawn", body="")
    assert mixed["guild"] not in shown(target, Wanted(stance="oppose"))
    assert mixed["guild"] in shown(target, Wanted())


def test_chips_count_what_they_show(target: Provision, mixed: dict[str, Comment]) -> None:
    thread = thread_on(target)
    assert thread
    for wanted in (Wanted(), Wanted(stance="oppose"), Wanted(group="public")):
        choices = choices_of(thread, wanted, signed_in=True)
        for choice, name in [
            *((each, "stance") for each in choices.stances),
            *((each, "group") for each in choices.groups),
        ]:
            asked = wanted.but(**{name: choice.value})
            assert asked.query == choice.query
            assert choice.count == len(shown(target, asked)), choice
    unknown = choices_of(thread, Wanted(wording=True), signed_in=True)
    assert {choice.count for choice in unknown.stances} == {None}


def test_counting_for_the_chips_reads_no_comment(target: Provision, visitor: User) -> None:
    many(target, visitor, 5)
    thread = thread_on(target)
    assert thread
    with CaptureQueriesContext(connection) as queries:
        choices_of(thread, Wanted(), signed_in=True)
    assert len(queries) == 0


# --- branches ---------------------------------------------------------------------------------


def test_a_long_branch_is_folded_behind_its_count(target: Provision, visitor: User) -> None:
    root = said(target, visitor)
    replies = [said(target, visitor, parent=root) for _ in range(REPLIES_SHOWN + 4)]
    deep = said(target, visitor, parent=replies[-1])
    branch = read_part(thread_on(target), Wanted(), reader=NOBODY).branches[0]
    assert branch.comments == [root, *replies[:REPLIES_SHOWN]]
    assert (branch.more, branch.behind) == (5, replies[REPLIES_SHOWN - 1].reference)
    wanted = Wanted(branch=branch.number, behind=branch.behind)
    rest = read_part(thread_on(target), wanted, reader=NOBODY).branches[0]
    assert rest.comments == [root, *replies[REPLIES_SHOWN:], deep]
    assert (rest.more, rest.earlier) == (0, True)


def test_a_branch_is_read_to_its_end_page_by_page(target: Provision, visitor: User) -> None:
    root = said(target, visitor)
    thread = root.thread
    thread.refresh_from_db()
    replies = Comment.objects.bulk_create(
        Comment(
            thread=thread,
            parent=root,
            depth=1,
            path=path_of(number, above=root.path),
            sequence=number,
            changed_sequence=number,
            author=visitor,
            group="public",
            stance="other",
            body="回覆",
            idempotency_key=uuid.uuid4(),
        )
        for number in range(thread.sequence + 1, thread.sequence + PAGE_SIZE * 2 + 8)
    )
    wanted, found = Wanted(branch=root.sequence), list[Comment]()
    while True:
        branch = read_part(thread_on(target), wanted, reader=NOBODY).branches[0]
        found += branch.comments[1:]
        if branch.more == 0:
            break
        wanted = Wanted(branch=root.sequence, behind=branch.behind)
    assert found == replies


def test_however_long_a_branch_is_no_more_of_it_is_read(target: Provision, visitor: User) -> None:
    root = said(target, visitor)
    for _ in range(REPLIES_SHOWN * 3):
        said(target, visitor, parent=root)
    part = read_part(thread_on(target), Wanted(), reader=NOBODY)
    assert len(part.comments) == 1 + REPLIES_SHOWN


def test_long_texts_leave_room_for_fewer(target: Provision, visitor: User) -> None:
    for _ in range(4):
        root = said(target, visitor, body="長" * 5000)
        said(target, visitor, body="長" * 5000, parent=root)
    found = pages(target, Wanted())
    assert all(sum(len(c.body) for c in page) <= 10_000 for page in found)
    roots = [comment for page in found for comment in page if not comment.depth]
    assert len(roots) == 4


# --- where one comment stands -----------------------------------------------------------------


def stands_on_its_page(comment: Comment) -> bool:
    wanted = place_of(Comment.objects.get(pk=comment.pk))
    target = comment.thread.provision
    assert target
    return comment in read_part(thread_on(target), wanted, reader=NOBODY).comments


@pytest.mark.parametrize("body", ["短", "長" * 900])
def test_every_comment_stands_on_the_page_its_link_leads_to(
    target: Provision, visitor: User, body: str
) -> None:
    roots = many(target, visitor, PAGE_SIZE + 8, body=body)
    long_branch = [said(target, visitor, parent=roots[20], body=body) for _ in range(9)]
    deep = long_branch[0]
    for _ in range(8):
        deep = said(target, visitor, parent=deep, body=body)
    for comment in (*roots, *long_branch, deep):
        assert stands_on_its_page(comment), comment.sequence


def test_a_link_to_a_folded_reply_opens_its_branch_with_what_it_answers(
    target: Provision, visitor: User
) -> None:
    root = said(target, visitor)
    for _ in range(REPLIES_SHOWN):
        said(target, visitor, parent=root)
    asked = said(target, visitor, parent=root, body="問題")
    answer = said(target, visitor, parent=asked, body="答案")
    part = read_part(thread_on(target), place_of(answer), reader=NOBODY)
    assert part.comments == [root, asked, answer]
    assert part.branches[0].earlier


def test_a_short_thread_is_one_page_wherever_a_link_leads(target: Provision, visitor: User) -> None:
    comments = [said(target, visitor) for _ in range(9)]
    reply = said(target, visitor, parent=comments[4])
    for comment in comments:
        assert place_of(comment) == Wanted()
    part = read_part(thread_on(target), place_of(reply), reader=NOBODY)
    assert len(part.comments) == 10


def test_another_threads_comment_opens_no_branch(
    target: Provision, provision: NamedProvision, visitor: User
) -> None:
    root = said(target, visitor)
    said(target, visitor, parent=root)
    elsewhere = said(provision("壹-2"), visitor)
    wanted = Wanted(branch=root.sequence, at=elsewhere.reference)
    assert len(read_part(thread_on(target), wanted, reader=NOBODY).comments) == 2
    assert read_part(thread_on(target), Wanted(branch=999), reader=NOBODY).comments == []


# --- what it costs ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(order=NEWEST),
        Wanted(order=ENDORSED),
        Wanted(stance="support"),
        Wanted(group="public"),
        Wanted(order=NEWEST, group="public", unanswered=True),
    ],
)
def test_a_part_costs_one_query_and_skips_no_row(
    target: Provision, visitor: User, wanted: Wanted
) -> None:
    many(target, visitor, PAGE_SIZE * 3)
    thread = thread_on(target)
    first = read_part(thread, wanted, reader=NOBODY)
    assert first.next_after
    with CaptureQueriesContext(connection) as queries:
        read_part(thread, wanted.going_on(first.next_after), reader=NOBODY)
    assert len(queries) == 1
    assert "OFFSET" not in queries[0]["sql"]


def plans(queries: CaptureQueriesContext) -> Sequence[str]:
    with connection.cursor() as cursor:
        found = []
        for query in queries:
            cursor.execute("EXPLAIN " + query["sql"])
            found.append("\n".join(row[0] for row in cursor.fetchall()))
        return found


@pytest.mark.parametrize("order", ORDERS)
def test_a_page_is_read_by_index(target: Provision, visitor: User, order: str) -> None:
    many(target, visitor, 3000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE comments_comment")
    thread = thread_on(target)
    with CaptureQueriesContext(connection) as queries:
        read_part(thread, Wanted(order=order), reader=NOBODY)
    assert "Seq Scan on comments_comment" not in plans(queries)[0]


# --- counted under the lock -------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_fifty_replies_at_once_to_one_comment(
    target: Provision, visitor: User, draft: Draft
) -> None:
    root = said(target, visitor)
    middle = said(target, visitor, parent=root)
    people = [person(f"person{number}") for number in range(10)]

    def replies(place: int) -> Callable[[], object]:
        def act() -> object:
            parents = (root, middle)
            return [
                said(Provision.objects.get(pk=target.pk), people[place], parent=parents[turn % 2])
                for turn in range(5)
            ]

        return act

    results = at_once(*(replies(place) for place in range(10)))
    assert all(isinstance(result, list) for result in results), results
    root.refresh_from_db()
    middle.refresh_from_db()
    assert (root.reply_count, middle.reply_count) == (51, 20)
    assert Thread.objects.get().comment_count == 52
    assert_counts_equal_rows()
