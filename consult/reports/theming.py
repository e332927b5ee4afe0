"""What a drafter does with themes: name, put together, split, move comments, and take that back.

It changes no report that was made; the next ones keep it. Every act is checked against a report's
themes under a lock on the draft.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.auditing import record
from accounts.models import AuditRecord, User
from consult.document.models import Draft
from consult.reports.models import Report, ReportSet, ThemeDecision
from consult.reports.replaying import Json, default_name, replay

Kind = ThemeDecision.Kind
# What the chapter is called, and a line of the inputs on one theme.
NAME, KIND = "themes", "theme"
LONGEST_NAME = 40
MOST_MOVED = 200
# A theme of more comments is known well enough by its words.
MOST_HELD = 1_000


class ThemesRefused(Exception):
    """The themes were left as they are; the message says why."""


def decisions_of(draft: Draft) -> list[Json]:
    """What drafters decided on the draft's themes, as lines for a report's inputs."""
    standing = draft.theme_decisions.standing().values_list("section__ref", "kind", "payload")
    return replay((section or "", kind, payload) for section, kind, payload in standing)


def themes_in(report: Report, section: str) -> list[Json]:
    """The themes that the report found in a section, or ("") in all of it."""
    chapters = (report.result or {}).get("chapters", {})
    found = chapters.get(NAME, {}).get(section, {})
    return list(found.get("themes", []))


def rename_theme(
    report: Report, *, section: str, key: str, name: str, by: User, at: datetime | None = None
) -> ThemeDecision:
    """Call a theme by this name from now on. Raises ThemesRefused."""
    name = _checked_name(name)
    with transaction.atomic():
        _lock(report)
        theme = _theme(report, section, key)
        _refuse_double_name(report, section, key, name)
        return _decide(report, section, Kind.RENAME, {"theme": theme, "name": name}, by, at)


def merge_themes(
    report: Report,
    *,
    section: str,
    keys: Sequence[str],
    into: str,
    by: User,
    at: datetime | None = None,
) -> ThemeDecision:
    """Make these themes part of another one from now on. Raises ThemesRefused."""
    others = [key for key in dict.fromkeys(keys) if key != into]
    if not others:
        raise ThemesRefused(_("Choose another theme to put this one together with."))
    with transaction.atomic():
        _lock(report)
        payload = {
            "themes": [_theme(report, section, key) for key in others],
            "into": _theme(report, section, into),
        }
        return _decide(report, section, Kind.MERGE, payload, by, at)


def split_theme(
    report: Report,
    *,
    section: str,
    key: str,
    terms: Sequence[str],
    name: str,
    by: User,
    at: datetime | None = None,
) -> ThemeDecision:
    """Make a theme of its own of those comments that have one of the terms. Raises
    ThemesRefused."""
    name = _checked_name(name)
    with transaction.atomic():
        _lock(report)
        theme = _theme(report, section, key)
        chosen = [term for term in theme["keywords"] if term in terms]
        if not chosen or len(chosen) == len(theme["keywords"]):
            raise ThemesRefused(_("Choose some of the theme's words, but not all of them."))
        _refuse_double_name(report, section, "", name)
        payload = {"theme": theme, "key": uuid.uuid4().hex[:8], "name": name, "terms": chosen}
        return _decide(report, section, Kind.SPLIT, payload, by, at)


def move_comments(
    report: Report,
    *,
    section: str,
    references: Iterable[str],
    into: str,
    by: User,
    at: datetime | None = None,
) -> ThemeDecision:
    """Put comments that the report counts into another theme, or ("") into none, from now on.

    Raises ThemesRefused.
    """
    chosen = sorted(set(references))
    if not chosen:
        raise ThemesRefused(_("Choose the comments to move."))
    if len(chosen) > MOST_MOVED:
        raise ThemesRefused(
            _("Move at most %(limit)s comments at a time.") % {"limit": f"{MOST_MOVED:,}"}
        )
    with transaction.atomic():
        _lock(report)
        theme = _theme(report, section, into) if into else None
        if not set(chosen) <= _counted(report, section):
            raise ThemesRefused(_("Some of these comments are not counted in this report."))
        return _decide(report, section, Kind.MOVE, {"into": theme, "comments": chosen}, by, at)


def undo_decision(
    report: Report, *, key: int, by: User, at: datetime | None = None
) -> ThemeDecision:
    """Take a decision on the draft's themes back. Raises ThemesRefused."""
    with transaction.atomic():
        _lock(report)
        decision = report.draft.theme_decisions.standing().filter(pk=key).first()
        if decision is None:
            raise ThemesRefused(_("That was taken back already."))
        decision.undone_at = at or timezone.now()
        decision.undone_by = by
        decision.save(update_fields=["undone_at", "undone_by"])
        details = {"kind": decision.kind, "decision": decision.pk, "undone": True}
        record(AuditRecord.Act.THEMES_CHANGED, actor=by, about=report, details=details)
    return decision


def _decide(
    report: Report,
    section: str,
    kind: Kind,
    payload: dict[str, Any],
    by: User,
    at: datetime | None,
) -> ThemeDecision:
    decision = ThemeDecision.objects.create(
        draft=report.draft,
        section=report.draft.sections.get(ref=section) if section else None,
        kind=kind,
        payload=payload,
        made_by=by,
        made_at=at or timezone.now(),
    )
    details = {"kind": kind.value, "decision": decision.pk}
    record(AuditRecord.Act.THEMES_CHANGED, actor=by, about=report, details=details)
    return decision


def _lock(report: Report) -> None:
    """Decisions on one draft's themes take turns."""
    Draft.objects.select_for_update(no_key=True).get(pk=report.draft_id)


def _theme(report: Report, section: str, key: str) -> Json:
    """A theme as the report has it, or as it was made since."""
    found = [*themes_in(report, section), *_made(report, section)]
    theme = next((theme for theme in found if theme["key"] == key), None)
    if theme is None:
        raise ThemesRefused(_("This report has no such theme."))
    return {
        **{name: theme.get(name, {}) for name in ("key", "name", "keywords", "words")},
        "comments": _few_comments(report, section, key),
    }


def _few_comments(report: Report, section: str, key: str) -> list[str]:
    """The theme's comments, where there are not too many to stay one by one."""
    stored = ReportSet.objects.filter(report=report, key=f"{_prefix(section)}{key}").first()
    return stored.references if stored and len(stored.references) <= MOST_HELD else []


def _prefix(section: str) -> str:
    """With which the keys of the themes' sets of comments begin."""
    return f"{NAME}/{section or 'all'}/"


def _made(report: Report, section: str) -> list[Json]:
    return [
        line for line in decisions_of(report.draft) if line["section"] == section and line["key"]
    ]


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise ThemesRefused(_("Give the theme a name."))
    if len(name) > LONGEST_NAME:
        raise ThemesRefused(
            _("Give a name of at most %(limit)s characters.") % {"limit": LONGEST_NAME}
        )
    return name


def _refuse_double_name(report: Report, section: str, key: str, name: str) -> None:
    names = {theme["key"]: default_name(theme) for theme in themes_in(report, section)}
    names |= {line["key"]: line["name"] for line in _made(report, section)}
    if any(other == name and of != key for of, other in names.items()):
        raise ThemesRefused(_("Another theme has this name. Put the two together instead."))


def _counted(report: Report, section: str) -> set[str]:
    sets = ReportSet.objects.filter(report=report, key__startswith=_prefix(section))
    return {reference for each in sets.values_list("references", flat=True) for reference in each}
