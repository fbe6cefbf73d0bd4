"""Phrases and number formats that every page uses."""

from __future__ import annotations

from evaluator.model.scenario import AllocationSettings

NOT_AN_AWARD = (
    "Referral envelope, not an award: advice for the people who decide. Each institution keeps "
    "its own board, credit test and law."
)
STAMP = "Referral envelope, not an award"
STATE = {
    "priority": "Priority",
    "contested": "Tied at the cut",
    "failed": "Failed a requirement",
    "unknown": "Requirement not settled",
    "other": "Not priority",
}
STATUS = {
    "optimal": "optimal: proven within the stated gap",
    "feasible": "stopped early: the best allocation found so far, not proven best",
    "infeasible": "infeasible: no allocation keeps every limit and override",
    "nothing": "nothing to allocate: no designated package has an eligible request",
    "no_solution": "stopped before any allocation was found",
}
CONFIDENCE = {
    "seen": "read in the source",
    "seen-old": "read, but the text predates a known amendment",
    "press": "from press or law-firm text only",
    "unverified": "from memory, not checked",
    "illustrative": "made up here, for illustration",
}
OBJECTIVE = {
    "coverage": "score times the share of each ask that is met; this favours small packages",
    "dollars": "score times dollars; this favours large packages",
}
SCORES = {
    "ranks": "scores count by their order alone: of n designated packages the best counts 100, the "
    "next 100 (n - 1) / n",
    "above_floor": "scores count as points above the least overall score of the designation",
}


def objective(settings: AllocationSettings) -> str:
    """Return what the program maximises, and how scores enter it unless as they are.

    >>> objective(AllocationSettings(objective="dollars"))
    'score times dollars; this favours large packages'
    >>> objective(AllocationSettings(scores="above_floor")).partition("; scores ")[2]
    'count as points above the least overall score of the designation'
    """
    entering = SCORES.get(settings.scores)
    return f"{OBJECTIVE[settings.objective]}{f'; {entering}' if entering else ''}"


def money(amount: float) -> str:
    """Return whole dollars with separators.

    >>> money(1234567)
    '$1,234,567'
    """
    return f"${amount:,.0f}"


def millions(amount: float) -> str:
    """Return millions of dollars, to the thousand below ten million.

    >>> millions(1_250_000), millions(250_000_000), millions(0)
    ('1.250', '250.0', '0')
    """
    value = amount / 1e6
    if value == 0:
        return "0"
    return f"{value:,.1f}" if abs(value) >= 10 else f"{value:,.3f}"


def billions(amount: float) -> str:
    """Return dollars in the unit that a sentence needs.

    >>> billions(12_345_000_000), billions(152_000_000), billions(400_000)
    ('$12.35 billion', '$152.0 million', '$400,000')
    """
    if abs(amount) >= 1e9:
        return f"${amount / 1e9:,.2f} billion"
    return f"${amount / 1e6:,.1f} million" if abs(amount) >= 1e6 else money(amount)


def sentence(text: str) -> str:
    """Return a phrase as a sentence; nothing but its first letter changes.

    >>> sentence("under the floor of OSTP")
    'Under the floor of OSTP.'
    """
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "!", "?")) else ".")


def points(value: float) -> str:
    """Return a score of 0..100 to one decimal.

    >>> points(61.25)
    '61.2'
    """
    return f"{value:.1f}"
