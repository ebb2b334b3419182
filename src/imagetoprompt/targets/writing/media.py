"""How a medium is said: as a participle ('painted in oil'), or leading ('oil painting of').

It does not know where in a text the words stand.
"""

from imagetoprompt.lexicon import table


def made(medium: str) -> str:
    """'photographed', 'painted in watercolor', 'rendered in felt': joins or opens a sentence."""
    rules = table("renderings")
    name = medium.lower()
    if name in rules["made"]:
        return str(rules["made"][name])
    base, company, more = medium.partition(" with ")
    if company:
        return f"{made(base)} with {more}"
    material, _, ending = medium.rpartition(" ")
    if material and ending.lower() in rules["ending"]:
        return str(rules["ending"][ending.lower()]).format(material)
    return f"rendered in {medium}"


def is_photographic(medium: str) -> bool:
    """Whether the words name a photograph, which no prompt needs to lead with."""
    return any(word in medium.lower() for word in table("renderings")["photographic"]["words"])


def named(medium: str) -> str:
    """The medium as a countable or collective noun that can stand before 'of'."""
    return str(table("renderings")["lead"].get(medium.lower(), medium))
