"""The log of a shared workbench: a line of JSON for what happened, on standard error.

Never in it: cookies, keys, codes, what stands behind the `?` of an address, what people send.
"""

from __future__ import annotations

import json
import logging
from typing import Any

from evaluator.record.ledger.entries import now

_LOGGER = logging.getLogger("evaluator.workbench")
_LEVELS = {"info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
_LONGEST = 4_000
"""Letters of a value; the end tells most of a traceback."""


def log(event: str, *, level: str = "info", **fields: Any) -> None:
    """Tell that something happened."""
    _LOGGER.log(_LEVELS[level], event, extra={"fields": fields})


class Lines(logging.Formatter):
    """One line of JSON for each record, whoever made it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        fields = getattr(record, "fields", {})
        told = {"at": now(), "level": record.levelname.lower(), "event": record.getMessage()}
        if record.exc_info:
            fields = {**fields, "traceback": self.formatException(record.exc_info)}
        told |= {name: _bounded(value) for name, value in fields.items()}
        return json.dumps(told, ensure_ascii=True)


def _bounded(value: Any) -> Any:
    return value[-_LONGEST:] if isinstance(value, str) else value


CONFIG: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": Lines}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "loggers": {
        "evaluator.workbench": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "uvicorn": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}
"""Of a shared workbench; one that is not shared says what goes wrong, and no more."""
