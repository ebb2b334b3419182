"""The parts of the diffusers engine, one idea each. Here is no engine: see engines.diffusers."""
