"""Count a report again from its downloaded bundle: `manage.py recount BUNDLE`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from consult.reports.recounting import BundleBroken, Comparison, recount_bundle


class Command(BaseCommand):
    help = "Compute a report from its bundle and compare; exits with 1 where anything differs."
    # Nothing is asked of the database.
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("bundle", type=Path, help="the ZIP file from the report's page")

    def handle(self, *args: Any, bundle: Path, **options: Any) -> None:  # noqa: ARG002
        try:
            found = recount_bundle(bundle)
        except FileNotFoundError:
            raise CommandError(f"There is no file {bundle}.") from None
        except BundleBroken as error:
            raise CommandError(str(error)) from error
        self._tell("Inputs", "inputs_sha256", found)
        self._tell("Result", "result_sha256", found)
        if not found.agrees:
            raise CommandError(f"Came out otherwise: {', '.join(found.differing)}.")
        total = found.recounted.result["total"]["comments"]
        self.stdout.write(self.style.SUCCESS(f"The same: {total:,} comments counted again."))

    def _tell(self, what: str, name: str, found: Comparison) -> None:
        self.stdout.write(f"{what}: {getattr(found.recounted, name)} (stated {found.stated[name]})")
