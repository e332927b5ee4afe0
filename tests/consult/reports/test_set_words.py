"""Every set that a chapter writes is said in words, and no hidden words are among them."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from comments.models import Comment
from consult.document.models import Draft, Drafter
from consult.reports.models import Report, ReportSet
from consult.reports.set_words import words_of_set
from tests.cast import person, with_second_factor
from tests.consult.reports.comments import a_comment, a_person
from tests.consult.reports.files.test_judgement_sheets import LIKED, report
from tests.consult.reports.making import report_at

__all__ = ["report"]

# What no chapter of the made reports needs to have written.
MADE = {
    "coverage": {
        "expected": [{"name": "機械公會", "organisation": "o1"}],
    },
    "themes": {
        "": {"themes": [{"key": "t1", "name": "師資、鐘點費", "keywords": []}]},
        "壹": {"themes": [{"key": "t2", "name": "", "keywords": ["實習", "津貼"]}]},
    },
    "campaigns": {"campaigns": [{"key": "k1", "shared": "GONE"}]},
    "coordination": {"bodies": [{"body": "勞動部"}]},
}
SAID = {
    "themes/all/t1": "Comments in the theme 師資、鐘點費",
    "themes/all/": "Comments in no theme",
    "themes/all/other": "Comments in one of the themes",
    "themes/壹/t2": "Comments on 壹 in the theme 實習、津貼",
    "themes/壹/": "Comments on 壹 in no theme",
    "campaigns/k1": "Signers of one of the campaigns",
    "campaigns/other": "Signers of one of the campaigns",
    "coverage/level/technical": "Comments for schools: ",
    "coverage/sector/none": "Comments for organisations of the sector none",
    "coverage/organisation/o1": "Comments for 機械公會",
    "coverage/organisation/o2": "Comments for one of the organisations",
    "coordination/point/壹": "Comments on 壹",
    "coordination/point/壹/questions": "Open questions on 壹",
    "coordination/point/壹/wordings": "Proposed wordings on 壹",
    "coordination/row/壹-1": "Comments on 壹-1, a row",
    "coordination/body/0/rows": "Comments on the rows of 勞動部",
    "coordination/body/0/naming": "Comments that name 勞動部",
    "coordination/body/0/questions": "Open questions that concern 勞動部",
}


@pytest.mark.django_db
@pytest.mark.parametrize("key", SAID)
def test_each_kind_of_key_has_its_sentence(key: str) -> None:
    made = Report(pk=0, result={"chapters": MADE, "sections": []})
    with translation.override("en"):
        assert words_of_set(made, key).startswith(SAID[key])


def test_what_a_chapter_wrote_is_never_left_to_the_general_sentence(report: Report) -> None:
    keys = ReportSet.objects.filter(report=report).values_list("key", flat=True)
    with translation.override("en"):
        said = {key: words_of_set(report, key) for key in keys}
    assert {"conflicts", "opinions", "hot_spots"} <= {key.partition("/")[0] for key in said}
    assert [key for key, words in said.items() if not words or "Comments counted" in words] == []
    liked = Comment.objects.get(body=LIKED).reference
    assert said[f"opinions/A/{liked}/agree"] == (f"Where the group of opinion A agrees: “{LIKED}”")
    assert said["conflicts/貳-2/school/support"].endswith("are for 貳-2")


def test_words_that_were_hidden_are_not_said(commented: Draft, asker: User) -> None:
    ann = a_person("ann")
    a_comment(commented, "壹-1", author=ann, proposed_text="提議甲乙丙", stance="suggest")
    a_comment(commented, "壹-2", author=ann, stance="question", body="經費誰負擔？")
    report = report_at(commented, asker)
    keys = [
        key
        for key in ReportSet.objects.filter(report=report).values_list("key", flat=True)
        if key.startswith(("wordings/", "questions/"))
    ]
    with translation.override("en"):
        before = " ".join(words_of_set(report, key) for key in keys)
        assert "Comments that propose a wording for 壹-1" in before
        assert "提議甲乙丙" in before
        assert "經費誰負擔" in before
        assert "Questions that no drafter has answered" in before
        report.quotes.all().delete()
        after = " ".join(words_of_set(report, key) for key in keys)
    assert "提議甲乙丙" not in after
    assert "經費誰負擔" not in after
    assert "Comments that propose one of the wordings for 壹-1" in after
    assert "Comments that ask one of the questions on 壹-2" in after


def test_the_page_says_which_number_it_lists(client: Client, report: Report) -> None:
    drafter = with_second_factor(person("drafter"))
    Drafter.objects.create(framework=report.draft.framework, user=drafter)
    address = reverse("report_comments", args=[report.public_id])
    client.force_login(drafter)
    page = client.get(address, {"within": "conflicts/貳-2/school/support"})
    assert page.context["page"].number
    assert page.context["page"].number in page.content.decode()


@pytest.mark.parametrize(
    "key",
    ["themes", "conflicts/x", "opinions/A/b", "hot_spots/", "coordination/body/x/y", "wordings"],
)
def test_a_key_that_nobody_wrote_gets_the_general_sentence(report: Report, key: str) -> None:
    with translation.override("en"):
        assert words_of_set(report, key).startswith("Comments counted under")
    assert words_of_set(report, "nothing/of/it") == ""
