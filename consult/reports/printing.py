"""What chapters put on paper: numbers that lead to their comments, tables and quotes.

A chapter's context may have `paper_blocks()`, which gives headings of level 2 and beneath,
paragraphs and tables. Addresses may be the site's own paths: whoever makes the document makes
them whole.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol, runtime_checkable

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _

from consult.reports.exporting.paper import Block, Cell, Paragraph, Run, Table
from consult.reports.figures import Figure, Quote


@runtime_checkable
class OnPaper(Protocol):
    """A chapter that stands in the report's document as well."""

    def paper_blocks(self) -> Iterable[Block]:
        """What the chapter says, under a heading that the document gives it."""


def absolute(path: str) -> str:
    """The site's path as an address for who isn't on the site."""
    return f"{settings.SITE_URL}{path}" if path.startswith("/") else path


def number(figure: Figure) -> Run:
    """A number that leads to what it counts; a zero leads nowhere."""
    return Run(intcomma(figure.value), address=figure.address if figure.value else "")


def number_cell(figure: Figure) -> Cell:
    return Cell((Paragraph((number(figure),)),))


def words(text: str, *figures: Figure) -> Paragraph:
    """A sentence with a number at each `{}`."""
    pieces = text.split("{}")
    runs = [Run(pieces[0])]
    for figure, piece in zip(figures, pieces[1:], strict=True):
        runs += [number(figure), Run(piece)]
    return Paragraph(tuple(run for run in runs if run.text))


def table(
    head: Sequence[str], rows: Iterable[Sequence[Cell]], *, first: int = 3, second: int = 1
) -> Table:
    """A table of names and numbers; `first` is how many times wider the first column is."""
    widths = (first, second, *([1] * (len(head) - 2)))
    return Table(tuple(map(Cell.of, head)), list(rows), widths)


def quoted(quote: Quote, *, longest: int = 300) -> Paragraph:
    """A comment's words, cut where they are longer, with who said them and where to find them."""
    said = quote.body or quote.proposed_text
    if len(said) > longest:
        said = f"{said[: longest - 1]}…"
    link = Run(quote.reference, address=quote.address)
    return Paragraph((Run(_("“%(words)s”") % {"words": said}), Run(f" {quote.speaker} "), link))


def with_whole_addresses(block: Block) -> Block:
    """The block with each of its addresses made absolute."""
    if isinstance(block, Table):
        return replace(
            block,
            head=tuple(map(_cell, block.head)),
            rows=[[_cell(cell) for cell in row] for row in block.rows],
        )
    return _paragraph(block) if isinstance(block, Paragraph) else block


def _cell(cell: Cell) -> Cell:
    return Cell(tuple(map(_paragraph, cell.paragraphs)))


def _paragraph(paragraph: Paragraph) -> Paragraph:
    return Paragraph(tuple(_runs(paragraph)))


def _runs(paragraph: Paragraph) -> Iterator[Run]:
    for run in paragraph.runs:
        yield replace(run, address=absolute(run.address)) if run.address else run
