"""What is contested or not settled, and what decides each, for all media."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evaluator.report.formatting.names import agency_names, names_of
from evaluator.report.formatting.numbers import share
from evaluator.report.formatting.once import once
from evaluator.report.messages import say
from evaluator.report.viewmodel.packages.portfolio import Ranked, ranked
from evaluator.report.viewmodel.packages.ties import tied_for_support
from evaluator.results.evaluation import Evaluation

_DRIVERS = {
    "influence": ("how much each {agency} counts", "influence"),
    "weights": ("weights of the criteria", "weights"),
    "values": ("ratings that differ and facts that are missing", "ratings and facts"),
}
"""In full, and in short."""


@dataclass(frozen=True)
class Contested:
    """One package that is tied, in or out by the draws, or not settled for a requirement."""

    row: Ranked
    tied: str
    """With whom it is tied for support, in words; empty where it is not."""
    alone: str
    """The agency that alone decides whether it is in, in words; empty where none does."""
    moves: str
    """What its score moves most with, and by how much; empty without draws."""
    moves_short: str

    @property
    def reasons(self) -> Iterator[str]:
        """What is to be told of it, the gravest first."""
        row = self.row
        yield "" if row.designated else row.why
        yield self.tied
        yield f"red flag: {', '.join(row.red_flags)}" if row.red_flags else ""
        yield self.alone
        yield self.moves


@once
def contested(evaluation: Evaluation) -> tuple[Contested, ...]:
    """Return what is open, best first."""
    names, agencies = names_of(evaluation), agency_names(evaluation)
    agreed, drawn = evaluation.agreement, evaluation.uncertainty
    decisive = {} if agreed is None else agreed.packages["decisive"].to_dict()
    variance = {} if drawn is None else drawn.variance.to_dict("index")
    tied = tied_for_support(evaluation)

    def moves(package: str) -> tuple[str, str]:
        moved = variance.get(package, {})
        shares = {kind: moved[f"{kind}_first"] for kind in _DRIVERS} if moved else {}
        if not any(shares.values()):
            return "", ""
        most = max(shares, key=lambda kind: shares[kind])
        what, short = map(names.words.fill, _DRIVERS[most])
        part = share(shares[most])
        return (
            f"its score moves most with {what} ({part} of its variance)",
            f"moves most with {short} ({part})",
        )

    def alone(package: str) -> str:
        agency = decisive.get(package)
        return f"{agencies[agency]} alone decides whether it is in" if agency else ""

    return tuple(
        Contested(
            row,
            say(tied[row.package], names) if row.package in tied else "",
            alone(row.package),
            *moves(row.package),
        )
        for row in ranked(evaluation)
        if row.open or row.package in tied
    )
