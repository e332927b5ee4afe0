"""The audit log as a table for a spreadsheet; taking it out leaves a line in it."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.auditing import Act, record
from accounts.models import User
from consult.pages.log_lines import LogLine, lines_of
from consult.pages.log_selecting import selected

RECORDS_AT_ONCE = 500
# A spreadsheet takes what begins with one of these for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
# By which it knows the file for UTF-8.
MARK = "\ufeff"


def export_log(chosen: Mapping[str, Any], *, actor: User) -> Iterator[bytes]:
    """The lines that fit the filters, row by row; those written meanwhile are left out."""
    # Names and addresses that were searched for stay out: lines can't be changed later.
    kept = {name: str(chosen[name]) for name in ("act", "since", "until") if name in chosen}
    line = record(Act.EXPORTED, actor=actor, details={"what": "audit log", **kept})
    return _rows(chosen, up_to=line.pk)


def _rows(chosen: Mapping[str, Any], *, up_to: int) -> Iterator[bytes]:
    yield _written(
        MARK + _("Time"),
        _("What happened"),
        _("Particulars"),
        _("Who: key"),
        _("Act"),
        _("Object: kind"),
        _("Object: key"),
        _("Details"),
        _("Network address"),
    )
    records = selected(chosen).filter(pk__lte=up_to).iterator(chunk_size=RECORDS_AT_ONCE)
    while some := list(islice(records, RECORDS_AT_ONCE)):
        for line in lines_of(some):
            yield _row(line)


def _row(line: LogLine) -> bytes:
    found = line.record
    return _written(
        timezone.localtime(found.recorded_at).isoformat(),
        line.sentence,
        "; ".join(line.particulars),
        str(found.actor.public_id) if found.actor else "",
        found.act,
        found.object_kind,
        found.object_key,
        json.dumps(found.details, ensure_ascii=False) if found.details else "",
        found.address or "",
    )


def _written(*cells: str) -> bytes:
    row = io.StringIO()
    csv.writer(row).writerow(f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells)
    return row.getvalue().encode()
