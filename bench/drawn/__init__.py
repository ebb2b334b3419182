"""Pictures drawn with known truth: flat palettes, layouts, symmetry and text.

Even seeds are for tuning and odd seeds for reporting, as in bench/scenes. Nothing here knows how
ImageToPrompt looks at a picture.
"""
