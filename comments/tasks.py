"""What Celery does for comments: spread the word, remind, write to people, search."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from accounts.models import EvidenceFile
from accounts.uploads import remove_unclaimed
from comments import carrying, comparing, digesting, notifying
from comments.models import Attachment, NotificationChoice
from comments.searching import bring_up_to_date
from consult.document.models import Draft, Framework, WaitingFile

EMail = NotificationChoice.EMail
REMINDS_AHEAD = timedelta(days=2)
# Whoever is still storing one is done by then.
UNCLAIMED_KEPT = timedelta(days=1)
# Then another task goes on, so that reports and windows don't wait behind this.
CHUNKS_A_TASK = 20


@shared_task(name="comments.tasks.spread_word", ignore_result=True)
def spread_word(comment_id: int) -> None:
    """Tell whom one comment concerns, and look whether others say the same."""
    notifying.spread_word(comment_id)
    comparing.compare(comment_id)


@shared_task(name="comments.tasks.take_up_unspread", ignore_result=True)
def take_up_unspread() -> None:
    """Spread the word of comments whose task was lost."""
    for comment_id in notifying.unspread_comments(at=timezone.now()):
        notifying.spread_word(comment_id)


@shared_task(name="comments.tasks.compare", ignore_result=True)
def compare(comment_id: int) -> None:
    """Look whether others say the same as a comment that was changed."""
    comparing.compare(comment_id)


@shared_task(name="comments.tasks.take_up_uncompared", ignore_result=True)
def take_up_uncompared() -> None:
    """Compare what a lost task left, what was released or restored, and what is dated back."""
    for comment_id in comparing.uncompared_comments(at=timezone.now()):
        comparing.compare(comment_id)


@shared_task(name="comments.tasks.remove_unclaimed_files", ignore_result=True)
def remove_unclaimed_files() -> None:
    """Remove files that a killed process stored and no row names: whosever they are."""
    claimed = {
        *EvidenceFile.objects.values_list("stored_name", flat=True),
        *Attachment.objects.values_list("stored_name", flat=True),
        *WaitingFile.objects.values_list("stored_name", flat=True),
    }
    remove_unclaimed(claimed=claimed, before=timezone.now() - UNCLAIMED_KEPT)


@shared_task(name="comments.tasks.remind_of_closing", ignore_result=True)
def remind_of_closing() -> None:
    """Tell followers of sections that close within two days."""
    notifying.remind_of_closing(at=timezone.now(), ahead=REMINDS_AHEAD)


@shared_task(name="comments.tasks.write_at_once", ignore_result=True)
def write_at_once() -> None:
    """Write to those who want to hear at once; those who want nothing are left alone."""
    for user_id in digesting.people_to_write_to(EMail.IMMEDIATE):
        write_to.delay(user_id)
    now = timezone.now()
    for user_id in digesting.people_to_write_to(EMail.OFF):
        digesting.leave_unsent(user_id, at=now)


@shared_task(name="comments.tasks.write_digests", ignore_result=True)
def write_digests() -> None:
    """Write the day's message to everyone else."""
    for user_id in digesting.people_to_write_to(EMail.DIGEST):
        write_to.delay(user_id)


@shared_task(
    name="comments.tasks.write_to",
    ignore_result=True,
    autoretry_for=(OSError,),
    retry_backoff=60,
    max_retries=5,
)
def write_to(user_id: int) -> None:
    """One message to one person; tried again where the mail server is away."""
    digesting.write_to(user_id)


@shared_task(name="comments.tasks.bring_search_up_to_date")
def bring_search_up_to_date() -> int:
    """Take comments apart anew whose framework's terms have changed; how many in this turn.

    Beat asks for it, too: what a killed worker left undone is still to be found.
    """
    done = chunks = 0
    for framework in Framework.objects.order_by("pk"):
        while chunks < CHUNKS_A_TASK and (some := bring_up_to_date(framework)):
            done += some
            chunks += 1
    if chunks == CHUNKS_A_TASK:
        bring_search_up_to_date.delay()
    return done


@shared_task(name="comments.tasks.carry_comments", ignore_result=True)
def carry_comments(draft_id: int) -> None:
    """Place the comments of the draft before in this one."""
    carrying.carry_comments(Draft.objects.get(pk=draft_id))


@shared_task(name="comments.tasks.take_up_carrying", ignore_result=True)
def take_up_carrying() -> None:
    """Carry what a lost task left, and what was said on the draft before since."""
    for draft in carrying.drafts_to_carry_into(at=timezone.now()):
        carrying.carry_comments(draft)
