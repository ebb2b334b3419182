"""counted(name, count): English nouns with their article or number, as a subject is worded."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from imagetoprompt.lexicon import table

NUMBERS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def with_count(name: str, count: int = 1) -> str:
    """'a dog', 'an umbrella', 'pasta', 'sunglasses', 'three geese', '12 sheep'; count from 1."""
    if count == 1:
        return label_with_article(name)
    number = NUMBERS[count] if count < len(NUMBERS) else str(count)
    return f"{number} {plural(name)}"


def label_with_article(name: str) -> str:
    """Return the name of a class after 'a' or 'an', or as it is when it takes no article."""
    bare = table("nouns")["bare"]
    return (
        name
        if name in bare or name.rsplit(maxsplit=1)[-1] in bare
        else with_indefinite_article(name)
    )


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


def join_words(items: Sequence[str]) -> str:
    """'a', 'a and b', 'a, b, and c'."""
    if len(items) < 3:
        return " and ".join(items)
    return f"{', '.join(items[:-1])}, and {items[-1]}"


def capitalized(text: str) -> str:
    """The text with a capital first letter, unless its first word has capitals of its own."""
    first = text.split(" ", 1)[0]
    return text if first != first.lower() else text[:1].upper() + text[1:]


def mid_sentence(phrase: str) -> str:
    """The phrase for the middle of a sentence: 'Three monks' becomes 'three monks'."""
    first = phrase.split(" ", 1)[0].lower()
    return first + phrase[len(first) :] if first in table("articles")["determiners"] else phrase


@lru_cache(maxsize=4096)
def head_noun(phrase: str) -> str:
    """The noun that a phrase is about: 'field' of 'muddy field at the edge of town'."""
    words = phrase.split()
    links = table("articles")["links"]
    end = next((i for i, word in enumerate(words) if i and word.lower() in links), len(words))
    return words[end - 1] if words else ""


@lru_cache(maxsize=4096)
def is_plural(phrase: str) -> bool:
    """Whether the phrase names more than one: by its first word, else by its head."""
    words = phrase.split()
    rules = table("articles")
    if not words:
        return False
    first, noun = words[0].lower(), head_noun(phrase).lower()
    if first in {"a", "an", "one", "each", "every", "another"}:
        return False
    if first in rules["plural_determiners"] or (first.isdecimal() and first != "1"):
        return True
    if noun in rules["plural"]:
        return True
    return noun.endswith("s") and not noun.endswith("ss") and noun not in rules["singular_s"]


@lru_cache(maxsize=4096)
def with_article(phrase: str) -> str:
    """The phrase after 'a' or 'an' when it is one countable thing without an article."""
    words = phrase.split()
    rules = table("articles")
    own = words and (words[0].lower() in rules["determiners"] or starts_with_preposition(phrase))
    if not words or own or words[0].isdecimal():
        return phrase
    noun = head_noun(phrase)
    if noun != noun.lower() or noun in rules["mass"] or is_plural(phrase) or not noun.isascii():
        return phrase
    return with_indefinite_article(phrase)


def with_indefinite_article(phrase: str) -> str:
    """The phrase after 'a' or 'an', whatever its noun."""
    return f"{_article(phrase.split(' ', 1)[0].lower())} {phrase}"


def without_article(phrase: str) -> str:
    """The phrase without a leading 'a' or 'an'."""
    return re.sub(r"^an? ", "", phrase, flags=re.IGNORECASE)


@lru_cache(maxsize=4096)
def with_preposition(kind: str, value: str) -> str:
    """A setting, time, weather or season behind its preposition: 'on a beach', 'at dusk'."""
    if starts_with_preposition(value):
        return value
    form = _form(table("prepositions")[kind], value)
    return form.replace("{a}", with_article(value)).replace("{}", value)


def starts_with_preposition(value: str) -> bool:
    """Whether the value brings its own preposition: 'on the moon'."""
    return value.split(" ", 1)[0].lower() in table("articles")["prepositions"]


def _form(rules: dict[str, Any], value: str) -> str:
    noun, adjectives = head_noun(value).lower(), rules.get("adjective", {})
    whole = rules.get("whole", {}).get(value.lower())
    if whole:
        return str(whole)
    if value.lower() in adjectives.get("words", ()):
        return str(adjectives["form"])
    heads = rules.get("head", {})
    if noun in heads:
        return str(heads[noun])
    plural = "default_plural" in rules and is_plural(value)
    return str(rules["default_plural" if plural else "default"])


def _article(word: str) -> str:
    rules = table("articles")
    digits = re.match(r"\d+", word)
    if digits:
        return "an" if digits[0] in rules["an"] or digits[0].startswith("8") else "a"
    if word.split("-", 1)[0] in rules["an"] or word in rules["an"]:
        return "an"
    if word.startswith(tuple(rules["a"])):
        return "a"
    return "an" if word[0] in "aeiou" else "a"
