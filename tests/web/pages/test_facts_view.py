from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qsl

from imagetoprompt.core.measurements import Camera
from imagetoprompt.core.scene import FACETS, Fact, Scene
from imagetoprompt.web.pages.context import PageState
from imagetoprompt.web.pages.facts_view import Chip, camera_settings, chips, pending_facets
from imagetoprompt.web.pages.urls import pairs
from imagetoprompt.web.query import parse_query

Show = Callable[..., PageState]


def _chip(shown: PageState, key: str) -> Chip:
    return next(each for each in chips(shown, pairs(shown.query)) if each.key == key)


def _fields(link: str) -> list[tuple[str, str]]:
    return parse_qsl(link.partition("?")[2])


def test_every_fact_is_a_chip_in_facet_order(photographer: Scene, show: Show) -> None:
    found = chips(show(photographer), ())

    assert [each.facet for each in found] == [fact.facet for fact in photographer]
    assert [each.facet for each in found] == sorted(
        (each.facet for each in found), key=FACETS.index
    )


def test_keys_are_unique(poster: Scene, show: Show) -> None:
    keys = [each.key for each in chips(show(poster), ())]

    assert len(set(keys)) == len(keys)


def test_a_chip_has_its_confidence_and_explanation(photographer: Scene, show: Show) -> None:
    chip = _chip(show(photographer), "subject")

    assert (chip.words, chip.percent, chip.said) == ("a person", 99, True)
    assert chip.why[0].startswith("Found by the object detector")


def test_a_changed_fact_shows_its_old_words(photographer: Scene, show: Show) -> None:
    chip = _chip(show(photographer, ("set", "light=candlelight")), "light")

    assert (chip.words, chip.was, chip.changed, chip.own) == (
        "candlelight",
        "deep shadows",
        True,
        True,
    )


def test_a_changed_fact_can_be_undone(photographer: Scene, show: Show) -> None:
    chip = _chip(show(photographer, ("set", "light=candlelight")), "light")

    assert parse_query(_fields(chip.undo)).edits == ()


def test_an_unsaid_fact_can_be_included(photographer: Scene, show: Show) -> None:
    chip = _chip(show(photographer), "time")

    assert not chip.said
    assert chip.reason
    assert _fields(chip.include) == [("for", "midjourney"), ("set", "time=daytime")]


def test_a_locked_fact_can_only_be_unlocked(photographer: Scene, show: Show) -> None:
    chip = _chip(show(photographer, ("lock", "light")), "light")

    assert (chip.locked, chip.lock, chip.remove, chip.include) == (True, "", "", "")
    assert parse_query(_fields(chip.unlock)).edits == ()


def test_of_several_facts_each_is_removed_alone(poster: Scene, show: Show) -> None:
    chip = _chip(show(poster), "text-2")

    assert chip.old == "OPEN ALL SUMMER"
    assert ("remove", "text=OPEN ALL SUMMER") in _fields(chip.remove)


def test_other_candidates_can_be_chosen(photographer: Scene, show: Show) -> None:
    chip = _chip(show(photographer), "setting")

    assert chip.candidates
    assert all(
        f"setting={each.words}" in dict(_fields(each.url))["set"] for each in chip.candidates
    )
    assert chip.words not in chip.suggestions


def test_the_palette_has_its_swatches(poster: Scene, show: Show) -> None:
    assert len(_chip(show(poster), "palette").swatches) >= 4


def test_slow_facets_are_pending_until_the_analysis_is_complete(
    photographer: Scene, show: Show
) -> None:
    meters = replace(photographer, facts=photographer.said("light"))

    assert "subject" in pending_facets(show(meters, complete=False))
    assert "light" not in pending_facets(show(meters, complete=False))
    assert pending_facets(show(meters)) == ()


def test_camera_settings_are_formatted() -> None:
    lens = Camera(focal_length=50, aperture=1.8, shutter=1 / 250, iso=200)
    scene = Scene((4, 3), (Fact("camera", "", 0.9, measurement=lens),))

    assert camera_settings(scene) == ("50 mm", "f/1.8", "1/250 s", "ISO 200")
    assert camera_settings(Scene((4, 3))) == ()
