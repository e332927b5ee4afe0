"""The themes that people named, as their decisions, one after the other, leave them. Pure.

A decision's payload holds themes as the report had them (key, name, keywords, words, and their
comments, where these are few enough to be kept one by one):

| kind | payload | what it leaves |
|---|---|---|
| rename | `theme`, `name` | the theme by that name, remembered by its words |
| merge | `themes`, `into` | one theme, remembered by the words of all |
| split | `theme`, `key`, `name`, `terms` | another one, of those of its comments with a term |
| move | `into` (or nothing), `comments` | the comments in that theme, or in none |
"""

from collections.abc import Iterable, Mapping
from typing import Any

Json = dict[str, Any]

NAMED_AFTER = 3


def replay(decisions: Iterable[tuple[str, str, Mapping[str, Any]]]) -> list[Json]:
    """The lines on themes for a report's inputs, given each decision's section, kind and payload.

    What a line holds, `consult.reports.analysing.themes.human` says.
    """
    scopes: dict[str, _Scope] = {}
    for section, kind, payload in decisions:
        scope = scopes.setdefault(section, _Scope(section))
        {
            "rename": scope.rename,
            "merge": scope.merge,
            "split": scope.split,
            "move": scope.move,
        }[kind](payload)
    return [line for _, scope in sorted(scopes.items()) for line in scope.lines()]


def default_name(theme: Mapping[str, Any]) -> str:
    """What a theme is called that nobody gave a name."""
    return theme["name"] or "、".join(theme["keywords"][:NAMED_AFTER]) or theme["key"]


class _Scope:
    """The named themes of one section, or of all."""

    def __init__(self, section: str) -> None:
        self._section = section
        self._lines: dict[str, Json] = {}
        self._apart: list[str] = []

    def lines(self) -> list[Json]:
        """One line a theme, and one for the comments that belong to none, in a fixed order."""
        found = [self._lines[key] for key in sorted(self._lines)]
        if self._apart:
            found.append(self._line("", "", comments=sorted(self._apart)))
        for line in found:
            line["held"] = sorted(line["held"])
            line["comments"] = sorted(line["comments"])
        return found

    def rename(self, payload: Mapping[str, Any]) -> None:
        self._taken(payload["theme"])["name"] = payload["name"]

    def merge(self, payload: Mapping[str, Any]) -> None:
        into = self._taken(payload["into"])
        for theme in payload["themes"]:
            line = self._taken(theme)
            if line is into:
                continue
            del self._lines[line["key"]]
            into["remembered"] += line["remembered"]
            into["held"] += line["held"]
            into["comments"] += line["comments"]
            # Put back with what it was split from, it is no theme of its own any more.
            into["takes"] += [take for take in line["takes"] if take["from"] != into["key"]]
            for other in self._lines.values():
                for take in other["takes"]:
                    if take["from"] == line["key"]:
                        take["from"] = into["key"]
        into["takes"] = [take for take in into["takes"] if take["from"] != into["key"]]

    def split(self, payload: Mapping[str, Any]) -> None:
        parent = self._taken(payload["theme"])
        line = self._line(payload["key"], payload["name"], keywords=payload["terms"])
        line["takes"] = [{"from": parent["key"], "terms": list(payload["terms"])}]
        self._lines[line["key"]] = line

    def move(self, payload: Mapping[str, Any]) -> None:
        moved = set(payload["comments"])
        self._apart = [each for each in self._apart if each not in moved]
        for line in self._lines.values():
            for name in ("held", "comments"):
                line[name] = [each for each in line[name] if each not in moved]
        into = self._taken(payload["into"])["comments"] if payload["into"] else self._apart
        into += sorted(moved)

    def _taken(self, theme: Mapping[str, Any]) -> Json:
        """The theme's line; one that nobody touched before is remembered from now on."""
        line = self._lines.get(theme["key"])
        if line is None:
            line = self._line(theme["key"], default_name(theme), keywords=theme["keywords"])
            line["remembered"] = [dict(theme["words"])]
            line["held"] = [each for each in theme["comments"] if each not in self._placed]
            self._lines[theme["key"]] = line
        return line

    @property
    def _placed(self) -> set[str]:
        """The comments that were put somewhere before."""
        lines = self._lines.values()
        return {
            *self._apart,
            *(each for line in lines for each in (*line["held"], *line["comments"])),
        }

    def _line(
        self, key: str, name: str, *, keywords: Iterable[str] = (), comments: Iterable[str] = ()
    ) -> Json:
        return {
            "section": self._section,
            "key": key,
            "name": name,
            "keywords": list(keywords),
            "remembered": [],
            "takes": [],
            "held": [],
            "comments": list(comments),
        }
