"""XML inside office documents: parsed for what matters here, never followed anywhere."""

from dataclasses import dataclass, field
from xml.parsers import expat

from accounts.inspecting.flaws import Flaw, FlawFound

_HYPERLINK = "/hyperlink"
# Elements of ODF that are filled from their address; a link that is clicked is no such element.
_FILLED = frozenset({"image", "object", "section-source", "table-source", "cell-range-source"})


@dataclass
class Markup:
    """What one part of a document names."""

    elements: set[str] = field(default_factory=set)
    content_types: set[str] = field(default_factory=set)
    # Whether a program would fetch something from elsewhere on opening it.
    fetches: bool = False

    def note(self, name: str, attributes: dict[str, str]) -> None:
        """Called for each element; names bear their namespace in front."""
        element = name.rpartition(" ")[2]
        self.elements.add(element)
        if "ContentType" in attributes:
            self.content_types.add(attributes["ContentType"])
        if element == "Relationship" and attributes.get("TargetMode", "").lower() == "external":
            self.fetches |= not attributes.get("Type", "").endswith(_HYPERLINK)
        if element in _FILLED:
            address = attributes.get("http://www.w3.org/1999/xlink href", "")
            self.fetches |= ":" in address or address.startswith(("/", "../"))


def read_markup(name: str, content: bytes) -> Markup:
    """Raises FlawFound for a document type, whose entities may swell or reach out."""
    markup = Markup()
    # Older LibreOffice keeps an empty file for keys that nobody has changed.
    if not content:
        return markup
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refuse
    # Sheets and texts have millions of elements: only where an element matters is it looked at.
    if not name.startswith(("word/", "xl/")) or name.endswith(".rels"):
        parser.StartElementHandler = markup.note
    parser.Parse(content, True)  # noqa: FBT003 - expat's own
    return markup


def _refuse(*_declared: object) -> None:
    raise FlawFound(Flaw.CONCEALING)
