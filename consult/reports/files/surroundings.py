"""What the pages around a report's files show: a file being made, the dictionary."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.template.defaultfilters import filesizeformat
from django.utils.translation import get_language_info

from consult.reports.exporting.sheet import Column, Layout
from consult.reports.files.columns import KINDS
from consult.reports.files.dictionary import dictionary_rows, values_in_words
from consult.reports.files.formats import FORMATS, Format
from consult.reports.files.making import holds, rows_written
from consult.reports.files.sheets import LAYOUTS
from consult.reports.models import ReportFile


@dataclass(frozen=True)
class FileContext:
    """A file that is made or being made."""

    file: ReportFile
    state: str
    rows: int
    rows_in_all: int

    @classmethod
    def of(cls, file: ReportFile, *, at: datetime) -> "FileContext":
        state = file.state
        if state == ReportFile.State.DONE and not holds(file, at=at):
            state = "over"
        result = file.report.result or {}
        in_all = result["total"]["comments"] + result["by_drafters"]
        return cls(file, state, min(rows_written(file), in_all), in_all)

    @property
    def format(self) -> Format:
        return FORMATS[self.file.format]

    @property
    def size(self) -> str:
        return filesizeformat(self.file.size)

    @property
    def language(self) -> str:
        return str(get_language_info(self.file.language)["name_local"])


@dataclass(frozen=True)
class DictionaryColumn:
    """A column with its headings in both languages."""

    column: Column
    kind: str
    heading_zh: str
    heading_en: str
    values: str


@dataclass(frozen=True)
class DictionaryContext:
    """Every sheet and column of the files."""

    layouts: Sequence[Layout] = LAYOUTS

    @property
    def sheets(self) -> Iterator[tuple[Layout, list[DictionaryColumn]]]:
        for layout in self.layouts:
            rows = dictionary_rows([layout])
            yield (
                layout,
                [
                    DictionaryColumn(
                        column,
                        str(KINDS[column.kind]),
                        str(row[2]),
                        str(row[3]),
                        values_in_words(column),
                    )
                    for column, row in zip(layout.columns, rows, strict=True)
                ],
            )
