"""Alembic's environment: runs the migrations on the connection that `Database` hands over.

A new migration is a new file in `versions`; released ones are never changed.
"""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    # SQLite cannot alter a column: Alembic then copies the table.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
