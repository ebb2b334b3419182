"""How much of what people name in a picture the prompt says: python -m bench.content."""
