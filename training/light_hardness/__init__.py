"""Pairs of scenes that differ in nothing but how wide their lamp is, and the network that tells.

`python -m training.light_hardness` renders the pairs, trains a network for
imagetoprompt.analysis.lighting on them, and writes
src/imagetoprompt/weights/light_hardness.onnx.
"""
