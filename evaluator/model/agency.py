"""Who judges: agencies, their criteria, and the form in which they state weights."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from evaluator.model.base import Citation, Confidence, Frozen, Id, Number, Text
from evaluator.model.criterion import Criterion
from evaluator.model.frozen import FrozenMapping

Judgement = Annotated[float, Field(ge=0, allow_inf_nan=False)]

Ratio = Annotated[float, Field(ge=0.11, le=9)]
"""A judgement on Saaty's scale, 1/9 (rounded) to 9."""


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
    random_index: Literal["saaty", "alonso-lamata"] = "saaty"
    """For ahp: the table against which inconsistency is measured."""
    best_to_others: FrozenMapping[str, Number] | None = None
    """For best_worst: preference of the best over each, 1 to 9."""
    others_to_worst: FrozenMapping[str, Number] | None = None
    """For best_worst: preference of each over the worst, 1 to 9."""
    model: Literal["linear", "nonlinear"] = "linear"
    """For best_worst: which model of Rezaei."""
    groups: FrozenMapping[str, Weights] | None = None
    """Statements over the members of each group."""
    citation: Citation | None = None

    @model_validator(mode="after")
    def _has_its_form(self) -> Self:
        forms = {
            "ahp": ("pairwise",),
            "best_worst": ("best_to_others", "others_to_worst"),
        }
        needed = forms.get(self.method, ("judgements",))
        every = ("judgements", "pairwise", "best_to_others", "others_to_worst")
        given = tuple(name for name in every if getattr(self, name) is not None)
        if given != needed:
            raise ValueError(f"method '{self.method}' needs {' and '.join(needed)}, and only that")
        return self


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
