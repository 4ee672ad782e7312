"""Reviews with their sources, corrections of cells, decisions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _person() -> tuple[sa.Column, ...]:
    """When and who; columns belong to one table, so each table gets its own."""
    return (
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
    )


def upgrade() -> None:
    op.create_table(
        "sources",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
    )
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("run", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("form_key", sa.String(64), nullable=False),
        sa.Column("source_sha256", sa.String(64), sa.ForeignKey("sources.sha256"), nullable=False),
        sa.Column("source_name", sa.Text(), nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        *_person(),
        sa.Column("program", sa.String(40), nullable=False),
        sa.Column("prompts", sa.JSON(), nullable=False),
        sa.Column("policies", sa.String(64), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("suggestions", sa.JSON(), nullable=False),
    )
    op.create_index("reviews_run", "reviews", ["run", "number"])
    op.create_index("reviews_user", "reviews", ["user", "at"])
    op.create_index("ix_reviews_form_key", "reviews", ["form_key"])
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("run", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        *_person(),
    )
    op.create_index("ix_corrections_run", "corrections", ["run"])
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("form_key", sa.String(64), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("run", sa.String(32), nullable=False),
        sa.Column("rule", sa.String(8), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("action", sa.String(8), nullable=False),
        sa.Column("undoes", sa.Integer(), sa.ForeignKey("decisions.id"), nullable=True),
        sa.Column("draft_comment", sa.Text(), nullable=False),
        sa.Column("draft_rewrite", sa.Text(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("rewrite", sa.Text(), nullable=True),
        sa.Column("made_by", sa.String(80), nullable=False),
        *_person(),
    )
    op.create_index("decisions_remark", "decisions", ["form_key", "remark"])


def downgrade() -> None:
    for table in ("decisions", "corrections", "reviews", "sources"):
        op.drop_table(table)
