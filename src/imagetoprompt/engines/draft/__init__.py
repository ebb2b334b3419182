"""The parts of the draft engine, by idea: what a plan means, and the steps that carry it out.

They do not know requests or progress: that is for the engine.
"""
