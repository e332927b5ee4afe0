"""Count a report again from its bundle, as anyone can: no database, no clock, no network."""

import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from consult.reports.analysing.chapter import Chapter, ChapterModule, Head, Kept
from consult.reports.analysing.registry import CHAPTERS
from consult.reports.canonical import (
    HASHES,
    INPUTS,
    RESULT,
    InputsBroken,
    head_lines,
    inputs_sha256,
    read_inputs,
)
from consult.reports.counting import GROUPS, STANCES, line_columns
from consult.reports.resulting import result_of, result_sha256
from consult.reports.tallying import Json, counted


class BundleBroken(Exception):
    """This file is not a report's bundle; the message says why."""


@dataclass(frozen=True)
class Recounted:
    """What the inputs give: the same as the report, where nobody changed either."""

    inputs_sha256: str
    result: Json
    sets: Sequence[tuple[str, Sequence[str]]]

    @property
    def result_sha256(self) -> str:
        return result_sha256(self.result, self.sets)


@dataclass(frozen=True)
class Comparison:
    """What came out of a bundle beside what it says."""

    recounted: Recounted
    stated: Json
    stated_result: Json

    @property
    def agrees(self) -> bool:
        return not self.differing

    @property
    def differing(self) -> list[str]:
        """What came out otherwise: `inputs`, names of the result's parts, `result` for its hash."""
        found = [] if self._is_stated("inputs_sha256") else ["inputs"]
        ours, theirs = (_by_chapter(each) for each in (self.recounted.result, self.stated_result))
        names = sorted({*ours, *theirs})
        found += [name for name in names if ours.get(name) != theirs.get(name)]
        if not found and not self._is_stated("result_sha256"):
            found.append("result")
        return found

    def _is_stated(self, name: str) -> bool:
        return bool(getattr(self.recounted, name) == self.stated[name])


def _by_chapter(result: Json) -> Json:
    chapters = result.get("chapters", {})
    return {**{name: v for name, v in result.items() if name != "chapters"}, **chapters}


def recount_bundle(path: Path) -> Comparison:
    """Compute everything from the bundle's inputs and compare. Raises BundleBroken."""
    try:
        with zipfile.ZipFile(path) as bundle:
            stated = json.loads(bundle.read(HASHES))
            with bundle.open(RESULT) as lines:
                stated_result = json.loads(lines.readline())["result"]
            with bundle.open(INPUTS) as lines:
                return Comparison(recount(lines), stated, stated_result)
    except zipfile.BadZipFile as error:
        raise BundleBroken("This is not a ZIP file, or it is damaged.") from error
    except KeyError as error:
        raise BundleBroken(f"This is not the bundle of a report: {error.args[0]}") from error
    except (InputsBroken, ValueError) as error:
        raise BundleBroken(str(error)) from error


def recount(lines: Iterable[bytes]) -> Recounted:
    """Compute a report from its inputs. Raises InputsBroken."""
    head, parts = read_inputs(lines)
    columns = line_columns(head)
    hashes: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        shelf = _Shelf(Path(folder))
        for number, part in enumerate(parts):
            hashes.append(part.sha256)
            tallies = [(chapter, chapter.tally(head)) for chapter in CHAPTERS]
            for comment in part.comments:
                columns.add(comment)
                for _, tally in tallies:
                    tally.add(comment)
            for chapter, tally in tallies:
                shelf.put(chapter, number, Kept(part.section, tally.kept()))
        made = list(_chapters(head, shelf))
    counts = counted(
        columns.columns,
        sections=head.sections,
        groups=GROUPS,
        stances=STANCES,
        counties=columns.counties.names,
    )
    return Recounted(
        inputs_sha256(head_lines(head), hashes),
        result_of(counts, ((module, section, found.found) for module, section, found in made)),
        sorted(pair for _, _, chapter in made for pair in chapter.sets.items()),
    )


def _chapters(head: Head, shelf: "_Shelf") -> Iterator[tuple[ChapterModule, str, Chapter]]:
    for module in CHAPTERS:
        yield module, "", module.conclude(shelf.kept(module), head)
        if module.BY_SECTION:
            for section in filter(None, shelf.sections):
                of_section = replace(head, section=section)
                yield module, section, module.conclude(shelf.kept(module, section), of_section)


class _Shelf:
    """What tallies keep, on disk until it is wanted: of a million comments it is too much."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parts: dict[int, str] = {}

    @property
    def sections(self) -> list[str]:
        return list(dict.fromkeys(self._parts.values()))

    def put(self, chapter: ChapterModule, number: int, kept: Kept) -> None:
        self._parts[number] = kept.section
        self._file(chapter, number).write_bytes(kept.data)

    def kept(self, chapter: ChapterModule, section: str | None = None) -> Iterator[Kept]:
        for number, of in self._parts.items():
            if section is None or section == of:
                yield Kept(of, self._file(chapter, number).read_bytes())

    def _file(self, chapter: ChapterModule, number: int) -> Path:
        return self._folder / f"{chapter.NAME}-{number}"
