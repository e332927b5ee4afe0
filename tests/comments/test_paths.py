"""Paths order a thread as it is read, and say what stands beneath what."""

from hypothesis import given
from hypothesis import strategies as st

from comments.paths import above, behind_branch, number_of_root, path_of, root_of

lines = st.lists(st.integers(1, 10**9), min_size=1, max_size=12)


def written(line: list[int]) -> str:
    path = ""
    for number in line:
        path = path_of(number, above=path)
    return path


@given(lines, lines)
def test_the_order_of_paths_is_the_order_of_numbers(one: list[int], other: list[int]) -> None:
    assert (written(one) < written(other)) == (one < other)


@given(lines, lines)
def test_a_branch_ends_behind_all_that_stands_beneath(line: list[int], other: list[int]) -> None:
    beneath = written(other).startswith(written(line))
    assert (written(line) <= written(other) < behind_branch(written(line))) == beneath


@given(lines)
def test_a_path_names_all_above_it(line: list[int]) -> None:
    assert above(written(line)) == [written(line[:end]) for end in range(1, len(line))]
    assert root_of(written(line)) == written(line[:1])
    assert number_of_root(written(line)) == line[0]
