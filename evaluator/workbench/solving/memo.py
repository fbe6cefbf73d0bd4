"""The memo of a run on record, set where it is solved: the run is evaluated again for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evaluator.model.proceedings import Proceedings
from evaluator.record.reproduce import Kept as KeptRun
from evaluator.record.reproduce import evaluated
from evaluator.report.documents.heads import Source
from evaluator.report.documents.memo import memo
from evaluator.report.docx.document import docx
from evaluator.report.pdf.document import pdf
from evaluator.workbench.solving.keeping import Kept

Ending = Literal["pdf", "docx"]


@dataclass(frozen=True)
class MemoOf:
    """Asks for the memo of a run, with what was said of it."""

    run: KeptRun
    said: Proceedings
    ending: Ending

    def answer(self, kept: Kept) -> bytes:
        """Return the file. Raises RunError where the run evaluated again is another."""
        evaluation = evaluated(self.run)
        document = memo(evaluation, Source(self.run.name, self.run.manifest["digest"]), self.said)
        return (pdf if self.ending == "pdf" else docx)(document)
