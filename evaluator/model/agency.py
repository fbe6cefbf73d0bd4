"""Who judges: agencies, their criteria, and the form in which they state weights."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from evaluator.model.base import Citation, Confidence, Day, Frozen, Id, Number, Text
from evaluator.model.criterion import Criterion
from evaluator.model.frozen import FrozenMapping

Judgement = Annotated[float, Field(ge=0, allow_inf_nan=False)]

Ratio = Annotated[float, Field(ge=0.11, le=9)]
"""A judgement on Saaty's scale, 1/9 (rounded) to 9."""


class Respondent(Frozen):
    """One of many who judge the same criteria, in the form of the statement's method."""

    respondent: Id
    name: Text | None = None
    pairwise: FrozenMapping[str, FrozenMapping[str, Ratio]] | None = None
    """For ahp."""
    best_to_others: FrozenMapping[str, Number] | None = None
    """For best_worst."""
    others_to_worst: FrozenMapping[str, Number] | None = None
    """For best_worst."""


class Weights(Frozen):
    """The importance of criteria as one agency states it; the elicited form is kept.

    Names are criteria (`id` of one's own, `agency.id` of another's) or groups, whose members
    are weighed by a statement of their own: weights multiply down the tree.
    """

    method: Literal["points", "swing", "rank", "ahp", "best_worst"]
    """How the judgements were elicited."""
    confidence: Confidence
    judgements: FrozenMapping[str, Judgement] | None = None
    """points: shares that sum to `out_of`. swing: 100 for the greatest swing. rank: 1, 2, 3, ..."""
    out_of: Literal[1, 100] = 100
    """For points: what they sum to."""
    kind: Literal["centroid", "sum", "reciprocal"] = "centroid"
    """For rank: how ranks become weights."""
    pairwise: FrozenMapping[str, FrozenMapping[str, Ratio]] | None = None
    """For ahp: `{a: {b: 3}}` says that a is 3 times as important as b; each pair once."""
    random_index: Literal["saaty", "saaty-2005", "alonso-lamata"] = "saaty"
    """For ahp: the table against which inconsistency is measured."""
    best_to_others: FrozenMapping[str, Number] | None = None
    """For best_worst: preference of the best over each, 1 to 9."""
    others_to_worst: FrozenMapping[str, Number] | None = None
    """For best_worst: preference of each over the worst, 1 to 9."""
    model: Literal["linear", "nonlinear"] = "linear"
    """For best_worst: which model of Rezaei."""
    respondents: Annotated[tuple[Respondent, ...], Field(min_length=1)] | None = None
    """For ahp and best_worst, in place of one's own judgements: those of each of many."""
    aggregate: Literal["judgements", "priorities"] | None = None
    """Of respondents: their judgements, by the geometric mean, or the weights that follow from
    each. None: judgements for ahp, priorities for best_worst."""
    mean: Literal["geometric", "arithmetic"] = "geometric"
    """Of priorities of respondents."""
    leave_out_above: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    """Respondents whose inconsistency is over this do not count, and are named; for ahp the
    consistency ratio, for best_worst that of the judgements alone. None: all count."""
    groups: FrozenMapping[str, Weights] | None = None
    """Statements over the members of each group."""
    citation: Citation | None = None
    by: Text | None = None
    """Who stated them."""
    date: Day | None = None
    """The day on which they were stated."""

    @model_validator(mode="after")
    def _has_its_form(self) -> Self:
        needed = _FORMS.get(self.method, ("judgements",))
        given = _given(self)
        if self.respondents is not None and self.method in _FORMS:
            if given:
                raise ValueError(f"respondents stand in place of {' and '.join(given)}: keep one")
            self._check_respondents(needed)
        elif given != needed or self.respondents is not None:
            either = ", or respondents" if self.method in _FORMS else ""
            told = f"{' and '.join(needed)}{either}, and only that"
            raise ValueError(f"method '{self.method}' needs {told}")
        elif self.aggregate or self.leave_out_above is not None or self.mean != "geometric":
            raise ValueError("aggregate, mean and leave_out_above go with respondents")
        return self

    def _check_respondents(self, needed: tuple[str, ...]) -> None:
        each = self.respondents or ()
        odd = [one.respondent for one in each if _given(one) != needed]
        if odd:
            raise ValueError(
                f"of method '{self.method}' each respondent states {' and '.join(needed)}, and "
                f"only that: {', '.join(odd)}"
            )
        seen = Counter(one.respondent for one in each)
        again = [name for name, times in seen.items() if times > 1]
        if again:
            raise ValueError(f"respondents stand there more than once: {', '.join(again)}")
        if self.mean == "arithmetic" and self.aggregated == "judgements":
            raise ValueError(
                "judgements are aggregated by the geometric mean alone: leave mean out, or "
                "aggregate priorities"
            )

    @property
    def aggregated(self) -> Literal["judgements", "priorities"]:
        """What is aggregated of respondents."""
        return self.aggregate or ("judgements" if self.method == "ahp" else "priorities")


_FORMS = {"ahp": ("pairwise",), "best_worst": ("best_to_others", "others_to_worst")}


def _given(statement: Weights | Respondent) -> tuple[str, ...]:
    every = ("judgements", "pairwise", "best_to_others", "others_to_worst")
    return tuple(name for name in every if getattr(statement, name, None) is not None)


class Agency(Frozen):
    """One agency: its criteria and its weights."""

    agency: Id
    name: Text
    short: Annotated[Text, Field(max_length=30)] | None = None
    """For column heads and sentences, where the name is long."""
    role: Literal["decides", "consulted"] = "consulted"
    criteria: tuple[Criterion, ...] = ()
    weights: Weights
    note: Text | None = None
