"""Each decision and correction names the row it follows, and the click it came from: two windows never overwrite each other."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

SAME = {"decisions": ["form_key", "remark"], "corrections": ["run", "number", "path"]}
"""What rows are of the same remark, and of the same cell."""


def upgrade() -> None:
    for name, same in SAME.items():
        op.add_column(name, sa.Column("seen", sa.Integer(), nullable=False, server_default="0"))
        op.add_column(name, sa.Column("event", sa.String(64)))
        table = sa.table(name, *map(sa.column, ("id", "seen", *same)))
        before = sa.func.lag(table.c.id).over(partition_by=[table.c[one] for one in same], order_by=table.c.id)
        former = sa.select(table.c.id, before.label("before")).subquery()
        followed = sa.select(sa.func.coalesce(former.c.before, 0)).where(former.c.id == table.c.id)
        op.execute(table.update().values(seen=followed.scalar_subquery()))
        op.create_index(f"{name}_follow", name, [*same, "seen"], unique=True)
        op.create_index(f"{name}_event", name, ["event"], unique=True)
    op.drop_index("decisions_remark", "decisions")


def downgrade() -> None:
    op.create_index("decisions_remark", "decisions", ["form_key", "remark"])
    for name in SAME:
        op.drop_index(f"{name}_event", name)
        op.drop_index(f"{name}_follow", name)
        for column in ("event", "seen"):
            op.drop_column(name, column)
