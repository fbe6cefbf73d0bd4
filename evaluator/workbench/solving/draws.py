"""How sure it is who is designated under some settings: the draws, which take the longest."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.pipeline import evaluate
from evaluator.results.evaluation import Evaluation
from evaluator.uncertainty.tiers import by_draws
from evaluator.workbench.solving.keeping import Kept, Values

_FELT = 0.05
"""How much of the draws has to turn for a package to be told."""


@dataclass(frozen=True)
class Turned:
    """A package that is designated in more of the draws, or in fewer."""

    package: str
    title: str
    before: float
    after: float
    """Shares of the draws."""


@dataclass(frozen=True)
class Drawn:
    """What the draws say of settings against others."""

    draws: int
    """0 where the scenario asks for none."""
    turned: tuple[Turned, ...]
    """By how much, the most first."""
    open: int
    """Packages that the draws leave contested."""


@dataclass(frozen=True)
class DrawsOf:
    """Asks what the draws say of settings against those before."""

    before: Values
    after: Values

    def answer(self, kept: Kept) -> Drawn:
        """Return it. Raises InvalidStudyError for settings that do not hold."""
        sides = [evaluate(kept.study(values)) for values in (self.before, self.after)]
        shares = [_shares(one) for one in sides]
        drawn = sides[1].uncertainty
        if drawn is None or not all(shares):
            return Drawn(0, (), 0)
        titles = {package.id: package.title for package in sides[1].study.packages}
        turned = [
            Turned(package, titles[package], shares[0][package], share)
            for package, share in shares[1].items()
            if abs(share - shares[0].get(package, share)) >= _FELT
        ]
        turned.sort(key=lambda one: (-abs(one.after - one.before), one.package))
        unsure = sum(by_draws(share) == "contested" for share in shares[1].values())
        return Drawn(drawn.draws, tuple(turned), unsure)


def _shares(one: Evaluation) -> dict[str, float]:
    if one.uncertainty is None or "designated_share" not in one.uncertainty.packages:
        return {}
    found = one.uncertainty.packages["designated_share"].to_dict()
    return {str(package): float(share) for package, share in found.items()}
