"""Rendered scenes whose light is known, and the network of light direction trained on them.

`python -m training.light_direction` ray-traces simple shapes, adds some scenes of bench/scenes
(even seeds from 2000 on), trains a network for imagetoprompt.analysis.lighting on them, and writes
src/imagetoprompt/weights/light_direction.onnx. The scenes of the accuracy benchmark (odd seeds) are
not among them.
"""
