"""Reading a pasted list: columns in either language, whom each line is, and what is wrong."""

import pytest
from django.utils import timezone

from accounts.models import Organisation, User
from consult.document.models import Framework
from consult.reports.expected_import import MOST_LINES, ListTooLong, ReadLine, read_list
from consult.reports.expected_rows import rows_of
from consult.reports.expecting import Entry, expect_voice
from tests.cast import organisation

pytestmark = pytest.mark.usefixtures("english")


def read(text: str, framework: Framework) -> list[ReadLine]:
    return read_list(text, framework=framework)


def test_a_list_without_a_head_is_names() -> None:
    rows = rows_of("\ufeff臺北市, 教育局\r\n\r\n  大安高工 \n")
    assert [(row.line, row.cells) for row in rows] == [
        (1, {"name": "臺北市, 教育局"}),
        (3, {"name": "大安高工"}),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "名稱\t類別\t備註\n大安高工\t學校\t公立\n",
        "name,group,note\n大安高工,School,x\n",
        "Name;Group;x\n大安高工;school;\n",
        '名稱,類別\n"大安高工",學校\n',
    ],
)
def test_columns_are_known_in_either_language(text: str, framework: Framework) -> None:
    (line,) = read(text, framework)
    assert line.entry == Entry("organisation", name="大安高工", group="school")


def test_values_are_known_however_they_are_written(framework: Framework) -> None:
    text = "名稱,縣市,學制,行業\n甲,台北市,技術型高級中等學校,C\n乙,TPE,technical,Ｃ\n"
    first, second = read(text, framework)
    for line in (first, second):
        assert line.entry
        said = (line.entry.county, line.entry.school_level, line.entry.sector)
        assert said == ("TPE", "technical", "C")


def test_a_line_without_a_name_is_a_kind(framework: Framework) -> None:
    kinds = read("名稱,縣市,類別,行業,學制\n,臺南市,,,\n,,NGO,,\n,,,C,\n,,,,junior\n", framework)
    assert [line.entry and line.entry.kind for line in kinds] == [
        "county",
        "group",
        "sector",
        "level",
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("甲,火星市,,", "“火星市” is not known as a county or city."),
        ("甲,,誰,", "“誰” is not known as a stakeholder group."),
        ("甲,,,nobody", "“nobody” is no e-mail address."),
        (",TPE,school,", "The line has no name"),
        (",TPE,,a@b.tw", "The line has no name"),
        ("甲,,,,多的", "more cells than the head"),
        ("甲" * 121 + ",,,", "longer than 120"),
    ],
)
def test_what_is_wrong_is_said_of_its_line(row: str, said: str, framework: Framework) -> None:
    good, bad = read(f"名稱,縣市,類別,電子郵件\n好的,,,\n{row}\n", framework)
    assert good.entry
    assert (bad.line, bad.entry) == (3, None)
    assert said in bad.problem


def test_one_that_is_surely_known_is_linked(
    framework: Framework, association: Organisation
) -> None:
    (line,) = read("台灣機械工業同業公會", framework)
    assert line.entry
    assert line.entry.organisation == association
    assert (line.entry.name, line.entry.group) == ("台灣機械工業同業公會", "association")


def test_a_number_finds_it_too(framework: Framework, association: Organisation) -> None:
    association.business_number = "22099131"
    association.save()
    head = "名稱,統一編號\n"
    both, other = read(head + f"{association.name},2209-9131\n機械公會,22099131\n", framework)
    assert both.entry
    assert both.entry.organisation == association
    # The number says one, the name another: a person decides.
    assert other.entry
    assert other.entry.organisation is None
    assert list(other.candidates) == [association]


def test_nobody_is_guessed(framework: Framework) -> None:
    twins = [organisation("聯合會", "ngo"), organisation("聯合會", "association")]
    organisation("未審核的公會", verified=False)
    lapsed = organisation("過期的公會")
    lapsed.verified_until = timezone.localdate().replace(year=2020)
    lapsed.save()
    lines = read("名稱,類別\n聯合會,\n聯合會,NGO\n未審核的公會,\n過期的公會,\n", framework)
    assert all(line.entry for line in lines)
    assert {each.pk for each in lines[0].candidates} == {twin.pk for twin in twins}
    assert lines[1].entry
    assert lines[1].entry.organisation == twins[0]
    for line in (lines[0], *lines[2:]):
        assert line.entry
        assert line.entry.organisation is None
    chosen = read_list("聯合會", framework=framework, chosen={1: twins[1]})
    assert chosen[0].entry
    assert chosen[0].entry.organisation == twins[1]
    # Whoever isn't a candidate can't be chosen.
    other = read_list("聯合會", framework=framework, chosen={1: lapsed})
    assert other[0].entry
    assert other[0].entry.organisation is None


def test_what_is_there_is_taken_once(
    framework: Framework, drafter: User, association: Organisation
) -> None:
    linked = Entry("organisation", name="機械公會", organisation=association)
    expect_voice(framework, entry=linked, actor=drafter)
    lines = read(f"{association.name}\n甲\n乙\n甲\n", framework)
    assert [line.problem for line in lines] == [
        "It is on the list already.",
        "",
        "",
        "It is the same as line 2.",
    ]


def test_a_list_without_end_is_refused(framework: Framework) -> None:
    with pytest.raises(ListTooLong):
        read("\n".join(f"組織{number}" for number in range(MOST_LINES + 1)), framework)
