"""ODT: paragraphs, headings by their levels, lists with the numbers as printed, rows of tables.

What a tracked change deleted stands outside the text and is never read. Notes and text boxes are
left out, and said to be.
"""

from __future__ import annotations

from collections.abc import Iterator

from consult.document.reading.lines import CONTENTS
from consult.document.sources.gathering import Gathering
from consult.document.sources.open_document_numbering import Counting, ListStyles
from consult.document.sources.parts import Element, Package, attribute, local, named, number_in

# What only holds blocks together.
_HOLDERS = frozenset({"section", "index-body", "numbered-paragraph"})
_CONTENTS = frozenset({"table-of-content", "illustration-index", "table-index"})
_NO_WORDS = frozenset({"annotation", "number", "tracked-changes", "ruby-text"})
_ROW_GROUPS = frozenset({"table-header-rows", "table-rows", "table-row-group"})
_MOST_COLUMNS = 64
_MOST_SPACES = 16
_DEEPEST_LEVEL = 10


def gathered_from_odt(content: bytes) -> Gathering:
    """The document's lines. Raises FlawFound, or whatever a parser raises on a damaged file."""
    package = Package(content)
    document, styles = package.part("content.xml"), package.part("styles.xml")
    reader = _Reader(ListStyles([styles, document]))
    body = named(document, "body") if document is not None else None
    text = named(body, "text") if body is not None else None
    if text is not None:
        reader.read(text)
    return reader.gathering


class _Reader:
    def __init__(self, styles: ListStyles) -> None:
        self.gathering = Gathering()
        self._styles = styles
        self._headings = Counting(styles.of_headings)
        # Lists by their own keys and, the latest of each, by their styles.
        self._by_key: dict[str, Counting] = {}
        self._latest: dict[str, Counting] = {}

    def read(self, container: Element) -> None:
        """Take every block in it."""
        for block in container:
            name = local(block)
            if name == "h":
                self._take_heading(block)
            elif name == "p":
                self.gathering.paragraph(self._text(block))
            elif name == "list":
                self._take_list(block)
            elif name == "table":
                self._take_table(block)
            elif name in _CONTENTS:
                self.gathering.leave_out("", reason=CONTENTS)
            elif name in _HOLDERS:
                self.read(block)

    def _take_heading(self, heading: Element, *, numbered_as: str | None = None) -> None:
        text = self._text(heading)
        level = min(number_in(heading, "outline-level") or 1, _DEEPEST_LEVEL)
        if numbered_as is not None:
            text = numbered_as
        elif attribute(heading, "is-list-header") != "true":
            start = number_in(heading, "start-value")
            text = self._headings.numbered(text, depth=level, start=start)
        self.gathering.paragraph(text, level=level if text.strip() else 0)

    # Lists

    def _take_list(self, element: Element) -> None:
        for block, text in self._items(element):
            if local(block) == "h":
                self._take_heading(block, numbered_as=text)
            elif local(block) == "table":
                self._take_table(block)
            else:
                self.gathering.paragraph(text)

    def _items(self, element: Element) -> Iterator[tuple[Element, str]]:
        """Every block of a list with its words as printed."""
        yield from self._blocks_of_list(element, self._counting(element), depth=1)

    def _counting(self, element: Element) -> Counting:
        style = attribute(element, "style-name") or ""
        key = attribute(element, "id")
        earlier = self._by_key.get(attribute(element, "continue-list") or "")
        if earlier is None and attribute(element, "continue-numbering") == "true":
            earlier = self._latest.get(style)
        counting = self._latest[style] = earlier or Counting(self._styles.named(style))
        if key:
            self._by_key[key] = counting
        return counting

    def _blocks_of_list(
        self, element: Element, counting: Counting, *, depth: int
    ) -> Iterator[tuple[Element, str]]:
        for item in element:
            # A header stands in the list without a number.
            is_first = local(item) == "list-item"
            start = number_in(item, "start-value")
            for block in item:
                if local(block) == "list":
                    yield from self._blocks_of_list(block, counting, depth=depth + 1)
                elif local(block) in ("p", "h"):
                    text = self._text(block)
                    if is_first:
                        text = counting.numbered(text, depth=depth, start=start)
                    yield block, text
                    is_first = False
                elif local(block) == "table":
                    yield block, ""

    # Tables

    def _take_table(self, table: Element) -> None:
        for row in _rows(table):
            self.gathering.row(list(self._cells(row)))

    def _cells(self, row: Element) -> Iterator[str]:
        columns = 0
        for cell in row:
            if local(cell) not in ("table-cell", "covered-table-cell"):
                continue
            words = "\n".join(self._lines(cell)) if local(cell) == "table-cell" else ""
            for _repeated in range(number_in(cell, "number-columns-repeated") or 1):
                columns += 1
                if columns > _MOST_COLUMNS:
                    return
                yield words

    def _lines(self, cell: Element) -> Iterator[str]:
        for block in cell:
            name = local(block)
            if name in ("p", "h"):
                yield self._text(block)
            elif name == "list":
                yield from (text for _block, text in self._items(block))
            elif name in {"table", "table-row", "table-cell"} | _ROW_GROUPS:
                yield from self._lines(block)

    # Words

    def _text(self, block: Element) -> str:
        return "".join(self._pieces(block))

    def _pieces(self, element: Element) -> Iterator[str]:
        yield _unbroken(element.text)
        for each in element:
            name = local(each)
            if name == "s":
                yield " " * min(number_in(each, "c") or 1, _MOST_SPACES)
            elif name == "tab":
                yield " "
            elif name == "line-break":
                yield "\n"
            elif name == "note":
                self.gathering.doubt("a footnote was left out")
            elif name in ("frame", "custom-shape"):
                if _has_words(each):
                    self.gathering.doubt("a text box was left out")
            elif name not in _NO_WORDS:
                yield from self._pieces(each)
            yield _unbroken(each.tail)


def _unbroken(text: str | None) -> str:
    """White space in the markup is a space, whatever it is."""
    return " ".join(f"|{text or ''}|".split())[1:-1]


def _has_words(frame: Element) -> bool:
    return any(
        local(each) in ("p", "h") and "".join(each.itertext()).strip() for each in frame.iter()
    )


def _rows(table: Element) -> Iterator[Element]:
    for each in table:
        if local(each) == "table-row":
            yield each
        elif local(each) in _ROW_GROUPS:
            yield from _rows(each)
