"""What a model wrote and was not used, and a line that tells one form of a project from another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("reviews") as table:
        table.add_column(sa.Column("withheld", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("withdrawn", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("brief", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("reviews") as table:
        for column in ("withheld", "withdrawn", "brief"):
            table.drop_column(column)
