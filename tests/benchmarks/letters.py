"""Letters that many sign, each in their own way, among what others say on the same topic.

Who signs a letter changes a known share of its characters; or changes a few and lets sentences
change places, adds one, leaves one out, or types all in wide characters. What others say is made
of the same draft's words and stretches, and of the same turns of phrase.
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from consult.document.segmenting import Vocabulary, segments_of
from consult.pages.demonstration.loading import TERMS
from consult.pages.demonstration.script import TEXT

# What is said before and after whatever it may be.
TURNS = (
    *("我們認為", "希望教育部能夠", "建議", "請主管機關", "我是高職的老師，", "身為家長，"),
    *("目前的情況是", "長期以來", "據我所知，", "關於這一段，", "不應該只是", "更重要的是"),
    *("應該要", "這樣才能", "否則", "特別是偏鄉學校的", "我反對", "我支持", "請問", "對學生來說"),
)
STRANGE = "的是在有和人這中大為上個國我以要他時來用們生到作地於出就分對成會可主發年動"
SIGNERS, UNCHANGED = 30, 5
# How many move sentences rather than to change characters here and there, of which they change few.
MOVING, FEW = 0.4, 0.05
NOBODY = -1
# Of the words, so many are rather a stretch of the draft as it stands.
QUOTED, LONGEST_QUOTE = 0.1, 12


@dataclass(frozen=True)
class Said:
    """Comments in the order they come, and which letter each is; `NOBODY` where it is none."""

    texts: Sequence[str]
    letters: Sequence[int]


@dataclass(frozen=True)
class Judgement:
    """Of two that were put together, how many belong; of two that belong, how many were."""

    precision: float
    recall: float


def letters_among_others(
    seed: int, share: float, *, letters: int = 20, others: int = 2_000, at_once: bool = False
) -> Said:
    """So many letters, each with signers who changed so much of it, among comments of others.

    `at_once`: those who move sentences change as much as those who don't.
    """
    chance = random.Random(seed)  # noqa: S311
    speaker = _Speaker(chance)
    found: list[tuple[str, int]] = []
    for number in range(letters):
        sentences = [speaker.sentence() for _ in range(chance.randint(3, 6))]
        found += [("".join(sentences), number)] * UNCHANGED
        few = share if at_once else min(share, FEW)
        for _ in range(SIGNERS - UNCHANGED):
            moves = chance.random() < MOVING
            signed = _moved(sentences, few, speaker) if moves else "".join(sentences)
            found.append((signed if moves else changed(signed, share, chance), number))
    lengths = chance.choices(range(1, 6), (25, 30, 25, 15, 5), k=others)
    for length in lengths:
        found.append(("".join(speaker.sentence() for _ in range(length)), NOBODY))
    chance.shuffle(found)
    return Said(*map(tuple, zip(*found, strict=True)))


def judged(groups: Iterable[Sequence[int]], said: Said) -> Judgement:
    """How well these groups of places are the letters, two and two."""
    together = belonging = 0
    for group in groups:
        numbers = Counter(said.letters[place] for place in group)
        together += _pairs(len(group))
        belonging += sum(_pairs(count) for number, count in numbers.items() if number != NOBODY)
    of_letters = Counter(number for number in said.letters if number != NOBODY)
    all_of_them = sum(map(_pairs, of_letters.values()))
    return Judgement(belonging / together if together else 1.0, belonging / all_of_them)


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def changed(text: str, share: float, chance: random.Random) -> str:
    """The text with such a share of its characters replaced by others, wherever they stand."""
    letters = list(text)
    for place in chance.sample(range(len(letters)), round(share * len(letters))):
        letters[place] = chance.choice(STRANGE.replace(letters[place], ""))
    return "".join(letters)


def _moved(sentences: Sequence[str], share: float, speaker: "_Speaker") -> str:
    """The letter with its sentences in another order, or one more or less, or in wide letters."""
    own = [changed(sentence, share, speaker.chance) for sentence in sentences]
    return "".join(speaker.chance.choice(EDITS)(own, speaker))


class _Speaker:
    """Makes sentences on the draft's topic, no two alike but by chance."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        source = TEXT.read_text(encoding="utf-8")
        self._stretches = [
            each for each in re.split(r"[\s，。、；：（）]+", source) if len(each) > 3
        ]
        tokens = segments_of(source, Vocabulary(tuple(TERMS)))
        counts = Counter(source[token.start : token.end] for token in tokens)
        self._words = [word for word, _ in counts.most_common()]
        self._weights = list(accumulate(1 / (rank + 2.7) for rank in range(len(self._words))))

    def sentence(self) -> str:
        words = "".join(self._word() for _ in range(self.chance.randint(4, 10)))
        return f"{self.chance.choice(TURNS)}{words}。"

    def _word(self) -> str:
        if self.chance.random() < QUOTED:
            return self.chance.choice(self._stretches)[:LONGEST_QUOTE]
        return self.chance.choices(self._words, cum_weights=self._weights)[0]


def _swapped(sentences: list[str], speaker: _Speaker) -> list[str]:
    return speaker.chance.sample(sentences, len(sentences))


def _added(sentences: list[str], speaker: _Speaker) -> list[str]:
    place = speaker.chance.randint(0, len(sentences))
    return [*sentences[:place], speaker.sentence(), *sentences[place:]]


def _left_out(sentences: list[str], speaker: _Speaker) -> list[str]:
    place = speaker.chance.randrange(len(sentences))
    return [*sentences[:place], *sentences[place + 1 :]]


def _widened(sentences: list[str], speaker: _Speaker) -> list[str]:  # noqa: ARG001 - as the others
    wide = {code: code + 0xFEE0 for code in range(ord("!"), ord("~") + 1)}
    return [f"{sentence.translate(wide).rstrip('。')}｡" for sentence in sentences]


EDITS: tuple[Callable[[list[str], _Speaker], list[str]], ...] = (
    _swapped,
    _added,
    _left_out,
    _widened,
)
