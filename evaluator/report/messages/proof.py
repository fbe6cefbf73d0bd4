"""What is wrong with a record, in words."""

from __future__ import annotations

from evaluator.report.formatting.names import Names
from evaluator.report.messages import message
from evaluator.results import proof

_SHOWN = 12
"""Letters of a digest."""
_FAULTS = {"missing": "is missing", "altered": "was altered after it was entered"}
_SEALS = {
    "altered": "or its seal was altered: it is not, byte for byte, what was sealed",
    "no seal": "is no seal: it was altered",
    "unreadable": "cannot be read: whether the record is what was sealed is not known",
}


@message(proof.EntryMissing)
def _missing(finding: proof.EntryMissing, names: Names) -> str:
    if finding.number == finding.last:
        return f"entry {finding.number:,} is missing"
    return f"entries {finding.number:,} to {finding.last:,} are missing"


@message(proof.EntryAltered)
def _altered(finding: proof.EntryAltered, names: Names) -> str:
    return f"entry {finding.number:,} was altered: it is not what its hash says"


@message(proof.EntrySwapped)
def _swapped(finding: proof.EntrySwapped, names: Names) -> str:
    return f"entry {finding.own:,} stands in the place of entry {finding.number:,}"


@message(proof.LinkBroken)
def _link(finding: proof.LinkBroken, names: Names) -> str:
    before = finding.number - 1
    return (
        f"entry {finding.number:,} does not follow entry {before:,}: one of them was made anew"
        if before
        else "entry 1 does not begin the chain: it was made anew"
    )


@message(proof.PersonalAltered)
def _personal(finding: proof.PersonalAltered, names: Names) -> str:
    return f"'{finding.field}' of entry {finding.number:,} was altered"


@message(proof.PersonalMissing)
def _personal_missing(finding: proof.PersonalMissing, names: Names) -> str:
    return f"'{finding.field}' of entry {finding.number:,} is gone, and no entry redacts it"


@message(proof.RowUnknown)
def _unknown(finding: proof.RowUnknown, names: Names) -> str:
    return f"{finding.table} has a row that no entry asks for: {finding.row}"


@message(proof.ContentAltered)
def _content(finding: proof.ContentAltered, names: Names) -> str:
    return f"the content {finding.sha256[:_SHOWN]} that is kept on record was altered"


@message(proof.ContentMissing)
def _content_missing(finding: proof.ContentMissing, names: Names) -> str:
    return f"{finding.file} of the run of entry {finding.number:,} is not on record"


@message(proof.StandingsAltered)
def _standings(finding: proof.StandingsAltered, names: Names) -> str:
    whose = f"run {finding.run}, entry {finding.number:,},"
    return f"ranks or amounts of {whose} were altered: its tables say otherwise"


@message(proof.RunFileFault)
def _file(finding: proof.RunFileFault, names: Names) -> str:
    fault = _FAULTS[finding.fault]
    return f"{finding.file} of run {finding.run}, entry {finding.number:,}, {fault}"


@message(proof.RunReplaced)
def _replaced(finding: proof.RunReplaced, names: Names) -> str:
    where = f"the folder of run {finding.run}, entry {finding.number:,},"
    return f"{where} holds another run, which is not on record"


@message(proof.GuardMissing)
def _guard(finding: proof.GuardMissing, names: Names) -> str:
    return f"'{finding.name}' of the database is not as the record was made: it guards no longer"


@message(proof.DatabaseDamaged)
def _damaged(finding: proof.DatabaseDamaged, names: Names) -> str:
    return f"the database is damaged: {finding.reason}"


@message(proof.SealBroken)
def _seal(finding: proof.SealBroken, names: Names) -> str:
    return f"{finding.file} {_SEALS[finding.fault]}"


@message(proof.CheckpointUnmet)
def _unmet(finding: proof.CheckpointUnmet, names: Names) -> str:
    if finding.there < finding.number:
        held = f"the record ends at entry {finding.there:,}"
        return f"{held}, and an outside checkpoint was made at entry {finding.number:,}"
    return f"entry {finding.number:,} or one before is not what an outside checkpoint saw"


@message(proof.CheckpointForged)
def _forged(finding: proof.CheckpointForged, names: Names) -> str:
    return f"the signature of the checkpoint at entry {finding.number:,} does not hold"
