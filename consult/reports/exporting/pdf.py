"""A paper as PDF/UA: tagged, its language named, its fonts within.

Typst sets it from `paper.typ`; what is to be set is handed over as JSON. The fonts that come with
the project are the only ones: a file looks the same wherever it was made.
"""

import json
import re
from pathlib import Path
from typing import Any

import typst

from consult.reports.exporting.paper import Block, Cell, Heading, Paper, Paragraph, Run, Table

FONTS = Path(__file__).parents[1] / "fonts"
TEMPLATE = Path(__file__).with_name("paper.typ")
_NO_GLYPH = re.compile(r'the text [`"]+(.+?)["`]+ could not be displayed')


class CharacterMissing(Exception):
    """The fonts can't show this: `text` is what, as far as the first one goes."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def write_pdf(paper: Paper) -> bytes:
    """The paper as a PDF/UA-1 file. Raises CharacterMissing."""
    try:
        return typst.compile(
            TEMPLATE,
            font_paths=[FONTS],
            ignore_system_fonts=True,
            sys_inputs={"paper": json.dumps(_paper(paper), ensure_ascii=False)},
            format="pdf",
            pdf_standards="ua-1",
            timestamp=int(paper.made_at.timestamp()),
        )
    except typst.TypstError as error:
        found = _NO_GLYPH.search(str(error))
        if found is None:
            raise
        raise CharacterMissing(found[1]) from error


def _paper(paper: Paper) -> dict[str, Any]:
    return {
        "title": paper.title,
        "author": paper.author,
        "language": paper.language_alone,
        "region": paper.region or None,
        "wide": paper.is_wide,
        "footer": paper.footer,
        "blocks": [_block(block) for block in paper.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "level": block.level + 1, "text": block.text}
    if isinstance(block, Table):
        return {
            "kind": "table",
            "widths": list(block.widths),
            "head": [_cell(cell) for cell in block.head],
            "rows": [[_cell(cell) for cell in row] for row in block.rows],
        }
    return {"kind": "paragraph", "runs": _runs(block)}


def _cell(cell: Cell) -> list[list[dict[str, Any]]]:
    return [_runs(paragraph) for paragraph in cell.paragraphs]


def _runs(paragraph: Paragraph) -> list[dict[str, Any]]:
    return [_run(run) for run in paragraph.runs]


def _run(run: Run) -> dict[str, Any]:
    return {
        "lines": run.lines,
        "underlined": run.is_underlined,
        "bold": run.is_bold,
        "struck": run.is_struck,
        "address": run.address,
    }
