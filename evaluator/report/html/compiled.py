"""Templates that were compiled before, kept where Python keeps its own modules compiled."""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path

from jinja2 import Environment
from jinja2.bccache import Bucket, FileSystemBytecodeCache


class Compiled(FileSystemBytecodeCache):
    """Keeps compiled templates in the `__pycache__` of a module, by Python's rules for it.

    Nothing is written where Python writes no byte code, or where it cannot be written; whoever may
    write there may change the program as well. A template is compiled anew where it, what makes
    its source ready, or the module has changed.
    """

    def __init__(self, module: str) -> None:
        """module: path of the file that says how its templates are compiled."""
        super().__init__(str(Path(cache_from_source(module)).parent))
        self._settings = Path(module).read_text(encoding="utf-8")

    def get_bucket(
        self, environment: Environment, name: str, filename: str | None, source: str
    ) -> Bucket:
        """Return what is kept of a template as it is compiled: after its extensions, so set."""
        ready = environment.preprocess(source, name, filename)
        return super().get_bucket(environment, name, filename, f"{ready}{self._settings}")

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template; one that cannot be kept is compiled the next time."""
        if not sys.dont_write_bytecode:
            with suppress(OSError):
                super().dump_bytecode(bucket)
