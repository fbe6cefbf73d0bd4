"""Typst sets a template with data: tagged for screen readers, the same bytes each time."""

from __future__ import annotations

import datetime as dt
import json
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluator.errors import UsageError
from evaluator.report.formatting.fonts import fonts_for
from evaluator.report.formatting.palette import FILLS, LIGHT

if TYPE_CHECKING:
    from typst import Fonts


def typeset(template: str, data: Any, day: dt.date, *, what: str, extra: str) -> bytes:
    """Return a template of this room, set with data, as a PDF of a day.

    Typst asks the network for nothing: templates import no package, the fonts are those that
    Typst and Matplotlib carry, and those of the system for letters that these lack. Every text is
    handed over as data and stands as it is written. Colours are those of the palette, by name.
    what: the file, and extra: what to install, where Typst is not there, which is a UsageError.
    """
    try:
        import typst
    except ImportError:
        raise UsageError(
            f"{what} is set by Typst, which is not installed. "
            f"Install the same wheel again with its extra [{extra}]; `evaluator docs install` says "
            "how."
        ) from None
    told = json.dumps(data, ensure_ascii=False)
    return typst.compile(
        (files("evaluator.report.pdf") / template).read_bytes(),
        format="pdf",
        font_paths=_fonts(system=bool(fonts_for([told]).families)),
        sys_inputs={"data": told, "palette": json.dumps({**LIGHT, "fills": FILLS})},
        pdf_standards=["ua-1"],
        timestamp=int(dt.datetime.combine(day, dt.time(), dt.UTC).timestamp()),
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
