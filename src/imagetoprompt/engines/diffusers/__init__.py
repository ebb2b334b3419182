"""The diffusers engine: see `diffusers_engine`."""
