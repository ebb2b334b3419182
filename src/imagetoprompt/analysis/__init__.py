"""The meters of space: lines, horizon, blur, smear, layout, and what the picture is about.

Each module answers one question of a Picture. None of them knows words or prompts.
"""
