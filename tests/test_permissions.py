"""Who may do what: every address, every form and every socket, asked by everyone.

`permissions.md` says what becomes of it, `permissions.py` what is needed to ask.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import resolve, reverse

from accounts.access import Visitor
from accounts.models import Organisation, User
from accounts.voices import Voice
from comments.consumers import NOT_FOUND
from comments.posting import post_comment
from consult.document.models import Draft, Drafter, Framework, Provision
from consult.reports.requesting import request_report
from tests.accounts.visits import confirmed, signed_in
from tests.cast import person, with_second_factor
from tests.consult.reports.making import make
from tests.permission_objects import Scene
from tests.permissions import (
    Row,
    names_of_addresses,
    names_of_sockets,
    path_of_socket,
    read_table,
)
from tests.sockets import Socket, in_loop

ROWS = read_table()
# Where a signed-out person, and one who signed in long ago, is sent first.
DOORS = {
    "/accounts/login/": "login",
    "/accounts/reauthenticate/": "confirm",
    "/accounts/2fa/reauthenticate/": "confirm",
}
ANSWERS = {
    200: "ok",
    202: "done",
    401: "login",
    403: "403",
    404: "404",
    405: "405",
    400: "refused",
    409: "refused",
    422: "refused",
}
REDIRECTS = (302, 303)
OK = 200
PARTS = 8
KEY_OF_COMMENT = "5f0c5a51-6a3b-4c39-8f10-5a3a9b1c8f11"


@pytest.fixture
def scene(
    draft: Draft,
    association: Organisation,
    visitor: User,
    outsider: User,
    member: User,
    representative: User,
    drafter: User,
    moderator: User,
    administrator: User,
    anonymous: Visitor,
) -> Scene:
    elsewhere = Framework.objects.create(code="skills", title="人才綱領", owner_body="勞動部")
    drafter_elsewhere = with_second_factor(person("drafter-elsewhere"))
    Drafter.objects.create(framework=elsewhere, user=drafter_elsewhere)
    comment = post_comment(
        Provision.objects.select_related("section__draft__framework").get(draft=draft, ref="壹-1"),
        voice=Voice(visitor, None),
        body="意見",
        stance="support",
        idempotency_key=KEY_OF_COMMENT,  # type: ignore[arg-type]
    )
    return Scene(
        people={
            "anonymous": anonymous,
            "outsider": outsider,
            "visitor": visitor,
            "member": member,
            "representative": representative,
            "drafter": drafter,
            "drafter elsewhere": drafter_elsewhere,
            "moderator": moderator,
            "administrator": administrator,
        },
        draft=draft,
        framework_elsewhere=elsewhere,
        association=association,
        comment=comment,
        report=make(request_report(draft, requested_by=drafter)),
    )


Browser = Callable[[Visitor], Client]


def word_for(row: Row, response: HttpResponseBase) -> str:
    """What became of it, in the table's words."""
    if response.status_code in REDIRECTS:
        to = urlsplit(response.headers["Location"]).path
        return DOORS.get(to, "done" if row.is_sent else "on")
    if "attachment" in response.headers.get("Content-Disposition", ""):
        return "file"
    if row.is_sent and response.status_code == OK:
        # Most forms that aren't taken come back with what is wrong with them.
        form = (getattr(response, "context", None) or {}).get("form")
        return "refused" if getattr(form, "errors", None) else "done"
    return ANSWERS.get(response.status_code, str(response.status_code))


def ask(row: Row, scene: Scene, browser: Client) -> HttpResponseBase:
    address = reverse(row.name, args=row.arguments(scene))
    return browser.post(address, row.form(scene)) if row.is_sent else browser.get(address)


def line(row: Row, cells: Mapping[str, str]) -> str:
    return f"| {row.asked} | {' | '.join(cells.values())} |"


@pytest.mark.parametrize("part", range(PARTS))
def test_what_each_may_do(part: int, scene: Scene, client_for: Browser) -> None:
    """In parts, so that several processors share them: to set the scene costs more than a row."""
    rows = [row for row in ROWS if not row.is_live][part::PARTS]
    is_so = [line(row, cells_of(row, scene, client_for)) for row in rows]
    said = [line(row, row.cells) for row in rows]
    assert [row for row in is_so if row not in said] == []


def cells_of(row: Row, scene: Scene, client_for: Browser) -> dict[str, str]:
    """What becomes of it for each role: nobody finds what another has done before them."""
    cells = {}
    for role in row.cells:
        # Nor is anyone held up by how much that was.
        cache.clear()
        with undone(scene):
            browser = client_for(scene.people[role])
            if not row.asked.endswith("unconfirmed") and signed_in(browser):
                confirmed(browser)
            cells[role] = word_for(row, ask(row, scene, browser))
    return cells


@contextlib.contextmanager
def undone(scene: Scene) -> Iterator[None]:
    """Whatever is done within is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    scene.association.refresh_from_db()
    scene.comment.refresh_from_db()


# Channels closes connections between its steps, which a test's own transaction would not survive.
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("row", [row for row in ROWS if row.is_live], ids=lambda row: row.asked)
def test_what_each_may_listen_to(row: Row, scene: Scene, client_for: Browser) -> None:
    path = path_of_socket(row.name, row.arguments(scene))
    cells: dict[str, str] = {}

    async def listen(role: str) -> str:
        browser = await sync_to_async(client_for)(scene.people[role])
        session = browser.cookies.get(settings.SESSION_COOKIE_NAME)
        page = Socket(path, session=session.value if session else "")
        await page.open()
        code = await page.outcome()
        await page.leave()
        return {None: "ok", NOT_FOUND: "404"}.get(code, str(code))

    async def scenario() -> None:
        for role in row.cells:
            cells[role] = await listen(role)

    in_loop(scenario)
    assert line(row, cells) == line(row, row.cells)


def test_every_address_and_socket_stands_in_the_table() -> None:
    known = {row.name for row in ROWS}
    assert known == names_of_addresses() | names_of_sockets()
    assert len({row.asked for row in ROWS}) == len(ROWS)
    assert {row.name for row in ROWS if row.is_live} == names_of_sockets()


def test_whatever_takes_a_form_has_a_row_for_it(scene: Scene, client_for: Browser) -> None:
    """Asked of the site, not of its source: an address that refuses no POST takes a form."""
    takes = set()
    for row in ROWS:
        # Django's admin guards its own forms.
        if row.is_live or row.is_sent or row.name == "admin:index":
            continue
        with undone(scene):
            browser = client_for(scene.people["visitor"])
            answer = browser.post(reverse(row.name, args=row.arguments(scene)))
        if answer.status_code != 405:
            takes.add(row.name)
    assert {row.name for row in ROWS if row.is_sent} == takes


class Forms(HTMLParser):
    """The forms of a page that change something: where each goes, and which acts it offers."""

    def __init__(self, html: str, address: str) -> None:
        super().__init__()
        self.address = address
        self.action: str | None = None
        self.acts: set[tuple[str, str]] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            sends = (given.get("method") or "").lower() == "post"
            # A form that names no address is sent to its page's own.
            self.action = (given.get("action") or self.address) if sends else None
        if self.action and given.get("name") == "act" and given.get("value"):
            self.acts.add((urlsplit(self.action).path, str(given["value"])))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.action = None


def acts_offered(scene: Scene, client_for: Browser) -> Iterator[str]:
    """Each act that some page offers to someone, as a row names it."""
    for role, visitor in scene.people.items():
        browser = client_for(visitor)
        for row in ROWS:
            if row.is_live or row.is_sent or row.cells[role] != "ok":
                continue
            with undone(scene):
                address = reverse(row.name, args=row.arguments(scene))
                page = browser.get(address)
            if page.streaming or "html" not in page["Content-Type"]:
                continue
            for path, act in Forms(page.content.decode(), address).acts:
                yield f"{resolve(path).url_name} POST act={act}"


def test_every_act_that_a_page_offers_has_a_row(scene: Scene, client_for: Browser) -> None:
    offered = set(acts_offered(scene, client_for))
    assert offered - {row.asked for row in ROWS} == set()
    # A row for an act that no page offers any more is left over.
    assert {row.asked for row in ROWS if row.act} - offered == set()
