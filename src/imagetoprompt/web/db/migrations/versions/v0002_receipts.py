"""Which identities paid for a job, so that a failed job can be refunded."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "receipts",
        sa.Column("job", sa.Text, primary_key=True),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("whos", sa.JSON, nullable=False),
    )
