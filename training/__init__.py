"""Train the linear classifiers ("heads") and the small networks: `make train DATA=folder`.

    data ──▶ augmentation ──▶ feature_cache ──▶ fitting ──▶ weights/*.npz and docs/heads.md

Nothing here is needed to run ImageToPrompt.
"""
