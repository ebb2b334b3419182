"""How the small heads are trained: `make train DATA=folder`.

    data ──▶ variants ──▶ vectors ──▶ fit ──▶ calibrate ──▶ weights/*.npz and docs/heads.md

Nothing here is needed to run ImageToPrompt.
"""
