"""What every sheet of a report's files is and what every column of it means: the data dictionary.

The files are written from these layouts, the page and the sheet of the dictionary show them.
"""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from consult.reports.exporting.sheet import Column, Kind, Layout, Row
from consult.reports.files.columns import KINDS

DICTIONARY = Layout(
    "dictionary",
    _("Data dictionary"),
    _("One column of one sheet a row: this table."),
    (
        Column(
            "sheet",
            Kind.TEXT,
            _("Sheet"),
            _("The sheet's name for programs, and of its CSV file."),
            example="comments",
        ),
        Column(
            "column",
            Kind.TEXT,
            _("Column"),
            _("The column's name for programs."),
            example="reference",
        ),
        Column(
            "heading_zh",
            Kind.TEXT,
            _("Heading in Chinese"),
            _("What the column is called in Chinese spreadsheets."),
            example="收件編號",
            width=20,
        ),
        Column(
            "heading_en",
            Kind.TEXT,
            _("Heading in English"),
            _("What the column is called in English spreadsheets."),
            example="Receipt number",
            width=24,
        ),
        Column("type", Kind.TEXT, _("Type"), _("What kind of value it holds."), example="text"),
        Column("unit", Kind.TEXT, _("Unit"), _("What a number counts."), example="comments"),
        Column("meaning", Kind.TEXT, _("Meaning"), _("What it says."), example="…", width=60),
        Column(
            "choices",
            Kind.TEXT,
            _("Values"),
            _(
                "The values of a list, each with its name; spreadsheets show the name, CSV and "
                "JSON the value."
            ),
            example="support: 贊成",
            width=40,
        ),
        Column(
            "example",
            Kind.TEXT,
            _("Example"),
            _("A value as CSV and JSON have it."),
            example="K7XQ2M9A",
            width=28,
        ),
    ),
)


def dictionary_rows(layouts: Iterable[Layout]) -> Iterable[Row]:
    """The dictionary of these sheets, in the reader's language but for the two headings."""
    for layout in layouts:
        for column in layout.columns:
            yield (
                layout.name,
                column.name,
                _in("zh-hant", column.heading),
                _in("en", column.heading),
                str(KINDS[column.kind]),
                str(column.unit),
                str(column.meaning),
                values_in_words(column),
                column.example,
            )


def values_in_words(column: Column) -> str:
    """Each value of a list with its name."""
    colon, comma = gettext(": "), gettext(", ")
    return comma.join(f"{value}{colon}{label}" for value, label in column.choices.items())


def _in(language: str, words: str | Promise) -> str:
    with override(language):
        return str(words)
