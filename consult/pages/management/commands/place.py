"""Place quotes of one outline in a later one, without touching the database."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from comments.placing import Carriage
from consult.document.alignment import align, pieces_of
from consult.pages.management.outlines import outline_in


class Command(BaseCommand):
    """`manage.py place OLD NEW QUOTES [--json]`."""

    help = "Say where words of one outline stand in another; nothing is stored."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Both outlines, the quotes, and the form to print."""
        parser.add_argument("old", type=Path, help="an outline, as read_draft --json prints it")
        parser.add_argument("new", type=Path, help="the later one")
        parser.add_argument(
            "quotes",
            type=Path,
            help='JSON lines {"id", "ref", "start", "end"}, in code points of the text',
        )
        parser.add_argument("--json", action="store_true", help="print JSON lines")

    def handle(self, *, old: Path, new: Path, quotes: Path, json: bool, **_options: Any) -> None:
        """Print a line a quote, or say which line can't be read."""
        pieces = pieces_of(outline_in(old)), pieces_of(outline_in(new))
        texts = [{piece.ref: piece.text for piece in side} for side in pieces]
        carriage = Carriage(align(*pieces), old=texts[0], new=texts[1])
        for quote in _quotes_in(quotes, texts[0]):
            placed = carriage.place(quote.ref, quote.start, quote.end).to_json()
            self.stdout.write(
                _as_json({"id": quote.id} | placed) if json else f"{quote.id} {placed}"
            )


@dataclass(frozen=True)
class _Quote:
    id: Any
    ref: str
    start: int
    end: int


def _quotes_in(path: Path, texts: dict[str, str]) -> Iterator[_Quote]:
    """Each line's quote. Raises CommandError where it is none, or its words are not there."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path}: {error}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            quote = _Quote(data["id"], data["ref"], int(data["start"]), int(data["end"]))
            text = texts[quote.ref]
        except (ValueError, TypeError, KeyError) as error:
            raise CommandError(
                f"{path}, line {number}: not a quote of a provision of the old outline ({error!r})."
            ) from error
        if not 0 <= quote.start < quote.end <= len(text):
            raise CommandError(
                f"{path}, line {number}: {quote.ref} has {len(text)} code points, "
                f"so {quote.start} to {quote.end} is no part of it."
            )
        yield quote


def _as_json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False)
