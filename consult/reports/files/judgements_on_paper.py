"""Conflicts and groups of opinion in the report's document: by group, who is for and against."""

from collections.abc import Iterable, Iterator, Sequence

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _

from consult.reports.chapters.conflicts import Clash, Conflicts
from consult.reports.chapters.opinions import Opinions, Statement, Taken
from consult.reports.chapters.sides import People, SideRow
from consult.reports.exporting.paper import Block, Cell, Heading, Paragraph, Run
from consult.reports.figures import Quote
from consult.reports.printing import number_cell, quoted, table


def conflicts_on_paper(chapter: Conflicts) -> Iterator[Block]:
    """The sure ones first; then those on which too few spoke."""
    yield Paragraph.of(
        _(
            "People who wrote or endorsed a first comment in support of a piece of the text, or "
            "against it. Each counts once for each group they spoke for; replies, and people as "
            "much for it as against it, don't count here. Whoever wished to spoke: this is no "
            "vote, and no sample of anybody."
        )
    )
    if not chapter.found["clashes"]:
        yield Paragraph.of(
            _(
                "On no piece of the text did two or more people of one group and two or more of "
                "another take different sides."
            )
        )
    for clash in chapter.sure:
        yield from _clash(clash)
    if chapter.unsure:
        yield Heading(_("Too few spoke to be sure"), level=2)
        for clash in chapter.unsure:
            yield from _clash(clash)


def opinions_on_paper(chapter: Opinions) -> Iterator[Block]:
    """Who is in which group, what all share, and what divides them."""
    if not chapter.groups:
        yield Paragraph.of(_("Too few judgements to find groups."))
        return
    head = [_("Group of opinion"), _("People"), _("Comments by them"), *chapter.stakeholders]
    rows = [
        (
            Cell.of(group.key, is_bold=True),
            _people(group.people),
            number_cell(group.comments),
            *(_people(share.people) for share in group.shares),
        )
        for group in chapter.groups
    ]
    yield table(head, rows, first=1)
    yield Heading(_("What all groups share"), level=2)
    yield from _taken(chapter.shared, agree=_("All groups agree:"), not_=_("All groups disagree:"))
    yield Heading(_("What divides them"), level=2)
    for statement in chapter.dividing:
        yield _said(statement)
        yield _sides(statement.rows, _("Agree"), _("Disagree"))


def _clash(clash: Clash) -> Iterator[Block]:
    place = clash.place
    yield Heading(f"{place.ref}　{place.heading}" if place.ref else place.heading, level=3)
    yield Paragraph.of(f"{clash.for_label} / {clash.against_label}", is_bold=True)
    if place.text:
        yield Paragraph.of(place.text)
    yield _sides(clash.rows, _("Support"), _("Oppose"))
    for best in clash.best:
        lead = Run(f"{best.label}{_(': ')}", is_bold=True)
        yield Paragraph((lead, *_words_of(best.quote)))


def _sides(rows: Iterable[SideRow], for_it: str, against: str) -> Block:
    cells = [(Cell.of(row.label), _people(row.for_it), _people(row.against)) for row in rows]
    return table([_("Stakeholder group"), for_it, against], cells)


def _people(people: People) -> Cell:
    address = people.address if people.value else ""
    return Cell((Paragraph((Run(intcomma(people.value), address=address),)),))


def _taken(taken: Sequence[Taken], *, agree: str, not_: str) -> Iterator[Block]:
    for each in taken:
        yield Paragraph.of(agree if each.agrees else not_, is_bold=True)
        yield _said(each.statement)


def _said(statement: Statement) -> Paragraph:
    """A comment's words, or the piece of the text that was judged."""
    if statement.place:
        place = statement.place
        return Paragraph.of("　".join(filter(None, (place.ref, place.heading, place.text))))
    return Paragraph(_words_of(statement.quote))


def _words_of(quote: Quote | None) -> tuple[Run, ...]:
    return quoted(quote).runs if quote else (Run(_("These words are no longer shown.")),)
