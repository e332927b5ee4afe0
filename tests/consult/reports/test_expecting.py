"""The list of who is expected: added once, changed, taken off, put back, and its public lines."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditRecord, Organisation, User
from consult.document.models import Draft, Framework
from consult.reports.coordinating import coordination_lines
from consult.reports.expecting import (
    ADDRESS_KEPT,
    Entry,
    ExpectingRefused,
    change_voice,
    decisions_of,
    expect_voice,
    forget_addresses,
    import_voices,
    link_voice,
    remove_voice,
    restore_voice,
)
from consult.reports.models import ExpectedVoice

pytestmark = pytest.mark.usefixtures("english")

GUILD = Entry("organisation", name="機械公會", email="guild@example.net")
COUNTY = Entry("county", county="TPE")


def acts() -> list[str]:
    return list(AuditRecord.objects.order_by("pk").values_list("act", flat=True))


def test_each_stands_on_the_list_once(framework: Framework, drafter: User) -> None:
    for voice in (GUILD, COUNTY):
        expect_voice(framework, entry=voice, actor=drafter)
        with pytest.raises(ExpectingRefused, match="on the list already"):
            expect_voice(framework, entry=voice, actor=drafter)
    assert [str(voice) for voice in ExpectedVoice.objects.in_order()] == ["機械公會", "Taipei City"]
    assert acts() == ["voice_expected", "voice_expected"]


@pytest.mark.parametrize(
    "entry",
    [
        Entry("organisation"),
        Entry("county", name="機械公會"),
        Entry("county"),
        Entry("group", group="school", county="TPE"),
        Entry("group", group="nobody"),
        Entry("sector", sector="C", email="sector@example.net"),
        Entry("organisation", name="公會", email="no address"),
    ],
)
def test_what_is_no_one_thing_is_refused(entry: Entry, framework: Framework, drafter: User) -> None:
    with pytest.raises(ExpectingRefused):
        expect_voice(framework, entry=entry, actor=drafter)
    assert not ExpectedVoice.objects.exists()


def test_an_entry_is_changed_within_its_kind(framework: Framework, drafter: User) -> None:
    entry = expect_voice(framework, entry=GUILD, actor=drafter)
    change_voice(entry, to=Entry("organisation", name="電機公會", county="TNN"), actor=drafter)
    entry.refresh_from_db()
    assert (entry.name, entry.county, entry.email) == ("電機公會", "TNN", "")
    with pytest.raises(ExpectingRefused, match="stays of its kind"):
        change_voice(entry, to=COUNTY, actor=drafter)
    assert acts() == ["voice_expected", "voice_changed"]


def test_a_link_says_what_the_list_does_not(
    framework: Framework, drafter: User, association: Organisation
) -> None:
    association.county, association.sector = "TXG", "C"
    association.save()
    entry = expect_voice(framework, entry=Entry("organisation", name="機械公會"), actor=drafter)
    linked = link_voice(entry, organisation=association, actor=drafter)
    assert (linked.group, linked.county, linked.sector) == ("association", "TXG", "C")
    other = expect_voice(framework, entry=COUNTY, actor=drafter)
    with pytest.raises(ExpectingRefused):
        link_voice(other, organisation=association, actor=drafter)
    again = expect_voice(framework, entry=Entry("organisation", name="機械工業"), actor=drafter)
    with pytest.raises(ExpectingRefused, match="This organisation is on the list already"):
        link_voice(again, organisation=association, actor=drafter)
    assert link_voice(linked, organisation=None, actor=drafter).organisation is None


def test_taking_off_can_be_undone(framework: Framework, drafter: User) -> None:
    entry = expect_voice(framework, entry=GUILD, actor=drafter)
    for _ in range(2):
        remove_voice(entry, actor=drafter)
    assert not ExpectedVoice.objects.listed().exists()
    with pytest.raises(ExpectingRefused, match="taken off the list"):
        change_voice(entry, to=GUILD, actor=drafter)
    restore_voice(entry, actor=drafter)
    assert ExpectedVoice.objects.listed().get().email == "guild@example.net"
    remove_voice(entry, actor=drafter)
    expect_voice(framework, entry=GUILD, actor=drafter)
    with pytest.raises(ExpectingRefused, match="on the list already"):
        restore_voice(entry, actor=drafter)
    assert acts()[:3] == ["voice_expected", "voice_removed", "voice_restored"]


def test_an_address_is_forgotten_some_time_after_its_entry_went(
    framework: Framework, drafter: User
) -> None:
    gone, kept = (
        expect_voice(framework, entry=Entry("organisation", name=n, email="a@b.tw"), actor=drafter)
        for n in ("甲", "乙")
    )
    remove_voice(gone, actor=drafter)
    now = timezone.now()
    assert forget_addresses(at=now + ADDRESS_KEPT - timedelta(minutes=1)) == 0
    assert forget_addresses(at=now + ADDRESS_KEPT + timedelta(minutes=1)) == 1
    assert list(ExpectedVoice.objects.with_address()) == [kept]


def test_a_list_is_imported_without_what_stands_there(
    framework: Framework, drafter: User, association: Organisation
) -> None:
    expect_voice(framework, entry=GUILD, actor=drafter)
    linked = Entry("organisation", name="臺灣機械工業同業公會", organisation=association)
    twice = Entry("organisation", name="機械工會", organisation=association)
    added = import_voices(framework, entries=[GUILD, COUNTY, COUNTY, linked, twice], actor=drafter)
    assert [str(voice) for voice in added] == ["Taipei City", "臺灣機械工業同業公會"]
    assert import_voices(framework, entries=[COUNTY], actor=drafter) == []
    with pytest.raises(ExpectingRefused):
        import_voices(framework, entries=[Entry("county", county="TNN"), Entry("x")], actor=drafter)
    assert ExpectedVoice.objects.count() == 3
    assert AuditRecord.objects.get(act="voices_imported").details == {"entries": 2}


def test_lines_are_public(draft: Draft, drafter: User, association: Organisation) -> None:
    voice = Entry("organisation", name="機械公會", organisation=association, email="a@b.tw")
    expect_voice(draft.framework, entry=voice, actor=drafter)
    gone = expect_voice(draft.framework, entry=COUNTY, actor=drafter)
    remove_voice(gone, actor=drafter)
    assert decisions_of(draft) == [
        {
            "kind": "organisation",
            "name": "機械公會",
            "group": "",
            "school_level": "",
            "sector": "",
            "county": "",
            "organisation": str(association.public_id),
        }
    ]


def test_the_coordination_table_knows_its_rows(draft: Draft) -> None:
    lines = coordination_lines(draft)
    assert [(line["body"], line["provision"], line["section"]) for line in lines] == [
        ("勞動部", "附錄二-1", None),
        ("經濟部", "附錄二-2", None),
    ]
    assert lines[0]["item"] == "提供職業訓練資源"


def test_a_report_on_some_sections_knows_their_rows_alone(draft: Draft) -> None:
    assert coordination_lines(draft, sections=["壹"]) == []
    assert len(coordination_lines(draft, sections=["附錄二"])) == 2
