"""The parts of the runner that works in a Ray cluster.

They do not know where the cluster is.
"""
