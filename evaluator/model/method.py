"""How values and weights become one score."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from evaluator.model.base import Frozen, Points, Share

Name = Literal[
    "weighted_sum", "weighted_product", "waspas", "topsis", "vikor", "promethee", "electre_tri"
]
Threshold = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class About(NamedTuple):
    """What a method is called, and which parameters it takes."""

    label: str
    takes: frozenset[str]


ABOUT: Mapping[str, About] = {
    "weighted_sum": About("weighted sum", frozenset({"normalization"})),
    "weighted_product": About("weighted product", frozenset({"normalization"})),
    "waspas": About("WASPAS", frozenset({"normalization", "balance"})),
    "topsis": About("TOPSIS", frozenset({"normalization"})),
    "vikor": About("VIKOR", frozenset({"normalization", "v"})),
    "promethee": About("PROMETHEE", frozenset({"preference", "q", "p", "s"})),
    "electre_tri": About("ELECTRE TRI", frozenset({"profiles", "q", "p", "v", "cut"})),
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
        takes = ABOUT[self.name].takes
        odd = sorted(self.parameters.keys() - takes)
        if odd:
            known = ", ".join(sorted(takes))
            raise ValueError(f"{self.name} takes {known}, not {', '.join(odd)}")
        if self.name == "electre_tri" and self.profiles is None:
            raise ValueError("electre_tri needs profiles")
        return self

    @property
    def parameters(self) -> dict[str, object]:
        """Return the parameters that are stated."""
        return self.model_dump(exclude_none=True, exclude={"name"})
