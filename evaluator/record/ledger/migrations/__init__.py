"""How the tables of a record came to be as they are, step by step.

Alembic is loaded where a record is made, upgraded, or of another version.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory


def known() -> tuple[str, ...]:
    """Return the numbers of the migrations, the first to the last."""
    return tuple(one.revision for one in _script().walk_revisions())[::-1]


def migrate(connection: Connection, to: str = "head") -> None:
    """Bring the tables of a database to a migration, within the transaction that is open."""
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext

    steps = _script()

    def ahead(at: Any, _: Any) -> Any:
        return steps._upgrade_revs(to, at)

    with EnvironmentContext(Config(), steps, fn=ahead, destination_rev=to) as context:
        context.configure(connection=connection)
        context.run_migrations()


def _script() -> ScriptDirectory:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    home = Path(__file__).parent
    config.set_main_option("script_location", str(home).replace("%", "%%"))
    return ScriptDirectory.from_config(config)
