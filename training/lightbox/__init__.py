"""A box of lit objects: quick scenes whose light is known, and the network that learns from them.

`python -m training.lightbox` renders the scenes by casting rays in numpy, trains the network of
imagetoprompt.shading on them, and writes src/imagetoprompt/weights/shading.npz. It does not know
the scenes of bench/, on which the network is judged.
"""
