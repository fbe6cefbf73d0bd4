"""What the database itself refuses: a row that is changed, removed, or not the next link."""

from __future__ import annotations

from alembic import op

from evaluator.record.ledger.schema import START

_CHAIN = """
    NEW.number <> coalesce((SELECT max(number) FROM entries), 0) + 1
    OR NEW.previous <> coalesce((SELECT hash FROM entries ORDER BY number DESC LIMIT 1), '{start}')
"""


def guard(table: str) -> None:
    """Refuse that a row of a table is changed or removed."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} are append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_stand() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{table} are append-only' "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_stand BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_stand()"
    )
    _no_truncate(table, f"{table}_stand")
    _revoke(table, "UPDATE, DELETE, TRUNCATE")


def guard_chain() -> None:
    """Refuse an entry that does not follow the last one."""
    chain = _CHAIN.format(start=START)
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER entries_follow BEFORE INSERT ON entries WHEN {chain} "
            "BEGIN SELECT RAISE(ABORT, 'an entry follows the last one'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION entries_follow() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN IF {chain} THEN RAISE EXCEPTION 'an entry follows the last one' "
        "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER entries_follow BEFORE INSERT ON entries "
        "FOR EACH ROW EXECUTE FUNCTION entries_follow()"
    )


def guard_personal() -> None:
    """Refuse any change of what is said of persons but that it is redacted."""
    other = (
        "NEW.entry <> OLD.entry OR NEW.field <> OLD.field "
        "OR NEW.salt IS NOT NULL OR NEW.value IS NOT NULL"
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER personal_redacted BEFORE UPDATE ON personal WHEN {other} "
            "BEGIN SELECT RAISE(ABORT, 'personal fields are redacted, never changed'); END"
        )
        op.execute(
            "CREATE TRIGGER personal_no_delete BEFORE DELETE ON personal "
            "BEGIN SELECT RAISE(ABORT, 'personal fields are redacted, never removed'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION personal_stand() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP <> 'UPDATE' OR {other} THEN "
        "RAISE EXCEPTION 'personal fields are redacted, never changed' "
        "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER personal_stand BEFORE UPDATE OR DELETE ON personal "
        "FOR EACH ROW EXECUTE FUNCTION personal_stand()"
    )
    _no_truncate("personal", "personal_stand")
    _revoke("personal", "DELETE, TRUNCATE")


def _no_truncate(table: str, function: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
    )


def _revoke(table: str, rights: str) -> None:
    for role in ("PUBLIC", "CURRENT_USER"):
        op.execute(f"REVOKE {rights} ON {table} FROM {role}")
