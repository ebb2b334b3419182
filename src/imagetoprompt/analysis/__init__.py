"""What is measured in a picture: subject, light, colors, layout, lines, blur, camera, depth, edges.

Measurements are numbers and plain names; the observers turn them into facts.
"""
