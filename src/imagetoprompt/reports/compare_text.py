"""Sentences for what `compare` finds and advises, shared by the command line, the API and the page.

`drift_to_json` is the JSON of a comparison as users get it: numbers with their sentences.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from imagetoprompt.compare import Advice, Drift, FacetDrift, Finding

DRIFT_VERSION: Final = 1
"""Version of the JSON that `drift_to_json` returns."""

PICTURE_SENTENCES: Final = {
    "resized": "The result is {from} pixels and was resized to {to} to compare.",
    "other_aspect_ratio": (
        "The result has another aspect ratio, so everything is also stretched or cropped."
    ),
    "transparency_lost": "The reference is transparent in part, and the result is not.",
    "changed_outside_mask": (
        "Outside the mask, pixels changed by up to {largest} of 255, by {mean:g} on average."
    ),
    "outlines_moved": "The outlines moved: {percent:.0f} % of the edges agree.",
    "outlines_moved_in_mask": (
        "The outlines inside the mask moved: {percent:.0f} % of the edges agree."
    ),
}
FACET_PHRASES: Final = {
    "reworded": "it was {before} and is {after}",
    "replaced": "{before} became {after}",
    "other_colors": "its colors are {distance:.0f} dE00 apart on average",
    "warmer": "warmer",
    "cooler": "cooler",
    "more_vivid": "more vivid",
    "more_muted": "more muted",
    "other_light_direction": "its direction changed by {degrees:.0f} degrees",
    "harder": "harder",
    "softer": "softer",
    "warmer_light": "warmer ({before:.0f} to {after:.0f} K)",
    "cooler_light": "cooler ({before:.0f} to {after:.0f} K)",
    "other_key": "{before} key became {after} key",
    "more_contrast": "more contrast",
    "less_contrast": "less contrast",
    "subject_moved": "the subject's box overlaps its old position by {percent:.0f} %",
    "horizon_lower": "the horizon is {percent:.0f} % of the height lower",
    "horizon_higher": "the horizon is {percent:.0f} % of the height higher",
    "other_depth_of_field": "the {before} depth of field became {after}",
    "more_sharp": "a larger area is sharp",
    "less_sharp": "a smaller area is sharp",
    "motion_blur_added": "motion blur was added",
    "motion_blur_removed": "motion blur was removed",
    "tilted": "it is tilted by {degrees:.0f} degrees",
}
# For narrow places, such as a table cell of the page.
SHORT_PHRASES: Final = {**FACET_PHRASES, "other_colors": "other colors (ΔE {distance:.0f})"}


def drift_to_json(drift: Drift) -> dict[str, object]:
    """The comparison as JSON values, with its sentences."""
    parts = {"whole": drift.whole, "inside": drift.inside, "outside": drift.outside}
    return {
        "version": DRIFT_VERSION,
        "size": list(drift.size),
        "result_size": list(drift.result_size),
        "exact": drift.exact,
        "resized": drift.size != drift.result_size,
        "likeness": {name: part and part.to_json() for name, part in parts.items()},
        "facets": [_facet_to_json(facet) for facet in drift.facets],
        "words": list(drift_sentences(drift)),
    }


def findings_to_json(drift: Drift, advice: Sequence[Advice]) -> dict[str, object]:
    """The codes and numbers behind the sentences: of the picture, of each facet, and the advice."""
    return {
        "picture": [finding.to_json() for finding in drift.findings],
        "facets": {f.facet: [finding.to_json() for finding in f.findings] for f in drift.facets},
        "advice": [item.to_json() for item in advice],
    }


def _facet_to_json(drift: FacetDrift) -> dict[str, object]:
    return {
        "facet": drift.facet,
        "moved": drift.moved,
        "before": drift.before,
        "after": drift.after,
        "numbers": dict(drift.numbers),
        "words": facet_sentence(drift),
    }


def drift_sentences(drift: Drift) -> tuple[str, ...]:
    """One sentence for each visible difference; empty if there is none."""
    whole = (picture_sentence(finding) for finding in drift.findings)
    return (*whole, *(facet_sentence(facet) for facet in drift.facets if facet.moved))


def picture_sentence(finding: Finding) -> str:
    """The sentence of one of `Drift.findings`."""
    return PICTURE_SENTENCES[finding.code].format(**finding.values)


def facet_sentence(drift: FacetDrift) -> str:
    """'The light changed: warmer, softer.'; '' if nothing changed."""
    phrases = (FACET_PHRASES[f.code].format(**f.values) for f in drift.findings)
    return f"The {drift.facet} changed: {', '.join(phrases)}." if drift.moved else ""


def short_text(findings: tuple[Finding, ...]) -> str:
    """'warmer, softer': the findings of one facet, without naming it."""
    return ", ".join(SHORT_PHRASES[f.code].format(**f.values) for f in findings)


def advice_sentence(advice: Advice, *, cli_hint: bool = True) -> str:
    """One sentence: the problem, and what to change. cli_hint: name the option to type as well."""
    if advice.kind == "outside_mask":
        return "The result changed outside the mask: paste the original back there."
    if advice.kind == "unwanted":
        problem = f"The {advice.facet} changed although it should stay"
    else:
        problem = f"The requested {advice.facet}, {advice.value}, is missing"
    return problem + "".join(_remedy(advice, cli_hint))


def _remedy(advice: Advice, cli_hint: bool) -> Iterator[str]:
    old, new, control = advice.old or 0.0, advice.new or 0.0, advice.control
    verb = "raise" if new > old else "lower"
    if advice.parameter == "strength":
        yield f": {verb} the strength from {old:g} to {new:g}"
        yield f", with {control} at 0.6 to keep the layout" if control else ""
    elif advice.parameter == "weight":
        yield f": {verb} the weight of {control} from {old:g} to {new:g}"
    elif advice.parameter == "control":
        yield f": keep it with {control} at {new:g}"
        yield f", as '--keep {control}'" if cli_hint else ""
    else:
        yield f", though the strength is {old:g}: put it first in the prompt"
    yield "."
