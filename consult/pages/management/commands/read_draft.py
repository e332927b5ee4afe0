"""Show how a file will be read as a draft, without touching the database."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations

from consult.document.outline import OutlineSection
from consult.document.reading import Reading, UnreadableText
from consult.document.sources.files import DraftUnreadable, UploadRefused, read_draft_at


class Command(BaseCommand):
    """`manage.py read_draft FILE [--json]`."""

    help = "Read a plain text, Markdown, DOCX, ODT or PDF and print its outline; nothing is stored."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """FILE, and the form to print."""
        parser.add_argument(
            "file",
            type=Path,
            help="a .txt, .md, .docx, .odt or .pdf; a text in UTF-8, UTF-16 or Big5",
        )
        parser.add_argument("--json", action="store_true", help="print the outline as JSON")

    @no_translations
    def handle(self, *, file: Path, json: bool, **_options: Any) -> None:
        """Print the outline, or say on which line the text can't be read."""
        try:
            reading = read_draft_at(file).reading
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except (UnreadableText, DraftUnreadable, UploadRefused) as error:
            raise CommandError(f"{file}: {error}") from error
        self.stdout.write(_as_json(reading) if json else "\n".join(_as_tree(reading)))


def _as_json(reading: Reading) -> str:
    return json.dumps(reading.outline.to_json(), ensure_ascii=False, indent=2)


def _as_tree(reading: Reading) -> Iterable[str]:
    outline = reading.outline
    yield outline.title or "(no title)"
    if outline.label:
        yield outline.label
    yield from (f"  {entry.date or '?'}  {entry.text}" for entry in outline.history)
    yield ""
    for section in outline.sections:
        yield from _section_lines(section, depth=0)
    yield ""
    yield f"{len(outline.coordination_items)} coordination items"
    yield f"{len(reading.left_out)} lines left out:"
    yield from (f"  Line {each.line}: {each.reason}: {each.text}" for each in reading.left_out)
    yield f"{len(outline.warnings)} warnings:"
    yield from (f"  {warning}" for warning in outline.warnings)


def _section_lines(section: OutlineSection, *, depth: int) -> Iterable[str]:
    margin = "  " * depth
    yield f"{margin}{section.ref}  {section.title}".rstrip()
    for provision in section.provisions:
        yield f"{margin}  {provision.ref} [{provision.kind}] {provision.text}"
    for child in section.sections:
        yield from _section_lines(child, depth=depth + 1)
