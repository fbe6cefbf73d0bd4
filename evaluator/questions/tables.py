"""What the tables of the questions hold; each room registers its own with the results."""

from evaluator.questions.dated import tables as dated  # noqa: F401
from evaluator.questions.funding import tables as funding  # noqa: F401
from evaluator.questions.versions import tables as versions  # noqa: F401
from evaluator.questions.weighing import tables as weighing  # noqa: F401
