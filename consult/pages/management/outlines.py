"""Outlines that commands are given as files."""

import json
from pathlib import Path

from django.core.management.base import CommandError

from consult.document.outline import Outline


def outline_in(path: Path) -> Outline:
    """The outline in a file that `read_draft --json` wrote. Raises CommandError where none is."""
    try:
        return Outline.from_json(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise CommandError(
            f"{path}: not an outline as “manage.py read_draft FILE --json” prints it ({error})."
        ) from error
