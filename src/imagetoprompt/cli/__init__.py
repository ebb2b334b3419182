"""Commands of the command line, one file each, beside those that describe.

None knows another. They parse, call the library and print; cli.py turns errors into exit codes.
"""
