"""A box of lit objects: quick scenes whose light is known, and the network that learns from them.

`python -m training.lightbox` casts rays among simple shapes, adds some scenes of bench/scenes (even
seeds from 2000 on), trains a network for imagetoprompt.analysis.lighting on them, and writes
src/imagetoprompt/weights/shading.onnx. It does not know the scenes on which the network is judged.
"""
