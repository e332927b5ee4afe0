"""Coverage and coordination on a report's page: each number opens what it counts."""

import re
import uuid
from collections.abc import Callable, Sequence
from html import unescape

import pytest
from django.test import Client

from accounts.groups import StakeholderGroup
from accounts.models import Organisation, User
from accounts.voices import Voice
from comments.posting import post_comment
from consult.document.models import Draft
from consult.reports.analysing.chapter import Json
from consult.reports.chapters.coordination import Coordination
from consult.reports.chapters.coverage import Coverage
from consult.reports.expecting import Entry, expect_voice
from consult.reports.exporting.paper import Heading, Paragraph, Table
from consult.reports.figures import Figure, Ledger
from consult.reports.models import Report
from consult.reports.requesting import request_report
from tests.cast import mandate, organisation, person
from tests.consult.reports.making import make

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def report(draft: Draft, drafter: User, association: Organisation) -> Report:
    """On comments of the association, a school and a person, of whom some were expected."""
    association.county, association.sector = "TXG", "C"
    association.save()
    school = organisation("大安高工", StakeholderGroup.SCHOOL)
    school.school_level, school.county = "technical", "TPE"
    school.save()
    for entry in (
        Entry("organisation", name=association.name, organisation=association, email="a@b.tw"),
        Entry("organisation", name="沉默的學會"),
        Entry("level", school_level="technical"),
        Entry("level", school_level="junior"),
        Entry("sector", sector="C"),
        Entry("county", county="TNN"),
        Entry("group", group="public"),
    ):
        expect_voice(draft.framework, entry=entry, actor=drafter)
    people = [person(f"speaker{number}") for number in range(3)]
    for user, body in ((people[0], association), (people[1], school)):
        mandate(user, body)
    say(draft, "壹-1", people[0], association, body="應由勞動部主辦。")
    say(draft, "附錄二-1", people[0], association, stance="question")
    say(draft, "肆-一-1", people[1], school, proposed_text="發展跨域課程。", stance="suggest")
    say(draft, "壹-1", people[2], None)
    return make(request_report(draft, requested_by=drafter))


def say(
    draft: Draft,
    ref: str,
    user: User,
    speaks_for: Organisation | None,
    *,
    body: str = "意見。",
    stance: str = "support",
    proposed_text: str = "",
) -> None:
    post_comment(
        draft.provisions.get(ref=ref),
        voice=Voice(user, speaks_for),
        body=body,
        stance=stance,
        proposed_text=proposed_text,
        idempotency_key=uuid.uuid4(),
    )


def chapter(report: Report, name: str) -> Json:
    found: Json = (report.result or {})["chapters"][name]
    return found


def test_the_silent_stand_by_name(report: Report) -> None:
    found = Coverage(chapter(report, "coverage"), Ledger(report))
    assert found.in_words == "Invited organisations that have spoken: 1 of 2."
    assert [each.title for each in found.silent] == ["沉默的學會"]
    assert not found.silent[0].is_known
    assert [each.title for each in found.silent_kinds] == ["Junior high school", "Tainan City"]
    (heard,) = found.heard
    assert (heard.figure.value, list(heard.not_on)) == (2, ["參", "肆", "伍"])
    assert [share.label for share in found.counties] == ["Taichung City", "Taipei City"]
    assert len(found.silent_counties) == 20
    # No address of anybody stands in what anyone may download.
    assert "a@b.tw" not in str(report.decisions)


def figures_of(report: Report) -> Sequence[Figure]:
    coverage = Coverage(chapter(report, "coverage"), Ledger(report))
    coordination = Coordination(chapter(report, "coordination"), Ledger(report))
    return [
        *(each.figure for each in (*coverage.organisations, *coverage.kinds)),
        *coverage.level_totals,
        *(cell.figure for row in coverage.rows for cell in row.cells),
        *(share.figure for share in (*coverage.counties, *coverage.sectors)),
        *(
            figure
            for point in coordination.points
            for figure in (point.comments, point.questions, point.wordings)
        ),
        *(
            figure
            for body in coordination.bodies
            for figure in (body.on_rows, body.naming, body.questions)
        ),
        *(item.comments for body in coordination.bodies for item in body.items),
    ]


def test_every_number_opens_the_comments_that_it_counts(
    report: Report, drafter: User, client_for: Callable[[User], Client]
) -> None:
    site = client_for(drafter)
    numbers = [figure for figure in figures_of(report) if figure.value]
    assert len(numbers) >= 10
    for figure in numbers:
        page = site.get(figure.address)
        assert page.status_code == 200
        listed = page.context["page"].listing
        assert len(listed.comments) == figure.value


def test_a_body_hears_what_concerns_it(report: Report) -> None:
    found = Coordination(chapter(report, "coordination"), Ledger(report))
    labour, economy = found.bodies
    assert (labour.name, labour.on_rows.value, labour.naming.value) == ("勞動部", 1, 1)
    assert (labour.questions.value, economy.on_rows.value) == (1, 0)
    assert [item.item for item in labour.items] == ["提供職業訓練資源"]


@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_the_page_shows_them(
    language: str, report: Report, drafter: User, client_for: Callable[[User], Client]
) -> None:
    site = client_for(drafter)
    page = site.get(f"/reports/{report.public_id}/", headers={"accept-language": language})
    words = unescape(re.sub(r"<[^>]+>", " ", page.content.decode()))
    for name in ("沉默的學會", "勞動部", "提供職業訓練資源"):
        assert name in words
    assert "{}" not in words
    said = "Nobody votes here" if language == "en" else "這不是投票"
    assert said in words


def test_paper_says_it_too(report: Report) -> None:
    ledger = Ledger(report)
    coverage = list(Coverage(chapter(report, "coverage"), ledger).paper_blocks())
    coordination = list(Coordination(chapter(report, "coordination"), ledger).paper_blocks())
    assert any(isinstance(block, Heading) for block in coverage)
    paragraphs = [block.text for block in coverage if isinstance(block, Paragraph)]
    assert "沉默的學會" in paragraphs
    assert sum(isinstance(block, Table) for block in coordination) == 1


def test_nothing_expected_is_said_plainly(draft: Draft, drafter: User) -> None:
    report = make(request_report(draft, requested_by=drafter, sections=["壹"]))
    coverage = Coverage(chapter(report, "coverage"), Ledger(report))
    assert coverage.in_words == "No organisation was invited by name."
    assert not coverage.has_schools
    coordination = Coordination(chapter(report, "coordination"), Ledger(report))
    assert not coordination.bodies
