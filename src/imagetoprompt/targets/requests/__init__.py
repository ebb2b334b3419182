"""What the requests of all targets are made of: dials, instructions, files, frames.

None of it knows any one target: their differences are data in lexicon/.
"""
