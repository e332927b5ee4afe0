"""An open draft with people, and threads of any length on it.

Thirty in a hundred comments are replies, at any depth; their lengths are those of real comments of
a consultation in Taiwan, or of their distribution where that file isn't beside the checkout.
"""

import csv
import datetime as dt
import itertools
import random
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.groups import StakeholderGroup
from accounts.models import Organisation, User
from accounts.privacy import CURRENT_NOTICE
from comments.models import Comment, Thread, ThreadTally
from comments.paths import above, path_of
from consult.document.importing import import_draft
from consult.document.models import Draft, Drafter, Framework, Provision
from consult.document.publishing import open_section
from tests.benchmarks.ground import HOUSE
from tests.cast import small_outline

REAL = HOUSE.parent / "shared" / "data" / "vtaiwan-uberx" / "comments.csv"
# Twentieths of the real comments' lengths in characters.
LENGTHS = (6, 13, 16, 19, 23, 25, 27, 30, 32, 36, 38, 42, 45, 49, 51, 56, 67, 81, 99, 139, 184)
REPLIES = 0.3
PEOPLE = 200
ORGANISATIONS = 40
AT_ONCE = 5000
# Characters that policy comments are made of; a text of them compresses no better than a real one.
CHARACTERS = (
    "技職教育產學合作學生老師課程實習企業就業政府政策應該可以希望建議支持反對問題經費設備師資證照"
    "地方中央部會資源人才培育創新跨域國際永續偏鄉原住民新住民弱勢家長社會觀感薪資待遇勞動權益安全"
)


@dataclass
class Crowd:
    """Who speaks on the draft."""

    draft: Draft
    people: Sequence[User]
    organisations: Sequence[Organisation]
    chance: random.Random = field(default_factory=lambda: random.Random(4))  # noqa: S311

    @classmethod
    def gather(cls) -> "Crowd":
        """A framework whose draft is open, with its drafter; the first person may speak."""
        framework = Framework.objects.create(code="tve", title="綱領", owner_body="教育部")
        drafter = User.objects.create_user("drafter@example.org", None, display_name="drafter")
        Drafter.objects.create(framework=framework, user=drafter)
        draft = import_draft(framework=framework, outline=small_outline(), source="small")
        for section in draft.sections.filter(parent=None):
            open_section(section, actor=drafter, at=timezone.now() - dt.timedelta(days=30))
        people = User.objects.bulk_create(
            User(
                email=f"person{number}@example.org",
                display_name=f"王小明{number}",
                privacy_version=CURRENT_NOTICE,
                privacy_agreed_at=timezone.now(),
            )
            for number in range(PEOPLE)
        )
        EmailAddress.objects.create(
            user=people[0], email=people[0].email, primary=True, verified=True
        )
        groups = itertools.cycle(group for group in StakeholderGroup if group != "public")
        organisations = Organisation.objects.bulk_create(
            Organisation(
                name=f"臺灣產業公會第{number}會",
                group=next(groups),
                state=Organisation.State.VERIFIED,
                verified_at=timezone.now(),
            )
            for number in range(ORGANISATIONS)
        )
        return cls(draft, people, organisations)

    def provision(self, ref: str) -> Provision:
        """A provision of the draft by its reference."""
        return Provision.objects.get(draft=self.draft, ref=ref)

    def fill(self, provision: Provision, count: int) -> Thread:
        """The provision's thread with so many comments, all counts kept as posting keeps them."""
        thread = Thread.objects.create(
            draft=self.draft, section=provision.section, provision=provision
        )
        start = timezone.now() - dt.timedelta(days=20)
        texts = _texts(self.chance)
        recent: list[Comment] = []
        beneath: Counter[str] = Counter()
        tally: Counter[tuple[str, str]] = Counter()
        for first in range(1, count + 1, AT_ONCE):
            numbers = range(first, min(first + AT_ONCE, count + 1))
            batch = []
            for number in numbers:
                parent = None
                if recent and self.chance.random() < REPLIES:
                    parent = self.chance.choice(recent)
                comment = self._comment(thread, number, parent, texts)
                comment.created_at = start + dt.timedelta(seconds=number)
                beneath.update(above(comment.path))
                tally[comment.group, comment.stance] += 1
                batch.append(comment)
            Comment.objects.bulk_create(batch)
            recent = batch[-200:]
        for path, replies in beneath.items():
            Comment.objects.filter(thread=thread, path=path).update(reply_count=replies)
        ThreadTally.objects.bulk_create(
            ThreadTally(thread=thread, group=group, stance=stance, comments=comments)
            for (group, stance), comments in tally.items()
        )
        thread.sequence = thread.comment_count = count
        thread.save()
        return thread

    def _comment(
        self, thread: Thread, number: int, parent: Comment | None, texts: Sequence[str]
    ) -> Comment:
        organisation = self.chance.choice(self.organisations) if number % 3 == 0 else None
        return Comment(
            thread=thread,
            parent=parent,
            path=path_of(number, above=parent.path if parent else ""),
            depth=parent.depth + 1 if parent else 0,
            sequence=number,
            changed_sequence=number,
            author=self.chance.choice(self.people),
            organisation=organisation,
            organisation_name=organisation.name if organisation else "",
            group=organisation.group if organisation else StakeholderGroup.PUBLIC,
            stance=self.chance.choice(Comment.Stance.values),
            body=self.chance.choice(texts),
            endorsement_count=self.chance.randrange(30),
            idempotency_key=uuid.uuid4(),
        )


def _texts(chance: random.Random) -> list[str]:
    if REAL.exists():
        with REAL.open(encoding="utf-8", newline="") as file:
            return [row["comment-body"] for row in csv.DictReader(file)]
    texts = []
    for shortest, longest in itertools.pairwise(LENGTHS):
        for _ in range(10):
            length = chance.randint(shortest, longest)
            texts.append("".join(chance.choices(CHARACTERS, k=length)))
    return texts
