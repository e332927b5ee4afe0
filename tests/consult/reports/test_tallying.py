"""Counting from columns: each person and body once, however many there are."""

import random
from dataclasses import fields

import numpy as np
import pytest

from consult.reports.columns import NONE, Columns
from consult.reports.tallying import MEASURES, MOST_MARKED, counted

GROUPS, STANCES, COUNTIES = list("abcdefg"), list("stuvw"), ["north", "south"]
NAMES = [each.name for each in fields(Columns)]


@pytest.mark.parametrize(("comments", "people"), [(0, 1), (300, 9), (70_000, 60_000)])
def test_every_number_counts_its_own_different_ones(comments: int, people: int) -> None:
    sections = [{"ref": str(place)} for place in range(70)]
    # So that both ways of counting are taken: by a table of marks, and sorted.
    cells = len(sections) * len(GROUPS) * len(STANCES)
    assert (people > MOST_MARKED // cells) == (people == 60_000)
    chance = random.Random(comments)  # noqa: S311
    rows = [_row(chance, people) for _ in range(comments)]
    table = np.array(rows, dtype=np.int64).reshape(comments, len(NAMES))
    found = counted(
        Columns(*table.T), sections=sections, groups=GROUPS, stances=STANCES, counties=COUNTIES
    )
    said = [dict(zip(NAMES, row, strict=True)) for row in rows if not row[-1]]
    assert found["by_drafters"] == comments - len(said)
    assert found["total"] == _figures(said)
    for place in (0, 3, 69):
        here = [row for row in said if row["section"] == place]
        section = found["sections"][place]
        assert section["total"] == _figures(here)
        for number, group in enumerate(GROUPS):
            theirs = [row for row in here if row["group"] == number]
            assert section["groups"].get(group, _figures([])) == _figures(theirs)
            for at, stance in enumerate(STANCES):
                cell = section["cells"].get(group, {}).get(stance, _figures([]))
                assert cell == _figures([row for row in theirs if row["stance"] == at])
    for number, county in enumerate(COUNTIES):
        of_county = _figures([row for row in said if row["county"] == number])
        assert found["counties"].get(county, _figures([])) == of_county


def _row(chance: random.Random, people: int) -> tuple[int, ...]:
    body = chance.choice([NONE, 7, 1_000_000_007])
    return (
        int(70 * chance.random() ** 2),
        chance.randrange(len(GROUPS)),
        chance.randrange(len(STANCES)),
        # As keys are: with gaps.
        1_000_000 + 3 * chance.randrange(people),
        body,
        NONE if body == NONE else chance.randrange(-1, len(COUNTIES)),
        20_000 + chance.randrange(9),
        chance.choice([0, 0, 1, 12]),
        chance.randrange(2),
        int(chance.random() < 0.1),
    )


def _figures(rows: list[dict[str, int]]) -> dict[str, int]:
    figures = (
        len(rows),
        len({row["author"] for row in rows}),
        len({row["organisation"] for row in rows} - {NONE}),
        sum(row["endorsements"] for row in rows),
        sum(row["has_wording"] for row in rows),
    )
    return dict(zip(MEASURES, figures, strict=True))
