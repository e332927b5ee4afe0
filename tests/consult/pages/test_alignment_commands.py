"""`manage.py align` and `manage.py place`: lineage and placements without a database."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from consult.document.reading import read_outline
from consult.pages.management.commands.align import Command as Align
from consult.pages.management.commands.place import Command as Place

OLD = "計畫\n壹、目標\n國民中學應辦理職業試探教育。\n學校得與產業機構共同規劃課程。\n"
NEW = "計畫\n壹、目標\n學校應與產業機構共同規劃課程。\n新增一段完全不同的內容在此處。\n"


@pytest.fixture
def outlines(tmp_path: Path) -> tuple[str, str]:
    paths = []
    for name, text in (("old", OLD), ("new", NEW)):
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(read_outline(text).to_json()), encoding="utf-8")
        paths.append(str(path))
    return paths[0], paths[1]


def lines(command: Any, *arguments: str) -> list[str]:  # noqa: ANN401 - any command
    output = io.StringIO()
    call_command(command, *arguments, stdout=output)
    return output.getvalue().splitlines()


def test_align_prints_every_link(outlines: tuple[str, str]) -> None:
    (line,) = lines(Align(), *outlines, "--json")
    links = json.loads(line)
    assert {(tuple(link["from"]), tuple(link["to"]), link["kind"]) for link in links} == {
        (("壹-1",), (), "deleted"),
        (("壹-2",), ("壹-1",), "edited"),
        ((), ("壹-2",), "new"),
    }
    assert all(isinstance(link["certain"], bool) and 0 <= link["score"] <= 1 for link in links)
    assert any("壹-2 → 壹-1" in line for line in lines(Align(), *outlines))


def test_place_prints_a_line_a_quote(outlines: tuple[str, str], tmp_path: Path) -> None:
    quotes = tmp_path / "quotes.jsonl"
    quotes.write_text(
        '{"id": "a", "ref": "壹-2", "start": 9, "end": 15}\n\n'
        '{"id": 2, "ref": "壹-1", "start": 0, "end": 4}\n',
        encoding="utf-8",
    )
    found = [json.loads(line) for line in lines(Place(), *outlines, str(quotes), "--json")]
    assert found == [
        {"id": "a", "status": "exact", "ref": "壹-1", "start": 9, "end": 15, "score": 1.0},
        {"id": 2, "status": "orphaned", "ref": None, "start": None, "end": None, "score": 0.0},
    ]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("not JSON", "line 1: not a quote"),
        ('{"id": 1, "ref": "玖-1", "start": 0, "end": 1}', "line 1: not a quote"),
        ('{"id": 1, "ref": "壹-1", "start": 3, "end": 99}', "has 14 code points"),
    ],
)
def test_a_wrong_quote_is_named_by_its_line(
    outlines: tuple[str, str], tmp_path: Path, line: str, sentence: str
) -> None:
    quotes = tmp_path / "quotes.jsonl"
    quotes.write_text(line, encoding="utf-8")
    with pytest.raises(CommandError, match=sentence):
        lines(Place(), *outlines, str(quotes))


def test_a_file_that_is_no_outline_is_said_so(outlines: tuple[str, str], tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text("[]", encoding="utf-8")
    with pytest.raises(CommandError, match="not an outline"):
        lines(Align(), outlines[0], str(wrong))
    with pytest.raises(CommandError, match="No such file"):
        lines(Align(), outlines[0], str(tmp_path / "none.json"))
