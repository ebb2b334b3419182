"""How often ImageToPrompt is right, facet by facet: `python -m bench.accuracy`, or `make accuracy`.

    truth (rendered, drawn, labelled) ──look──▶ Seen* ──score──▶ Score* ──table──▶ markdown, JSON

It asks only `imagetoprompt.describe`, and knows nothing of how the answers come about.
"""
