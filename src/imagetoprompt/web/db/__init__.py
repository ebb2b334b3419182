"""Storage: pictures, jobs, quota, API keys and secrets in SQL, and files in a folder or a bucket.

Any number of processes on any number of machines may share it: the database makes sure that what
must be counted or claimed once is. A row is written before its files, so that every file has a row
by which it expires.
"""
