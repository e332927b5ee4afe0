"""Reminders: of the silent alone, seldom, once each, by a real mail server, and naming nobody."""

import email
import email.policy
import logging
import re
import smtplib
import socket
import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.limits import LimitReached
from accounts.models import AuditRecord, Organisation, User
from accounts.rates import REMINDER
from accounts.voices import Voice
from comments.models import Comment, NotificationChoice
from comments.posting import post_comment
from config.celery import app
from consult.document.models import Draft, Section
from consult.document.publishing import close_section
from consult.reports.expecting import Entry, expect_voice, remove_voice
from consult.reports.models import ExpectedVoice, NoMoreReminders, Reminder
from consult.reports.reminder_letters import LetterNotSent
from consult.reports.reminding import (
    NOT_WITHIN,
    WAITS_FOR,
    ReminderRefused,
    remind,
    remind_all,
    send_reminder,
    send_waiting_reminders,
)
from consult.reports.silence import has_spoken, silent_invitees, standings_on
from consult.reports.tasks import forget_addresses
from consult.reports.tasks import send_reminder as send_reminder_task
from tests.cast import mandate, person

CONTACT = "contact@guild.example.net"


class Server:
    """A mail server that keeps what it gets, and refuses whom it is told to."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.refusals: dict[str, str] = {}

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name and signature
        self,
        server: Any,  # noqa: ANN401, ARG002
        session: Any,  # noqa: ANN401, ARG002
        envelope: Any,  # noqa: ANN401
        address: str,
        rcpt_options: Any,  # noqa: ANN401, ARG002
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: ANN401, ARG002, N802 - aiosmtpd's
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 OK"


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:  # noqa: ANN401 - pytest-django's
    """A real mail server, to which the site sends."""
    handler = Server()
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    yield handler
    controller.stop()


@pytest.fixture
def guild(draft: Draft, drafter: User) -> ExpectedVoice:
    """An invited organisation that has no account here, with a contact."""
    entry = Entry("organisation", name="機械公會", email=CONTACT)
    return expect_voice(draft.framework, entry=entry, actor=drafter)


@pytest.fixture
def linked(
    draft: Draft,
    drafter: User,
    association: Organisation,
    representative: User,  # noqa: ARG001 - represents the association
) -> ExpectedVoice:
    """The association, invited, without a contact: its representative is written to."""
    entry = Entry("organisation", name=association.name, organisation=association)
    return expect_voice(draft.framework, entry=entry, actor=drafter)


def way_out(message: EmailMessage) -> str:
    """Where one click ends the reminders."""
    found = re.search(r"/reminders/off/[^>\s]+", str(message["List-Unsubscribe"]))
    assert found
    return found[0]


def speak(draft: Draft, user: User, organisation: Organisation, ref: str = "壹-1") -> None:
    post_comment(
        draft.provisions.get(ref=ref),
        voice=Voice(user, organisation),
        body="本會贊成。",
        stance="support",
        idempotency_key=uuid.uuid4(),
    )


@pytest.mark.django_db
class TestAsking:
    def test_a_contact_is_asked_once_in_a_while(self, guild: ExpectedVoice, drafter: User) -> None:
        (reminder,) = remind(guild, actor=drafter)
        assert (reminder.user, reminder.asked_by, reminder.outcome) == (None, drafter, "waiting")
        assert AuditRecord.objects.filter(act="voice_reminded").count() == 1
        with pytest.raises(ReminderRefused, match="7 天內"):
            remind(guild, actor=drafter)
        with pytest.raises(ReminderRefused):
            remind(guild, actor=drafter, at=timezone.now() + NOT_WITHIN - timedelta(minutes=1))

    def test_a_week_later_it_may_be_asked_again(self, guild: ExpectedVoice, drafter: User) -> None:
        now = timezone.now()
        (first,) = remind(guild, actor=drafter, at=now)
        assert send_reminder(first.pk)
        assert remind(guild, actor=drafter, at=now + NOT_WITHIN + timedelta(minutes=1))

    def test_one_that_was_not_sent_counts_for_nothing(
        self, guild: ExpectedVoice, drafter: User
    ) -> None:
        (reminder,) = remind(guild, actor=drafter)
        Reminder.objects.update(outcome="refused", settled_at=timezone.now())
        assert remind(guild, actor=drafter)[0] != reminder

    def test_representatives_are_asked_where_no_contact_stands(
        self, linked: ExpectedVoice, drafter: User, representative: User
    ) -> None:
        assert [each.user for each in remind(linked, actor=drafter)] == [representative]

    def test_who_wants_no_mail_gets_none(
        self, linked: ExpectedVoice, drafter: User, representative: User
    ) -> None:
        NotificationChoice.objects.create(user=representative, e_mail="off")
        with pytest.raises(ReminderRefused, match="沒有可寄的地址"):
            remind(linked, actor=drafter)

    def test_who_has_spoken_is_not_reminded(
        self,
        linked: ExpectedVoice,
        draft: Draft,
        drafter: User,
        representative: User,
        association: Organisation,
    ) -> None:
        assert list(silent_invitees(draft)) == [linked]
        speak(draft, representative, association)
        assert not silent_invitees(draft).exists()
        with pytest.raises(ReminderRefused, match="已經發表意見"):
            remind(linked, actor=drafter)

    def test_nobody_is_reminded_of_what_is_closed(
        self, guild: ExpectedVoice, draft: Draft, drafter: User
    ) -> None:
        for section in Section.objects.open(at=timezone.now()).filter(draft=draft):
            close_section(section, actor=drafter, with_subsections=False)
        with pytest.raises(ReminderRefused, match="沒有開放"):
            remind(guild, actor=drafter)

    def test_all_silent_are_asked_but_those_who_can_not_be(
        self, guild: ExpectedVoice, linked: ExpectedVoice, draft: Draft, drafter: User
    ) -> None:
        unreachable = Entry("organisation", name="沒有地址的學會")
        expect_voice(draft.framework, entry=unreachable, actor=drafter)
        expect_voice(draft.framework, entry=Entry("county", county="TPE"), actor=drafter)
        assert remind_all(draft.framework, actor=drafter) == 2
        assert {each.voice for each in Reminder.objects.all()} == {guild, linked}
        with pytest.raises(ReminderRefused):
            remind_all(draft.framework, actor=drafter)
        assert AuditRecord.objects.get(act="voice_reminded").details == {"organisations": 2}

    def test_it_is_not_asked_for_without_end(self, guild: ExpectedVoice, drafter: User) -> None:
        for _ in range(REMINDER.times):
            try:
                remind(guild, actor=drafter)
            except ReminderRefused:
                continue
        with pytest.raises(LimitReached):
            remind(guild, actor=drafter)

    def test_the_reader_s_language_goes_before(
        self,
        guild: ExpectedVoice,
        linked: ExpectedVoice,
        drafter: User,
        representative: User,
        association: Organisation,
    ) -> None:
        association.language = "en"
        association.save()
        assert remind(guild, actor=drafter)[0].language == settings.LANGUAGE_CODE
        assert remind(linked, actor=drafter)[0].language == "en"
        Reminder.objects.all().delete()
        NotificationChoice.objects.create(user=representative, language="zh-hant")
        assert remind(linked, actor=drafter)[0].language == "zh-hant"


@pytest.mark.django_db
class TestSending:
    def test_a_letter_says_what_is_open_by_when_and_where(
        self, server: Server, guild: ExpectedVoice, drafter: User
    ) -> None:
        (reminder,) = remind(guild, actor=drafter)
        assert send_reminder(reminder.pk)
        assert not send_reminder(reminder.pk)
        (message,) = server.messages
        body = message.get_content()
        assert message["To"] == CONTACT
        assert "技術及職業教育政策綱領" in str(message["Subject"])
        for words in ("機械公會", "壹 序言", "截止", f"{settings.SITE_URL}/tve/1/"):
            assert words in body
        for hidden in ("密件", "參 目標", "貳 願景", drafter.display_name, drafter.email):
            assert hidden not in body
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        reminder.refresh_from_db()
        assert (reminder.outcome, reminder.settled_at is not None) == ("sent", True)

    def test_one_click_ends_them_without_an_account(
        self, server: Server, guild: ExpectedVoice, drafter: User
    ) -> None:
        (reminder,) = remind(guild, actor=drafter)
        send_reminder(reminder.pk)
        off = way_out(server.messages[0])
        site = Client(enforce_csrf_checks=True)
        assert "不再提醒" in site.get(off).content.decode()
        assert not NoMoreReminders.objects.exists()
        for _ in range(2):
            assert site.post(off, {"List-Unsubscribe": "One-Click"}).status_code == 202
        assert CONTACT not in NoMoreReminders.objects.get().digest
        assert site.get("/reminders/off/nobody:s/").status_code == 404
        later = timezone.now() + NOT_WITHIN * 2
        with pytest.raises(ReminderRefused, match="不想再收到"):
            remind(guild, actor=drafter, at=later)
        # Nor by another entry with the same address.
        again = Entry("organisation", name="機械公會台北", email=CONTACT.upper())
        other = expect_voice(guild.framework, entry=again, actor=drafter)
        with pytest.raises(ReminderRefused):
            remind(other, actor=drafter)

    @pytest.mark.parametrize("outcome", ["gone", "no_more", "spoke", "nothing_open"])
    def test_what_is_true_is_asked_again_before_it_goes_out(
        self,
        outcome: str,
        server: Server,
        linked: ExpectedVoice,
        draft: Draft,
        drafter: User,
        representative: User,
        association: Organisation,
    ) -> None:
        (reminder,) = remind(linked, actor=drafter)
        if outcome == "gone":
            remove_voice(linked, actor=drafter)
        elif outcome == "no_more":
            (first,) = remind(
                expect_voice(
                    draft.framework,
                    entry=Entry("organisation", name="同一信箱", email=representative.email),
                    actor=drafter,
                ),
                actor=drafter,
            )
            send_reminder(first.pk)
            Client().post(way_out(server.messages.pop()))
        elif outcome == "spoke":
            speak(draft, representative, association)
        else:
            for section in Section.objects.open(at=timezone.now()).filter(draft=draft):
                close_section(section, actor=drafter, with_subsections=False)
        assert not send_reminder(reminder.pk)
        reminder.refresh_from_db()
        assert reminder.outcome == outcome
        assert server.messages == []

    def test_a_refused_address_is_not_tried_for_ever(
        self, server: Server, guild: ExpectedVoice, drafter: User
    ) -> None:
        server.refusals[CONTACT] = "550 no such mailbox"
        (reminder,) = remind(guild, actor=drafter)
        assert not send_reminder(reminder.pk)
        reminder.refresh_from_db()
        assert reminder.outcome == "refused"

    def test_no_log_and_no_error_names_an_address(
        self,
        server: Server,
        guild: ExpectedVoice,
        drafter: User,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        caplog.set_level(logging.DEBUG)
        server.refusals[CONTACT] = f"451 try later {CONTACT}"
        (reminder,) = remind(guild, actor=drafter)
        with pytest.raises(LetterNotSent) as caught:
            send_reminder(reminder.pk)
        assert caught.value.__suppress_context__
        result = send_reminder_task.apply((reminder.pk,), retries=5, throw=False)
        assert result.failed()
        assert CONTACT not in str(result.traceback)
        # What the test's own mail server logs is not the site's.
        ours = [each for each in caplog.records if not each.name.startswith("mail.")]
        assert ours
        assert CONTACT not in " ".join(f"{each.getMessage()} {each.exc_text}" for each in ours)
        reminder.refresh_from_db()
        assert reminder.outcome == "waiting"
        assert isinstance(caught.value, Exception)
        assert not isinstance(caught.value, smtplib.SMTPException)

    def test_beat_finds_what_was_lost(
        self, server: Server, guild: ExpectedVoice, linked: ExpectedVoice, drafter: User
    ) -> None:
        now = timezone.now()
        for voice in (guild, linked):
            remind(voice, actor=drafter, at=now)
        assert send_waiting_reminders(at=now + WAITS_FOR - timedelta(seconds=1)) == 0
        server.refusals[CONTACT] = "451 later"
        assert send_waiting_reminders(at=now + WAITS_FOR + timedelta(seconds=1)) == 1
        server.refusals.clear()
        assert send_waiting_reminders(at=now + WAITS_FOR + timedelta(seconds=1)) == 1
        assert len(server.messages) == 2

    def test_beat_has_its_tasks(self) -> None:
        tasks = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
        assert {forget_addresses.name, "consult.reports.tasks.send_waiting_reminders"} <= tasks
        assert forget_addresses.name in app.tasks


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_one_letter(server: Server, guild: ExpectedVoice, drafter: User) -> None:
    (reminder,) = remind(guild, actor=drafter)
    sent: list[bool] = []

    def work() -> None:
        try:
            sent.append(send_reminder(reminder.pk))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sent) == [False, False, True]
    assert len(server.messages) == 1


@pytest.mark.django_db
def test_who_has_spoken_on_what(
    linked: ExpectedVoice,
    draft: Draft,
    drafter: User,
    representative: User,
    association: Organisation,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    association.county, association.sector = "TXG", "C"
    association.save()
    for entry in (
        Entry("county", county="TXG"),
        Entry("sector", sector="C"),
        Entry("sector", sector="P"),
        Entry("group", group="association"),
        Entry("group", group="public"),
        Entry("level", school_level="technical"),
    ):
        expect_voice(draft.framework, entry=entry, actor=drafter)

    def now() -> dict[str, tuple[int, list[str]]]:
        return {
            f"{s.voice.kind} {s.voice.title}": (s.comments, [each.ref for each in s.not_on])
            for s in standings_on(draft, at=timezone.now())
        }

    asked = ["壹", "參", "肆", "伍", "附錄二"]
    assert set(map(str, now().values())) == {str((0, asked))}
    speak(draft, representative, association, "肆-一-1")
    school = Organisation.objects.create(
        name="大安高工",
        group="school",
        school_level="technical",
        state="verified",
        verified_at=timezone.now(),
    )
    teacher = person("teacher")
    mandate(teacher, school)
    speak(draft, teacher, school)
    with django_assert_max_num_queries(6):
        found = now()
    heard = [name for name, (comments, _) in found.items() if comments]
    assert len(heard) == 5
    assert found[f"organisation {linked.name}"] == (1, ["壹", "參", "伍", "附錄二"])
    assert has_spoken(linked, draft)


@pytest.mark.django_db
def test_drafters_words_are_nobody_s_voice(
    linked: ExpectedVoice, draft: Draft, drafter: User, association: Organisation
) -> None:
    mandate(drafter, association)
    speak(draft, drafter, association)
    Comment.objects.update(as_drafter=True)
    assert list(silent_invitees(draft)) == [linked]
    assert mail.outbox == []
