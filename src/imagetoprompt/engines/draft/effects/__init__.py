"""Effects that presets combine: functions of a canvas and options that return new pixels.

`effect_table` lists them by the names that recipes.toml uses.
"""
