"""What two reports on the same draft and scope, up to different moments, differ in. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

Result = Mapping[str, Any]

MOST_GROWN = 10


class Arrival(NamedTuple):
    """So many comments of one kind that came in between; `section` "" is the draft as a whole."""

    section: str
    group: str
    stance: str
    day: str
    comments: int


class Change(NamedTuple):
    """A number in the older report, what came in since, and the number in the newer one.

    They need not add up: what was counted then may have been hidden, withdrawn or changed since.
    """

    then: int
    new: int
    now: int


class Place(NamedTuple):
    """A sentence of a provision."""

    provision: str
    number: int


@dataclass(frozen=True)
class Grown:
    """A sentence that was commented on more."""

    place: Place
    start: int
    end: int
    then: int
    now: int


@dataclass(frozen=True)
class GrownTheme:
    """A theme that is new, or that more was said on; `then` is 0 for a new one."""

    # What the set of its comments is called in either report.
    set_key: str
    name: str
    keywords: Sequence[str]
    then: int
    now: int


@dataclass(frozen=True)
class Difference:
    """What came in: by section, group, stance and day, and who spoke for the first time where."""

    total: Change
    sections: Mapping[str, Change]
    groups: Mapping[str, Change]
    stances: Mapping[str, Change]
    # Comments by section and stance, and by group and stance.
    section_stances: Mapping[tuple[str, str], int]
    group_stances: Mapping[tuple[str, str], int]
    days: Mapping[str, int]
    new_sections: Sequence[str]
    new_groups: Sequence[str]
    # Groups that had spoken, but not on that section: section and group.
    new_cells: Sequence[tuple[str, str]]
    grown: Sequence[Grown]
    themes: Sequence[GrownTheme]

    @property
    def does_add_up(self) -> bool:
        """Whether then and new make now, everywhere."""
        changes = [self.total, *self.sections.values(), *self.groups.values()]
        changes += self.stances.values()
        return all(change.then + change.new == change.now for change in changes)


def difference_of(older: Result, newer: Result, arrivals: Iterable[Arrival]) -> Difference:
    """What came in between two results, given the comments posted between their cutoffs."""
    arrived = _Arrived()
    for arrival in arrivals:
        arrived.add(arrival)
    before, after = _by_section(older), _by_section(newer)
    return Difference(
        total=Change(older["total"]["comments"], arrived.total, newer["total"]["comments"]),
        sections={
            ref: Change(_comments(before.get(ref)), arrived.sections[ref], _comments(after[ref]))
            for ref in after
            if arrived.sections[ref]
        },
        groups=_changes(older["groups"], newer["groups"], arrived.groups),
        stances=_changes(older["stances"], newer["stances"], arrived.stances),
        section_stances=arrived.section_stances,
        group_stances=arrived.group_stances,
        days=dict(sorted(arrived.days.items())),
        new_sections=[
            ref for ref in after if arrived.sections[ref] and not _comments(before.get(ref))
        ],
        new_groups=[group for group in arrived.groups if group not in older["groups"]],
        new_cells=[
            (ref, group)
            for ref in after
            for group in older["groups"]
            if arrived.cells[ref, group] and group not in before.get(ref, {"groups": ()})["groups"]
        ],
        grown=_grown(older, newer),
        themes=_grown_themes(older, newer),
    )


class _Arrived:
    """The arrivals summed up every way."""

    def __init__(self) -> None:
        self.total = 0
        self.sections: Counter[str] = Counter()
        self.groups: Counter[str] = Counter()
        self.stances: Counter[str] = Counter()
        self.days: Counter[str] = Counter()
        self.cells: Counter[tuple[str, str]] = Counter()
        self.section_stances: Counter[tuple[str, str]] = Counter()
        self.group_stances: Counter[tuple[str, str]] = Counter()

    def add(self, arrival: Arrival) -> None:
        section, group, stance, day, comments = arrival
        self.total += comments
        self.sections[section] += comments
        self.groups[group] += comments
        self.stances[stance] += comments
        self.days[day] += comments
        self.cells[section, group] += comments
        self.section_stances[section, stance] += comments
        self.group_stances[group, stance] += comments


def _by_section(result: Result) -> Mapping[str, Result]:
    return {section["ref"]: section for section in result["sections"]}


def _comments(section: Result | None) -> int:
    return int(section["total"]["comments"]) if section else 0


def _changes(
    older: Mapping[str, Result], newer: Mapping[str, Result], arrived: Mapping[str, int]
) -> Mapping[str, Change]:
    def counted(found: Mapping[str, Result], name: str) -> int:
        return int(found[name]["comments"]) if name in found else 0

    return {
        name: Change(counted(older, name), arrived[name], counted(newer, name))
        for name in sorted(arrived)
    }


def _grown(older: Result, newer: Result) -> Sequence[Grown]:
    """The sentences on which most was added; reading order among equals."""
    before = {place: row["comments"] for place, row in _sentences(older)}
    grown = [
        Grown(place, row["start"], row["end"], before.get(place, 0), row["comments"])
        for place, row in _sentences(newer)
        if row["comments"] > before.get(place, 0)
    ]
    return sorted(grown, key=lambda each: each.then - each.now)[:MOST_GROWN]


def _sentences(result: Result) -> Iterable[tuple[Place, Result]]:
    found = result.get("chapters", {}).get("hot_spots", {"provisions": ()})
    for provision in found["provisions"]:
        for row in provision["sentences"]:
            yield Place(provision["ref"], row["n"]), row


def _grown_themes(older: Result, newer: Result) -> Sequence[GrownTheme]:
    """The themes of all sections together to which most was added, told by their keys."""
    before = {key: theme["comments"] for key, theme in _themes(older)}
    grown = [
        GrownTheme(key, theme["name"], theme["keywords"], before.get(key, 0), theme["comments"])
        for key, theme in _themes(newer)
        if theme["comments"] > before.get(key, 0)
    ]
    return sorted(grown, key=lambda each: each.then - each.now)[:MOST_GROWN]


def _themes(result: Result) -> Iterable[tuple[str, Result]]:
    found = result.get("chapters", {}).get("themes", {}).get("", {"themes": ()})
    for theme in found["themes"]:
        yield f"{found['prefix']}/{theme['key']}", theme
