"""What the questions find, in words; a file for each room of questions."""

from evaluator.report.messages.questions import (
    common,  # noqa: F401
    coordination,  # noqa: F401
    dated,  # noqa: F401
    funding,  # noqa: F401
    overrides,  # noqa: F401
    rolling_review,  # noqa: F401
    versions,  # noqa: F401
    weighing,  # noqa: F401
)
