"""What is no longer shown, or not yet, is told to nobody: not by any page, event, mail or cache.

Six comments each have a word of their own: in what they say, in what they said before, in the
wording that they propose, and in their author's name. Five of them are out of sight, each for
another reason; the sixth is shown, so that its word is found wherever one could be.
"""

import io
import json
import pickle
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from django.core import mail
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from redis import Redis

from accounts.models import User
from accounts.voices import Voice
from comments.carrying import carry_comments
from comments.digesting import write_to
from comments.editing import WITHOUT_TRACE, edit_comment, withdraw_comment
from comments.endorsing import endorse
from comments.following import follow
from comments.models import Comment, Notification
from comments.moderating import flag_comment, hide, restore
from comments.notifying import remind_of_closing, spread_word
from comments.parts import KEPT_SECONDS
from comments.posting import post_comment
from consult.document.importing import import_draft
from consult.document.models import Provision, Section
from consult.document.publishing import open_section, withdraw_section
from consult.document.relating import confirm_links
from consult.document.undoing import last_change, take_back_change
from consult.reports.requesting import request_report
from tests.accounts.visits import confirmed, signed_in
from tests.cast import SECRET, next_outline, person
from tests.comments.talk import say
from tests.consult.reports.making import make
from tests.permission_objects import ADDRESSES, COMMENT, Scene, on
from tests.sockets import Socket, in_loop
from tests.test_permissions import ROWS, Browser, ask, scene, undone  # noqa: F401 - a fixture

SHOWN, HIDDEN, HELD, WITHDRAWN = "amaranth", "belladonna", "chicory", "digitalis"
TAKEN_BACK, SECTION_WITHDRAWN = "eucalyptus", "foxglove"
WORDS = {SHOWN, HIDDEN, HELD, WITHDRAWN, TAKEN_BACK, SECTION_WITHDRAWN}
# Where each stands. 肆-二 is opened for it, which is taken back; 伍-一 is withdrawn.
PLACES = dict.fromkeys((SHOWN, HIDDEN, HELD, WITHDRAWN), "壹-1") | {
    TAKEN_BACK: "肆-二-1",
    SECTION_WITHDRAWN: "伍-一-1",
}
# In parts, so that several processors share them: to set the scene costs more than a walk.
ROLES = (
    ("anonymous", "visitor", "moderator"),
    ("outsider", "member", "drafter"),
    ("representative", "drafter elsewhere", "administrator"),
)
# What a row's cell says where nothing of the page itself is answered.
DOORS = {"login", "confirm", "404", "405", "403"}
# A drafter works on every section, and counts what was said on those that were withdrawn.
SEEN_BY_DRAFTERS = {TAKEN_BACK, SECTION_WITHDRAWN}
# Where the word of what is shown must be found, or the walk has seen nothing.
FOUND_BY_ANYONE = {"thread", "search", "comment_history", "comment_more"}
FOUND_BY: Mapping[str, set[str]] = {
    "visitor": {"notifications"},
    "drafter": {"report_comments", "report_inputs"},
    "moderator": {"moderated"},
}


@dataclass(frozen=True)
class Told:
    """What was said on the site, by its word."""

    scene: Scene
    comments: Mapping[str, Comment]

    def section(self, ref: str) -> Section:
        found: Section = self.scene.draft.sections.get(ref=ref)
        return found


# --- the story --------------------------------------------------------------------------------


def tell(scene: Scene, settings: Any) -> Told:  # noqa: F811, ANN401 - what the fixtures gave
    """All six are said, and all but the held one are shown to everyone."""
    told = Told(scene, {})
    visitor = scene.person("visitor")
    for ref in ("壹", "肆-二", "伍-一"):
        follow(told.section(ref), user=visitor)
    open_section(told.section("肆-二"), actor=scene.person("drafter"))
    comments = {word: _say(scene, word) for word in (SHOWN, HIDDEN, WITHDRAWN)}
    settings.HOLD_FIRST_COMMENTS = 1
    comments[HELD] = _say(scene, HELD)
    settings.HOLD_FIRST_COMMENTS = 0
    comments |= {word: _say(scene, word) for word in SEEN_BY_DRAFTERS}
    # Its author hears of it, and of where it stands.
    hide(comments[TAKEN_BACK], moderator=scene.person("moderator"), rule="attack")
    restore(comments[TAKEN_BACK], moderator=scene.person("moderator"))
    for comment in comments.values():
        spread_word(comment.pk)
    return Told(scene, comments)


def _say(scene: Scene, word: str) -> Comment:  # noqa: F811 - as above
    """Say it, change it with a trace, be endorsed, answered and reported."""
    target = _provision(scene, PLACES[word])
    author, visitor = person(word), scene.person("visitor")
    comment = post_comment(
        target,
        voice=Voice(author, None),
        body=f"{word} 起初這樣說。@visitor",
        stance="suggest",
        proposed_text=f"{target.text}{word}",
        idempotency_key=_key(word),
    )
    if not comment.is_shown:
        return comment
    edit_comment(
        comment,
        author=author,
        body=f"{word} 後來這樣說。@visitor",
        stance="suggest",
        proposed_text=f"{word}{target.text}",
        at=timezone.now() + 2 * WITHOUT_TRACE,
    )
    endorse(comment, voice=Voice(visitor, None))
    flag_comment(comment, reporter=visitor, rule="attack")
    say(target, visitor, parent=comment)
    comment.refresh_from_db()
    return comment


def _provision(scene: Scene, ref: str) -> Provision:  # noqa: F811 - as above
    found: Provision = Provision.objects.select_related("section__draft__framework").get(
        draft=scene.draft, ref=ref
    )
    return found


def _key(word: str) -> Any:  # noqa: ANN401 - what a form sends
    return f"5f0c5a51-6a3b-4c39-8f10-{word.encode().hex()[:12]}"


def take_away(told: Told) -> None:
    """Five of the six are shown no more."""
    drafter = told.scene.person("drafter")
    hide(told.comments[HIDDEN], moderator=told.scene.person("moderator"), rule="attack")
    withdraw_comment(told.comments[WITHDRAWN], author=told.comments[WITHDRAWN].author)
    remind_of_closing(at=timezone.now(), ahead=10 * WITHOUT_TRACE * 100)
    opened = last_change(told.scene.draft)
    assert opened
    take_back_change(told.scene.draft, recorded_at=opened.recorded_at, actor=drafter)
    withdraw_section(told.section("伍-一"), actor=drafter)


@pytest.fixture
def told(scene: Scene, settings: Any, client_for: Browser) -> Told:  # noqa: F811, ANN401
    """All that is said is said, read by everyone while it could be, and taken away."""
    told = tell(scene, settings)
    for role in ("anonymous", "visitor"):
        for address in addresses_of_threads(told):
            client_for(scene.people[role]).get(address)
    take_away(told)
    # The scene's own report was asked for before anything was said.
    make(scene.report)
    report = request_report(scene.draft, requested_by=scene.person("drafter"))
    make(report)
    return replace(told, scene=replace(scene, report=report))


# --- what is asked ----------------------------------------------------------------------------

Asked = tuple[str, Callable[[Client], HttpResponseBase]]


def addresses_of_threads(told: Told) -> Iterator[str]:
    """Every way to read the threads in which the six stand."""
    asked = ["", "since=0", "order=newest", "order=endorsed", "wording=1", "stance=suggest"]
    for comment in told.comments.values():
        named, numbered = ("at", "reply", "posted"), ("after", "branch")
        asked += [f"{word}={comment.reference}" for word in named]
        asked += [f"{word}={comment.sequence}" for word in numbered]
    address = reverse("thread", args=on("壹-1")(told.scene))
    yield from (f"{address}?{words}" for words in [*asked, "mine=1"])
    for ref in ("壹", "肆-二", "肆-二-1", "伍-一", "伍-一-1"):
        address = reverse("thread", args=on(ref)(told.scene))
        yield from (f"{address}{words}" for words in ("", "?since=0"))


def reading(told: Told) -> Iterator[Asked]:
    """Every address that stands for one of the six, by the name of its address."""

    def get(address: str, **headers: str) -> Callable[[Client], HttpResponseBase]:
        return lambda browser: browser.get(address, headers=headers)

    for address in addresses_of_threads(told):
        yield "thread", get(address)
        yield "thread", get(address, **{"X-Fragment": "1"})
    for ref in ("壹", "肆", "肆-二", "伍", "伍-一"):
        for name in ("section", "sequences", "follow"):
            yield name, get(reverse(name, args=on(ref)(told.scene)))
    for name in [name for name, arguments in ADDRESSES.items() if arguments is COMMENT]:
        for comment in told.comments.values():
            yield name, get(reverse(name, args=[comment.reference]))
    for filters in ("", "&order=newest", "&stance=suggest", "&wording=1"):
        yield "search", get(f"{reverse('search')}?q=這樣說{filters}")
    for word in WORDS:
        yield "search by word", get(f"{reverse('search')}?q={word}")


def rows_for(told: Told, role: str) -> Iterator[Asked]:
    """Every row of the permission table that answers this role with more than a closed door."""
    rows = [row for row in ROWS if not row.is_live and row.cells[role] not in DOORS]
    for row in sorted(rows, key=lambda row: row.is_sent):
        yield row.name, lambda browser, row=row: ask(row, told.scene, browser)  # type: ignore[misc]


def text_of(answer: HttpResponseBase) -> str:
    """All that was answered: headers, and the body, also of what is streamed or packed."""
    if answer.streaming:

        async def sent() -> bytes:
            return b"".join([piece async for piece in answer])  # type: ignore[attr-defined]

        body = async_to_sync(sent)()
    else:
        body = answer.content  # type: ignore[attr-defined]
    texts = [str(answer.headers), body.decode(errors="replace")]
    if zipfile.is_zipfile(io.BytesIO(body)):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            texts += [name + archive.read(name).decode() for name in archive.namelist()]
    return "\n".join(texts)


def out_of_sight(told: Told) -> list[Comment]:
    return [comment for word, comment in told.comments.items() if word != SHOWN]


def words_in(text: str) -> set[str]:
    return {word for word in {*WORDS, SECRET} if word in text.lower()}


def may_be_found(role: str, name: str) -> set[str]:
    """The words that this role may meet there."""
    if role == "moderator" and name.startswith("moderat"):
        return WORDS
    if role == "drafter" and name.startswith(("report", "desk")):
        return {SHOWN, SECRET, *SEEN_BY_DRAFTERS}
    return {SHOWN}


@pytest.mark.django_db
@pytest.mark.parametrize("roles", ROLES, ids=" and ".join)
def test_no_page_says_it(roles: tuple[str, ...], told: Told, client_for: Browser) -> None:
    for role in roles:
        found: dict[str, set[str]] = {}
        for name, text in answers_to(role, told, client_for):
            if name == "search by word":
                # The page repeats what it was asked for; it must lead to none of the five.
                assert not [c for c in out_of_sight(told) if c.reference in text]
                continue
            words = words_in(text)
            assert words <= may_be_found(role, name), (role, name, text)
            found.setdefault(name, set()).update(words)
        places = {name for name, words in found.items() if SHOWN in words}
        assert places >= FOUND_BY_ANYONE | FOUND_BY.get(role, set()), (role, places)


def answers_to(role: str, told: Told, client_for: Browser) -> Iterator[tuple[str, str]]:
    """What this role is answered, by the name of the address that was asked."""
    reader = client_for(told.scene.people[role])
    for name, send in reading(told):
        yield name, text_of(send(reader))
    for name, send in rows_for(told, role):
        with undone(told.scene):
            # A new one each time: what was sent may have signed the last one out.
            browser = client_for(told.scene.people[role])
            if signed_in(browser):
                confirmed(browser)
            yield name, text_of(send(browser))


@pytest.mark.django_db
def test_each_gets_their_own_words_alone(told: Told, client_for: Browser) -> None:
    """Who said it keeps it, also where nobody else is told any more."""
    for word, comment in told.comments.items():
        mine = text_of(client_for(comment.author).post(reverse("my_data")))
        # The wording that one proposes has the words of the text.
        assert words_in(mine) - {SECRET} == {word}


@pytest.mark.django_db
def test_no_later_draft_says_it(scene: Scene, settings: Any, client_for: Browser) -> None:  # noqa: F811, ANN401
    """Carried into the next draft while they were shown, they are shown there no longer."""
    told = tell(scene, settings)
    drafter = scene.person("drafter")
    later = import_draft(framework=scene.draft.framework, outline=next_outline(), source="next")
    open_section(later.sections.get(ref="壹"), actor=drafter)
    numbers = later.lineage.values_list("number", flat=True)
    confirm_links(later, numbers=numbers, actor=drafter)
    assert carry_comments(later)
    address = reverse("thread", args=[later.framework.code, later.number, "壹-1"])
    reader = client_for(scene.people["anonymous"])
    assert words_in(text_of(reader.get(address))) >= {SHOWN, HIDDEN, WITHDRAWN}
    take_away(told)
    assert words_in(text_of(reader.get(address))) == {SHOWN}


@pytest.mark.django_db
def test_no_mail_says_it(told: Told) -> None:
    for user in User.objects.all():
        write_to(user.pk)
    to_visitor = [m for m in mail.outbox if m.to == ["visitor@example.org"]]
    assert len(to_visitor) == 1
    for message in mail.outbox:
        text = f"{message.subject} {message.body} {message.extra_headers}"
        assert words_in(text) <= {SHOWN, *words_in(message.to[0])}
    assert SHOWN in str(to_visitor[0].body)
    assert not [c for c in out_of_sight(told) if c.reference in str(to_visitor[0].body)]
    # Told of all that was shown once, and the message leaves it out.
    told_of = Notification.objects.filter(user=told.scene.person("visitor")).exclude(comment=None)
    assert set(told_of.values_list("comment__author__display_name", flat=True)) >= WORDS - {HELD}


# --- what is carried and kept -----------------------------------------------------------------


def heard_during(told: Callable[[], Told], *paths: str) -> tuple[list[str], Told]:
    """Every notice that these pages are given while that happens."""
    notices: list[str] = []
    result: list[Told] = []

    async def scenario() -> None:
        pages = [Socket(path) for path in paths]
        for page in pages:
            await page.listen()
        result.append(await sync_to_async(told)())
        for page in pages:
            while not await page.hears_nothing():
                message = await page.message()
                notices.append(json.dumps(message, ensure_ascii=False))
            await page.leave()

    in_loop(scenario)
    return notices, result[0]


@pytest.mark.django_db(transaction=True)
def test_no_event_says_it(scene: Scene, settings: Any) -> None:  # noqa: F811, ANN401
    def story() -> Told:
        told = tell(scene, settings)
        take_away(told)
        return told

    paths = [f"/ws/tve/1/{ref}/" for ref in ("壹", "肆", "伍-一")]
    notices, told = heard_during(story, *paths, "/ws/tve/1/")
    thread = told.comments[SHOWN].thread
    thread.refresh_from_db()
    # Everything that happened in the thread was told, by its number; so were other threads.
    numbers = [json.loads(json.loads(notice).get("text", "{}")) for notice in notices]
    heard = {n["sequence"] for n in numbers if n.get("thread") == "壹-1"}
    assert heard == set(range(2, thread.sequence + 1))
    assert {"肆-二-1", "伍-一-1"} <= {n.get("thread") for n in numbers}
    assert [notice for notice in notices if words_in(notice)] == []


def kept_in_redis() -> dict[bytes, str]:
    """Everything that Redis holds, as text, unpacked where it is packed."""
    redis = Redis.from_url(settings.REDIS_URL)
    read: dict[Any, Callable[[Any], Any]] = {
        b"string": redis.get,
        b"list": lambda key: redis.lrange(key, 0, -1),
        b"set": redis.smembers,
        b"zset": lambda key: redis.zrange(key, 0, -1),
        b"hash": redis.hgetall,
    }
    keys = redis.scan_iter()
    return {bytes(key): _unpacked(read[redis.type(key)](key)) for key in keys}


def _unpacked(value: Any) -> str:  # noqa: ANN401 - whatever is kept
    if not isinstance(value, bytes):
        return repr(value)
    try:
        kept = pickle.loads(value)  # noqa: S301 - our own cache
    except (pickle.UnpicklingError, ValueError, EOFError, IndexError, KeyError):
        return value.decode(errors="replace")
    parts = kept if isinstance(kept, (list, tuple)) else [kept]
    unpacked = [zlib.decompress(p).decode() if isinstance(p, bytes) else repr(p) for p in parts]
    return "\n".join(unpacked)


@pytest.mark.django_db(transaction=True)
def test_no_cache_keeps_it(scene: Scene, settings: Any, client_for: Browser) -> None:  # noqa: F811, ANN401
    told = tell(scene, settings)

    def read_all() -> dict[bytes, set[str]]:
        for role in ("anonymous", "visitor"):
            browser = client_for(scene.people[role])
            for address in addresses_of_threads(told):
                browser.get(address)
        return {key: words_in(text) for key, text in kept_in_redis().items()}

    before = read_all()
    assert set().union(*before.values()) >= {SHOWN, HIDDEN, WITHDRAWN}
    take_away(told)
    after = read_all()
    redis = Redis.from_url(settings.REDIS_URL)
    # What was kept while it could be read is found by no page any more, and soon gone.
    for key in [key for key, words in after.items() if words - {SHOWN}]:
        assert key in before
        assert 0 < redis.ttl(key) <= KEPT_SECONDS
        redis.delete(key)
    assert set().union(*read_all().values()) == {SHOWN}
