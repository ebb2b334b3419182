"""How the meters of space are fitted: `python -m training.geometry DATA`.

    photographs ──surfaces──▶ places ──▶ meters' features ──softmax──▶ lexicon/meters.toml
    (and bench/scenes, even seeds) ─────▶ blur of cells ────learning──▶ weights/focus.npz

Pictures of places are composed in numpy with known camera and lens; photographs lend them
textures and are smeared with known motion. Every third seed chooses, the others fit.
"""
