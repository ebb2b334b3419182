"""Train the network that tells hard light from soft, on pairs of scenes that differ in their lamp.

`python -m training.light_hardness` renders the pairs, trains a network for
imagetoprompt.analysis.lighting on them, and writes
src/imagetoprompt/weights/light_hardness.onnx.
"""
