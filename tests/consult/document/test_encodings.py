"""What a text file's bytes say: the encodings of Taiwan, and what is none of them."""

import pytest

from consult.document.reading import UnreadableText, decoded
from tests.consult.document.written import TEXT

WORDS = "壹、序言\n技職教育肩負「配合國家整體發展」之責任，培養人才。\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "big5", "cp950"]
)
def test_each_encoding_is_told_by_the_bytes(encoding: str) -> None:
    assert decoded(WORDS.encode(encoding)) == WORDS


def test_the_real_draft_in_big5_but_for_what_big5_lacks() -> None:
    text = TEXT.read_bytes().decode()
    data = text.encode("cp950", "ignore")
    assert decoded(data) == data.decode("cp950")
    assert len(decoded(data)) > len(text) * 0.98


@pytest.mark.parametrize(
    ("data", "line", "name"),
    [
        ("一\n二\n".encode() + b"\xff\xfa\n", 3, "UTF-8"),
        (WORDS.encode() * 9 + b"\x80\n", 19, "UTF-8"),
        ((WORDS * 9).encode("big5") + b"\xff\n", 19, "Big5"),
        ("技术与职业教育政策纲领\n".encode("gb18030") * 9, 1, "UTF-8"),
        (b"\xff\xfe\x00\xd8\x00\x00", 1, "UTF-16"),
        (bytes(range(128, 256)) * 20, 1, "UTF-8"),
    ],
    ids=["a stray byte", "late in UTF-8", "late in Big5", "simplified", "half a pair", "noise"],
)
def test_broken_bytes_name_their_line(data: bytes, line: int, name: str) -> None:
    with pytest.raises(UnreadableText, match=f"these bytes are not {name} text") as unreadable:
        decoded(data)
    assert unreadable.value.line == line


@pytest.mark.parametrize("text", ["", "plain ASCII\n", "é", "一"])
def test_short_texts_are_utf_8(text: str) -> None:
    assert decoded(text.encode()) == text
