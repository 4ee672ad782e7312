"""How alembic runs the migrations: on the connection `assistant.decide.decisions` gives it, else on the database of the settings."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, create_engine

from assistant.decide.decisions import Base


def run(connection: Connection) -> None:
    # SQLite cannot alter a column in place: alembic makes the table anew.
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    from assistant.settings.settings import load_settings

    with create_engine(load_settings().database_url).begin() as opened:
        run(opened)
