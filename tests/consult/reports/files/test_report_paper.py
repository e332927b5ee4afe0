"""The report as a document: what stands in it, on every page of it, and where its numbers lead."""

import io
import re
import subprocess
import zipfile
from pathlib import Path

import pikepdf
import pytest
from django.test import Client
from django.utils import translation

from accounts.models import User
from comments.models import Comment, SearchEntry
from consult.document.models import Draft
from consult.reports.access import Reading
from consult.reports.contexts import ReportContext
from consult.reports.exporting.paper import Cell, Paper, Paragraph, Table
from consult.reports.exporting.pdf import CharacterMissing, write_pdf
from consult.reports.files.fitting import write_fitting_pdf
from consult.reports.files.making import write_now
from consult.reports.files.report_paper import report_paper
from consult.reports.models import Report, ReportNote
from tests.consult.reports.comments import a_comment
from tests.consult.reports.exporting.test_exporting import (
    as_read_by_libreoffice,
    bare,
    paper,
    program,
)
from tests.consult.reports.making import report_at


@pytest.fixture
def report(commented: Draft, asker: User) -> Report:
    return report_at(commented, asker)


def page_of(report: Report, *, by_drafter: bool = True) -> ReportContext:
    return ReportContext(Reading(report, by_drafter=by_drafter))


def addresses(document: Paper) -> list[str]:
    paragraphs = [block for block in document.blocks if isinstance(block, Paragraph)]
    for block in document.blocks:
        if isinstance(block, Table):
            paragraphs += [p for row in block.rows for cell in row for p in cell.paragraphs]
    return [run.address for each in paragraphs for run in each.runs if run.address]


def test_it_says_what_it_is_and_that_it_is_no_vote(report: Report) -> None:
    with translation.override("en"):
        text = report_paper(page_of(report)).text
    for words in (
        "技術及職業教育政策綱領",
        "第5版",
        report.inputs_sha256,
        report.result_sha256,
        "not votes",
        "manage.py recount BUNDLE",
        "Not one comment from: ",
    ):
        assert words in text


def test_every_number_leads_to_the_site(report: Report) -> None:
    found = addresses(report_paper(page_of(report)))
    assert len(found) > 40
    assert all(each.startswith("http://localhost:8000/") for each in found)
    assert f"http://localhost:8000/reports/{report.public_id}/comments/?stance=support" in found


def test_notes_stand_with_their_chapters_and_what_is_withheld_does_not(
    report: Report, asker: User
) -> None:
    for chapter, text in (("", "總說"), ("days", "週末較多")):
        ReportNote.objects.create(report=report, chapter=chapter, text=text, author=asker)
    with translation.override("en"):
        report.withheld = ["days"]
        whole = report_paper(page_of(report)).text
        part = report_paper(page_of(report, by_drafter=False)).text
    assert "總說" in whole
    assert "Day by day\nThe drafters' note: 週末較多" in whole
    assert "週末較多" not in part
    assert "Day by day" not in part


def test_proposals_and_questions_stand_in_it_with_their_words(
    commented: Draft, asker: User
) -> None:
    said = a_comment(
        commented,
        "壹-1",
        author=asker,
        stance="suggest",
        body="應更積極。",
        proposed_text="技職教育肩負配合國家永續發展之責任。",
    )
    document = report_paper(page_of(report_at(commented, asker)))
    runs = [run for block in document.blocks if isinstance(block, Paragraph) for run in block.runs]
    assert "永續" in [run.text for run in runs if run.is_underlined]
    assert "整體" in [run.text for run in runs if run.is_struck]
    links = [run for run in runs if run.text == said.reference]
    assert links[0].address == f"http://localhost:8000/c/{said.reference}/"
    asked = Comment.objects.get(stance="question")
    assert any(asked.body in run.text for run in runs)
    # This goes in the moment in which a comment is hidden or withdrawn.
    SearchEntry.objects.get(pk=said.pk).delete()
    text = report_paper(page_of(Report.objects.get())).text
    assert "永續" not in text


def test_the_hash_stands_on_every_page_of_the_pdf(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    with write_now(Reading(report, by_drafter=True), "pdf") as file:
        path.write_bytes(file.read())
    with pikepdf.open(path) as pdf:
        pages = len(pdf.pages)
        assert pdf.Root.MarkInfo.Marked
        with pdf.open_metadata() as properties:
            assert properties["pdfuaid:part"] == "1"
        links = {
            str(note.A.URI)
            for page in pdf.pages
            for note in page.get("/Annots", [])
            if "/A" in note
        }
    assert any("/comments/?" in each for each in links)
    for number in range(1, pages + 1):
        text = subprocess.run(
            [
                program("pdftotext", package="poppler-utils"),
                *("-f", str(number), "-l", str(number), "-raw"),
                str(path),
                "-",
            ],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        assert report.inputs_sha256 in bare(text), number
    assert pages > 1


@pytest.mark.parametrize("name", ["odt", "docx"])
def test_libreoffice_gives_back_the_same_words(report: Report, name: str, tmp_path: Path) -> None:
    with write_now(Reading(report, by_drafter=True), name) as file:
        content = file.read()
    found = as_read_by_libreoffice(f"report.{name}", content, tmp_path)
    assert bare(report_paper(page_of(report)).text) in bare(found)
    part = {"odt": "styles.xml", "docx": "word/footer1.xml"}[name]
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert f"SHA-256 {report.inputs_sha256}" in package.read(part).decode()


def test_a_pdf_is_made_although_its_fonts_lack_a_character(tmp_path: Path) -> None:
    lacking = paper(
        Paragraph.of("培育人才🧑‍🏭與🛠️、👩🏽‍🔧、1️⃣、नमस्ते。𠮷\n第二行"),
        Table((Cell.of("😀"),), [[Cell.of("好🙏")]], widths=(1,)),
    )
    with pytest.raises(CharacterMissing):
        write_pdf(lacking)
    path = tmp_path / "paper.pdf"
    path.write_bytes(write_fitting_pdf(lacking))
    found = subprocess.run(
        [program("pdftotext", package="poppler-utils"), "-raw", str(path), "-"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert "培育人才□□與□、□□、1、" in bare(found)
    assert "第二行" in found
    assert "好□" in found


def test_every_link_is_answered(report: Report, client: Client) -> None:
    """Not one leads into the void: whoever isn't signed in is asked to."""
    for address in set(addresses(report_paper(page_of(report)))):
        path = re.sub("^http://localhost:8000", "", address)
        assert client.get(path).status_code in {200, 302}, path
