"""What is measured: speed here, accuracy beside it. Nothing of it ships with the package."""
