"""Load the demonstration, or show how to sign in to it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations

from consult.document.models import Framework
from consult.pages.demonstration.loading import LoadingRefused, is_loaded, load_demonstration
from consult.pages.demonstration.script import PersonLine, read_script


class Command(BaseCommand):
    """`manage.py load_demonstration [--if-empty] [--show-accounts]`."""

    help = "Load the demonstration: a real draft, invented people and what they say about it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether to hold back where there is work already, and whether only to show accounts."""
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing where any framework exists"
        )
        parser.add_argument(
            "--show-accounts",
            action="store_true",
            help="load nothing; print the demonstration's sign-ins, if it is loaded",
        )

    @no_translations
    def handle(self, *, if_empty: bool, show_accounts: bool, **_options: Any) -> None:
        """Load all of it or nothing, and say which."""
        if show_accounts:
            if is_loaded():
                self.stdout.write(_accounts())
            return
        if if_empty and Framework.objects.exists():
            self.stdout.write("There is a framework already: the demonstration was not loaded.")
            return
        try:
            loaded = load_demonstration()
        except LoadingRefused as error:
            raise CommandError(f"{error} Load the demonstration into an empty site.") from error
        if loaded is None:
            self.stdout.write("The demonstration is there already.")
            return
        self.stdout.write(
            f"Loaded the demonstration: draft {loaded.draft.number} of "
            f"{loaded.draft.framework.code}, {loaded.organisations} organisations, "
            f"{loaded.people} people, {loaded.comments} comments."
        )


def _accounts() -> str:
    """The sign-ins as a table whose columns line up."""
    script = read_script()
    groups = {organisation.key: organisation.group for organisation in script.organisations}
    rows = [("role", "e-mail", "password")]
    rows += [
        (_role(person, groups), person.email, script.password)
        for person in script.people
        if person.sign_in
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _role(person: PersonLine, groups: dict[str, str]) -> str:
    group = groups.get(person.organisation)
    return f"{person.role} ({group})" if group else person.role
