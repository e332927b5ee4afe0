"""DOCX: paragraphs, headings by their styles, automatic numbers as printed, rows of tables.

Tracked changes are read as accepted. Notes and text boxes are left out, and said to be.
"""

from __future__ import annotations

from collections.abc import Iterator

from consult.document.reading.lines import CONTENTS
from consult.document.sources.gathering import Gathering
from consult.document.sources.parts import Element, Package, attribute, local, named
from consult.document.sources.word_numbering import Numbering
from consult.document.sources.word_styles import NumberedBy, Styles, numbered_by, outline_level

# What wraps blocks or runs and is read through: also what was inserted or moved here.
_WRAPPERS = frozenset(
    {"ins", "moveTo", "sdt", "sdtContent", "smartTag", "customXml", "hyperlink", "fldSimple"}
    | {"dir", "bdo", "oMath", "oMathPara"}
)
_GONE = ("del", "moveFrom")
_NOTES = {
    "footnoteReference": "a footnote was left out",
    "endnoteReference": "an endnote was left out",
}
_OFF = ("0", "false", "off")


def gathered_from_docx(content: bytes) -> Gathering:
    """The document's lines. Raises FlawFound, or whatever a parser raises on a damaged file."""
    package = Package(content)
    document = package.part("word/document.xml")
    styles = Styles(package.part("word/styles.xml"))
    numbering = Numbering(
        package.part("word/numbering.xml"), list_of_style=styles.lists_of_numbering_styles()
    )
    reader = _Reader(styles, numbering)
    body = named(document, "body") if document is not None else None
    if body is not None:
        reader.read(body)
    return reader.finished()


class _Reader:
    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        self._styles = styles
        self._numbering = numbering
        self._gathering = Gathering()
        # The words of paragraphs whose end was deleted: they belong to the next one.
        self._carried = ""

    def read(self, container: Element) -> None:
        """Take every block in it."""
        for block in container:
            name = local(block)
            if name == "p":
                self._take_paragraph(block)
            elif name == "tbl":
                self._take_table(block)
            elif name == "sdt" and _is_contents(block):
                self._gathering.leave_out("", reason=CONTENTS)
            elif name in _WRAPPERS:
                self.read(block)

    def finished(self) -> Gathering:
        """The lines, once every block was taken."""
        if self._carried:
            self._gathering.paragraph(self._carried)
        return self._gathering

    def _take_paragraph(self, paragraph: Element) -> None:
        style = self._style(paragraph)
        text = self._text(paragraph)
        if self._styles.is_of_contents(style):
            self._gathering.leave_out(text, reason=CONTENTS)
            return
        if _end_is_gone(paragraph):
            self._carried += text
            return
        text, self._carried = self._numbered(paragraph, self._carried + text), ""
        level = outline_level(named(paragraph, "pPr"))
        level = self._styles.level(style) if level is None else level
        self._gathering.paragraph(text, level=level if text.strip() else 0)

    def _take_table(self, table: Element) -> None:
        for row in _rows(table):
            self._gathering.row([self._cell(cell) for cell in _cells(row)])

    def _cell(self, cell: Element) -> str:
        """A cell's paragraphs; nothing for one that goes on with the cell above it."""
        merged = named(_properties(cell, "tcPr"), "vMerge")
        if merged is not None and attribute(merged, "val") != "restart":
            return ""
        return "\n".join(
            self._numbered(paragraph, self._text(paragraph)) for paragraph in _paragraphs(cell)
        )

    # Paragraphs

    def _style(self, paragraph: Element) -> str:
        named_style = attribute(named(_properties(paragraph, "pPr"), "pStyle"), "val")
        return named_style or self._styles.usual

    def _numbered(self, paragraph: Element, text: str) -> str:
        own = numbered_by(named(paragraph, "pPr"))
        style = self._style(paragraph)
        from_style = self._styles.numbering(style)
        key = own.key if own else None
        depth = own.depth if own else None
        if from_style is not None:
            inherited, says_so = from_style
            key = inherited.key if key is None else key
            depth = self._depth(inherited, says_so) if depth is None else depth
        if key is None or key == "0":
            return text
        return self._numbering.numbered(text, key=key, depth=depth or 0)

    def _depth(self, inherited: NumberedBy, style: str) -> int:
        if inherited.depth is not None:
            return inherited.depth
        return self._numbering.depth_of_style(inherited.key or "", style)

    def _text(self, paragraph: Element) -> str:
        return "".join(self._pieces(paragraph))

    def _pieces(self, container: Element) -> Iterator[str]:
        for each in container:
            name = local(each)
            if name == "r":
                # Runs of formulas have their words as other runs have.
                yield from () if _is_hidden(each) else self._run(each)
            elif name in _WRAPPERS:
                yield from self._pieces(each)

    def _run(self, run: Element) -> Iterator[str]:
        for each in run:
            name = local(each)
            if name == "t":
                yield each.text or ""
            elif name == "tab":
                yield " "
            elif name in ("br", "cr"):
                yield "\n" if attribute(each, "type") in (None, "textWrapping") else ""
            elif name == "noBreakHyphen":
                yield "-"
            elif name == "ruby":
                yield from self._pieces(_properties(each, "rubyBase"))
            elif name in _NOTES:
                self._gathering.doubt(_NOTES[name])
            elif name in ("drawing", "pict", "AlternateContent") and _has_words(each):
                self._gathering.doubt("a text box was left out")


def _properties(element: Element, name: str) -> Element:
    found = named(element, name)
    return Element(name) if found is None else found


def _is_contents(block: Element) -> bool:
    kind = named(_properties(_properties(block, "sdtPr"), "docPartObj"), "docPartGallery")
    return attribute(kind, "val") == "Table of Contents"


def _end_is_gone(paragraph: Element) -> bool:
    """Whether the paragraph's own end was deleted, or moved elsewhere."""
    mark = _properties(_properties(paragraph, "pPr"), "rPr")
    return any(named(mark, name) is not None for name in _GONE)


def _is_hidden(run: Element) -> bool:
    hidden = named(_properties(run, "rPr"), "vanish")
    return hidden is not None and attribute(hidden, "val") not in _OFF


def _has_words(drawing: Element) -> bool:
    boxes = (each for each in drawing.iter() if local(each) == "txbxContent")
    return any(part.text for box in boxes for part in box.iter() if local(part) == "t")


def _rows(table: Element) -> Iterator[Element]:
    """The rows of a table that weren't deleted."""
    for each in table:
        if local(each) == "tr" and named(_properties(each, "trPr"), "del") is None:
            yield each
        elif local(each) in _WRAPPERS:
            yield from _rows(each)


def _cells(row: Element) -> Iterator[Element]:
    for each in row:
        if local(each) == "tc" and named(_properties(each, "tcPr"), "cellDel") is None:
            yield each
        elif local(each) in _WRAPPERS:
            yield from _cells(each)


def _paragraphs(container: Element) -> Iterator[Element]:
    """Every paragraph of a cell, those of tables within it as well."""
    for each in container:
        if local(each) == "p":
            yield each
        elif local(each) in {"tbl", "tr", "tc"} | _WRAPPERS:
            yield from _paragraphs(each)
