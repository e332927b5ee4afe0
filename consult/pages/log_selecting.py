"""Which lines of the audit log are looked at: the filters in the address, page by page."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditRecord, Organisation, User
from consult.pages.log_lines import LogLine, lines_of

LINES_A_PAGE = 50
MOST_ORGANISATIONS = 100


class DayInput(forms.DateInput):
    """The browser's own picker of a day."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class LogForm(forms.Form):
    """The filters; what is left empty leaves nothing out."""

    act = forms.ChoiceField(
        label=_("Act"),
        choices=[("", _("All")), *AuditRecord.Act.choices],
        required=False,
    )
    actor = forms.CharField(
        label=_("Who did it"), help_text=_("E-mail address"), required=False, max_length=254
    )
    about = forms.CharField(
        label=_("Whom or what about"),
        help_text=_("Address, organisation, or key"),
        required=False,
        max_length=254,
    )
    since = forms.DateField(label=_("From"), required=False, widget=DayInput())
    until = forms.DateField(label=_("Until"), required=False, widget=DayInput())

    @property
    def chosen(self) -> dict[str, Any]:
        """The filters that are set, and valid."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def selected(chosen: Mapping[str, Any]) -> QuerySet[AuditRecord]:
    """The lines that fit the filters, newest first."""
    found = AuditRecord.objects.newest_first().select_related("actor")
    if "act" in chosen:
        found = found.filter(act=chosen["act"])
    if "actor" in chosen:
        found = found.filter(actor__email__iexact=chosen["actor"])
    if "about" in chosen:
        found = found.filter(object_key__in=_keys_of(chosen["about"]))
    if "since" in chosen:
        found = found.filter(recorded_at__gte=_midnight(chosen["since"]))
    if "until" in chosen:
        found = found.filter(recorded_at__lt=_midnight(chosen["until"]) + dt.timedelta(days=1))
    return found


def _keys_of(text: str) -> list[str]:
    """The keys of whatever goes by this address or name, and the text itself as a key."""
    people = User.objects.filter(email__iexact=text).values_list("public_id", flat=True)
    organisations = Organisation.objects.filter(name__icontains=text)
    named = organisations.values_list("public_id", flat=True)[:MOST_ORGANISATIONS]
    return [text, *(str(key) for key in (*people, *named))]


def _midnight(day: dt.date) -> dt.datetime:
    """When a day begins in Taipei."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


@dataclass(frozen=True)
class LogPage:
    """Some lines, the filters that chose them, and where the next page and the file are."""

    form: LogForm
    lines: Sequence[LogLine]
    # The filters as they stand in an address, and with them the page after this one.
    query: str
    next_query: str


def log_page(asked: QueryDict) -> LogPage:
    """The page that an address asks for; a filter that can't be read is left out."""
    form = LogForm(asked or None)
    chosen = form.chosen if asked else {}
    found = selected(chosen)
    after = asked.get("after", "")
    last = AuditRecord.objects.filter(pk=after).first() if _is_key(after) else None
    if last:
        found = found.older_than(last)  # type: ignore[attr-defined]
    records = list(found[: LINES_A_PAGE + 1])
    shown = records[:LINES_A_PAGE]
    query = {name: str(value) for name, value in chosen.items()}
    more = {**query, "after": shown[-1].pk} if len(records) > LINES_A_PAGE else {}
    return LogPage(form, lines_of(shown), urlencode(query), urlencode(more))


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= len(str(2**62))
