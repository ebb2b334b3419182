from collections.abc import Callable
from urllib.parse import parse_qsl

from imagetoprompt.core.scene import Scene
from imagetoprompt.facts.edits import presets
from imagetoprompt.targets import TARGETS
from imagetoprompt.web.pages.context import PageState
from imagetoprompt.web.pages.pickers import edit_entries, preset_groups, target_tabs, variant_tabs
from imagetoprompt.web.pages.urls import pairs
from imagetoprompt.web.query import parse_query

Show = Callable[..., PageState]


def test_there_is_a_tab_for_each_target(photographer: Scene, show: Show) -> None:
    found = target_tabs(show(photographer, ("for", "flux:1")), (("for", "flux:1"),))

    assert [each.name for each in found] == list(TARGETS)
    assert [each.name for each in found if each.chosen] == ["flux"]


def test_variants_lead_to_themselves(photographer: Scene, show: Show) -> None:
    found = variant_tabs(show(photographer, ("for", "flux:1")), (("for", "flux:1"), ("seed", "3")))

    assert [each.title for each in found] == ["FLUX.2", "FLUX.1", "FLUX.1 Kontext"]
    assert [each.chosen for each in found] == [False, True, False]
    assert [each.url for each in found][2] == "/p/id?seed=3&for=flux%3Akontext"


def test_presets_are_in_the_order_of_their_sprite(photographer: Scene, show: Show) -> None:
    kinds = preset_groups(show(photographer))

    assert [c.name for kind in kinds for c in kind.cells] == [
        each.name for kind in kinds for each in presets() if each.kind == kind.name
    ]
    assert all([c.row for c in kind.cells] == list(range(len(kind.cells))) for kind in kinds)


def test_the_kind_of_a_chosen_preset_is_open(photographer: Scene, show: Show) -> None:
    kinds = preset_groups(show(photographer, ("preset", "dawn")))

    assert [kind.name for kind in kinds if kind.chosen] == ["time"]


def test_each_edit_can_be_undone_alone(photographer: Scene, show: Show) -> None:
    shown = show(
        photographer,
        ("preset", "watercolor"),
        ("set", "time=dusk"),
        ("remove", "camera"),
        ("take", "light=other"),
        ("exclude", "people"),
    )
    fields = pairs(shown.query)
    found = edit_entries(shown, fields)

    assert [(each.kind, each.facet, each.words) for each in found] == [
        ("preset", "", "Watercolor"),
        ("set", "time", "dusk"),
        ("remove", "camera", ""),
        ("take", "light", ""),
        ("exclude", "", "people"),
    ]
    for each in found:
        left = parse_query(parse_qsl(each.undo.partition("?")[2]))
        assert len(edit_entries(shown, pairs(left))) == len(found) - 1
