"""Who was expected to speak and who has: coverage, never a vote. Pure.

An invited organisation has spoken if a comment was made in its name; a school level, a county, a
sector or a group, if a comment of one of its own was. Comments carry no sector: the decisions'
lines of kind `sector` name that of the organisations that have spoken.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from consult.reports.analysing.chapter import Chapter, Head, Json, Kept, Line

NAME = "coverage"
BY_SECTION = False

EXPECTED = "expected"
SECTOR = "sector"
ORGANISATION = "organisation"
# Which part of an expected line says what a category is.
CATEGORIES = {"group": "group", "level": "school_level", "county": "county", "sector": "sector"}
CONSULTED = {"open", "closed"}

References = dict[str, list[str]]


class CoverageTally:
    """What one part's comments say of who spoke; each part is of one section."""

    def __init__(self, head: Head) -> None:
        self._sectors = _sectors(head)
        self._organisations = {
            *self._sectors,
            *(line["organisation"] for line in expected_in(head) if line["organisation"]),
        }
        self._groups: Counter[str] = Counter()
        self._counties: Counter[str] = Counter()
        self._levels: References = {}
        self._spoken: References = {}
        self._speakers: dict[str, set[str]] = {}

    def add(self, comment: Line) -> None:
        if comment["as_drafter"]:
            return
        self._groups[comment["group"]] += 1
        # Levels and counties are an organisation's: who speaks for nobody has none.
        organisation = comment["organisation"]
        if organisation is None:
            return
        level, county = comment["school_level"], comment["county"]
        if level:
            self._levels.setdefault(level, []).append(comment["reference"])
            self._speaks(f"level/{level}", organisation)
        if county:
            self._counties[county] += 1
            self._speaks(f"county/{county}", organisation)
        if organisation in self._organisations:
            self._spoken.setdefault(organisation, []).append(comment["reference"])
            sector = self._sectors.get(organisation)
            if sector:
                self._speaks(f"sector/{sector}", organisation)

    def _speaks(self, key: str, organisation: str) -> None:
        self._speakers.setdefault(key, set()).add(organisation)

    def kept(self) -> bytes:
        return json.dumps(
            {
                "groups": self._groups,
                "counties": self._counties,
                "levels": self._levels,
                "spoken": self._spoken,
                "speakers": {key: sorted(found) for key, found in self._speakers.items()},
            }
        ).encode()


def tally(head: Head) -> CoverageTally:
    return CoverageTally(head)


def conclude(kept: Iterable[Kept], head: Head) -> Chapter:
    heard = _Heard(head)
    for part in kept:
        heard.add(part.section, json.loads(part.data))
    expected = [heard.of(line) for line in expected_in(head)]
    invited = [voice for voice in expected if voice["kind"] == ORGANISATION]
    spoke = [voice for voice in invited if voice["comments"]]
    return Chapter(
        found={
            "sections": [
                {
                    "ref": section["ref"],
                    "number": section["number"],
                    "title": section["title"],
                    "groups": heard.cells("group", section["ref"]),
                    "levels": heard.cells("level", section["ref"]),
                    "counties": heard.cells("county", section["ref"]),
                }
                for section in head.sections
                if section["ref"] and section["state"] in CONSULTED
            ],
            "groups": heard.row("group"),
            "levels": heard.row("level"),
            "counties": heard.row("county"),
            "sectors": heard.row("sector"),
            "expected": expected,
            "invited": len(invited),
            "spoke": len(spoke),
            "silent": [place for place, voice in enumerate(expected) if not voice["comments"]],
        },
        sets=heard.sets(),
    )


def expected_in(head: Head) -> Sequence[Line]:
    """Who was expected, as far as the report is about them: one on a group asks for that alone."""
    lines = head.decisions.get(EXPECTED, ())
    group = head.report.get("group")
    if not group:
        return lines
    return [line for line in lines if not line["group"] or line["group"] == group]


def set_key(kind: str, name: str) -> str:
    """The set that holds the comments of a level, of a sector or of an organisation."""
    return f"{NAME}/{kind}/{name}"


def top_sections(sections: Iterable[Line]) -> Mapping[str, str]:
    """Of each section, the one of the first depth that it stands in; both by reference."""
    tops: dict[str, str] = {}
    top = ""
    for section in sections:
        if not section["depth"]:
            top = section["ref"]
        tops[section["ref"]] = top or section["ref"]
    return tops


def _sectors(head: Head) -> Mapping[str, str]:
    """By organisation; what the list says of one that is expected goes before."""
    named = {line["organisation"]: line["sector"] for line in head.decisions.get(SECTOR, ())}
    listed = head.decisions.get(EXPECTED, ())
    return named | {
        line["organisation"]: line["sector"]
        for line in listed
        if line["organisation"] and line["sector"]
    }


class _Heard:
    """The parts' tallies put together: comments by what they are of, and by section."""

    def __init__(self, head: Head) -> None:
        self._sectors = _sectors(head)
        self._expected = {line["organisation"] for line in expected_in(head)}
        self._tops = top_sections(head.sections)
        self._asked = list(
            dict.fromkeys(
                self._tops[section["ref"]]
                for section in head.sections
                if section["ref"] and section["state"] in CONSULTED
            )
        )
        # By kind and name, how many on each section.
        self._counts: dict[tuple[str, str], Counter[str]] = {}
        self._speakers: dict[str, set[str]] = {}
        self._sets: dict[str, list[str]] = {}

    def add(self, section: str, data: Json) -> None:
        for kind, plural in (("group", "groups"), ("county", "counties")):
            for name, count in data[plural].items():
                self._count(kind, name, section, count)
        for level, references in data["levels"].items():
            self._put("level", level, section, references)
        for organisation, references in data["spoken"].items():
            if organisation in self._expected:
                self._put(ORGANISATION, organisation, section, references)
            if organisation in self._sectors:
                self._put("sector", self._sectors[organisation], section, references)
        for key, organisations in data["speakers"].items():
            self._speakers.setdefault(key, set()).update(organisations)

    def cells(self, kind: str, section: str) -> Json:
        """How many comments on that section are of each one of the kind; none are left out."""
        return {
            name: counts[section]
            for (of_kind, name), counts in sorted(self._counts.items())
            if of_kind == kind and counts[section]
        }

    def row(self, kind: str) -> Json:
        """How many comments, and organisations where only these have the kind, are of each."""
        return {
            name: {
                "comments": counts.total(),
                "organisations": len(self._speakers.get(f"{kind}/{name}", ())),
            }
            for (of_kind, name), counts in sorted(self._counts.items())
            if of_kind == kind
        }

    def of(self, line: Line) -> Json:
        """Whether one who was expected was heard, how often, and on which chapters not."""
        kind = line["kind"]
        name = line["organisation"] if kind == ORGANISATION else line[CATEGORIES[kind]]
        counts = self._counts.get((kind, name or ""), Counter())
        spoken_on = {self._tops.get(section, "") for section in counts}
        return {
            **line,
            "comments": counts.total(),
            "organisations": len(self._speakers.get(f"{kind}/{name}", ())),
            "sections": {section: counts[section] for section in sorted(counts)},
            "not_on": [ref for ref in self._asked if ref not in spoken_on],
        }

    def sets(self) -> Mapping[str, Sequence[str]]:
        return {key: sorted(self._sets[key]) for key in sorted(self._sets)}

    def _count(self, kind: str, name: str, section: str, count: int) -> None:
        self._counts.setdefault((kind, name), Counter())[section] += count

    def _put(self, kind: str, name: str, section: str, references: Sequence[str]) -> None:
        self._count(kind, name, section, len(references))
        self._sets.setdefault(set_key(kind, name), []).extend(references)
