"""The outline as JSON, and how sections come by their references."""

import pytest

from consult.document.outline import Outline, References, SectionReferences


def test_sections_get_their_references_back() -> None:
    data = {
        "title": "草案",
        "label": "",
        "history": [{"date": None, "document_number": "", "note": "訂定", "text": "…"}],
        "sections": [
            {
                "number": "肆",
                "title": "發展重點",
                "provisions": [{"ref": "肆-1", "kind": "paragraph", "text": "說明如下："}],
                "sections": [
                    {"number": "一", "title": "入學", "provisions": [], "sections": []},
                    {"number": "1", "title": "Scope", "provisions": [], "sections": []},
                    {"number": "", "title": "結語", "provisions": [], "sections": []},
                ],
            },
            {"number": "第 5-1 條", "title": "", "provisions": [], "sections": []},
        ],
        "coordination_items": [{"key_point": "一", "body": "勞動部", "item": "協助。"}],
        "warnings": ["Line 1: …"],
    }
    outline = Outline.from_json(data)
    assert [child.ref for child in outline.sections[0].sections] == ["肆-一", "肆-§1", "肆-§1~2"]
    assert outline.sections[1].ref == "第5-1條"
    assert outline.to_json() == data


def test_a_number_that_spells_out_its_parents_stands_alone() -> None:
    references = SectionReferences()
    assert references.take("1") == "1"
    assert references.take("1.1", parent="1", parent_number="1") == "1.1"
    assert references.take("1.1.2", parent="1.1", parent_number="1.1") == "1.1.2"


def test_an_articles_reference_is_the_laws_own() -> None:
    references = SectionReferences()
    assert references.take("第 一 章") == "第一章"
    assert references.take("第 一 節", parent="第一章", parent_number="第 一 章") == "第一章-第一節"
    assert references.take("第 9 條", parent="第一章", parent_number="第 一 章") == "第9條"


def test_no_reference_is_given_twice() -> None:
    references = References()
    assert [references.take(wanted) for wanted in ("壹", "壹", "壹~2", "壹")] == [
        "壹",
        "壹~2",
        "壹~2~2",
        "壹~3",
    ]


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"title": "無"},
        {
            "title": 1,
            "label": "",
            "history": [],
            "sections": [],
            "coordination_items": [],
            "warnings": [],
        },
        {
            "title": "",
            "label": "",
            "history": [],
            "sections": [
                {
                    "number": "",
                    "title": "",
                    "sections": [],
                    "provisions": [{"ref": "1", "kind": "heading", "text": ""}],
                }
            ],
            "coordination_items": [],
            "warnings": [],
        },
    ],
)
def test_json_of_another_shape_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"not the JSON|cannot be of the kind"):
        Outline.from_json(broken)
