"""Scenes with known truth: a seed becomes a plan, a plan becomes a picture and its truth.

    seed ──plan──▶ SceneSpec ──render──▶ linear light ──develop──▶ picture
                       └───────────────truth───────────────────▶ one JSON line

Even seeds are for tuning and odd seeds for reporting; some shapes and textures occur only under
odd seeds.
"""
