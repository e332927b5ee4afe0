"""The chapters of the report's document that aren't made of counts: by name, from their contexts.

A chapter that stands here has no `paper_blocks` of its own.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from consult.document.dates import moment_in_words
from consult.document.difference import Stretch
from consult.reports.chapters.backing import Backing
from consult.reports.chapters.campaigns import Campaigns
from consult.reports.chapters.hot_spots import HotSpots
from consult.reports.chapters.questions import Questions
from consult.reports.chapters.themes import ShownTheme, ThemesChapter, ThemeScope
from consult.reports.chapters.wordings import Version, Wordings
from consult.reports.exporting.paper import Block, Cell, Heading, Paragraph, Run
from consult.reports.figures import Figure, Quote
from consult.reports.files.judgements_on_paper import conflicts_on_paper, opinions_on_paper
from consult.reports.printing import number, number_cell, quoted, table, words

# A document is read from front to back: what stands further down a list is found on the site.
MOST_SENTENCES = 30
LONGEST_QUOTE = 300


def _themes(chapter: ThemesChapter) -> Iterator[Block]:
    yield Paragraph.of(
        _(
            "Comments that use the same words together, found by counting words: no comment was "
            "judged. Each comment is on one theme or on none."
        )
    )
    for scope in (chapter.whole, *chapter.sections):
        if scope.themes:
            yield Heading(scope.heading, level=2)
            yield _theme_table(scope)
            for theme in scope.themes:
                yield from _theme_quotes(theme)


def _theme_table(scope: ThemeScope) -> Block:
    stances = [share.label for share in scope.themes[0].stances]
    head = [_("Theme"), _("Keywords"), _("Comments"), _("People"), *stances]
    rows = [
        (
            Cell.of(theme.name, is_bold=True),
            Cell.of(_(", ").join(theme.keywords)),
            number_cell(theme.comments),
            number_cell(theme.authors),
            *(number_cell(share.figure) for share in theme.stances),
        )
        for theme in scope.themes
    ]
    apart = [Cell.of(_("On no theme")), Cell(), number_cell(scope.apart)]
    rows.append((*apart, *([Cell()] * (len(head) - len(apart)))))
    return table(head, rows, second=4)


def _theme_quotes(theme: ShownTheme) -> Iterator[Block]:
    if theme.quotes:
        yield Paragraph.of(theme.name, is_bold=True)
        yield from (_quote(quote) for quote in theme.quotes)


def _hot_spots(chapter: HotSpots) -> Iterator[Block]:
    rows = [
        (
            Cell.of(f"{spot.provision}　{spot.text}"),
            number_cell(spot.backing.comments),
            number_cell(spot.backing.authors),
        )
        for spot in chapter.hottest[:MOST_SENTENCES]
    ]
    if rows:
        head = [_("The most commented sentences"), _("Comments"), _("People")]
        yield table(head, rows, first=8)


def _wordings(chapter: Wordings) -> Iterator[Block]:
    """Each as what it changes: what is put in underlined, what is taken out struck through."""
    if not chapter.provisions:
        return
    yield Paragraph.of(
        _("What a proposal puts in is underlined, what it takes out is struck through.")
    )
    for provision in chapter.provisions:
        yield Heading(f"{provision.ref}　{provision.heading}", level=2)
        for wording in provision.shown:
            yield from _version(wording.front)
        yield words(_("All proposals for this provision: {}"), provision.all)


def _version(version: Version) -> Iterator[Block]:
    if version.quote is None:
        yield Paragraph.of(_("These words are no longer shown."))
    else:
        yield Paragraph((*map(_stretch, version.stretches), Run(" "), _link(version.quote)))
    yield _backing(version.backing)


def _stretch(stretch: Stretch) -> Run:
    return Run(
        stretch.text,
        is_underlined=stretch.kind == "inserted",
        is_struck=stretch.kind == "deleted",
    )


def _campaigns(chapter: Campaigns) -> Iterator[Block]:
    """Each by its shared text, counted both ways."""
    if not chapter.campaigns:
        return
    yield Paragraph.of(
        _("%(comments)s comments are %(texts)s different texts, with each campaign counted once.")
        % {"comments": f"{chapter.comments:,}", "texts": f"{chapter.texts:,}"}
    )
    for campaign in chapter.campaigns:
        state = _("Confirmed") if campaign.is_confirmed else _("Proposed by the computer")
        first, last = (moment_in_words(each) for each in (campaign.first, campaign.last))
        yield Paragraph.of(f"{state} · {first} – {last}", is_bold=True)
        if campaign.shared:
            yield _quote(campaign.shared)
        else:
            yield Paragraph.of(_("These words are no longer shown."))
        yield words(
            _("1 text in {} comments, by {} people, for {} organisations."),
            campaign.comments,
            campaign.people,
            campaign.organisations,
        )
        for sentence in campaign.own:
            lead = Run(_("Only one says: ") + sentence.text + " ")
            yield Paragraph((lead, _link(sentence.quote)))


def _questions(chapter: Questions) -> Iterator[Block]:
    yield words(
        _("Of {} questions, drafters have answered {}; {} are open."),
        chapter.asked,
        chapter.answered,
        chapter.open,
    )
    for place in chapter.places:
        heading = f"{place.ref}　{place.heading}" if place.ref else place.heading
        yield Heading(heading, level=2)
        for question in place.shown:
            if question.quote is None:
                yield Paragraph.of(_("These words are no longer shown."))
            else:
                yield _quote(question.quote)
            yield _backing(question.backing)
        yield words(_("Open: {}. Answered: {}."), place.open, place.answered)


def _quote(quote: Quote) -> Paragraph:
    return quoted(quote, longest=LONGEST_QUOTE)


def _link(quote: Quote) -> Run:
    return Run(quote.reference, address=quote.address)


def _backing(backing: Backing) -> Paragraph:
    """How many said it, and who they are."""
    figures: list[tuple[str, Figure]] = [
        (_("Comments"), backing.comments),
        (_("People"), backing.authors),
        (_("Organisations"), backing.organisations),
        (_("Endorsements"), backing.endorsements),
        *((share.label, share.figure) for share in backing.groups),
    ]
    runs: list[Run] = []
    for label, figure in figures:
        if figure.value:
            runs += [Run(f"{' · ' if runs else ''}{label} "), number(figure)]
    return Paragraph(tuple(runs))


ON_PAPER: Mapping[str, Callable[[Any], Iterable[Block]]] = {
    "themes": _themes,
    "hot_spots": _hot_spots,
    "wordings": _wordings,
    "campaigns": _campaigns,
    "conflicts": conflicts_on_paper,
    "opinions": opinions_on_paper,
    "questions": _questions,
}
