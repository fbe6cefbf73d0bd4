"""What each run makes of each package, so that the history of one is read at once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from evaluator.record.ledger.migrations.guards import guard
from evaluator.record.ledger.standings import fill

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, and fill it from the tables of the runs on record."""
    op.create_table(
        "standings",
        sa.Column("package", sa.String(200), primary_key=True),
        sa.Column("run", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("rank", sa.Integer),
        sa.Column("priority", sa.String(10), nullable=False),
        sa.Column("tier", sa.String(40), nullable=False),
        sa.Column("amount_usd", sa.BigInteger),
        sqlite_with_rowid=False,
    )
    fill(op.get_bind())
    guard("standings")
