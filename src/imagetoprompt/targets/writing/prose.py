"""Word each facet for a sentence, such as 'soft light falls from the left'.

The functions of LOOK_PHRASES and SCENE_PHRASES take the clauses of a facet and its place in the
sentence. Verbs agree with the words of their own facet only, so that no other facet changes them.
"""

import re
from typing import Final

from imagetoprompt.core.measurements import Box, Palette, Text
from imagetoprompt.lexicon import table
from imagetoprompt.lexicon.english import (
    head_noun,
    is_plural,
    join_words,
    mid_sentence,
    starts_with_preposition,
    with_article,
    with_indefinite_article,
    with_preposition,
)
from imagetoprompt.targets.writing.clauses import (
    FacetClauses,
    PhrasingTable,
    WordedClause,
    WordSlot,
)

# FLUX.2 follows three to five hex colors, each with its name (BFL-S, hex-color-prompting).
_MAX_HEX_COLORS: Final = 4


def _light(content: FacetClauses, slot: WordSlot) -> WordedClause:
    if slot.follows("medium"):
        return ", " if slot.follows("style") else " ", f"in {_light_noun(content.clauses)}"
    first, *more = content.clauses
    words = light_sentence(first)
    if more and all(clause.endswith("shadows") for clause in more):
        words += f", casting {join_words(more)}"
    elif more:
        words += f" with {join_words([_light_more(clause) for clause in more])}"
    return (", " if slot.before else ""), words


def light_sentence(clause: str) -> str:
    """A finite clause for a noun phrase of light: 'the light is soft and diffuse'."""
    phrases: dict[str, str] = table("clauses", __package__)["light"]
    if clause.lower() in phrases:
        return phrases[clause.lower()]
    what, origin, where = clause.partition(" from ")
    *adjectives, noun = what.split()
    sources = table("clauses", __package__)["light_sources"]["words"]
    if origin and noun in sources:
        return f"{what} {'fall' if is_plural(what) else 'falls'} from {where}"
    if noun in {"light", "lighting"} and adjectives and _plain(adjectives):
        return f"the {noun} is {join_words(adjectives)}"
    if noun == "shadows" and adjectives:
        return f"the shadows are {join_words(adjectives)}"
    thing, separator, more = clause.partition(" with ")
    if set(thing.split()).intersection(sources):
        verb = "fill" if is_plural(thing) else "fills"
        return f"{thing} {verb} the frame{separator}{more}"
    return f"{clause} lights the frame" if origin else f"the light comes from {clause}"


def _plain(adjectives: list[str]) -> bool:
    known = table("clauses", __package__)["light_adjectives"]["words"]
    return len(adjectives) < 4 and all(word in known for word in adjectives)


def _light_noun(clauses: tuple[str, ...]) -> str:
    """'hard side light from the left with deep shadows', for standing after 'in'."""
    phrases: dict[str, str] = table("clauses", __package__)["light_tag"]
    first, *more = clauses
    words = phrases.get(first.lower(), first)
    nouns = {
        *table("clauses", __package__)["light_sources"]["words"],
        *table("clauses", __package__)["light_effects"]["words"],
    }
    if nouns.isdisjoint(words.split()):
        words = f"the light of {words}"
    return f"{words} with {join_words([_light_more(clause) for clause in more])}" if more else words


def _light_more(clause: str) -> str:
    phrases: dict[str, str] = table("clauses", __package__)["light_more"]
    return phrases.get(clause.lower(), with_article(clause))


def _palette(content: FacetClauses, slot: WordSlot) -> WordedClause:
    hexes = _hexes(content) if slot.hexes else ""
    if slot.follows("medium"):
        glue = ", " if slot.follows("light", "style") else " "
        return glue, palette_phrase(content.clauses) + hexes
    words = palette_sentence(content.clauses) + hexes
    if slot.follows("light"):
        return ", ", words if slot.leads("mood") else f"and {words}"
    return (", " if slot.before else ""), words


def palette_sentence(clauses: tuple[str, ...]) -> str:
    """'the palette is teal and amber', 'the colors are muted earth tones with amber accents'."""
    first, *more = _accents(clauses)
    with_more = f" with {join_words(more)}" if more else ""
    kind = re.match(r"^(?:an? )?(.+?)(?: color)? palette$", first)
    if kind:
        return f"the palette is {_colored(kind[1])}{with_more}"
    colors = re.match(r"^(.+?) colou?rs$", first)
    if colors:
        return f"the colors are {_colored(colors[1])}{with_more}"
    if re.search(r" (tones|hues|shades)$", first):
        return f"the colors keep to {first}{with_more}"
    return f"the palette is {first}{with_more}"


def _colored(words: str) -> str:
    """'vivid and multicolored' of 'vivid multicolored'; names of colors as they stand."""
    known = table("clauses", __package__)["palette_adjectives"]["words"]
    adjectives = words.split()
    return join_words(adjectives) if all(word in known for word in adjectives) else words


def palette_phrase(clauses: tuple[str, ...]) -> str:
    """'in a teal and amber palette', 'in muted earth tones with amber accents'."""
    first, *more = _accents(clauses)
    with_more = f" with {join_words(more)}" if more else ""
    return (
        f"in {with_indefinite_article(first) if first.endswith(' palette') else first}{with_more}"
    )


def _accents(clauses: tuple[str, ...]) -> list[str]:
    """The clauses with 'amber accents' for 'amber accent colors', one phrase if they are names."""
    shorter = re.sub(r" accent colors?$", " accents", "\n".join(clauses), flags=re.M).split("\n")
    noun = re.compile(r" (palette|tones|colou?rs|hues|shades)$")
    if noun.search(shorter[0]):
        return shorter
    row = noun.search(shorter[-1]) and " and " in shorter[-1]
    return [", ".join(shorter) if row else join_words(shorter)]


def _hexes(content: FacetClauses) -> str:
    """The largest swatches of the palette: ': #0F6E7C (deep teal) and #F2A541 (amber)'."""
    numbers = content.measurements[0]
    if not isinstance(numbers, Palette) or not numbers.swatches:
        return ""
    named = [f"{swatch.hex} ({swatch.name})" for swatch in numbers.swatches[:_MAX_HEX_COLORS]]
    return f": {join_words(named)}"


def _medium(content: FacetClauses, slot: WordSlot) -> WordedClause:
    words = " and ".join(map(medium_phrase, content.clauses))
    if words == "photographed" and not slot.after:
        words = "shot as a photograph"
    return (", " if slot.before else ""), words


def _composition(content: FacetClauses, slot: WordSlot) -> WordedClause:
    words = composition_phrase(content.clauses[0])
    if slot.follows("medium", "camera"):
        return " ", words
    framed = words.removeprefix("as ") if words.startswith("as ") else f"framed {words}"
    if slot.before:
        return ", ", words if words.startswith("framed ") else f"framed {words}"
    return "", framed


def _composition_more(content: FacetClauses, _: WordSlot) -> WordedClause:
    """The further clauses as absolutes: ', the subject on the left third and leading lines'."""
    further = [composition_phrase(clause) for clause in content.clauses[1:]]
    things = [words.removeprefix("with ") for words in further if words.startswith("with ")]
    phrases = [words for words in further if not words.startswith("with ")]
    return "", "".join(f", {words}" for words in [*phrases, join_words(things)] if words)


def composition_phrase(clause: str) -> str:
    """A clause of composition behind its preposition: 'as a wide shot', 'with leading lines'."""
    phrases: dict[str, str] = table("clauses", __package__)["composition"]
    if clause.lower() in phrases:
        return phrases[clause.lower()]
    if re.match(r"(with|in|on|as|framed|seen|through|at|along|amid|by) ", clause):
        return clause
    if clause.startswith(("subject ", "horizon ")):
        return f"with the {clause}"
    noun = head_noun(clause)
    if noun in {"shot", "close-up", "closeup", "portrait", "view", "wide", "panorama"}:
        return f"as {with_article(clause)}"
    if noun in {
        "composition",
        "layout",
        "arrangement",
        "framing",
        "orientation",
        "format",
        "frame",
    }:
        return f"in {with_article(clause)}"
    return f"with {with_article(clause)}"


def _camera(content: FacetClauses, slot: WordSlot) -> WordedClause:
    words = " ".join(map(camera_phrase, content.clauses))
    if slot.follows("medium"):
        return " ", words
    return (", " if slot.before else ""), f"seen {words}"


def camera_phrase(clause: str) -> str:
    """A clause of the camera behind its preposition: 'from a low angle', 'through a 35mm lens'."""
    phrases: dict[str, str] = table("clauses", __package__)["camera"]
    if clause.lower() in phrases:
        return phrases[clause.lower()]
    if re.match(r"(with|in|on|as|from|at|through|by|shot at) ", clause):
        return clause.removeprefix("shot ")
    if re.search(r"\b(lens|telephoto|fisheye)\b", clause):
        return f"through {with_article(clause)}"
    if re.search(r"\b(view|angle|height|perspective|viewpoint)$", clause):
        return f"from {with_article(clause)}"
    if re.match(r"(f/|ISO )?[\d.]", clause):
        return f"at {clause}"
    return f"with {with_article(clause)}"


def _focus(content: FacetClauses, slot: WordSlot) -> WordedClause:
    """'with a shallow depth of field', 'in deep focus'; opening a sentence, without preposition."""
    ways = [f"in {clause}" for clause in content.clauses if clause.endswith(" focus")]
    things = [with_article(clause) for clause in content.clauses if not clause.endswith(" focus")]
    if not slot.before:
        return "", join_words([*things, *(way.removeprefix("in ") for way in ways)])
    glue = " " if slot.before[-1] == "medium" else ", "
    return glue, " ".join([*([f"with {join_words(things)}"] if things else []), *ways])


def _mood(content: FacetClauses, slot: WordSlot) -> WordedClause:
    words = join_words(
        [re.sub(r" (mood|atmosphere|feeling)$", "", clause) for clause in content.clauses]
    )
    if slot.follows("medium"):
        return ", ", f"with {with_indefinite_article(f'{words} atmosphere')}"
    if slot.follows("palette", "light"):
        return ", ", f"and the atmosphere is {words}"
    return (", " if slot.before else ""), f"the atmosphere is {words}"


def _style(content: FacetClauses, slot: WordSlot) -> WordedClause:
    words = join_words([_bare_style(clause) for clause in content.clauses])
    if slot.follows("mood"):
        return " ", f"and the style is {words}"
    if not slot.before and not slot.after:
        return "", f"the style is {words}"
    led = join_words([_style_led(clause) for clause in content.clauses])
    return (" " if slot.follows("medium") else ", " if slot.before else ""), led


def _bare_style(words: str) -> str:
    """'impressionist' of 'impressionist style', 'that of old prints' of 'in the style of ...'."""
    return re.sub(r"^(in )?the style of ", "that of ", re.sub(r" style$", "", words))


def _style_led(words: str) -> str:
    """'in an impressionist style'; as it stands when it has a preposition of its own."""
    if starts_with_preposition(words):
        return words
    return f"in {with_article(words.removesuffix(' style') + ' style')}"


def _text(content: FacetClauses, slot: WordSlot) -> WordedClause:
    """The words in quotes, with their place when it was measured for each of at most two lines."""
    glue = ", " if slot.before else ""
    quoted = [f'"{words}"' for (words,) in content.facts]
    places = [
        place_phrase(measurement.box)
        for measurement in content.measurements
        if isinstance(measurement, Text)
    ]
    if len(places) < len(quoted) or len(quoted) > 2:
        return glue, f"the visible text reads {join_words(quoted)}"
    verbs = ["appears", ""] if len(quoted) == 1 else ["stands", ""]
    lines = [
        f"{words} {verb} {where}".replace("  ", " ")
        for words, verb, where in zip(quoted, verbs, places, strict=False)
    ]
    return glue, f"the text {join_words(lines)}"


def place_phrase(box: Box) -> str:
    """Where a box lies in the frame: 'at the top left', 'in the center'."""
    x, y = box[0] + box[2] / 2, box[1] + box[3] / 2
    across = "left" if x < 1 / 3 else "right" if x > 2 / 3 else ""
    if y < 1 / 3 or y > 2 / 3:
        return f"at the {'top' if y < 1 / 3 else 'bottom'} {across}".strip()
    return f"on the {across}" if across else "in the center"


LOOK_PHRASES: Final[PhrasingTable] = {
    "light": _light,
    "palette": _palette,
    "medium": _medium,
    "composition": _composition,
    "composition+": _composition_more,
    "camera": _camera,
    "focus": _focus,
    "mood": _mood,
    "style": _style,
    "text": _text,
}


# Facets of place and time: they may stand before the subject, which then takes a verb.
CIRCUMSTANCE_FACETS: Final = ("setting", "time", "weather", "season")


def _subject(content: FacetClauses, slot: WordSlot) -> WordedClause:
    """The main subject, others after 'with'; with a verb if place or time stand before it."""
    names = [mid_sentence(", ".join(clauses)) for clauses in content.facts]
    words = f"{names[0]} with {join_words(names[1:])}" if names[1:] else names[0]
    if slot.follows(*CIRCUMSTANCE_FACETS):
        verb = "are" if is_plural(names[0]) else "is"
        return ", ", f"{words} {verb}" if slot.leads("action") else f"there {verb} {words}"
    if slot.verbs and slot.leads("action"):
        return "", f"{words} {'are' if is_plural(names[0]) else 'is'}"
    long = len(content.facts[0]) > 1 or (names[1:] and slot.leads("action"))
    return "", f"{words}{',' if long else ''}"


def _action(content: FacetClauses, slot: WordSlot) -> WordedClause:
    glue = " " if slot.follows("subject") else ", "
    return glue if slot.before else "", content.clauses[0]


def _action_more(content: FacetClauses, _: WordSlot) -> WordedClause:
    return "", "".join(f", {clause}" for clause in content.clauses[1:])


def _setting(content: FacetClauses, slot: WordSlot) -> WordedClause:
    """'on a city street' beside a subject, else 'a city street'; further clauses after 'with'."""
    place, *more = content.clauses
    beside_subject = slot.follows("subject", "action") or slot.leads("subject", "action")
    placed = with_preposition("setting", place)
    adverb = " " not in placed
    words = placed if beside_subject or adverb else with_article(place)
    words += f" with {join_words(more)}" if more else ""
    if "subject" in slot.present and not beside_subject and not slot.before:
        return "", f"the setting is {words}"
    if not slot.before:
        return "", words
    return (" " if beside_subject else ", "), words


def _time(content: FacetClauses, slot: WordSlot) -> WordedClause:
    return (" " if slot.before else ""), _after_prepositions("time", content)


def _weather(content: FacetClauses, slot: WordSlot) -> WordedClause:
    glue = ", " if slot.follows("time", "season") else " "
    return (glue if slot.before else ""), _after_prepositions("weather", content)


def _season(content: FacetClauses, slot: WordSlot) -> WordedClause:
    glue = ", " if slot.follows("time", "weather") else " "
    return (glue if slot.before else ""), _after_prepositions("season", content)


def _after_prepositions(kind: str, content: FacetClauses) -> str:
    """The clauses, each after its preposition unless it brings one."""
    return join_words([with_preposition(kind, clause) for clause in content.clauses])


SCENE_PHRASES: Final[PhrasingTable] = {
    "subject": _subject,
    "action": _action,
    "action+": _action_more,
    "setting": _setting,
    "time": _time,
    "weather": _weather,
    "season": _season,
}


def medium_phrase(medium: str) -> str:
    """'photographed', 'painted in watercolor', 'rendered in felt': joins or opens a sentence."""
    rules = table("renderings", __package__)
    name = medium.lower()
    if name in rules["made"]:
        return str(rules["made"][name])
    base, separator, more = medium.partition(" with ")
    if separator:
        return f"{medium_phrase(base)} with {more}"
    material, _, ending = medium.rpartition(" ")
    if material and ending.lower() in rules["ending"]:
        return str(rules["ending"][ending.lower()]).format(material)
    return f"rendered in {medium}"


def is_photographic(medium: str) -> bool:
    """Whether the words name a photograph, which a prompt need not start with."""
    return any(
        word in medium.lower() for word in table("renderings", __package__)["photographic"]["words"]
    )


def subject_phrase(medium: str) -> str:
    """The medium as a countable or collective noun that can stand before 'of'."""
    return str(table("renderings", __package__)["lead"].get(medium.lower(), medium))
