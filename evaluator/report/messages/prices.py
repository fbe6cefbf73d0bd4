"""What the prices of limits find, in words."""

from __future__ import annotations

from evaluator.allocation.explain.findings import OnlyTogether
from evaluator.report.formatting.names import Names
from evaluator.report.formatting.numbers import general
from evaluator.report.messages import message
from evaluator.report.messages.allocation import limit_in_words

_MILLION = 1e6


@message(OnlyTogether)
def _only_together(finding: OnlyTogether, names: Names) -> str:
    others = " and ".join(limit_in_words(*one, names) for one in finding.limits)
    gain = general(finding.gain * _MILLION, 3)
    return f"only together with {others}: {gain} for {names.words.money.million} of each"
