"""The numbers behind a statement: how many said it, who they are, who endorsed it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.groups import StakeholderGroup
from consult.reports.figures import Figure, Ledger
from consult.reports.selecting import Selection


@dataclass(frozen=True)
class GroupShare:
    """How many comments of one group."""

    label: str
    figure: Figure


@dataclass(frozen=True)
class Backing:
    """Figures that lead to the comments of one set."""

    comments: Figure
    authors: Figure
    organisations: Figure
    endorsements: Figure
    groups: Sequence[GroupShare]

    @classmethod
    def of(cls, counts: Mapping[str, Any], key: str, ledger: Ledger) -> "Backing":
        """From the counts of a result and the key of the set behind them."""

        def figure(name: str, **narrower: Any) -> Figure:
            address = ledger.address(Selection(within=key, **narrower))
            return Figure(counts.get(name, 0), name, address)

        return cls(
            comments=figure("comments"),
            authors=figure("authors"),
            organisations=figure("organisations", for_organisations=True),
            endorsements=figure("endorsements", endorsed=True),
            groups=[
                GroupShare(
                    str(group.label), ledger.within(counts["groups"][group], key, group=group.value)
                )
                for group in StakeholderGroup
                if group.value in counts["groups"]
            ],
        )
