"""Pages and figures of an evaluation. Reads an Evaluation, computes nothing but sums."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from evaluator.model.results import Evaluation

__all__ = ["prepare", "render"]


def __getattr__(name: str) -> Any:
    # Matplotlib and Jinja take a third of a second to import; `--help` must not pay for them.
    if name == "figures":
        return import_module("evaluator.report.figures")
    raise AttributeError(f"module 'evaluator.report' has no attribute '{name}'")


def prepare() -> None:
    """Load what `render` needs, before there is anything to render."""
    with _undocumented():
        import_module("evaluator.report.figures")
    import_module("evaluator.report.html.page").compile_templates()


@contextmanager
def _undocumented() -> Iterator[None]:
    """Keep Matplotlib from writing the documentation of each class that it makes.

    That takes a third of its import, and a run reads none of it.
    """
    artist: Any = import_module("matplotlib.artist")
    kwdoc, artist.kwdoc = artist.kwdoc, lambda artist: ""
    try:
        yield
    finally:
        artist.kwdoc = kwdoc


def render(evaluation: Evaluation) -> dict[str, bytes]:
    """Return the files of a report by name: `report.html`, figures as SVG, and `brief.pdf`.

    A run of full extent has more figures, and each as PNG too. The brief needs the extra `pdf`.
    """
    from evaluator.report.figures import every_figure
    from evaluator.report.html.page import page
    from evaluator.report.pdf.brief import brief

    drawn = every_figure(evaluation)
    files = {f"figures/{figure.name}.svg": figure.svg for figure in drawn}
    if evaluation.study.scenario.extent == "full":
        files |= {f"figures/{figure.name}.png": figure.png for figure in drawn}
    if find_spec("typst") is not None:
        files["brief.pdf"] = brief(evaluation)
    return {"report.html": page(evaluation, drawn), **files}
