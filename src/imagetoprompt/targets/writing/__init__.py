"""What all targets share to write a prompt from a scene.

    clauses          facts as clauses, cleaned
    prose, tags      wording of each facet as sentences or as tags
    sentence_order   sentences in the order of the profile, with spans
    length_limits    counting, and dropping what does not fit
    compose          the whole way from scene to Prompt, negatives included

Articles, plurals and lists of words come from `imagetoprompt.lexicon.english`.
"""
