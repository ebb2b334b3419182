"""Fit the linear models of blur, horizon and camera angle: `python -m training.geometry DATA`.

    photographs ──textures──▶ composed scenes ──▶ features ──softmax──▶ analysis/linear_models.toml
    scenes of bench/, even seeds ───────────────────▲

Scenes are composed in numpy with a known camera and lens; photographs give them textures, and are
blurred with known motion. Every third seed is for validation, the others are fitted on.
"""
