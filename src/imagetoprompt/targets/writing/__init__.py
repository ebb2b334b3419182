"""What all targets share to write a prompt from a scene.

    clauses          facts as clauses, cleaned
    prose, tags      wording of each facet as sentences or as tags
    sentence_order   sentences in the order of the profile, with spans
    compose          from scene to Prompt: exclusions, length limits, counting of tokens

Articles, plurals and lists of words come from `imagetoprompt.lexicon.english`.
"""
