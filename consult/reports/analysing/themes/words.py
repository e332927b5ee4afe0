"""Which words tell what a comment is about, and which only that it is one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consult.document.discovering import AT_NO_EDGE
from consult.document.segmenting import STOP_WORDS
from consult.document.whole_words import WholeWords, folded_one_for_one, stem

Flags = NDArray[np.bool_]

# The dictionary's kinds of words of grammar: pronouns, adverbs, prepositions, conjunctions,
# particles, numbers, measures, places, exclamations and sounds.
GRAMMAR = frozenset(["r", "d", "p", "c", "u", "m", "q", "f", "e", "y", "o", "h", "k", "x"])
# What is done and how it is; all else names things.
DOING = frozenset(["v", "a", "t", "z", "b", "i"])
# Set phrases, as 遠道而來, have so many characters.
SAYINGS, LENGTH_OF_SAYING = frozenset(["i", "l"]), 4
BEFORE_HAN = "\u2e80"

_PROCEDURAL = """
意見 建議 希望 應該 應當 認為 覺得 以為 可以 可能 需要 必須 必要 能夠 請問
謝謝 感謝 您好 你好 沒有 不是 就是 還是 只是 如果 因為 所以 但是 然而 而且
或者 以及 例如 比如 包括 包含 關於 有關 相關 對於 針對 支持 贊成 同意 反對
不同意 贊同 附議 認同 不贊成 草案 綱領 條文 段落 本段 本條 這段 這條 文字
修正 修改 修訂 刪除 增列 增訂 納入 改為 寫入 內容 說明 敘述 具體 明確 清楚
是否 如何 什麼 甚麼 怎麼 怎樣 為何 為什麼 哪些 哪裡 很多 許多 不少 一些 一個
大家 我們 你們 他們 自己 本人 本校 本會 本局 本部 各位 別人 人家 這個 那個
這些 那些 這樣 那樣 這種 其他 其它 另外 此外 目前 現在 現行 未來 以後 以前
之前 之後 時候 今年 去年 每年 進行 提出 表示 指出 看到 知道 問題 部分 方面
情況 情形 方式 東西 事情 地方 原因 結果 重點 觀點 想法 看法 真的 其實 當然
確實 已經 一定 比較 非常 十分 更加 不要 不能 不會 不用 不應 不可 只要 只有
無法 不行 不好 第一 第二 第三 第一項 第二項 第三項 前項 前條 下列 規定 依據
依法 應予 尤其 特別 甚至 至少 至於 往往 變成 成為 作為 來說 而言 一樣 這麼
那麼 多少 全部 所有 任何 一般 主要 重要 現有 原有 繼續 開始 容易 不同 不應該
不知道 不見得 不如 不夠 不必 不足 不只 或是 還有 還要 真正 根本 完全 完成
句話 怎麼辦 有時候 很棒 很難 拜託 期待 加油 辛苦 喜歡 討厭 有用 加入 使用
提供 感覺 不到 看不到 不出 一下 一點 一直 一起 人員 人們 對方 雙方 之一 進來
出來 起來 下來 回來 帶來 帶去 放在 變得 顯得 值得 屬於 等於 不管 不論 無論
不過 雖然 儘管 即使 假如 要是 除了 根據 透過 經由 為了 由於 況且 何況 反而
倒是 難道 究竟 到底 似乎 好像 大概 也許 或許 恐怕 幾乎 總是 經常 常常 有時
偶爾 曾經 正在 將要 立刻 馬上 早就 逐漸 同時 首先 其次 最後 接著 總之 換言之
也就是說 樓上 樓主 意思 道理 理由 立場 態度 說法 寫法 講法 整體 整體而言
一定要 要求 有人 沒人 那裡 這裡 想要 想想 想到 讓人 令人 寫明 改成 光是 高興
數字 有沒有 能不能 不敢 不想 解決問題 字眼 字句 寫清楚 講清楚 說清楚 建議改為
換個 換成 拿掉 保留 加上 放進 看不懂 聽不懂 不懂 看得懂 做得到 做不到 來不及
本廠 本公司 本院 本所 本縣 本市 歡迎您 歡迎 願意 辦理
"""
_ENGLISH = """
i me my we us our ours you your yours he him his she her hers they them their theirs it its this
that these those who whom whose which what when where why how a an the and or but nor so yet if
then else than as of at by for with about against between into through during before after above
below to from up down in out on off over under again further once here there all any both each few
more most other others some such no not only own same too very can could will would shall should
may might must do does did doing done be am is are was were been being have has had having get got
gets let lets also just even still ever never always often much many lot lots well really quite
rather however therefore thus because since while until although though whether per via etc ie eg
yes please thank thanks hello dear think feel believe agree disagree support oppose suggest propose
proposal comment comments opinion opinions suggestion suggestions question questions view views
want need needs needed make makes made making take takes use used using uses say says said see seen
know give given go going come put like new one two three first second good better best great thing
things way ways people someone everyone anyone draft section paragraph text word words sentence
wording provision framework point points part parts issue issues problem problems reason example
add added change changed include included including instead without within don t s re ve ll m d
doesn didn isn aren wasn won can't don't doesn't isn't it's that's i'm i've we're you're
"""

PROCEDURAL = frozenset(folded_one_for_one(_PROCEDURAL).split()) | {
    stem(word) for word in _ENGLISH.split()
}


@dataclass(frozen=True)
class Classes:
    """Of each word's number, what it can do.

    `tells`: it says what a comment is about. `names`: its weight as a keyword, in hundredths.
    `may_join`: a term of several words may have it; `may_edge`: also as its first or last.
    `is_crumb`: a single Chinese character. `leads`: a crumb that does something to the word
    behind it (搭 in 搭計程車). `is_saying`: a set phrase, which names nothing.
    """

    tells: Flags
    names: NDArray[np.int64]
    may_join: Flags
    may_edge: Flags
    is_crumb: Flags
    leads: Flags
    is_saying: Flags

    @classmethod
    def of(cls, words: Sequence[str], cut: WholeWords) -> "Classes":
        kinds = [_kind(word, cut) for word in words]
        is_grammar = _flags(
            kind in GRAMMAR or word in STOP_WORDS or _is_number(word)
            for word, kind in zip(words, kinds, strict=True)
        )
        is_procedural = _flags(word in PROCEDURAL for word in words)
        is_short = _flags(len(word) <= 1 for word in words)
        is_crumb = is_short & _flags(word > BEFORE_HAN for word in words)
        no_edge = _flags(word[:1] in AT_NO_EDGE or word[-1:] in AT_NO_EDGE for word in words)
        tells = ~is_grammar & ~is_procedural & ~is_short
        may_join = ~is_grammar & (is_crumb | ~is_procedural)
        return cls(
            tells=tells,
            names=np.where(tells, np.array([_as_name(kind) for kind in kinds], np.int64), 0),
            may_join=may_join,
            may_edge=may_join & ~no_edge,
            is_crumb=is_crumb,
            leads=is_crumb & _flags(kind == "v" for kind in kinds),
            is_saying=_flags(
                kind in SAYINGS and len(word) >= LENGTH_OF_SAYING
                for word, kind in zip(words, kinds, strict=True)
            ),
        )


def _flags(values: Iterable[bool]) -> Flags:
    return np.fromiter(values, np.bool_)


def _as_name(kind: str) -> int:
    """Names of things first: what is done or how it is tells less by itself."""
    return 60 if kind in DOING else 100


def _is_number(word: str) -> bool:
    return not any(character.isalpha() for character in word)


def _kind(word: str, cut: WholeWords) -> str:
    """The first letter of its kind; words in other scripts count as nouns."""
    if not word:
        return "x"
    return "n" if word.isascii() else cut.kind(word)[:1]
