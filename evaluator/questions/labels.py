"""What a question over several studies calls each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from evaluator.model.study import Study


def labels(studies: Sequence[Study]) -> list[str]:
    """Return the name of each study's scenario, or of its run where two have one scenario."""
    count = Counter(study.scenario.scenario for study in studies)
    return [
        study.run_name if count[study.scenario.scenario] > 1 else study.scenario.scenario
        for study in studies
    ]
