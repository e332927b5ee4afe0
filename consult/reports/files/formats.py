"""The formats that a report can be had in, and how each is written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consult.reports.contexts import ReportContext
from consult.reports.exporting import docx, ods, odt, xlsx
from consult.reports.exporting.data_files import write_csv_package, write_json
from consult.reports.exporting.docx import write_docx
from consult.reports.exporting.odt import write_odt
from consult.reports.exporting.paper import Paper
from consult.reports.files.fitting import write_fitting_pdf
from consult.reports.files.report_paper import report_paper
from consult.reports.files.sheets import Tell, book_of
from consult.reports.printing import absolute

JSON_FORMAT = "consult-report-export/1"
Write = Callable[[ReportContext, IO[bytes], Tell], None]


@dataclass(frozen=True)
class Format:
    """What it is called, what for, what kind of file it is and how it is written."""

    label: str
    purpose: str | Promise
    ending: str
    content_type: str
    write: Write


def _paper(write: Callable[[Paper], bytes]) -> Write:
    def written(page: ReportContext, file: IO[bytes], _: Tell) -> None:
        file.write(write(report_paper(page)))

    return written


def _ods(page: ReportContext, file: IO[bytes], tell: Tell) -> None:
    ods.write_ods(book_of(page, tell=tell), file)


def _xlsx(page: ReportContext, file: IO[bytes], tell: Tell) -> None:
    xlsx.write_xlsx(book_of(page, tell=tell), file)


def _csv(page: ReportContext, file: IO[bytes], tell: Tell) -> None:
    write_csv_package(book_of(page, tell=tell), file)


def _json(page: ReportContext, file: IO[bytes], tell: Tell) -> None:
    about = {
        "format": JSON_FORMAT,
        "inputs_sha256": page.report.inputs_sha256,
        "dictionary": absolute(reverse("data_dictionary")),
    }
    write_json(book_of(page, tell=tell), file, about=about)


AS_DOCUMENT = _("The report as a document")
AS_SPREADSHEET = _("All comments and counts as a spreadsheet")
AS_DATA = _("All comments and counts for programs")
FORMATS: Mapping[str, Format] = {
    "odt": Format("ODT", AS_DOCUMENT, "odt", odt.MIMETYPE, _paper(write_odt)),
    "docx": Format("DOCX", AS_DOCUMENT, "docx", docx.CONTENT_TYPE, _paper(write_docx)),
    "pdf": Format("PDF", AS_DOCUMENT, "pdf", "application/pdf", _paper(write_fitting_pdf)),
    "ods": Format("ODS", AS_SPREADSHEET, "ods", ods.MIMETYPE, _ods),
    "xlsx": Format("XLSX", AS_SPREADSHEET, "xlsx", xlsx.CONTENT_TYPE, _xlsx),
    "csv": Format("CSV", AS_DATA, "csv.zip", "application/zip", _csv),
    "json": Format("JSON", AS_DATA, "json", "application/json", _json),
}
