"""Templates are compiled once, and kept where Python keeps its own compiled modules."""

from __future__ import annotations

import hashlib
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket, FileSystemBytecodeCache

_HERE = Path(__file__).parent


class Compiled(FileSystemBytecodeCache):
    """Keeps what templates compile to: compiling all takes as long as to fill half a page.

    A template that has changed is compiled anew, and all are where Jinja or what is told to it (the
    modules of this room) has changed. Nothing is kept where nothing can be written, or where
    Python is told to write no such files (PYTHONDONTWRITEBYTECODE).
    """

    def __init__(self, folder: Path = _HERE / "__pycache__") -> None:
        super().__init__(str(folder), f"%s.{sys.implementation.cache_tag}.jinja")

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Return the name of a template and all but its source that it is compiled with."""
        return f"{name.replace('/', '-')}.{_settings()}"

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template if that can be done."""
        if not sys.dont_write_bytecode:
            with suppress(OSError):
                super().dump_bytecode(bucket)


@cache
def _settings() -> str:
    told = hashlib.sha256(f"{jinja2.__version__} {sys.version}".encode())
    for module in sorted(_HERE.glob("*.py")):
        told.update(module.read_bytes())
    return told.hexdigest()[:16]
