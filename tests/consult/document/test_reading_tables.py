"""Coordination tables in other hands than the real draft's."""

from consult.document.reading import read_outline

HEADED = "計畫\n壹、緣起\n緣起說明。\n附錄一 協力事項\n"


def rows(table: str) -> list[tuple[str, str, str]]:
    outline = read_outline(HEADED + table)
    return [(row.key_point, row.body, row.item) for row in outline.coordination_items]


def test_drawn_with_bars() -> None:
    table = """|發展重點|相關部會|協力事項|
|---|---|---|
|一、入學|勞動部|協助推動|
||經濟部|協助|
"""
    assert rows(table) == [("一、入學", "勞動部", "協助推動"), ("一、入學", "經濟部", "協助")]


def test_the_next_heading_ends_it() -> None:
    table = "發展重點 相關部會 協力事項\n一、入學\n勞動部 協助推\n動。\n附錄二 其他\n其他說明。\n"
    outline = read_outline(HEADED + table)
    assert [row.item for row in outline.coordination_items] == ["協助推動。"]
    assert [section.number for section in outline.sections] == ["壹", "附錄一", "附錄二"]


def test_two_sentences_in_one_cell_are_doubted_but_kept() -> None:
    outline = read_outline(
        HEADED
        + "重點 部會 協力事項\n一、入學\n勞動部 協助推動。\n"
        + "並公告其辦理情形之結果，送交教育部彙整。\n"
    )
    [row] = outline.coordination_items
    assert row.item == "協助推動。並公告其辦理情形之結果，送交教育部彙整。"
    assert outline.warnings == ("Line 8: these words were taken to end the cell before them.",)


def test_a_row_without_an_end_is_kept() -> None:
    outline = read_outline(HEADED + "重點 部會 協力事項\n一、入學\n勞動部 協助\n")
    assert [row.item for row in outline.coordination_items] == ["協助"]
    assert outline.warnings == ("Line 7: this row of the table has no end.",)


def test_a_key_point_without_rows_is_kept() -> None:
    assert rows("重點 部會 協力事項\n一、入學\n") == [("一、入學", "", "")]


def test_a_number_within_an_open_cell_is_no_key_point() -> None:
    table = "重點 部會 協力事項\n一、入學\n勞動部 協助推動\n二、三年級學生實習事宜。\n"
    assert rows(table) == [("一、入學", "勞動部", "協助推動二、三年級學生實習事宜。")]


def test_a_bodys_name_torn_in_two() -> None:
    table = """重點 部會 協力事項
一、入學
各目的事業主管機
關
協助推動。
行政院原住民族委
員會
協助宣導。
"""
    assert rows(table) == [
        ("一、入學", "各目的事業主管機關", "協助推動。"),
        ("一、入學", "行政院原住民族委員會", "協助宣導。"),
    ]
