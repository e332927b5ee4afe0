"""What a report's files hold: the dictionary against every file, and the numbers in them."""

import csv
import datetime as dt
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from accounts.models import User
from comments.models import Comment
from consult.document.models import Draft
from consult.reports.access import Reading
from consult.reports.contexts import ReportContext
from consult.reports.exporting.sheet import Column, Kind, Layout
from consult.reports.files.formats import FORMATS
from consult.reports.files.making import write_now
from consult.reports.files.sheets import LAYOUTS, SHEETS, book_of
from consult.reports.models import Report
from consult.reports.selecting import counted_in
from tests.consult.reports.comments import a_comment, a_person, an_organisation, endorse
from tests.consult.reports.exporting.test_sheets import cells, converted
from tests.consult.reports.making import report_at

# Too little is said in these tests for themes, campaigns and groups of opinion, and nobody was
# expected; conflicts and groups of opinion are filled in test_judgement_sheets.py.
MAY_BE_EMPTY = {"counties", "themes", "campaigns", "coverage", "coordination"}
MAY_BE_EMPTY |= {"conflicts", "opinion_groups", "opinions"}
# What Calc takes a value of each type for.
IN_CALC = {Kind.NUMBER: "float", Kind.DAY: "date", Kind.FLAG: "boolean"}


@pytest.fixture
def report(commented: Draft, asker: User) -> Report:
    """With a comment that fills every column."""
    school = an_organisation("臺北市立大安高級工業職業學校", "school")  # type: ignore[arg-type]
    school.county = "TPE"
    school.save()
    comment = a_comment(
        commented,
        "壹-1",
        author=a_person("eve"),
        organisation=school,
        stance="suggest",
        body="=建議增列\n交通費",
        proposed_text="技職教育肩負整體發展之責任。",
        parent=Comment.objects.first(),
    )
    Comment.objects.filter(pk=comment.pk).update(
        organisation_name=school.name,
        school_level="technical",
        public_role="teacher",
        anchor_exact="技職",
        anchor_start=0,
        anchor_end=2,
    )
    endorse(comment, "ann", "bob")
    return report_at(commented, asker)


def written(report: Report, name: str, *, by_drafter: bool = True) -> bytes:
    with write_now(Reading(report, by_drafter=by_drafter), name) as file:
        return file.read()


def in_json(report: Report, *, by_drafter: bool = True) -> dict[str, Any]:
    return json.loads(written(report, "json", by_drafter=by_drafter))  # type: ignore[no-any-return]


def fits(column: Column, value: Any) -> bool:  # noqa: ANN401 - of JSON
    """Whether the value is what the dictionary says of the column."""
    if value is None or value == "":
        return True
    checks: dict[Kind, Callable[[], bool]] = {
        Kind.NUMBER: lambda: isinstance(value, int | float) and not isinstance(value, bool),
        Kind.FLAG: lambda: isinstance(value, bool),
        Kind.DAY: lambda: bool(dt.date.fromisoformat(value)),
        Kind.MOMENT: lambda: bool(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", value)),
        Kind.CHOICE: lambda: value in column.choices,
        Kind.LINK: lambda: value.startswith("http://localhost:8000/"),
        Kind.TEXT: lambda: isinstance(value, str),
    }
    return checks[column.kind]()


def documented(layout: Layout) -> list[str]:
    return [column.name for column in layout.columns]


def test_json_holds_what_the_dictionary_says(report: Report) -> None:
    sheets = in_json(report)["sheets"]
    assert list(sheets) == [layout.name for layout in LAYOUTS]
    for layout in LAYOUTS:
        sheet = sheets[layout.name]
        assert [each["name"] for each in sheet["columns"]] == documented(layout)
        assert sheet["rows"] or layout.name in MAY_BE_EMPTY
        for row in sheet["rows"]:
            assert list(row) == documented(layout)
            for column in layout.columns:
                assert fits(column, row[column.name]), (layout.name, column.name, row)


def test_every_column_of_the_comments_is_filled_somewhere(report: Report) -> None:
    rows = in_json(report)["sheets"]["comments"]["rows"]
    chapters = {"themes", "campaign"}
    empty = {name for name in rows[0] if all(row[name] in (None, "") for row in rows)}
    assert empty <= chapters


def test_csv_holds_what_the_dictionary_says(report: Report) -> None:
    in_all = in_json(report)["sheets"]
    with zipfile.ZipFile(io.BytesIO(written(report, "csv"))) as package:
        assert package.namelist() == [f"{layout.name}.csv" for layout in LAYOUTS]
        for layout in LAYOUTS:
            text = package.read(f"{layout.name}.csv").decode("utf-8-sig")
            head, *rows = list(csv.reader(io.StringIO(text, newline="")))
            assert head == documented(layout)
            assert len(rows) == len(in_all[layout.name]["rows"])
    assert "'=建議增列" in text_of_comments(report)


def text_of_comments(report: Report) -> str:
    with zipfile.ZipFile(io.BytesIO(written(report, "csv"))) as package:
        return package.read("comments.csv").decode("utf-8-sig")


@pytest.mark.parametrize("name", ["ods", "xlsx"])
@pytest.mark.parametrize("language", ["zh-hant", "en"])
def test_spreadsheets_hold_what_the_dictionary_says(
    report: Report, name: str, language: str, tmp_path: Path
) -> None:
    with translation.override(language):
        content = written(report, name)
        path = converted(f"report.{name}", content, tmp_path)
        found = cells(path)
        titles = [str(layout.title) for layout in LAYOUTS]
        heads = [[str(column.heading) for column in layout.columns] for layout in LAYOUTS]
    assert list(found) == titles
    data = in_json(report)["sheets"]
    for layout, title, head in zip(LAYOUTS, titles, heads, strict=True):
        rows = found[title]
        assert [text for _, text in rows[0]][: len(head)] == head
        assert len(rows) - 1 == len(data[layout.name]["rows"])
        for row in rows[1:]:
            for column, (kind, value) in zip(layout.columns, row, strict=False):
                if value:
                    assert kind == IN_CALC.get(column.kind, "string"), (column.name, value)


def test_the_dictionary_has_a_row_for_every_column_in_both_languages(report: Report) -> None:
    rows = in_json(report)["sheets"]["dictionary"]["rows"]
    assert [(row["sheet"], row["column"]) for row in rows] == [
        (layout.name, column.name) for layout in LAYOUTS for column in layout.columns
    ]
    assert all(row["meaning"] and row["example"] and row["type"] for row in rows)
    assert all(
        re.search("[一-鿿]", row["heading_zh"]) or "SHA" in row["heading_zh"] for row in rows
    )
    assert not any(re.search("[一-鿿]", row["heading_en"]) for row in rows)
    numbers = {c.name for layout in LAYOUTS for c in layout.columns if c.kind == Kind.NUMBER}
    assert all(row["unit"] for row in rows if row["column"] in numbers)


def test_the_counts_are_those_of_the_comments(report: Report) -> None:
    sheets = in_json(report)["sheets"]
    said = [row for row in sheets["comments"]["rows"] if not row["as_drafter"]]
    assert len(sheets["comments"]["rows"]) == counted_in(report).count() == len(said) + 1
    for row in sheets["counts"]["rows"]:
        behind = [
            each
            for each in said
            if (row["scope"] == "all" or each["section"] == row["section"])
            and each["group"] in (row["group"] or each["group"])
            and each["stance"] in (row["stance"] or each["stance"])
        ]
        assert row["comments"] == len(behind) > 0
        assert row["authors"] == len({each["author"] for each in behind})
        assert row["endorsements"] == sum(each["endorsements"] for each in behind)
        assert row["wordings"] == sum(bool(each["proposed_wording"]) for each in behind)
    assert sum(row["comments"] for row in sheets["days"]["rows"]) == len(said)
    assert sum(row["comments"] for row in sheets["matrix"]["rows"]) == len(said)


def test_the_comments_stand_in_the_order_of_the_text(report: Report) -> None:
    rows = in_json(report)["sheets"]["comments"]["rows"]
    places = [(row["section"], row["provision"]) for row in rows]
    assert places == sorted(places, key=lambda place: ("壹貳參".index(place[0]), place[1]))
    full = next(row for row in rows if row["words"])
    assert full["body"] == "=建議增列\n交通費"
    assert full["posted_taipei"] == "115 年 11 月 1 日（日）08:00"
    assert full["address"] == f"http://localhost:8000/c/{full['reference']}/"
    assert (full["endorsements"], full["county"], full["role"]) == (2, "TPE", "teacher")


def test_what_is_hidden_or_came_later_stands_in_no_file(report: Report) -> None:
    comment = Comment.objects.get(body__startswith="=建議")
    before = in_json(report)["sheets"]["comments"]["rows"]
    Comment.objects.filter(pk=comment.pk).update(
        state="withdrawn",
        body="",
        proposed_text="",
        anchor_exact="",
        anchor_start=None,
        anchor_end=None,
    )
    after = in_json(report)["sheets"]["comments"]["rows"]
    assert len(after) == len(before) - 1
    assert comment.reference not in {row["reference"] for row in after}


def test_what_is_withheld_is_left_out(report: Report) -> None:
    report.withheld = ["matrix", "days"]
    assert {"matrix", "days"} < set(in_json(report)["sheets"])
    sheets = in_json(report, by_drafter=False)["sheets"]
    assert "matrix" not in sheets
    assert "days" not in sheets
    assert not {row["sheet"] for row in sheets["dictionary"]["rows"]} & {"matrix", "days"}


def test_every_file_names_the_hash_and_says_these_are_not_votes(report: Report) -> None:
    with translation.override("en"):
        about = in_json(report)
    facts = {row["name"]: row["value"] for row in about["sheets"]["about"]["rows"]}
    assert facts["inputs_sha256"] == about["about"]["inputs_sha256"] == report.inputs_sha256
    assert "not votes" in facts["note"]


def test_rows_are_read_as_they_are_written(report: Report) -> None:
    """Nothing is asked of the database before the first row is wanted."""
    book = book_of(ReportContext(Reading(report, by_drafter=True)))
    comments = next(sheet for sheet in book.sheets if sheet.layout.name == "comments")
    assert iter(comments.rows) is comments.rows
    assert len(SHEETS) + 1 == len(book.sheets)
    assert set(FORMATS) == {"odt", "docx", "pdf", "ods", "xlsx", "csv", "json"}
