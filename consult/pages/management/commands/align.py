"""Propose the lineage between two outlines, without touching the database."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from consult.document.alignment import Link, align, pieces_of
from consult.pages.management.outlines import outline_in


class Command(BaseCommand):
    """`manage.py align OLD NEW [--json]`."""

    help = "Propose which provisions of one outline became which of another; nothing is stored."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Both outlines, and the form to print."""
        parser.add_argument("old", type=Path, help="an outline, as read_draft --json prints it")
        parser.add_argument("new", type=Path, help="the later one")
        parser.add_argument("--json", action="store_true", help="print the links as JSON")

    def handle(self, *, old: Path, new: Path, json: bool, **_options: Any) -> None:
        """Print the links, or say which file is no outline."""
        links = align(pieces_of(outline_in(old)), pieces_of(outline_in(new)))
        self.stdout.write(_as_json(links) if json else "\n".join(map(_as_line, links)))


def _as_json(links: list[Link]) -> str:
    return json.dumps([link.to_json() for link in links], ensure_ascii=False)


def _as_line(link: Link) -> str:
    doubt = "" if link.is_certain else " ?"
    return f"{link.kind:8} {' '.join(link.old)} → {' '.join(link.new)}  {link.score:.2f}{doubt}"
