"""Conflicts and groups of opinion in the files: every number stands, and leads where it says."""

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from accounts.groups import StakeholderGroup
from accounts.models import User
from comments.models import Comment
from consult.document.models import Draft
from consult.reports.access import Reading
from consult.reports.files.making import write_now
from consult.reports.files.sheets import LAYOUTS
from consult.reports.models import Report, ReportSet
from tests.consult.reports.comments import a_comment, a_person, an_organisation, endorse
from tests.consult.reports.exporting.test_sheets import cells, converted
from tests.consult.reports.files.test_files_of_reports import fits
from tests.consult.reports.making import report_at

NAMES = ("conflicts", "opinion_groups", "opinions")
LIKED = "大家都要"


@pytest.fixture
def report(commented: Draft, asker: User) -> Report:
    """Schools are for what a guild is against; one half likes what the other opposes."""
    school = an_organisation("大安高工", StakeholderGroup.SCHOOL)
    guild = an_organisation("機械公會", StakeholderGroup.ASSOCIATION)
    names = [f"{half}{number}" for half in "pq" for number in range(8)]
    for place, name in enumerate(names):
        organisation, stance = (school, "support") if place < 8 else (guild, "oppose")
        author = a_person(name)
        a_comment(
            commented, "貳-2", author=author, organisation=organisation, stance=stance, body=name
        )
    for number in range(6):
        mine, theirs = (names[:8], names[8:]) if number % 2 else (names[8:], names[:8])
        comment = a_comment(commented, "貳-1", author=a_person(mine[0]), stance="other")
        endorse(comment, *mine[1:])
        for name in theirs:
            a_comment(commented, "貳-1", author=a_person(name), stance="oppose", parent=comment)
    liked = a_comment(commented, "壹-1", author=a_person(names[0]), stance="other", body=LIKED)
    endorse(liked, *names[1:])
    return report_at(commented, asker)


def sheets_of(report: Report, *, by_drafter: bool = True) -> dict[str, Any]:
    with write_now(Reading(report, by_drafter=by_drafter), "json") as file:
        return json.loads(file.read())["sheets"]  # type: ignore[no-any-return]


def test_each_group_stands_with_who_is_for_it_and_who_against(report: Report) -> None:
    rows = sheets_of(report)["conflicts"]["rows"]
    there = {row["group"]: row for row in rows if row["provision"] == "貳-2"}
    school, guild = there["school"], there["association"]
    assert (school["support"], school["oppose"]) == (8, 0)
    assert (guild["support"], guild["oppose"]) == (0, 8)
    assert (school["apart_from"], guild["apart_from"]) == ("association", "school")
    assert school["apart"] == guild["apart"] == 100
    assert 0 < school["at_least"] == guild["at_least"] < 100
    assert school["support_address"]
    assert school["oppose_address"] == ""


def test_groups_of_opinion_add_up_to_the_people_in_them(report: Report) -> None:
    rows = sheets_of(report)["opinion_groups"]["rows"]
    found = (report.result or {})["chapters"]["opinions"]["groups"]
    assert found
    for group in found:
        mine = [row for row in rows if row["opinion_group"] == group["key"]]
        whole, *parts = mine
        assert whole["group"] in (None, "")
        assert whole["people"] == group["people"] == sum(row["people"] for row in parts)
        assert whole["comments"] == group["comments"] == sum(row["comments"] for row in parts)


def test_each_statement_stands_once_for_each_group_of_opinion(report: Report) -> None:
    rows = sheets_of(report)["opinions"]["rows"]
    found = (report.result or {})["chapters"]["opinions"]
    assert len(rows) == len(found["statements"]) * len(found["groups"])
    liked = Comment.objects.get(body=LIKED).reference
    assert {row["shared"] for row in rows if row["reference"] == liked} == {"agree"}
    by_statement: dict[tuple[str, str, str], int] = defaultdict(int)
    for row in rows:
        place = (row["reference"], row["provision"], row["heading"])
        by_statement[place] += row["agree"]
    assert by_statement[(liked, "", "")] == 16
    assert sum(row["divides"] for row in rows) == len(found["dividing"]) * len(found["groups"])
    typical = sum(len(group["typical"]) for group in found["groups"])
    assert sum(bool(row["typical"]) for row in rows) == typical > 0


def test_every_value_is_what_the_dictionary_says_and_every_address_leads_to_comments(
    report: Report,
) -> None:
    sheets = sheets_of(report)
    keys = set(ReportSet.objects.filter(report=report).values_list("key", flat=True))
    for layout in LAYOUTS:
        if layout.name not in NAMES:
            continue
        rows = sheets[layout.name]["rows"]
        assert rows
        for row in rows:
            for column in layout.columns:
                assert fits(column, row[column.name]), (layout.name, column.name, row)
            for name, value in row.items():
                if name.endswith("address") and value:
                    assert parse_qs(urlsplit(value).query)["within"][0] in keys


def test_whom_it_is_withheld_from_gets_no_such_sheet(report: Report) -> None:
    report.withheld = ["conflicts", "opinions"]
    assert set(NAMES) < set(sheets_of(report))
    assert not set(NAMES) & set(sheets_of(report, by_drafter=False))


def test_a_hidden_statement_has_no_reference(report: Report) -> None:
    liked = Comment.objects.get(body=LIKED)
    report.quotes.filter(reference=liked.reference).delete()
    rows = sheets_of(report)["opinions"]["rows"]
    assert liked.reference not in {row["reference"] for row in rows}


@pytest.mark.parametrize("name", ["ods", "xlsx"])
def test_they_open_in_calc(report: Report, name: str, tmp_path: Path) -> None:
    with write_now(Reading(report, by_drafter=True), name) as file:
        found = cells(converted(f"report.{name}", file.read(), tmp_path))
    data = sheets_of(report)
    for layout in LAYOUTS:
        if layout.name in NAMES:
            rows = found[str(layout.title)]
            assert len(rows) - 1 == len(data[layout.name]["rows"]) > 0
            assert re.search("[一-鿿]", rows[0][0][1])
