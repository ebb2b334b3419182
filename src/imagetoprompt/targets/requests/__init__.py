"""What the requests of all targets are made of: strengths, instructions, attachments, sizes.

None of it knows any one target: their differences are data in lexicon/.
"""
