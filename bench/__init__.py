"""Benchmarks of speed, accuracy and code size. They are not part of the package."""
