"""Lines of a report's inputs, made up for tests of its chapters."""

from collections.abc import Iterable, Sequence
from typing import Any

from consult.reports.analysing.chapter import Chapter, ChapterModule, Head, Kept, Line

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def reference(number: int) -> str:
    """The comment's reference of that number."""
    digits = ""
    for _ in range(8):
        number, digit = divmod(number, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    return digits


def a_comment(number: int = 1, **fields: Any) -> Line:
    """A comment's line: a person's of the public on 壹-1, where nothing else is said."""
    line: dict[str, Any] = {
        "reference": reference(number),
        "section": "壹",
        "provision": "壹-1",
        "parent": None,
        "author": f"00000000-0000-4000-8000-{number:012d}",
        "organisation": None,
        "organisation_name": "",
        "group": "public",
        "school_level": "",
        "public_role": "",
        "county": "",
        "as_drafter": False,
        "stance": "other",
        "body": f"這是第 {number} 則意見。",
        "proposed_text": "",
        "created_at": "2026-11-23T06:05:00.000000Z",
        "anchor": None,
        "endorsed_by": [],
    }
    return {**line, **fields}


def a_head(
    provisions: Sequence[tuple[str, str]] = (("壹-1", "技職教育是國家發展的根本。"),),
    *,
    terms: Sequence[str] = (),
    **decisions: Sequence[Line],
) -> Head:
    """The head of inputs with these provisions, each in the section before its last hyphen."""
    refs = list(dict.fromkeys(ref.rpartition("-")[0] for ref, _ in provisions))
    return Head(
        report={
            "framework": "tve",
            "draft": 5,
            "cutoff": "2026-11-24T00:00:00.000000Z",
            "sections": [],
            "group": "",
            "terms": list(terms),
        },
        sections=[
            {"ref": ref, "number": ref, "title": f"第{ref}章", "depth": 0, "state": "open"}
            for ref in refs
        ],
        provisions=[
            {"ref": ref, "section": ref.rpartition("-")[0], "form": "paragraph", "text": text}
            for ref, text in provisions
        ],
        decisions=decisions,
    )


def conclude(
    module: ChapterModule, comments: Iterable[Line], head: Head, *, at_once: int = 7
) -> Chapter:
    """The chapter as several parts make it: each section's comments, a few at a time."""
    kept: list[Kept] = []
    by_section: dict[str, list[Line]] = {}
    for comment in comments:
        by_section.setdefault(comment["section"], []).append(comment)
    for section, lines in by_section.items():
        for start in range(0, len(lines), at_once):
            tally = module.tally(head)
            for line in lines[start : start + at_once]:
                tally.add(line)
            kept.append(Kept(section, tally.kept()))
    return module.conclude(kept, head)
