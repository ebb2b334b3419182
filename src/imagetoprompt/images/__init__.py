"""Pictures: opening and decoding them, color science, filters, masks and control maps."""
