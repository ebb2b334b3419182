"""The parts of the runner that works in a Ray cluster."""
