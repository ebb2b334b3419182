"""counted(name, count): English nouns with their article or number, as a subject is worded.

It does not know what the nouns stand for.
"""

from typing import Final

from imagetoprompt.lexicon import table

NUMBERS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def counted(name: str, count: int = 1) -> str:
    """'a dog', 'an umbrella', 'pasta', 'sunglasses', 'three geese', '12 sheep'; count from 1."""
    if count == 1:
        return with_article(name)
    number = NUMBERS[count] if count < len(NUMBERS) else str(count)
    return f"{number} {plural(name)}"


def with_article(name: str) -> str:
    """The name after a or an, or as it stands when it takes no article."""
    first = name.split(maxsplit=1)[0]
    last = name.rsplit(maxsplit=1)[-1]
    if name in table("nouns")["bare"] or last in table("nouns")["bare"]:
        return name
    vowel = first[0].lower() in "aeio" or first.lower() in table("nouns")["an"]
    spoken = vowel and first.lower() not in table("nouns")["a"]
    return f"an {name}" if spoken else f"a {name}"


def plural(name: str) -> str:
    """The plural of a name: its last word, or the one before 'of', is what changes."""
    head, of, rest = name.partition(" of ")
    *before, last = head.split(" ")
    return " ".join([*before, _plural_word(last)]) + of + rest


def _plural_word(word: str) -> str:
    given: dict[str, str] = table("nouns")["plural"]
    if word in given:
        return given[word]
    if word in table("nouns")["bare"]:
        return word
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return f"{word}es"
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}s"
