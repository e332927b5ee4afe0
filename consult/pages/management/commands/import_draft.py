"""Store a file's text as the next draft of a framework."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations
from django.db import DataError, transaction

from consult.document.handing_in import record_import
from consult.document.importing import AlreadyImported, import_draft
from consult.document.models import Draft, Framework
from consult.document.reading import UnreadableText
from consult.document.sources.documents import SourceRead
from consult.document.sources.files import DraftUnreadable, UploadRefused, read_draft_at


class Command(BaseCommand):
    """`manage.py import_draft FILE --framework CODE [--label …] [--title … --owner …]`."""

    help = (
        "Store a plain text, Markdown, DOCX, ODT or PDF as the next draft of a framework. "
        "Nothing of it is published."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """FILE, the framework it belongs to, and what a new framework needs."""
        parser.add_argument(
            "file",
            type=Path,
            help="a .txt, .md, .docx, .odt or .pdf; a text in UTF-8, UTF-16 or Big5",
        )
        parser.add_argument("--framework", required=True, metavar="CODE", help="as in “tve”")
        parser.add_argument("--label", default="", help="how this draft is called; else as read")
        parser.add_argument("--title", default="", help="of a framework that doesn't exist yet")
        parser.add_argument("--owner", default="", help="the body that owns a new framework")

    @no_translations
    @transaction.atomic
    def handle(
        self, *, file: Path, framework: str, label: str, title: str, owner: str, **_options: Any
    ) -> None:
        """Store the draft and say what was found; or say what is wrong and store nothing."""
        found = _read(file)
        try:
            draft = import_draft(
                framework=self._framework(framework, title=title, owner=owner),
                outline=found.outline,
                source=found.source,
                label=label,
            )
        except AlreadyImported as error:
            raise CommandError(
                f"{file}: this text is draft {error.draft.number} of {framework} already "
                f"({error.draft.label}); nothing was stored."
            ) from error
        except DataError as error:
            raise CommandError(
                f"{file}: a label, a title or a heading is too long to be one ({error})."
            ) from error
        record_import(draft, actor=None)
        self._say(draft)

    def _framework(self, code: str, *, title: str, owner: str) -> Framework:
        found = Framework.objects.filter(code=code).first()
        if found:
            return found
        if not (title and owner):
            raise CommandError(
                f"There is no framework “{code}” yet: give --title and --owner as well, "
                "and it is made."
            )
        made = Framework(code=code, title=title, owner_body=owner)
        try:
            made.full_clean()
        except ValidationError as error:
            wrong = [f"{field}: {' '.join(says)}" for field, says in error.message_dict.items()]
            raise CommandError("\n".join(wrong)) from error
        made.save()
        self.stdout.write(f"Made the framework {code}: {title}.")
        return made

    def _say(self, draft: Draft) -> None:
        self.stdout.write(
            f"Stored draft {draft.number} of {draft.framework.code}: {draft.label or draft.title}."
        )
        self.stdout.write(
            f"{draft.sections.count()} sections, {draft.provisions.count()} "
            f"provisions, {draft.coordination_items.count()} coordination items."
        )
        for warning in draft.warnings:
            self.stdout.write(self.style.WARNING(f"Warning: {warning}"))


def _read(file: Path) -> SourceRead:
    try:
        return read_draft_at(file)
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}.") from error
    except (UnreadableText, DraftUnreadable, UploadRefused) as error:
        raise CommandError(f"{file}: {error}") from error
