"""The steps from an empty database to the tables of this release, for Alembic.

A new step is a new file in `versions`; those that were released are never changed.
"""
