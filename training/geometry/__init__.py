"""How the meters of space are fitted: `python -m training.geometry DATA`.

    photographs ──surfaces──▶ places ──▶ features ──softmax──▶ analysis/linear_models.toml
    scenes of bench/, even seeds ─────────────▲

Pictures of places are composed in numpy with known camera and lens; photographs lend them
textures and are smeared with known motion. Every third seed chooses, the others fit.
"""
