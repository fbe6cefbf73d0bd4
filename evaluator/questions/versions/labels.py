"""What a question over several studies calls each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from evaluator.model.study import Study


def labels(studies: Sequence[Study], runs: Sequence[str] = ()) -> list[str]:
    """Return the name of each study's scenario, or of its run where two have one scenario.

    runs: what the run of each is called, empty where it is none. A run that was given a name of its
    own goes by it.
    """
    named = runs or [""] * len(studies)
    scenarios = Counter(study.scenario.scenario for study in studies)
    given = Counter(named)

    def label(study: Study, run: str) -> str:
        own = run if given[run] == 1 and run != study.run_name else ""
        shared = scenarios[study.scenario.scenario] > 1
        return own or (study.run_name if shared else study.scenario.scenario)

    return [label(study, run) for study, run in zip(studies, named, strict=True)]
