"""How comments are divided into parts."""

from hypothesis import given
from hypothesis import strategies as st

from consult.reports import planning
from consult.reports.planning import ThreadSize, parts_of

SIZES = st.lists(st.integers(1, 60_000), min_size=1, max_size=8)


@given(st.lists(SIZES, max_size=4))
def test_every_comment_is_in_one_part(sections: list[list[int]]) -> None:
    threads = [
        ThreadSize(section, section * 100 + place, size, size + place)
        for section, sizes in enumerate(sections)
        for place, size in enumerate(sizes)
    ]
    parts = list(parts_of(threads))
    found: dict[int, list[tuple[int, int | None]]] = {}
    for part in parts:
        assert part.comments <= planning.MOST_IN_A_PART
        for thread, after, upto in part.stretches:
            found.setdefault(thread, []).append((after, upto))
    assert list(found) == [each.thread for each in threads]
    for each in threads:
        stretches = found[each.thread]
        if stretches == [(0, None)]:
            continue
        ends = [upto or 0 for _, upto in stretches]
        assert [after for after, _ in stretches] == [0, *ends[:-1]]
        assert ends[-1] == each.last
    for section in range(len(sections)):
        numbers = [part.number for part in parts if part.section == section]
        assert numbers == list(range(len(numbers)))


def test_small_threads_share_a_part() -> None:
    threads = [ThreadSize(1, thread, 3000, 3000) for thread in range(4)]
    assert [part.comments for part in parts_of(threads)] == [9000, 3000]
