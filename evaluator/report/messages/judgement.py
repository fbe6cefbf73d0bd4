"""What a scenario judges otherwise than usual, in words."""

from __future__ import annotations

from evaluator.model.scenario import PanelRule
from evaluator.report.formatting.names import Names
from evaluator.report.formatting.numbers import general
from evaluator.report.messages import message
from evaluator.results import judgement as kinds


def panel_in_words(rule: PanelRule) -> str:
    """Return what ratings of several evaluators come to.

    >>> panel_in_words(PanelRule()), panel_in_words(PanelRule(rule="trimmed", share=0.2))
    ('the mean of their values', 'the mean of their values without the lowest and highest 20 %')
    """
    if rule.rule == "median":
        return "the median of their values"
    cut = f" without the lowest and highest {general(100 * rule.share, 6)} %" if rule.share else ""
    return f"the mean of their values{cut}"


@message(kinds.PanelsCombined)
def _panels(found: kinds.PanelsCombined, names: Names) -> str:
    rule = PanelRule.model_validate({"rule": found.rule, "share": found.share or None})
    return f"ratings of several evaluators score {panel_in_words(rule)}"
