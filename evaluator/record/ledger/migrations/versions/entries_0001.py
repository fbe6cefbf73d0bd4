"""Entries in a chain, what they say of persons, and contents by their digests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from evaluator.record.ledger.migrations.guards import guard, guard_chain, guard_personal

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and what refuses changes of them."""
    op.create_table(
        "entries",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("id", sa.String(200), nullable=False, unique=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("about", sa.String(200), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_index("entries_kind", "entries", ["kind", "about", "number"])
    op.create_table(
        "personal",
        sa.Column("entry", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("field", sa.String(100), primary_key=True),
        sa.Column("salt", sa.String(64)),
        sa.Column("value", sa.Text),
    )
    op.create_table(
        "contents",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("pieces", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "pieces",
        sa.Column("sha256", sa.LargeBinary(32), primary_key=True),
        sa.Column("stored", sa.LargeBinary(32), nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )
    guard_chain()
    guard_personal()
    for table in ("entries", "contents", "pieces"):
        guard(table)
