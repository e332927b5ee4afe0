"""Lineage over more than one draft: links from the first to the second, and on to the third."""

from collections import defaultdict
from collections.abc import Sequence

from consult.document.alignment import Kind, Link


def composed(first: Sequence[Link], second: Sequence[Link]) -> list[Link]:
    """The links from the drafts where `first` begins to where `second` ends.

    What was deleted on the way is deleted, what came on the way is new; doubt anywhere on the way
    is doubt. In the order of `first`, new ones last.
    """
    on = {ref: link for link in second for ref in link.old}
    descendants: dict[str, list[tuple[str, Link, Link]]] = defaultdict(list)
    for link in first:
        for old in link.old:
            for middle in link.new:
                descendants[old] += [(new, link, on[middle]) for new in on[middle].new]
    found = [
        _joined(olds, descendants)
        for olds in _families([old for link in first for old in link.old], descendants)
    ]
    reached = {new for link in found for new in link.new}
    return found + [
        Link((), (new,), "new", 0.0, is_certain=False)
        for link in second
        for new in link.new
        if new not in reached
    ]


def _families(
    olds: Sequence[str], descendants: dict[str, list[tuple[str, Link, Link]]]
) -> list[list[str]]:
    """The old pieces in groups that share a descendant."""
    ancestors: dict[str, list[str]] = defaultdict(list)
    for old in olds:
        for new, _, _ in descendants.get(old, ()):
            ancestors[new].append(old)
    families, seen = [], set[str]()
    for old in olds:
        if old in seen:
            continue
        seen.add(old)
        family, to_visit = [], [old]
        while to_visit:
            family.append(to_visit.pop())
            for new, _, _ in descendants.get(family[-1], ()):
                fresh = [each for each in ancestors[new] if each not in seen]
                seen.update(fresh)
                to_visit += fresh
        families.append(sorted(family, key=olds.index) if len(family) > 1 else family)
    return families


def _joined(olds: Sequence[str], descendants: dict[str, list[tuple[str, Link, Link]]]) -> Link:
    steps = [step for old in olds for step in descendants.get(old, ())]
    news = tuple(dict.fromkeys(new for new, _, _ in steps))
    if not news:
        return Link(tuple(olds), (), "deleted", 0.0, is_certain=False)
    links = [link for _, *both in steps for link in both]
    return Link(
        tuple(olds),
        news,
        _kind(olds, news, {link.kind for link in links}),
        min(link.score for link in links),
        is_certain=all(link.is_certain for link in links),
    )


def _kind(olds: Sequence[str], news: Sequence[str], on_the_way: set[Kind]) -> Kind:
    if len(olds) > 1:
        return "merged"
    if len(news) > 1:
        return "split"
    if on_the_way == {"kept"}:
        return "kept"
    return "moved" if on_the_way <= {"kept", "moved"} else "edited"
