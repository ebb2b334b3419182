"""What presets are made of: functions that change the pixels of a canvas.

`effect_table` lists them under the names that recipes.toml gives them.
"""
