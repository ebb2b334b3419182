"""What all targets share: cleaning, grammar, sentences, counting, fitting.

    cleaning, grammar        strings
    telling                  facts as clauses
    slots                    where words stand
    media, scenery, looks    facets as sentences
    tagging                  facets as tags
    layout                   sentences to text and spans
    counting, fitting        limits
    exclusions, shapes       what is left out; ratio and size
    composing                the whole way

It does not know any one target: their differences are in their Profiles.
"""
