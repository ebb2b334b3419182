"""What a job was paid from, so that one that fails can be given back."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "receipts",
        sa.Column("job", sa.Text, primary_key=True),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("whos", sa.JSON, nullable=False),
    )
