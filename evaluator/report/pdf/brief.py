"""`brief.pdf`: two to four pages for leadership, tagged for screen readers (PDF/UA-1)."""

from __future__ import annotations

import datetime as dt
import json
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from evaluator.errors import UsageError
from evaluator.report.formatting.fonts import fonts_for
from evaluator.report.pdf.content import content
from evaluator.results.evaluation import Evaluation

if TYPE_CHECKING:
    from typst import Fonts


def brief(evaluation: Evaluation) -> bytes:
    """Return the brief as a tagged PDF; the same evaluation gives the same bytes.

    Typst asks the network for nothing: the template imports no package, the fonts are those that
    Typst and Matplotlib carry, and those of the system for letters that these lack. Every text is
    handed over as data and stands as it is written.
    Raises UsageError where Typst is not installed.
    """
    try:
        import typst
    except ImportError:
        raise UsageError(
            "brief.pdf is set by Typst, which is not installed. "
            "Install the same wheel again with its extra [pdf]; `evaluator docs install` says how."
        ) from None
    template = (files("evaluator.report.pdf") / "brief.typ").read_bytes()
    day = dt.datetime.combine(evaluation.study.as_of, dt.time(), dt.UTC)
    data = json.dumps(content(evaluation), ensure_ascii=False)
    return typst.compile(
        template,
        format="pdf",
        font_paths=_fonts(system=bool(fonts_for([data]).families)),
        sys_inputs={"data": data},
        pdf_standards=["ua-1"],
        timestamp=int(day.timestamp()),
    )


def _fonts(*, system: bool) -> Fonts:
    """Return fonts that are the same everywhere; the last resort has a glyph for any character.

    system: whether those of the system are needed as well.
    """
    from typst import Fonts

    # found, not imported: that takes as long as to set the brief
    found = find_spec("matplotlib")
    assert found is not None  # noqa: S101  it is required
    assert found.origin is not None  # noqa: S101  and no namespace
    bundled = Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"
    return Fonts(include_system_fonts=system, font_paths=[bundled])
