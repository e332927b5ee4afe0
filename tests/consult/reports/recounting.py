"""Count a report again from its downloaded inputs, as anyone could."""

from dataclasses import dataclass
from io import BytesIO

from consult.reports.canonical import inputs_sha256, read_sections
from consult.reports.tallying import Json, SectionTally, merge_tallies


@dataclass(frozen=True)
class Recounted:
    sha256: str
    result: Json


def recount(download: bytes) -> Recounted:
    lines = BytesIO(download)
    head = lines.readline()
    sections = list(read_sections(lines))
    tallies = [SectionTally.of_lines(section) for section in sections]
    return Recounted(
        inputs_sha256(head, [section.sha256 for section in sections]), merge_tallies(tallies)
    )
