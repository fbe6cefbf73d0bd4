"""Pages and figures of an evaluation. Reads an Evaluation, computes nothing."""

from evaluator.model.results import Evaluation


def render(evaluation: Evaluation) -> dict[str, bytes]:
    """Return the files of a report by name."""
    return {}
