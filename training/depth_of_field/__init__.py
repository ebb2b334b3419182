"""Train the network of depth of field: `python -m training.depth_of_field DATA`.

It learns from scenes of bench/scenes (even seeds from 2000 on), from composed places, whose blur
is known in every part, and from photographs of what is far away, which are deep by optics. It
writes src/imagetoprompt/weights/depth_of_field.onnx.
"""
