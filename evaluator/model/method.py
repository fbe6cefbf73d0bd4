"""How values and weights become one score."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from evaluator.model.base import Frozen, Points, Share

Name = Literal[
    "weighted_sum", "weighted_product", "waspas", "topsis", "vikor", "promethee", "electre_tri"
]
Threshold = Annotated[float, Field(ge=0, allow_inf_nan=False)]
_TAKES: dict[str, frozenset[str]] = {
    "weighted_sum": frozenset({"normalization"}),
    "weighted_product": frozenset({"normalization"}),
    "waspas": frozenset({"normalization", "balance"}),
    "topsis": frozenset({"normalization"}),
    "vikor": frozenset({"normalization", "v"}),
    "promethee": frozenset({"preference", "q", "p", "s"}),
    "electre_tri": frozenset({"profiles", "q", "p", "v", "cut"}),
}


class Method(Frozen):
    """The aggregation that ranks; its parameters are in points of value, 0..100."""

    name: Name = "weighted_sum"
    normalization: Literal["none", "max", "minmax", "sum", "vector"] | None = None
    """Of the values, before they are weighed; each method has its own default."""
    balance: Share | None = None
    """waspas: share of the weighted sum, the rest is the weighted product."""
    v: Threshold | None = None
    """vikor: weight of group utility. electre_tri: veto threshold."""
    preference: Literal["usual", "u_shape", "v_shape", "level", "linear", "gaussian"] | None = None
    """promethee: the preference function of every criterion."""
    q: Threshold | None = None
    """Indifference threshold."""
    p: Threshold | None = None
    """Preference threshold."""
    s: Threshold | None = None
    """Gaussian threshold."""
    profiles: Annotated[tuple[Points, ...], Field(min_length=1)] | None = None
    """electre_tri: the values that part one class from the next on each criterion, worst first."""
    cut: Share | None = None
    """electre_tri: the credibility from which one outranks another."""

    @model_validator(mode="after")
    def _takes(self) -> Self:
        odd = sorted(self.parameters.keys() - _TAKES[self.name])
        if odd:
            takes = ", ".join(sorted(_TAKES[self.name]))
            raise ValueError(f"{self.name} takes {takes}, not {', '.join(odd)}")
        if self.name == "electre_tri" and self.profiles is None:
            raise ValueError("electre_tri needs profiles")
        return self

    @property
    def parameters(self) -> dict[str, object]:
        """Return the parameters that are stated."""
        return self.model_dump(exclude_none=True, exclude={"name"})
