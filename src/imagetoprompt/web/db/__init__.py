"""What the server remembers: pictures, jobs, uses, keys and secrets in SQL, and their files.

Any number of processes on any number of machines may share it: whatever must be counted or taken
once is so by the database. A row is made first and its files after, so that no file is without the
row that lets it expire.
"""
