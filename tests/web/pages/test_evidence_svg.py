import re

from imagetoprompt.core.measurements import (
    Action,
    Camera,
    Composition,
    Focus,
    Light,
    Palette,
    Swatch,
    Text,
)
from imagetoprompt.core.scene import Fact, Scene
from imagetoprompt.web.pages.evidence_svg import SvgMark, drawing_size, svg_marks


def _only(fact: Fact, *more: Fact, sharp: str = "") -> SvgMark:
    return svg_marks(Scene((400, 200), (fact, *more)), sharp)[0]


def test_the_longer_side_has_a_thousand_units() -> None:
    assert (drawing_size((400, 200)).width, drawing_size((400, 200)).height) == (1000, 500)


def test_boxes_are_drawn_around_subjects(poster: Scene) -> None:
    mark = _only(Fact("text", "HI", 1, measurement=Text("HI", (0.5, 0.5, 0.25, 0.2))))

    assert mark.solid == "M500 250h250v100h-250z"
    assert [each.facet for each in svg_marks(poster)].count("text") == 2


def test_light_from_the_left_points_to_the_right() -> None:
    light = Light(azimuth=270, frontal=0, hardness=1, contrast=1, key="mid", kelvin=5500)
    mark = _only(Fact("light", "side light", 1, measurement=light))
    (start, _), (end, _) = re.findall(r"(-?\d+) (-?\d+)", mark.solid)

    assert int(start) < int(end) < 500


def test_light_without_direction_has_no_arrow() -> None:
    light = Light(azimuth=None, frontal=0, hardness=0, contrast=0, key="mid", kelvin=5500)

    assert svg_marks(Scene((4, 3), (Fact("light", "soft light", 1, measurement=light),))) == ()


def test_swatches_share_the_width_by_area() -> None:
    swatches = (Swatch("#FF0000", "red", 0.6), Swatch("#0000FF", "blue", 0.2))
    mark = _only(Fact("palette", "red", 1, measurement=Palette(swatches, "duo", 0, 1)))

    assert [(each.x, each.width, each.color) for each in mark.blocks] == [
        (0, 750, "#FF0000"),
        (750, 250, "#0000FF"),
    ]


def test_the_composition_shows_thirds_horizon_and_subject() -> None:
    layout = Composition("wide", (), (0.1, 0.1, 0.5, 0.5), 0.4, 0.2)
    mark = _only(Fact("composition", "wide shot", 1, measurement=layout))

    assert "M0 200H1000" in mark.solid
    assert mark.dashed.startswith("M333 0V500")


def test_a_rolling_camera_tilts_the_horizon() -> None:
    layout = Composition("wide", (), None, 0.5, 0)
    mark = svg_marks(
        Scene(
            (400, 200),
            (
                Fact("composition", "", 1, measurement=layout),
                Fact("camera", "level", 1, measurement=Camera(roll=10)),
            ),
        )
    )[1]

    assert mark.solid == "M0 162L1000 338"


def test_bones_join_confident_key_points() -> None:
    joint, guess = (0.5, 0.5, 0.9), (0.1, 0.1, 0.1)
    person = tuple(joint if place in (5, 7) else guess for place in range(17))
    mark = _only(Fact("action", "waving", 1, measurement=Action((person,))))

    assert mark.solid == "M500 250L500 250"
    assert mark.filled.count("M") == 2


def test_focus_shows_the_sharpness_map() -> None:
    focus = Fact("focus", "deep focus", 1, measurement=Focus("deep", 1, True, 0, None))

    assert _only(focus, sharp="/p/id/sharp.png").cover == "/p/id/sharp.png"
    assert svg_marks(Scene((4, 3), (focus,))) == ()
