"""`study.json`: the resolved study of a run, from which it can be evaluated again."""

from __future__ import annotations

from collections.abc import Mapping

from evaluator.model.base import Frozen
from evaluator.model.study import SourceFile, Study
from evaluator.results.format import FORMAT


class _Kept(Frozen):
    """A study on disk. What its files were, byte for byte, is in the manifest alone."""

    format: int
    study: Study


def as_json(study: Study) -> bytes:
    """Return a study as JSON, the same bytes whatever the order of the rows in its files."""
    kept = _Kept(format=FORMAT, study=study)
    return kept.model_dump_json(by_alias=True, indent=1, exclude={"study": {"sources"}}).encode()


def from_json(data: bytes, sources: Mapping[str, str]) -> Study:
    """Return the study that `as_json` wrote, with its sources: SHA-256 by path.

    Raises ValueError where it is none.
    """
    files = tuple(SourceFile(path=path, sha256=sha256) for path, sha256 in sources.items())
    return _Kept.model_validate_json(data).study.model_copy(update={"sources": files})
