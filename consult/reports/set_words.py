"""Which number of a report one of its sets stands behind, in words.

What somebody wrote is quoted only while it is shown: every sentence has a general one for when it
isn't, and for a key that no chapter of this report wrote.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts.groups import SchoolLevel, StakeholderGroup
from accounts.places import Sector
from consult.reports.analysing.chapter import Json
from consult.reports.analysing.judging import SECTION
from consult.reports.chapters.texts import headings_of, texts_of
from consult.reports.headings import whole_heading
from consult.reports.models import Report
from consult.reports.replaying import default_name
from consult.reports.titles import TITLES, chapter_title

MOST_QUOTED = 40


def words_of_set(report: Report, key: str) -> str:
    """What the set of this key holds, as one phrase; empty where there is no such chapter."""
    chapter, *rest = key.split("/")
    if chapter not in TITLES:
        return ""
    found = (report.result or {}).get("chapters", {}).get(chapter)
    tell = _TELLERS.get(chapter)
    try:
        said = tell(report, found, rest) if tell and found else ""
    except (LookupError, ValueError):
        # Keys come from addresses: anybody may have changed one.
        said = ""
    return said or _("Comments counted under “%(chapter)s”") % {"chapter": chapter_title(chapter)}


def _themes(report: Report, found: Json, rest: Sequence[str]) -> str:
    scope, key = rest[0], "/".join(rest[1:])
    section = "" if scope == "all" else scope
    themes: Iterable[Mapping[str, Any]] = found.get(section, {}).get("themes", ())
    where = {"place": _section(report, section)}
    if not key:
        if section:
            return _("Comments on %(place)s in no theme") % where
        return _("Comments in no theme")
    name = next((default_name(each) for each in themes if each["key"] == key), "")
    if not name:
        return _("Comments in one of the themes")
    if section:
        return _("Comments on %(place)s in the theme %(theme)s") % {**where, "theme": name}
    return _("Comments in the theme %(theme)s") % {"theme": name}


def _hot_spots(report: Report, _found: Json, rest: Sequence[str]) -> str:
    if rest[0]:
        number = rest[1] if len(rest) > 1 else "0"
        if number == "0":
            return _("Comments on the whole of %(place)s") % {"place": rest[0]}
        return _("Comments on sentence %(number)s of %(place)s") % {
            "number": number,
            "place": rest[0],
        }
    return _("Comments on the whole of %(place)s") % {"place": _section(report, rest[1])}


def _wordings(report: Report, found: Json, rest: Sequence[str]) -> str:
    ref, *numbers = rest
    place = {"place": ref}
    if not numbers:
        return _("Comments that propose a wording for %(place)s") % place
    row = _numbered(found["provisions"], numbers[0], ref=ref)
    if row and len(numbers) > 1:
        row = _with_number(row["shown"], numbers[1])
    # What is proposed for a text that nobody may read now would tell the text.
    may_tell = row and ref in texts_of(report.draft)
    words = _quoted(report, row["reference"], "proposed_text") if row and may_tell else ""
    if not words:
        return _("Comments that propose one of the wordings for %(place)s") % place
    if len(numbers) > 1:
        said = _("Comments that propose exactly this for %(place)s: %(words)s")
    else:
        said = _("Comments that propose this or nearly this for %(place)s: %(words)s")
    return said % {**place, "words": words}


def _conflicts(report: Report, _found: Json, rest: Sequence[str]) -> str:
    place, group, side = rest
    if side == "support":
        said = _("Comments by which people of the group %(group)s are for %(place)s")
    else:
        said = _("Comments by which people of the group %(group)s are against %(place)s")
    return said % {"group": _label(StakeholderGroup, group), "place": _place(report, place)}


def _opinions(report: Report, _found: Json, rest: Sequence[str]) -> str:
    if len(rest) == 1:
        return _("Comments by people of the group of opinion %(group)s") % {"group": rest[0]}
    group, statement, side = rest
    if statement.startswith(SECTION) or statement in texts_of(report.draft):
        what = _place(report, statement)
    else:
        what = _quoted(report, statement, "body") or _("a comment that is no longer shown")
    said = {
        "agree": _("Where the group of opinion %(group)s agrees: %(what)s"),
        "disagree": _("Where the group of opinion %(group)s disagrees: %(what)s"),
        "pass": _("Where the group of opinion %(group)s takes no side: %(what)s"),
    }[side]
    return said % {"group": group, "what": what}


def _campaigns(report: Report, found: Json, rest: Sequence[str]) -> str:
    campaign = next((each for each in found["campaigns"] if each["key"] == rest[0]), None)
    words = _quoted(report, campaign["shared"], "body") if campaign else ""
    if not words:
        return _("Signers of one of the campaigns")
    return _("Signers of the campaign that begins %(words)s") % {"words": words}


def _questions(report: Report, found: Json, rest: Sequence[str]) -> str:
    state, *where = rest
    if not where:
        if state == "open":
            return _("Questions that no drafter has answered")
        return _("Questions that a drafter has answered")
    ref, section = where[0], "" if where[0] else where[1]
    numbers = where[1:] if ref else where[2:]
    place = {"place": ref or _section(report, section)}
    if not numbers:
        if state == "open":
            return _("Questions on %(place)s that no drafter has answered") % place
        return _("Questions on %(place)s that a drafter has answered") % place
    places = [each for each in found["places"] if ref or each["section"] == section]
    row = _numbered(places, numbers[0], ref=ref)
    words = _quoted(report, row["reference"], "body") if row else ""
    if not words:
        return _("Comments that ask one of the questions on %(place)s") % place
    return _("Comments that ask this or nearly this on %(place)s: %(words)s") % {
        **place,
        "words": words,
    }


def _coverage(_report: Report, found: Json, rest: Sequence[str]) -> str:
    kind, name = rest[0], "/".join(rest[1:])
    if kind == "level":
        return _("Comments for schools: %(level)s") % {"level": _label(SchoolLevel, name)}
    if kind == "sector":
        return _("Comments for organisations of the sector %(sector)s") % {
            "sector": _label(Sector, name)
        }
    called = next((each["name"] for each in found["expected"] if each["organisation"] == name), "")
    if not called:
        return _("Comments for one of the organisations")
    return _("Comments for %(organisation)s") % {"organisation": called}


def _coordination(report: Report, found: Json, rest: Sequence[str]) -> str:
    kind, name, *what = rest
    if kind == "row":
        return _("Comments on %(place)s, a row of the table of coordination") % {"place": name}
    if kind == "point":
        said = {
            "": _("Comments on %(place)s and what is beneath it"),
            "questions": _("Open questions on %(place)s and what is beneath it"),
            "wordings": _("Proposed wordings on %(place)s and what is beneath it"),
        }["".join(what)]
        return said % {"place": _section(report, name)}
    said = {
        "rows": _("Comments on the rows of %(body)s in the table of coordination"),
        "naming": _("Comments that name %(body)s"),
        "questions": _("Open questions that concern %(body)s"),
    }["".join(what)]
    return said % {"body": found["bodies"][int(name)]["body"]}


_TELLERS: Mapping[str, Callable[[Report, Json, Sequence[str]], str]] = {
    "themes": _themes,
    "hot_spots": _hot_spots,
    "wordings": _wordings,
    "conflicts": _conflicts,
    "opinions": _opinions,
    "campaigns": _campaigns,
    "questions": _questions,
    "coverage": _coverage,
    "coordination": _coordination,
}


def _numbered(places: Iterable[Json], number: str, *, ref: str) -> Json | None:
    """What a chapter shows of a place under this number."""
    shown = (each for place in places if place["ref"] == ref for each in place["shown"])
    return _with_number(shown, number)


def _with_number(rows: Iterable[Json], number: str) -> Json | None:
    return next((row for row in rows if str(row["n"]) == number), None)


def _quoted(report: Report, reference: str, column: str) -> str:
    """How the comment's words begin, in quotation marks; empty where they are shown no more."""
    quote = report.quotes.filter(reference=reference).values_list(column, flat=True).first()
    words = " ".join((quote or "").split())
    if not words:
        return ""
    short = words if len(words) <= MOST_QUOTED else f"{words[:MOST_QUOTED]}…"
    return _("“%(words)s”") % {"words": short}


def _place(report: Report, name: str) -> str:
    """A provision by its reference, a section or the whole draft by its heading."""
    if name.startswith(SECTION):
        return _section(report, name.removeprefix(SECTION))
    return name


def _section(report: Report, ref: str) -> str:
    return headings_of(report).get(ref, ref) if ref else whole_heading()


def _label(choices: Any, value: str) -> str:  # noqa: ANN401 - any of Django's choices
    return str(choices(value).label) if value in choices.values else value
