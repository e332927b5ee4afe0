"""Themes: what is found, that it is the same whatever parts the comments come in, and how good."""

import random
import statistics
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import combinations

import pytest
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_mutual_info_score

from consult.document.segmenting import segments_of
from consult.reports.analysing import themes
from consult.reports.analysing.chapter import Chapter, Json, Kept, Line
from tests.consult.reports.labelled import SAID, Labelled, comments, descriptions, sentences
from tests.consult.reports.lines import a_comment, a_head, conclude, reference

HEAD = a_head(terms=["產學合作"])


def lines_of(labelled: Labelled) -> list[Line]:
    return [a_comment(n, body=text) for n, text in enumerate(labelled.texts)]


def labels_of(chapter: Chapter) -> dict[str, str]:
    """Of each comment, the key of the set that it is in."""
    return {each: key for key, references in chapter.sets.items() for each in references}


def agreement(labelled: Labelled, chapter: Chapter) -> float:
    """How far the themes agree with the labels: 0 by chance, 1 wholly."""
    found = labels_of(chapter)
    return float(
        adjusted_mutual_info_score(
            labelled.labels, [found[reference(n)] for n in range(len(labelled.texts))]
        )
    )


def plain_agreement(labelled: Labelled, *, seed: int) -> float:
    """The same of TF-IDF and k-means, told how many themes there are."""
    words = [[token.word for token in segments_of(text)] for text in labelled.texts]
    table = TfidfVectorizer(analyzer=lambda each: each, min_df=2, sublinear_tf=True)
    clusters = KMeans(labelled.themes, n_init=3, random_state=seed)
    found = clusters.fit_predict(table.fit_transform(words))
    return float(adjusted_mutual_info_score(labelled.labels, found))


def theme_of(chapter: Chapter, keyword: str) -> Json:
    return next(each for each in chapter.found["themes"] if keyword in each["keywords"])


class TestThemes:
    said = comments(1, 400)
    lines = lines_of(said)

    def test_every_comment_is_in_one_theme_or_in_none(self) -> None:
        chapter = conclude(themes, self.lines, HEAD, at_once=100)
        assert sorted(each for refs in chapter.sets.values() for each in refs) == sorted(
            line["reference"] for line in self.lines
        )
        for theme in chapter.found["themes"]:
            references = chapter.sets[f"themes/all/{theme['key']}"]
            assert theme["comments"] == len(references)
            assert set(theme["quotes"]) <= set(references)
            assert sum(theme["groups"].values()) == sum(theme["stances"].values())
            assert 1 <= len(theme["keywords"]) <= 8
        assert chapter.found["apart"] == len(chapter.sets["themes/all/"])
        assert set(chapter.quotes) == {
            each for theme in chapter.found["themes"] for each in theme["quotes"]
        }

    def test_remarks_about_nothing_are_in_no_theme(self) -> None:
        chapter = conclude(themes, self.lines, HEAD, at_once=100)
        nothing = {reference(n) for n, label in enumerate(self.said.labels) if label < 0}
        apart = set(chapter.sets["themes/all/"])
        assert len(apart & nothing) > 0.8 * len(nothing)
        assert len(apart - nothing) < 0.1 * len(self.lines)

    @pytest.mark.parametrize("at_once", [7, 61, 400])
    def test_the_size_of_parts_does_not_matter(self, at_once: int) -> None:
        expected = conclude(themes, self.lines, HEAD, at_once=100)
        assert conclude(themes, self.lines, HEAD, at_once=at_once) == expected

    def test_the_order_of_parts_does_not_matter(self) -> None:
        expected = conclude(themes, self.lines, HEAD, at_once=100)
        shuffled = random.Random(3).sample(self.lines, len(self.lines))  # noqa: S311
        assert conclude(themes, shuffled, HEAD, at_once=50) == expected

    def test_keywords_are_terms_as_they_are_written(self) -> None:
        chapter = conclude(themes, self.lines, HEAD, at_once=100)
        keywords = {each for theme in chapter.found["themes"] for each in theme["keywords"]}
        assert {"少子女化", "產學合作", "證照"} <= keywords
        assert not keywords & {"應該", "希望", "子女", "我", "建議", "意見"}

    def test_a_keyword_is_used_by_more_than_one(self) -> None:
        chapter = conclude(themes, self.lines, HEAD, at_once=100)
        bodies = {line["reference"]: line["body"] for line in self.lines}
        for theme in chapter.found["themes"]:
            said = [bodies[each] for each in chapter.sets[f"themes/all/{theme['key']}"]]
            for word in theme["keywords"]:
                assert sum(word in body for body in said) > 1

    def test_what_drafters_say_is_in_no_theme(self) -> None:
        drafters = [{**line, "as_drafter": True} for line in self.lines[:50]]
        chapter = conclude(themes, [*drafters, *self.lines[50:]], HEAD)
        assert chapter.found["comments"] == len(self.lines) - 50
        assert not set(labels_of(chapter)) & {line["reference"] for line in drafters}

    def test_of_a_section_only_its_own_sets(self) -> None:
        chapter = conclude(themes, self.lines, replace(HEAD, section="壹"))
        assert all(key.startswith("themes/壹/") for key in chapter.sets)

    def test_groups_stances_and_authors(self) -> None:
        lines = [
            {**line, "group": ("school", "ngo")[n % 2], "stance": "oppose", "author": "one"}
            for n, line in enumerate(self.lines)
        ]
        theme = conclude(themes, lines, HEAD).found["themes"][0]
        assert set(theme["groups"]) == {"school", "ngo"}
        assert theme["stances"] == {"oppose": theme["comments"]}
        assert theme["authors"] == 1

    def test_quotes_differ(self) -> None:
        """Neither the same again nor nearly the same, however often it is said."""
        one, other, third = SAID[1][0], SAID[1][1], SAID[1][3]
        texts = [one] * 60 + [f"{one}，加班"] * 20 + [other] * 3 + [third] * 3
        said = [a_comment(n, body=text) for n, text in enumerate(texts, start=1000)]
        chapter = conclude(themes, [*self.lines, *said], HEAD, at_once=100)
        bodies = {line["reference"]: line["body"] for line in [*self.lines, *said]}
        quotes = [theme["quotes"] for theme in chapter.found["themes"]]
        assert statistics.fmean(map(len, quotes)) > 2.5
        for one, other in (pair for each in quotes for pair in combinations(each, 2)):
            assert SequenceMatcher(None, bodies[one], bodies[other]).ratio() < 0.85

    def test_nobody_is_quoted_twice_on_a_theme(self) -> None:
        lines = [{**line, "author": "one"} for line in self.lines]
        for theme in conclude(themes, lines, HEAD, at_once=100).found["themes"]:
            assert len(theme["quotes"]) == 1


class TestLittle:
    def test_no_comments(self) -> None:
        chapter = themes.conclude([], HEAD)
        assert chapter.found["comments"] == 0
        assert chapter.found["themes"] == []
        assert chapter.sets == {}

    def test_an_empty_part(self) -> None:
        assert themes.conclude([Kept("壹", themes.tally(HEAD).kept())], HEAD).found["themes"] == []

    @pytest.mark.parametrize("text", ["", "！！！", "我", "同意", "https://example.org/a", "\n\n"])
    def test_comments_that_say_nothing(self, text: str) -> None:
        chapter = conclude(themes, [a_comment(n, body=text) for n in range(20)], HEAD)
        assert chapter.found["apart"] == chapter.found["comments"] == 20

    @pytest.mark.parametrize("how_many", [1, 2, 5, 9, 15])
    def test_a_few_comments(self, how_many: int) -> None:
        chapter = conclude(themes, lines_of(comments(2, how_many)), HEAD)
        assert chapter.found["comments"] == how_many

    def test_comments_that_are_all_the_same(self) -> None:
        lines = [a_comment(n, body="偏鄉學校缺老師，代理教師年年換人") for n in range(200)]
        chapter = conclude(themes, lines, HEAD)
        (theme,) = chapter.found["themes"]
        assert theme["comments"] == 200
        assert len(theme["quotes"]) == 1

    def test_comments_that_are_nearly_the_same(self) -> None:
        more = ("", "，補助", "，津貼", "，宿舍", "，交通費")
        lines = [
            a_comment(n, body=f"偏鄉學校缺老師，代理教師年年換人{more[n % 5]}") for n in range(200)
        ]
        for theme in conclude(themes, lines, HEAD).found["themes"]:
            assert len(theme["quotes"]) == 1

    def test_only_a_wording_is_proposed(self) -> None:
        lines = [
            a_comment(n, body="", proposed_text=text)
            for n, text in enumerate(comments(1, 100, of_nothing=0).texts)
        ]
        assert conclude(themes, lines, HEAD).found["themes"]


def better(sets: Sequence[Labelled]) -> float:
    """By how much our themes agree more with the labels, on the average."""
    gains = []
    for labelled in sets:
        ours = agreement(labelled, conclude(themes, lines_of(labelled), HEAD, at_once=500))
        gains.append(ours - statistics.fmean(plain_agreement(labelled, seed=n) for n in range(3)))
    return statistics.fmean(gains)


class TestQuality:
    """Better than TF-IDF and k-means, which is told the number of themes; ours isn't."""

    def test_on_sentences_of_laws(self) -> None:
        assert better([sentences(seed, 10, most=80) for seed in range(2)]) > 0.05

    def test_on_short_comments(self) -> None:
        assert better([comments(1, 500)]) > 0.1

    def test_on_english(self) -> None:
        assert better([descriptions(0, 8, most=60)]) > 0.03
