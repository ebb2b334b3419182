"""Pairs of scenes that differ in nothing but how wide their lamp is, and the network that tells.

`python -m training.penumbra` renders the pairs, trains a network for
imagetoprompt.analysis.lighting on them, and writes
src/imagetoprompt/weights/penumbra.onnx. It does not know the scenes on which it is judged.
"""
