"""What the database itself refuses: to alter the history, or what has been decided."""

from alembic import op

revision = "0002_guards"
down_revision = "0001_tables"
branch_labels = None
depends_on = None

_DECIDED = "OLD.stage = 'decided'"
#: The situation picture that evidence is taken out of, put into, or moved between.
_EVIDENCE = "EXISTS (SELECT 1 FROM situation s WHERE s.id IN ({}) AND s.stage = 'decided')"
_OUT, _IN = "OLD.situation_id", "NEW.situation_id"
#: Table, what may not be done with its rows, when, and what is answered.
_GUARDS = (
    ("history", "UPDATE", "", "history is not altered"),
    ("history", "DELETE", "", "history is not altered"),
    ("situation", "UPDATE", _DECIDED, "a decided situation picture is not altered"),
    ("situation", "DELETE", _DECIDED, "a decided situation picture is not altered"),
    ("plan", "UPDATE", _DECIDED, "a decided plan is not altered"),
    ("plan", "DELETE", _DECIDED, "a decided plan is not altered"),
    ("evidence", "INSERT", _EVIDENCE.format(_IN), "evidence of a decided situation picture is not altered"),
    (
        "evidence",
        "UPDATE",
        _EVIDENCE.format(f"{_OUT}, {_IN}"),
        "evidence of a decided situation picture is not altered",
    ),
    ("evidence", "DELETE", _EVIDENCE.format(_OUT), "evidence of a decided situation picture is not altered"),
)


def upgrade() -> None:
    """Change the schema."""
    make = _in_sqlite if op.get_bind().dialect.name == "sqlite" else _in_postgresql
    for guard in _GUARDS:
        make(*guard)
    if make is _in_postgresql:
        op.execute("CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON history EXECUTE FUNCTION guard_history_update()")


def _in_sqlite(table: str, change: str, when: str, answer: str) -> None:
    condition = f"WHEN {when} " if when else ""
    op.execute(
        f"CREATE TRIGGER guard_{table}_{change.lower()} BEFORE {change} ON {table} {condition}"
        f"BEGIN SELECT RAISE(ABORT, '{answer}'); END"
    )


def _in_postgresql(table: str, change: str, when: str, answer: str) -> None:
    name = f"guard_{table}_{change.lower()}"
    refuse = f"RAISE EXCEPTION '{answer}';"
    body = f"IF {when} THEN {refuse} END IF; RETURN {'OLD' if change == 'DELETE' else 'NEW'};" if when else refuse
    op.execute(f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$")
    rows = "ROW" if when else "STATEMENT"
    op.execute(f"CREATE TRIGGER {name} BEFORE {change} ON {table} FOR EACH {rows} EXECUTE FUNCTION {name}()")
