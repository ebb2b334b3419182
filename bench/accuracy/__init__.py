"""How often ImageToPrompt is right, facet by facet: `python -m bench.accuracy`, or `make accuracy`.

    truth (rendered, drawn, labeled) ──describe_all──▶ DescribedPicture ──▶ Score ──▶ Markdown, JSON

Only `imagetoprompt.describe` is called.
"""
