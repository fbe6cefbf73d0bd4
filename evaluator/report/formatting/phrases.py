"""Phrases and number formats that every page uses."""

from __future__ import annotations

import re

from evaluator.model.scenario import AllocationSettings

_USD = re.compile(r"\b(\d+(?:,\d{3})*(?:\.\d+)?) USD\b")
_EXACT = 1e-9
"""Percent: what is closer is a sum that was rounded."""

NOT_AN_AWARD = (
    "Referral envelope, not an award: advice for the people who decide. Each institution keeps "
    "its own board, credit test and law."
)
STAMP = "Referral envelope, not an award"
STATE = {
    "priority": "Priority",
    "contested": "Tied at the cut",
    "unknown": "Requirement not settled",
    "other": "Not priority",
    "failed": "Failed a requirement",
}
"""The best first."""
ABBREVIATIONS = {"SBIC": "small business investment company"}
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
OBJECTIVE_POINTS = {
    "coverage": "score times the share of the ask that is met, summed",
    "dollars": "score times millions of dollars, summed",
}
"""What a point of the objective is, which is no point of a score."""
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


def millions(amount: float) -> str:
    """Return millions of dollars to one decimal; less than that in full.

    >>> millions(8_125_000), millions(250_000_000), millions(37_500), millions(0)
    ('8.1', '250.0', '0.0375', '0')
    """
    value = amount / 1e6
    if value == 0:
        return "0"
    return f"{value:,.1f}" if abs(value) >= 0.05 else f"{value:.6f}".rstrip("0")


def billions(amount: float) -> str:
    """Return dollars in the unit that a sentence needs.

    >>> billions(12_345_000_000), billions(152_000_000), billions(400_000)
    ('$12.35 billion', '$152.0 million', '$400,000')
    """
    if abs(amount) >= 1e9:
        return f"${amount / 1e9:,.2f} billion"
    return f"${amount / 1e6:,.1f} million" if abs(amount) >= 1e6 else f"${amount:,.0f}"


def in_dollars(text: str) -> str:
    """Return a text with the amounts in it as `billions` has them.

    Amounts that would then look alike stay in full.

    >>> in_dollars("12,500,000 USD of 1,000,000,000 USD")
    '$12.5 million of $1.00 billion'
    >>> in_dollars("12,510,000 USD is above 12,500,000 USD")
    '$12,510,000 is above $12,500,000'
    """
    amounts = {found: float(found.replace(",", "")) for found in _USD.findall(text)}
    said = {found: billions(amount) for found, amount in amounts.items()}
    if len(set(said.values())) < len(set(amounts.values())):
        said = {found: f"${found}" for found in amounts}
    return _USD.sub(lambda found: said[found.group(1)], text)


def share(part: float, decimals: int = 0) -> str:
    """Return a share in percent; 0 and 100 are said only of none and of all.

    >>> share(0.553), share(1), share(0.999), share(0.0004), share(0), share(0.9996, 1)
    ('55 %', '100 %', '>99 %', '<1 %', '0 %', '>99.9 %')
    """
    percent, step = 100 * part, 10.0**-decimals
    shown = f"{percent:.{decimals}f}"
    ends = {0.0: f"<{step:g}", 100.0: f">{100 - step:g}" if part < 1 else ">100"}
    nearly = ends.get(float(shown))
    if nearly is not None:
        whole = round(float(shown))
        shown = str(whole) if abs(percent - whole) < _EXACT else nearly
    return minus(f"{shown} %")


def minus(text: str) -> str:
    """Return a number with the sign of minus, and with none where it is shown as 0.

    >>> minus("-2.50"), minus("-0.00"), minus("2.50")
    ('−2.50', '0.00', '2.50')
    """
    if not text.startswith("-"):
        return text
    return f"−{text[1:]}" if re.search("[1-9]", text) else text[1:]


def limit_kind(limit: str, kind: str, confidence: str) -> str:
    """Return what a limit is: law only where its source is not made up here.

    >>> limit_kind("exim.exposure", "law", "seen"), limit_kind("a.part", "law", "illustrative")
    ('law', 'rule of this study')
    >>> limit_kind("a.loan.envelope", "law", "seen"), limit_kind("a.small", "goal", "illustrative")
    ('envelope', 'goal')
    """
    if kind != "law":
        return kind
    if limit.endswith(".envelope"):
        return "envelope"
    return "rule of this study" if confidence == "illustrative" else kind


def counted(count: int, noun: str) -> str:
    """Return so many of something.

    >>> counted(1, "package"), counted(2, "package")
    ('1 package', '2 packages')
    """
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


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
