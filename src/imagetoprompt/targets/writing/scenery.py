"""The sentence of what is there: who, doing what, where, when, in what weather.

'A border collie sitting on a wooden jetty, facing left, at dusk, in light fog'. It does not know
what the picture looks like: that is `looks`.
"""

from typing import Final

from imagetoprompt.targets.writing.clauses import Told
from imagetoprompt.targets.writing.grammar import is_plural, joined, led, lowered, with_article
from imagetoprompt.targets.writing.grammar import opens_with_preposition as _led_already
from imagetoprompt.targets.writing.slots import Slot, Speeches, Worded

# What says when and where: it may stand before the subject, which then takes a verb.
CIRCUMSTANCES: Final = ("setting", "time", "weather", "season")


def _subject(told: Told, slot: Slot) -> Worded:
    """The main subject, the others after 'with'; with a verb when the place or time opens."""
    names = [lowered(", ".join(clauses)) for clauses in told.facts]
    words = f"{names[0]} with {joined(names[1:])}" if names[1:] else names[0]
    if slot.follows(*CIRCUMSTANCES):
        verb = "are" if is_plural(names[0]) else "is"
        return ", ", f"{words} {verb}" if slot.leads("action") else f"there {verb} {words}"
    if slot.verbs and slot.leads("action"):
        return "", f"{words} {'are' if is_plural(names[0]) else 'is'}"
    long = len(told.facts[0]) > 1 or (names[1:] and slot.leads("action"))
    return "", f"{words}{',' if long else ''}"


def _action(told: Told, slot: Slot) -> Worded:
    glue = " " if slot.follows("subject") else ", "
    return glue if slot.before else "", told.clauses[0]


def _action_more(told: Told, _: Slot) -> Worded:
    return "", "".join(f", {clause}" for clause in told.clauses[1:])


def _setting(told: Told, slot: Slot) -> Worded:
    """'on a city street' beside a subject, else 'a city street'; further clauses after 'with'."""
    place, *more = told.clauses
    company = slot.follows("subject", "action") or slot.leads("subject", "action")
    placed = led("setting", place)
    adverb = " " not in placed
    words = placed if company or adverb else with_article(place)
    words += f" with {joined(more)}" if more else ""
    if "subject" in slot.told and not company and not slot.before:
        return "", f"the setting is {words}"
    if not slot.before:
        return "", words
    return (" " if company else ", "), words


def _time(told: Told, slot: Slot) -> Worded:
    return (" " if slot.before else ""), _all_led("time", told)


def _weather(told: Told, slot: Slot) -> Worded:
    glue = ", " if slot.follows("time", "season") else " "
    return (glue if slot.before else ""), _all_led("weather", told)


def _season(told: Told, slot: Slot) -> Worded:
    glue = ", " if slot.follows("time", "weather") else " "
    return (glue if slot.before else ""), _all_led("season", told)


def _all_led(kind: str, told: Told) -> str:
    """The first clause behind its preposition; the others too when they share none."""
    first, *more = told.clauses
    others = [each if _led_already(each) else led(kind, each) for each in more]
    return joined([led(kind, first), *others])


SCENERY: Final[Speeches] = {
    "subject": _subject,
    "action": _action,
    "action+": _action_more,
    "setting": _setting,
    "time": _time,
    "weather": _weather,
    "season": _season,
}
