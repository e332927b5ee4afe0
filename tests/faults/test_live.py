"""In the middle of posting the socket drops, Redis forgets all and the server is killed.

What a reader's page shows in the end is what the database holds: nothing lost, nothing twice.
"""

import contextlib
import http.cookiejar
import json
import os
import re
import signal
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from redis import Redis

from tests.browser.conftest import browser, browser_type_launch_args  # noqa: F401 - the fixtures
from tests.browser.journeys import PASSWORD, sign_in
from tests.faults.test_up import Site, site  # noqa: F401 - the fixture

pytestmark = pytest.mark.xdist_group("up")

THREAD = "/tve/1/壹-3/comments/"
ROOT, TYPED = "大家都在這裡回覆", "按下去的時候斷線了"
PATIENCE_SECONDS = 90
PAUSE_SECONDS = 0.3

# What the database holds of the thread, and whether its counts are the numbers of its rows.
HELD = """
import json
from comments.models import Thread
from tests.comments.talk import assert_counts_equal_rows
assert_counts_equal_rows()
thread = Thread.objects.get(provision__ref="壹-3")
print(json.dumps({
    "comments": [
        [each.reference, each.is_shown, each.body, each.endorsement_count * each.is_shown]
        for each in thread.comments.listed().order_by("path")
    ],
    "count": thread.comment_count,
}))
"""
# What a page shows of it, in the order in which it stands there.
SHOWN = """() => ({
    comments: [...document.querySelectorAll(".thread .comments > .comment")].map((each) => [
        each.dataset.reference,
        !each.querySelector(".comment-tombstone"),
        each.querySelector(".comment-body")?.innerText ?? "",
        Number(each.querySelector("[data-endorsements]")?.innerText ?? 0),
    ]),
    count: Number(document.querySelector("[data-comments]").innerText),
})"""


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """A redirect is the answer, as a page's script has it."""
        return


class Writer:
    """A person's browser that sends each form until it is answered, as people do."""

    def __init__(self, address: str, who: str) -> None:
        self.address, self.who = address, who
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar, NoRedirect())
        self.send("/accounts/login/", login=f"{who}@example.org", password=PASSWORD)

    def send(self, path: str, **form: str) -> str:
        """Fill the form of this page; where it leads to, or empty where it was not taken."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', self._open(path)[1])
                assert token, path
                data = {"csrfmiddlewaretoken": token[1], **form}
                to, _ = self._open(path, urllib.parse.urlencode(data).encode())
            except (OSError, http.client.HTTPException):
                assert time.monotonic() < deadline, path
                time.sleep(PAUSE_SECONDS)
            else:
                return to

    def _open(self, path: str, data: bytes | None = None) -> tuple[str, str]:
        quoted = self.address + urllib.parse.quote(path)
        request = urllib.request.Request(quoted, data, headers={"Origin": self.address})
        try:
            with self._opener.open(request, timeout=10) as answer:
                return "", answer.read().decode()
        except urllib.error.HTTPError as error:
            # A page that is refused is an answer, a server that is gone is none.
            if error.code >= 500:
                raise
            return error.headers.get("Location", ""), error.read().decode()

    def post(self, body: str, *, parent: str = "") -> str:
        """The reference of what was posted; sent again with the same key where need be."""
        form = {"voice": "self", "stance": "support", "body": body, "parent": parent}
        key = str(uuid.uuid4())
        # The answer to the first is as good as lost on its way.
        self.send(THREAD, key=key, **form)
        to = self.send(THREAD, key=key, **form)
        return to.rpartition("#c-")[2]

    def talk(self, root: str, told: Callable[[str], None]) -> None:
        """Everything that can be done to a thread, with pauses as people make them."""
        first = self.post(f"{self.who} 說第一句")
        told(self.who)
        self.send(f"/c/{root}/endorse/", voice="self")
        for number in range(3):
            time.sleep(PAUSE_SECONDS)
            self.post(f"{self.who} 回覆 {number}", parent=(root, first)[number % 2])
            told(self.who)
        self.send(f"/c/{first}/edit/", stance="oppose", body=f"{self.who} 改了第一句")
        gone = self.post(f"{self.who} 收回的話")
        self.send(f"/c/{gone}/withdraw/")
        told(self.who)


def said_by(who: str) -> list[str]:
    """What stands of it in the end."""
    return [f"{who} 改了第一句", *(f"{who} 回覆 {number}" for number in range(3))]


def forget_all(redis: "Redis") -> None:
    """Redis loses everything that it holds, and who listened to it."""
    redis.flushall()
    for client in redis.client_list(_type="pubsub"):
        redis.client_kill_filter(_id=client["id"])


def kill_server(site: Site) -> None:  # noqa: F811 - as above
    run = site.folder / ".local" / "run"
    os.kill(int((run / "web").read_text().split()[0]), signal.SIGKILL)


def wait_until(true: Callable[[], bool], *, reader: Page) -> None:
    """The reader's page goes on living meanwhile."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline
        reader.wait_for_timeout(100)


def answers(address: str) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5):
        return True
    return False


def test_nothing_is_lost_and_nothing_is_twice(site: Site, browser: Browser) -> None:  # noqa: F811
    site.start()
    site.page()
    address = f"http://127.0.0.1:{site.port}"
    redis = Redis.from_url(
        site.shell("from django.conf import settings; print(settings.REDIS_URL)")
    )
    reader, typist = (
        browser.new_context(base_url=address, locale="en-GB").new_page() for _ in range(2)
    )
    sign_in(typist, "graduate", to=THREAD)
    writers = [Writer(address, who) for who in ("mother", "father", "teacher", "student")]
    root = Writer(address, "senior").post(ROOT)
    reader.goto(THREAD)
    expect(reader.locator(f"#c-{root}")).to_be_visible()

    # Everyone talks at once.
    said: list[str] = []
    threads = [threading.Thread(target=each.talk, args=(root, said.append)) for each in writers]
    for thread in threads:
        thread.start()
    wait_until(lambda: len(said) >= len(writers), reader=reader)

    # The server is killed while somebody presses the button.
    fill(typist)
    forget_all(redis)
    kill_server(site)
    assert all(thread.is_alive() for thread in threads), "They were done too early."
    typist.get_by_role("button", name="Post", exact=True).click()
    wait_until(lambda: answers(address), reader=reader)
    press_until_posted(typist)

    # The reader's own line goes down and comes back, and Redis forgets all once more.
    reader.context.set_offline(True)
    forget_all(redis)
    reader.wait_for_timeout(1500)
    reader.context.set_offline(False)
    wait_until(lambda: not any(thread.is_alive() for thread in threads), reader=reader)

    held = json.loads(site.shell(HELD))
    texts = [text for _, is_shown, text, _ in held["comments"] if is_shown]
    for text in [ROOT, TYPED, *(text for each in writers for text in said_by(each.who))]:
        assert texts.count(text) == 1, text
    assert len(held["comments"]) - len(texts) == len(writers)
    assert_comes_to(reader, held)
    reader.reload()
    assert_comes_to(reader, held)
    site.stop(signal.SIGTERM)


def fill(typist: Page) -> None:
    form = typist.locator("form.comment-form")
    form.get_by_role("radio", name="Support").check()
    form.get_by_label("What you want to say").fill(TYPED)


def press_until_posted(typist: Page) -> None:
    """Whoever is told that it could not be sent finds their text kept, and presses again."""
    form = typist.locator("form.comment-form")
    posted = typist.get_by_text("Your comment is posted.")
    told = form.locator(".write-state", has_text="could not be sent")
    expect(posted.or_(told)).to_be_visible(timeout=30_000)
    if told.count():
        expect(form.get_by_label("What you want to say")).to_have_value(TYPED)
        form.get_by_role("button", name="Post", exact=True).click()
    expect(posted).to_be_visible()


def assert_comes_to(reader: Page, held: dict[str, Any]) -> None:
    """The page comes to show what the database holds, by opening what it offers to open."""
    bar = reader.locator(".new-bar").get_by_role("button")
    fold = reader.locator(".thread a[data-fold]")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (shown := reader.evaluate(SHOWN)) != held:
        assert time.monotonic() < deadline, (shown, held)
        for more in (bar, fold):
            if more.count():
                more.first.click()
        reader.wait_for_timeout(200)
