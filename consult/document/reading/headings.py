"""Which numbered blocks are headings, and which are items of a list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from consult.document.numbering import HEADING_ROLES, Role
from consult.document.reading.blocks import Block, Form, looks_like_title


def headings_among(blocks: Sequence[Block], *, markdown: bool) -> set[int]:
    """The places of the blocks that are headings.

    Chapters, articles, annexes and marked headings always are. A sequence of 壹、, 一、, 1. or
    suchlike is a row of headings where every one of them looks like a title and something stands
    beneath one other than the last; else it is a list. Within an article everything is a list, and
    in Markdown headings are marked.
    """
    found = {place for place, block in enumerate(blocks) if is_certain_heading(block)}
    if not markdown:
        for chain in _chains_outside_articles(blocks):
            if _are_headings(chain, blocks):
                found.update(chain)
    return found


def is_certain_heading(block: Block) -> bool:
    """Whether a block is a heading whatever stands around it."""
    return block.form is Form.MARKED_HEADING or block.has_role(*HEADING_ROLES)


def _chains_outside_articles(blocks: Sequence[Block]) -> list[list[int]]:
    chains: defaultdict[int, list[int]] = defaultdict(list)
    within_article = False
    for place, block in enumerate(blocks):
        if is_certain_heading(block):
            within_article = block.has_role(Role.ARTICLE)
        elif block.has_role(Role.LIST) and not within_article:
            chains[block.chain].append(place)
    return list(chains.values())


def _are_headings(chain: Sequence[int], blocks: Sequence[Block]) -> bool:
    titles = (block.reading.rest for place in chain if (block := blocks[place]).reading)
    if not all(looks_like_title(title) for title in titles):
        return False
    # What stands beneath the last item of a list is the paragraph after the list.
    telling = chain[:-1] or chain
    return any(_stands_over(place, blocks) for place in telling)


def _stands_over(place: int, blocks: Sequence[Block]) -> bool:
    """Whether the block after the one at `place` belongs beneath it."""
    if place + 1 >= len(blocks):
        return False
    here, following = blocks[place].reading, blocks[place + 1]
    if is_certain_heading(following) or here is None:
        return False
    if following.reading is None:
        return True
    if following.chain == blocks[place].chain:
        return False
    ranks = (here.rank, following.reading.rank)
    return ranks[0] is None or ranks[1] is None or ranks[0] < ranks[1]
