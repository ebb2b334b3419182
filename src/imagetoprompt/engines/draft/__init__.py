"""The draft engine: `recipes` turns a plan into effects, and `draft_engine` applies them."""
