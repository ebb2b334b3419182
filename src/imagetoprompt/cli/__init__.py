"""The command line: one module per command; `main` turns errors into exit codes.

Commands parse options, call the library and print. They do not import one another.
"""
