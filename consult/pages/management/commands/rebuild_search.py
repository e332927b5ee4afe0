"""Take everything apart again for the search."""

from typing import Any

from django.core.management.base import BaseCommand, no_translations

from comments.searching import add_missing, bring_up_to_date
from consult.document.models import Framework
from consult.document.terms import take_apart_again


class Command(BaseCommand):
    """`manage.py rebuild_search`: after an upgrade of the dictionary; the site may run on."""

    help = "Take all text and all comments apart again for the search; finds what was missed."

    @no_translations
    def handle(self, **_options: Any) -> None:
        """Do every framework, and say how many comments that were."""
        for framework in Framework.objects.order_by("code"):
            take_apart_again(framework)
            again = sum(iter(lambda: bring_up_to_date(framework), 0))  # noqa: B023 - at once
            added = sum(iter(lambda: add_missing(framework), 0))  # noqa: B023 - at once
            self.stdout.write(
                f"{framework.code}: took {again} comments apart again, and added {added}."
            )
