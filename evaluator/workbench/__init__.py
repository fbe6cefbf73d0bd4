"""The workbench: a scenario that people write together, served to their browsers.

It keeps nothing: what people do are entries of the record, and all it shows follows from them.
"""

from evaluator.errors import UsageError

try:
    import sqlalchemy  # noqa: F401
    import starlette  # noqa: F401
    import uvicorn  # noqa: F401
except ImportError:
    raise UsageError(
        "the workbench needs Starlette, uvicorn and SQLAlchemy. Install the engine with its extra "
        "'workbench'."
    ) from None
