"""What a scenario judges otherwise than usual, in words."""

from __future__ import annotations

from evaluator.model.scenario import PanelRule
from evaluator.report.formatting.names import Names
from evaluator.report.formatting.numbers import counted, general
from evaluator.report.messages import message
from evaluator.results import judgement as kinds


def panel_in_words(rule: PanelRule) -> str:
    """Return what ratings of several evaluators come to.

    >>> panel_in_words(PanelRule()), panel_in_words(PanelRule(rule="trimmed", share=0.2))
    ('the mean of their values', 'the mean of their values without the lowest and highest 20 %')
    >>> panel_in_words(PanelRule(rule="median", over="totals"))
    'the median of the totals that each gives over all criteria'
    """
    over = rule.over == "totals"
    of = "the totals that each gives over all criteria" if over else "their values"
    if rule.rule == "median":
        return f"the median of {of}"
    cut = f" without the lowest and highest {general(100 * rule.share, 6)} %" if rule.share else ""
    return f"the mean of {of}{cut}"


def missing_in_words(rule: str) -> str:
    """Return what becomes of what is missing, as a sentence."""
    if rule == "reweight":
        return (
            "What is missing does not count: the weights of what is known of each are scaled to "
            "sum to 1."
        )
    return "What is missing scores 0 and is marked."


@message(kinds.PanelsCombined)
def _panels(found: kinds.PanelsCombined, names: Names) -> str:
    rule = PanelRule.model_validate({"rule": found.rule, "share": found.share or None})
    return f"ratings of several evaluators score {panel_in_words(rule)}"


@message(kinds.TotalsCombined)
def _totals(found: kinds.TotalsCombined, names: Names) -> str:
    rule = PanelRule.model_validate(
        {"rule": found.rule, "share": found.share or None, "over": "totals"}
    )
    return (
        f"ratings of several evaluators score {panel_in_words(rule)}, so that what one criterion "
        "adds to a score is not known"
    )


def _left_out(count: int, packages: int, what: str, names: Names) -> str:
    return (
        f"{counted(count, 'performance')} of {names.words.packages_counted(packages)} {what} and "
        f"{'does' if count == 1 else 'do'} not count: the weights of the others are scaled to sum "
        "to 1"
    )


@message(kinds.Reweighted)
def _reweighted(found: kinds.Reweighted, names: Names) -> str:
    what = "is missing" if found.performances == 1 else "are missing"
    return _left_out(found.performances, found.packages, what, names)


@message(kinds.LeftOutAsNotApplicable)
def _not_applicable(found: kinds.LeftOutAsNotApplicable, names: Names) -> str:
    what = "is not applicable" if found.performances == 1 else "are not applicable"
    return _left_out(found.performances, found.packages, what, names)


@message(kinds.NothingCounts)
def _nothing(found: kinds.NothingCounts, names: Names) -> str:
    return f"nothing counts of {', '.join(map(names.package, found.packages))}, which score 0"


@message(kinds.TiesParted)
def _ties(found: kinds.TiesParted, names: Names) -> str:
    criterion, packages = names.criterion(found.criterion), names.words.packages
    return f"of {packages} tied at the cut those with the higher value on {criterion} enter"
