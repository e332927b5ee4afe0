"""The one table that a benchmark prints."""

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

HEAD = ("what", "must reach", "measured", "")


@dataclass(frozen=True)
class Row:
    """One line: what was measured and how it stands; `holds` is None where nothing is demanded."""

    what: str
    must_reach: str
    measured: str
    holds: bool | None

    @property
    def cells(self) -> tuple[str, str, str, str]:
        verdict = {True: "holds", False: "FALLS SHORT", None: "for comparison"}[self.holds]
        return (self.what, self.must_reach, self.measured, verdict)


def at_most(what: str, limit: float, measured: float, *, unit: str = "×", note: str = "") -> Row:
    """A row of what may not pass a limit."""
    return Row(what, f"≤ {limit:g} {unit}", f"{measured:.2f} {unit}{note}", measured <= limit)


def at_least(what: str, limit: float, measured: float, *, unit: str = "×", note: str = "") -> Row:
    """A row of what may not stay below a limit."""
    return Row(what, f"≥ {limit:g} {unit}", f"{measured:.2f} {unit}{note}", measured >= limit)


def printed(rows: Sequence[Row]) -> str:
    """The table as text, its columns as wide as they need to be."""
    lines = [HEAD, *(row.cells for row in rows)]
    widths = [max(_width(line[place]) for line in lines) for place in range(len(HEAD))]
    ruled = [lines[0], tuple("-" * width for width in widths), *lines[1:]]
    return "\n".join(
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in ruled
    )


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
