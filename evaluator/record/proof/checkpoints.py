"""Checkpoints: a line to be kept elsewhere that proves that nothing before it was changed."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from evaluator.errors import UsageError
from evaluator.record.ledger.database import Ledger
from evaluator.record.ledger.enter import user
from evaluator.record.ledger.entries import Draft
from evaluator.record.ledger.writing import add, head
from evaluator.sanitize import shortened

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_MARK = "evaluator-checkpoint-1"
_LINE = re.compile(
    rf"({_MARK} (\d{{1,15}}) ([0-9a-f]{{64}}) ([0-9T:.Z-]{{20,40}}))"
    r"(?: ed25519 ([0-9a-f]{64}) ([0-9a-f]{128}))?"
)
_MOST = 1 << 20
"""Bytes of a file of checkpoints or of a key."""


@dataclass(frozen=True)
class Checkpoint:
    """What was seen of a record at a time."""

    number: int
    """Of the last entry."""
    hash: str
    at: str
    key: str = ""
    """The public key that signed it; empty where none did."""
    signature: str = ""

    @property
    def said(self) -> str:
        """What is signed."""
        return f"{_MARK} {self.number} {self.hash} {self.at}"

    @property
    def line(self) -> str:
        """The line that is to be kept elsewhere."""
        return f"{self.said} ed25519 {self.key} {self.signature}" if self.key else self.said


def checkpoint(ledger: Ledger, *, key: Path | None = None, by: str = "") -> Checkpoint:
    """Enter a checkpoint and return it: it stands for the entry itself and all before it.

    key: a file with an Ed25519 private key in PEM, without a passphrase. Raises UsageError where it
    holds none, RecordError where the record cannot be written.
    """
    signer = _private(key) if key is not None else None
    with ledger.writing() as connection:
        number, seen = head(connection)
        if not number:
            raise UsageError(f"{ledger.place} has no entry yet: there is nothing to prove.")
        draft = Draft(
            f"checkpoint.{uuid.uuid4().hex}",
            "checkpoint",
            {"number": number, "hash": seen},
            personal={"by": by or user()},
        )
        (made,) = add(connection, [draft])
    ledger.seal()
    bare = Checkpoint(made.number, made.hash, made.at)
    if signer is None:
        return bare
    public = signer.public_key().public_bytes_raw().hex()
    return Checkpoint(
        made.number, made.hash, made.at, public, signer.sign(bare.said.encode()).hex()
    )


def checkpoints_of(told: Iterable[str]) -> list[Checkpoint]:
    """Return the checkpoints of lines, or of files that hold them.

    Raises UsageError where one is neither.
    """
    found: list[Checkpoint] = []
    for text in told:
        lines = [text]
        if not _LINE.fullmatch(text.strip()):
            lines = [line for line in _text(Path(text)).splitlines() if line.strip()]
        found += [_parsed(line, text) for line in lines]
    return found


def _parsed(line: str, where: str) -> Checkpoint:
    matched = _LINE.fullmatch(line.strip())
    if matched is None:
        fact = f"'{shortened(line.strip())}' is no line of a checkpoint"
        raise UsageError(
            f"{fact}, in {shortened(where)}. 'evaluator record checkpoint' prints one."
        )
    _, number, seen, at, key, signature = matched.groups()
    return Checkpoint(int(number), seen, at, key or "", signature or "")


def holds(one: Checkpoint, key: Ed25519PublicKey | None) -> bool:
    """Whether a checkpoint was signed by a key; without a key, whether what is signed holds."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    if not one.key:
        return key is None
    if key is not None and key.public_bytes_raw().hex() != one.key:
        return False
    try:
        signer = Ed25519PublicKey.from_public_bytes(bytes.fromhex(one.key))
        signer.verify(bytes.fromhex(one.signature), one.said.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def public_key(file: Path) -> Ed25519PublicKey:
    """Return the Ed25519 public key of a file in PEM; UsageError where it holds none."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        found = load_pem_public_key(_text(file).encode())
    except (ValueError, UnsupportedAlgorithm):
        found = None
    if not isinstance(found, Ed25519PublicKey):
        raise UsageError(
            f"{file} holds no Ed25519 public key in PEM. "
            "'openssl pkey -in private.pem -pubout' writes the one of a private key."
        )
    return found


def _private(file: Path):  # type: ignore[no-untyped-def]
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        found = load_pem_private_key(_text(file).encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        found = None
    if not isinstance(found, Ed25519PrivateKey):
        raise UsageError(
            f"{file} holds no Ed25519 private key in PEM without a passphrase. "
            "'openssl genpkey -algorithm ed25519' makes one."
        )
    return found


def _text(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return opened.read(_MOST).decode()
    except OSError as error:
        raise UsageError(f"{shortened(str(file))} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise UsageError(f"{shortened(str(file))} is no text in UTF-8.") from None
