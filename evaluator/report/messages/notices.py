"""What has to be reported, in words."""

from __future__ import annotations

from evaluator.allocation.explain.findings import NoticeDue
from evaluator.report.formatting.names import Names
from evaluator.report.formatting.numbers import dollars
from evaluator.report.messages import message
from evaluator.report.messages.allocation import fact_in_words


@message(NoticeDue)
def _notice(finding: NoticeDue, names: Names) -> str:
    thresholds = {threshold for _, _, threshold in finding.amounts}
    if finding.fact is not None:
        above = f"threshold unknown, {fact_in_words(finding.fact, names)}"
    elif len(thresholds) == 1:
        least = thresholds.pop() or 0
        above = f"{dollars(least)} or more" if finding.reached else f"above {dollars(least)}"
        above = above if least else "any amount"
    else:
        above = f"each {'at' if finding.reached else 'above'} its own threshold"
    each = ((names.group(finding.notice, group), usd) for group, usd, _ in finding.amounts)
    told = ", ".join(f"{group} ({dollars(usd)})".lstrip() for group, usd in each)
    return f"{names.limit(finding.notice)} ({finding.citation}; {above}): {told}"
