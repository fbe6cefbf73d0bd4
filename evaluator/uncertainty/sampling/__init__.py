"""Seeded draws of weights, influence and values, from what is known of them."""

from evaluator.uncertainty.sampling.performances import (
    Cell,
    Incomplete,
    Panel,
    Performances,
    Range,
    drawn_block,
    performances,
    sample_values,
    value_block,
    values_drawn,
)
from evaluator.uncertainty.sampling.streams import BLOCK, stream
from evaluator.uncertainty.sampling.weighting import (
    AgencyWeights,
    OwnWeights,
    Weighting,
    WeightingBlock,
    weighting_block,
)
from evaluator.uncertainty.sampling.weights import (
    Bounded,
    Fixed,
    Ordered,
    Stated,
    Unknown,
    WeightInformation,
    criteria_of,
    distribution,
    sample_weights,
    weight_block,
)

__all__ = [
    "BLOCK",
    "AgencyWeights",
    "Bounded",
    "Cell",
    "Fixed",
    "Incomplete",
    "Ordered",
    "OwnWeights",
    "Panel",
    "Performances",
    "Range",
    "Stated",
    "Unknown",
    "WeightInformation",
    "Weighting",
    "WeightingBlock",
    "criteria_of",
    "distribution",
    "drawn_block",
    "performances",
    "sample_values",
    "sample_weights",
    "stream",
    "value_block",
    "values_drawn",
    "weight_block",
    "weighting_block",
]
