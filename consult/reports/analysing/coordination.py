"""What concerns whom: comments by the bodies that the coordination items name. Pure.

A body is concerned by what is said on its own rows of the coordination table, on the sections of
the key points that it helps with, and wherever a comment names it. The decisions' lines of kind
`coordination` are the table: key point, body, what it helps with, and the references of the row
and of the key point's section.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence

from consult.reports.analysing.chapter import Chapter, Head, Json, Kept, Line

NAME = "coordination"
BY_SECTION = False

COORDINATION = "coordination"
# Several bodies in one cell of the table.
_BETWEEN_BODIES = re.compile(r"[、，,；;/／\n]+")
_QUESTION = "question"


def lines_in(head: Head) -> Sequence[Line]:
    return head.decisions.get(COORDINATION, ())


def bodies_in(head: Head) -> list[str]:
    """Each body that the table names, once, in the order of the table."""
    return list(dict.fromkeys(body for line in lines_in(head) for body in bodies_of(line)))


def bodies_of(line: Line) -> list[str]:
    """The bodies of one row: a cell may name more than one."""
    return [body for part in _BETWEEN_BODIES.split(line["body"]) if (body := part.strip())]


def plain(text: str) -> str:
    """A text in which 台 and 臺 are one."""
    return text.replace("台", "臺")


def points_in(head: Head) -> Mapping[str, Sequence[str]]:
    """Of each key point's section, in the order of the table, it and the sections beneath it."""
    chosen = dict.fromkeys(line["section"] for line in lines_in(head) if line["section"])
    found = {ref: _with_what_is_beneath(ref, head.sections) for ref in chosen}
    return {ref: refs for ref, refs in found.items() if refs}


def _with_what_is_beneath(ref: str, sections: Iterable[Line]) -> list[str]:
    found: list[str] = []
    depth = None
    for section in sections:
        if section["ref"] == ref:
            depth = section["depth"]
        elif depth is not None and section["depth"] <= depth:
            break
        if depth is not None:
            found.append(section["ref"])
    return found


class CoordinationTally:
    """What one part's comments say to the bodies; each part is of one section."""

    def __init__(self, head: Head) -> None:
        self._rows = {line["provision"] for line in lines_in(head) if line["provision"]}
        self._within = {ref for refs in points_in(head).values() for ref in refs}
        self._names = [(place, plain(body)) for place, body in enumerate(bodies_in(head))]
        self._on_rows: dict[str, list[str]] = {}
        self._naming: dict[int, list[str]] = {}
        self._all: list[str] = []
        self._questions: list[str] = []
        self._wordings: list[str] = []
        self._answered: list[str] = []

    def add(self, comment: Line) -> None:
        if comment["as_drafter"]:
            if comment["parent"]:
                self._answered.append(comment["parent"])
            return
        reference, provision = comment["reference"], comment["provision"]
        if provision in self._rows:
            self._on_rows.setdefault(provision, []).append(reference)
        self._find_names(reference, plain(comment["body"]))
        if comment["stance"] == _QUESTION:
            self._questions.append(reference)
        if comment["section"] in self._within:
            self._all.append(reference)
            if comment["proposed_text"]:
                self._wordings.append(reference)

    def _find_names(self, reference: str, body: str) -> None:
        for place, name in self._names:
            if name in body:
                self._naming.setdefault(place, []).append(reference)

    def kept(self) -> bytes:
        return json.dumps(
            {
                "rows": self._on_rows,
                "naming": self._naming,
                "all": self._all,
                "questions": self._questions,
                "wordings": self._wordings,
                "answered": self._answered,
            }
        ).encode()


def tally(head: Head) -> CoordinationTally:
    return CoordinationTally(head)


def conclude(kept: Iterable[Kept], head: Head) -> Chapter:
    found = _Concerns(head)
    for part in kept:
        found.add(part.section, json.loads(part.data))
    return Chapter(
        found={"points": found.points(), "bodies": found.bodies()},
        sets={key: found.sets[key] for key in sorted(found.sets)},
    )


class _Concerns:
    """The parts' tallies put together."""

    def __init__(self, head: Head) -> None:
        self._lines, self._bodies = lines_in(head), bodies_in(head)
        self._points = points_in(head)
        self._titles = {section["ref"]: section for section in head.sections}
        self._by_section: dict[str, list[str]] = {}
        for ref, refs in self._points.items():
            for each in refs:
                self._by_section.setdefault(each, []).append(ref)
        self._rows: dict[str, list[str]] = {}
        self._naming: dict[int, list[str]] = {}
        # By key point: all comments, those that propose a wording, questions.
        self._said: dict[str, dict[str, list[str]]] = {
            ref: {"all": [], "wordings": [], "questions": []} for ref in self._points
        }
        self._asked: set[str] = set()
        self._answered: set[str] = set()
        self.sets: dict[str, Sequence[str]] = {}

    def add(self, section: str, data: Json) -> None:
        for provision, references in data["rows"].items():
            self._rows.setdefault(provision, []).extend(references)
        for place, references in data["naming"].items():
            self._naming.setdefault(int(place), []).extend(references)
        for point in self._by_section.get(section, ()):
            for what, references in self._said[point].items():
                references.extend(data[what])
        self._asked.update(data["questions"])
        self._answered.update(data["answered"])

    def points(self) -> list[Json]:
        """Each key point with what is said on its section and beneath, and whom it concerns."""
        return [
            {
                "ref": ref,
                "number": self._titles[ref]["number"],
                "title": self._titles[ref]["title"],
                "bodies": list(
                    dict.fromkeys(
                        self._bodies.index(body)
                        for line in self._lines
                        if line["section"] == ref
                        for body in bodies_of(line)
                    )
                ),
                "comments": self._named(f"point/{ref}", self._said[ref]["all"]),
                "questions": self._named(
                    f"point/{ref}/questions", self._open(self._said[ref]["questions"])
                ),
                "wordings": self._named(f"point/{ref}/wordings", self._said[ref]["wordings"]),
            }
            for ref in self._points
        ]

    def bodies(self) -> list[Json]:
        return [self._body(place, body) for place, body in enumerate(self._bodies)]

    def _body(self, place: int, body: str) -> Json:
        lines = [line for line in self._lines if body in bodies_of(line)]
        on_rows = [
            reference
            for provision in dict.fromkeys(line["provision"] for line in lines)
            for reference in self._rows.get(provision or "", ())
        ]
        naming = self._naming.get(place, [])
        direct = list(dict.fromkeys([*on_rows, *naming]))
        return {
            "body": body,
            "items": [
                {
                    "key_point": line["key_point"],
                    "item": line["item"],
                    "provision": line["provision"],
                    "section": line["section"],
                    "comments": self._named(
                        f"row/{line['provision']}", self._rows.get(line["provision"] or "", ())
                    ),
                }
                for line in lines
            ],
            "points": [
                ref for ref in self._points if any(line["section"] == ref for line in lines)
            ],
            "on_rows": self._named(f"body/{place}/rows", on_rows),
            "naming": self._named(f"body/{place}/naming", naming),
            "questions": self._named(f"body/{place}/questions", self._open(direct)),
        }

    def _open(self, references: Iterable[str]) -> list[str]:
        """Those among them that are questions which no drafter has answered."""
        return [
            reference
            for reference in references
            if reference in self._asked and reference not in self._answered
        ]

    def _named(self, key: str, references: Sequence[str]) -> int:
        """How many they are; the set of that key holds them."""
        if references:
            self.sets[f"{NAME}/{key}"] = sorted(references)
        return len(references)
