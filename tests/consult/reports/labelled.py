"""Texts whose themes are known, to see how well themes are found.

Articles of laws, and their sentences, by the law they stand in; descriptions of Python's own
functions by their module; and short comments made from what people say on each theme, between
remarks that are about nothing.
"""

import importlib
import inspect
import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

LAWS = Path(__file__).parents[1] / "document/data/law-amendments.jsonl"
MODULES = (
    *("argparse", "datetime", "decimal", "email.message", "http.client", "ipaddress", "json"),
    *("logging", "pathlib", "pickle", "random", "shutil", "sqlite3", "ssl", "statistics"),
    *("subprocess", "tarfile", "threading", "tkinter", "turtle", "unittest.case"),
    *("urllib.request", "xml.dom.minidom", "xml.etree.ElementTree", "zipfile", "asyncio.streams"),
)
SHORTEST, LONGEST = 12, 90
NOTHING = -1


@dataclass(frozen=True)
class Labelled:
    """Texts and the number of each one's theme; `NOTHING` where it has none."""

    texts: Sequence[str]
    labels: Sequence[int]

    @property
    def themes(self) -> int:
        return len(set(self.labels) - {NOTHING})


def articles(seed: int, how_many: int) -> Labelled:
    """Articles of so many laws."""
    found = [(text, n) for n, law in enumerate(_laws(seed, how_many)) for text in law]
    return _of(found)


def sentences(seed: int, how_many: int, *, most: int = 150) -> Labelled:
    """Sentences of so many laws, as short as comments are, not too many of any."""
    chance = random.Random(seed)  # noqa: S311
    found: list[tuple[str, int]] = []
    for number, law in enumerate(_laws(seed, how_many)):
        cut = [piece for text in law for piece in re.split("[。；：]", text)]
        cut = [piece for piece in cut if SHORTEST <= len(piece) <= LONGEST]
        chance.shuffle(cut)
        found += [(piece, number) for piece in cut[:most]]
    return _of(found)


def descriptions(seed: int, how_many: int, *, least: int = 30, most: int = 100) -> Labelled:
    """What Python's functions say of themselves, by module."""
    chance = random.Random(seed)  # noqa: S311
    by_module = [sorted(set(_described(importlib.import_module(name)))) for name in MODULES]
    big = [texts for texts in by_module if len(texts) >= least]
    found: list[tuple[str, int]] = []
    for number, texts in enumerate(chance.sample(big, min(how_many, len(big)))):
        chance.shuffle(texts)
        found += [(text, number) for text in texts[:most]]
    return _of(found)


def comments(seed: int, how_many: int, *, of_nothing: float = 0.15) -> Labelled:
    """Short comments: what is said on a theme, begun and ended in passing, or passing only."""
    chance = random.Random(seed)  # noqa: S311
    found: list[tuple[str, int]] = []
    # Some themes are talked of a lot, some little.
    shares = [chance.uniform(0.3, 1.7) for _ in SAID]
    for _ in range(how_many):
        if chance.random() < of_nothing:
            found.append((chance.choice(PASSING), NOTHING))
            continue
        theme = chance.choices(range(len(SAID)), shares)[0]
        said = chance.sample(SAID[theme], chance.choice((1, 1, 2)))
        text = "，".join(_varied(piece, chance) for piece in said)
        if chance.random() < 0.15:
            # What belongs to another matter is named in passing.
            text += "，不像" + chance.choice(chance.choice(SAID)).split("，")[0]
        found.append(
            (chance.choice(BEGINNINGS) + text + chance.choice(ENDINGS), theme),
        )
    return _of(found)


def _of(found: Sequence[tuple[str, int]]) -> Labelled:
    return Labelled([text for text, _ in found], [label for _, label in found])


def _laws(seed: int, how_many: int) -> list[list[str]]:
    with LAWS.open(encoding="utf-8") as lines:
        laws = [json.loads(line)["before"] for line in lines]
    chosen = random.Random(seed).sample(laws, how_many)  # noqa: S311
    return [["".join(article["text"].split()) for article in law] for law in chosen]


def _described(thing: ModuleType | type, seen: Counter[int] | None = None) -> Iterator[str]:
    seen = seen if seen is not None else Counter()
    home = thing.__name__ if inspect.ismodule(thing) else thing.__module__
    for name, value in sorted(vars(thing).items()):
        if name.startswith("__") or getattr(value, "__module__", home) != home or seen[id(value)]:
            continue
        seen[id(value)] += 1
        if inspect.isclass(value):
            yield from _described(value, seen)
        if callable(value) and value.__doc__ and len(value.__doc__) > 40:
            yield " ".join(value.__doc__.split())[:300]


def _varied(piece: str, chance: random.Random) -> str:
    """With a word or two left out, as hurried people do."""
    clauses = piece.split("，")
    return "，".join(clauses if len(clauses) == 1 or chance.random() < 0.5 else clauses[:1])


BEGINNINGS = ("", "", "", "我覺得", "建議", "希望", "老師們都說", "身為家長，", "說真的，")
ENDINGS = ("。", "。", "", "！", "，請納入草案。", "，謝謝。", "，拜託了。", "，這點很重要。")
PASSING = (
    *("支持！", "同意樓上。", "寫得很好，加油。", "反對。", "不知道在寫什麼。", "謝謝各位委員。"),
    *("這段看不太懂。", "希望真的做得到。", "說得容易。", "期待後續。", "無意見。", "早該如此了！"),
    *("又是老調重彈。", "何時定案？", "已閱。", "這條我贊成。", "文字可以再精簡一點。"),
)
SAID: Sequence[Sequence[str]] = (
    (
        "產學合作應由企業出題，學校派學生進駐工廠",
        "企業願意開放產線，學生才學得到真功夫",
        "產學合作計畫核銷太繁瑣，廠商都不想再簽約",
        "業師到校授課的鐘點費太低，請不到業界專家",
        "應給參與產學合作的公司租稅優惠，中小企業才有誘因",
        "學校與廠商合開專班，畢業就能留用",
    ),
    (
        "實習生領的錢比最低工資還低，根本是廉價勞工",
        "實習期間沒有勞保，受傷誰負責",
        "實習津貼應比照基本工資發放",
        "實習單位常叫學生加班打雜，學不到專業",
        "應訪視實習機構，違反勞基法的列黑名單",
        "實習契約應載明工時與保險，保障學生權益",
    ),
    (
        "證照考太多卻沒用，業界根本不看丙級證照",
        "考證照變成背題庫，技能檢定失去意義",
        "技能檢定的術科設備老舊，與產線脫節",
        "證照應分級並與薪資掛鉤",
        "乙級技術士證應該可以折抵學分",
        "學科題庫多年沒更新，檢定合格也不會操作",
    ),
    (
        "少子女化讓私立高職招不到學生，科系一直停招",
        "面對少子女化的衝擊，小班教學反而是機會",
        "學校被少子女化壓得喘不過氣，老師人心惶惶",
        "生源減少，偏遠的高職恐怕要併校或退場",
        "學校退場時，學生的轉學安置與老師的資遣都沒說清楚",
        "出生率年年下降，班級數應該跟著調整",
        "退場的校園可轉型做長照或社區大學",
        "私校招生不足，只好靠國際學生補缺額",
    ),
    (
        "偏鄉學校缺老師，代理教師年年換人",
        "偏鄉學生通勤兩小時，交通費應該補助",
        "離島沒有職科可讀，孩子只能到本島住宿",
        "山上的孩子連實作的機具都沒有，城鄉差距越來越大",
        "原住民重點學校應有文化相關職科，部落才留得住年輕人",
        "偏遠地區教師宿舍老舊，留不住人",
    ),
    (
        "實習工場的機台是二十年前的，學生畢業看到新機器不會用",
        "設備更新經費應逐年編列，不是一次性買完就算了",
        "買了五軸加工機卻沒有耗材費和維修費",
        "教學設備應與鄰近學校共享，設區域技術中心",
        "車床銑床壞了一年都等不到維修",
        "數位機台要有專人保養，不然就放著長灰塵",
    ),
    (
        "全英語授課讓技職學生聽不懂，專業反而沒學好",
        "雙語政策應該緩一緩，先把國文和專業顧好",
        "技術英文手冊看得懂就好，不必全英上課",
        "外師鐘點很貴，英檢門檻又綁畢業",
        "英語檢定不該當成畢業門檻",
        "雙語師資不足，老師自己都講不流利",
    ),
    (
        "技優保送名額太少，得牌的選手沒學校唸",
        "統測科目太偏學科，應該加考實作",
        "升學管道太複雜，家長搞不懂申請入學和登記分發",
        "學習歷程檔案做得像作文比賽，備審資料應簡化",
        "科大搶高中生，四技招生名額應留給高職",
        "統測應一年多考，減輕考生壓力",
    ),
    (
        "在職進修的夜間班一直停開，勞工想學新技能沒地方去",
        "失業者職業訓練要接得上就業媒合",
        "中高齡轉職需要短期課程，白天上班晚上上課",
        "終身學習帳戶的補助應涵蓋自學課程",
        "回流教育的學分應能累積抵免",
        "二度就業婦女的職訓課程應附托育",
    ),
    (
        "女學生讀機械科常被勸退，性別刻板印象很重",
        "實習工廠沒有女廁，女生換衣服都不方便",
        "家政科男生常被笑，性別平等教育要落實",
        "工科女教師太少，女學生缺乏榜樣",
        "招生海報不要只放男生焊接的照片",
        "性騷擾申訴管道在實習場域形同虛設",
    ),
    (
        "淨零轉型需要太陽能板安裝與風電維運的人才",
        "電動車維修課程應取代傳統引擎",
        "碳盤查應列入商科課程",
        "離岸風電的技術人員都靠外國人，應該自己培訓",
        "綠能科系的老師要先到電廠研習",
        "儲能與節能技術應列為重點課程",
    ),
    (
        "身心障礙學生在集中式特教班畢業後沒有出路",
        "應補助職務再設計，讓聽障學生能進工廠實作",
        "特教生的職業輔導員人力不足",
        "庇護工場名額太少，畢業就等於失業",
        "輔具申請要等半年，輪椅進不了實習教室",
        "無障礙設施在老校舍根本沒有，電梯也沒裝",
    ),
)
