"""What concerns whom, as it is shown: key points first, then body by body."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from consult.reports.analysing.chapter import Json
from consult.reports.analysing.coordination import NAME
from consult.reports.exporting.paper import Block, Cell, Heading
from consult.reports.figures import Figure, Ledger
from consult.reports.headings import section_heading
from consult.reports.printing import number_cell, table


@dataclass(frozen=True)
class Point:
    """A key point's section, with what was said on it and beneath, and whom that concerns."""

    ref: str
    heading: str
    bodies: Sequence[str]
    comments: Figure
    questions: Figure
    wordings: Figure


@dataclass(frozen=True)
class Item:
    """A row of the table: what a body helps with, and how much was said on the row."""

    key_point: str
    item: str
    provision: str
    comments: Figure


@dataclass(frozen=True)
class Body:
    """A body with its rows, its key points, and the comments that name it."""

    name: str
    items: Sequence[Item]
    points: Sequence[Point]
    on_rows: Figure
    naming: Figure
    questions: Figure


@dataclass(frozen=True)
class Coordination:
    """The chapter on a report's page."""

    found: Json
    ledger: Ledger

    @cached_property
    def points(self) -> Sequence[Point]:
        names = [body["body"] for body in self.found["bodies"]]
        return [
            Point(
                ref=point["ref"],
                heading=section_heading(point),
                bodies=[names[place] for place in point["bodies"]],
                comments=self._figure(point["comments"], f"point/{point['ref']}"),
                questions=self._figure(point["questions"], f"point/{point['ref']}/questions"),
                wordings=self._figure(point["wordings"], f"point/{point['ref']}/wordings"),
            )
            for point in self.found["points"]
        ]

    @cached_property
    def bodies(self) -> Sequence[Body]:
        """In the order of the table."""
        points = {point.ref: point for point in self.points}
        return [
            Body(
                name=body["body"],
                items=[self._item(item) for item in body["items"]],
                points=[points[ref] for ref in body["points"]],
                on_rows=self._figure(body["on_rows"], f"body/{place}/rows"),
                naming=self._figure(body["naming"], f"body/{place}/naming"),
                questions=self._figure(body["questions"], f"body/{place}/questions"),
            )
            for place, body in enumerate(self.found["bodies"])
        ]

    def paper_blocks(self) -> Iterator[Block]:
        """The key points, then the bodies, as tables."""
        if self.points:
            yield table(
                [
                    _("Key point"),
                    _("Concerns"),
                    _("Comments"),
                    _("Open questions"),
                    _("Proposed wordings"),
                ],
                [
                    (
                        Cell.of(point.heading),
                        Cell.of(_(", ").join(point.bodies)),
                        *map(number_cell, (point.comments, point.questions, point.wordings)),
                    )
                    for point in self.points
                ],
            )
        if self.bodies:
            yield Heading(_("By responsible body"), level=2)
            yield table(
                [_("Body"), _("On its rows"), _("That name it"), _("Open questions")],
                [
                    (
                        Cell.of(body.name),
                        *map(number_cell, (body.on_rows, body.naming, body.questions)),
                    )
                    for body in self.bodies
                ],
            )

    def _item(self, item: Json) -> Item:
        return Item(
            key_point=item["key_point"],
            item=item["item"],
            provision=item["provision"] or "",
            comments=self._figure(item["comments"], f"row/{item['provision']}"),
        )

    def _figure(self, count: int, key: str) -> Figure:
        return self.ledger.within(count, f"{NAME}/{key}")
