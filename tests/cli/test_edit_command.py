import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from imagetoprompt.cli.edit_command import edit
from imagetoprompt.cli.list_commands import presets
from imagetoprompt.errors import ImageToPromptError, MaskError, PlanError, UnknownNameError
from imagetoprompt.facts.edits import presets as known
from imagetoprompt.targets import TARGETS

CAT = str(Path(__file__).parents[2] / "examples" / "cat.jpg")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(edit, [CAT, *arguments], catch_exceptions=True)


def lines(*arguments: str) -> list[str]:
    found = run(*arguments)
    assert found.exit_code == 0, found.output
    return found.output.splitlines()


def refused(*arguments: str) -> ImageToPromptError:
    error = run(*arguments).exception
    assert isinstance(error, ImageToPromptError)
    return error


def test_what_changes_stands_with_its_marks() -> None:
    shown = lines(
        "--preset", "watercolour", "--set", "palette=soft pastel colors", "--for", "sd:xl"
    )
    assert shown[0].endswith("(451 x 300)")
    assert "+ medium      watercolor painting" in shown
    assert "+ palette     soft pastel colors" in shown
    assert "Restyle, since the medium changes." in shown
    assert '  "denoising_strength": 0.65,' in shown


def test_nothing_but_text_goes_into_a_pipe() -> None:
    assert "\x1b" not in run("--preset", "night", "--for", "midjourney").output


def test_midjourney_gets_a_line_to_paste() -> None:
    shown = lines("--preset", "watercolor", "--for", "midjourney:7")
    assert any(
        line.startswith("<paste the picture's link> watercolor painting of") for line in shown
    )
    assert "step 2: Put the link in place of <paste the picture's link>." in shown


def test_json_holds_everything() -> None:
    found = run("--set", "time=night", "--for", "flux,openai", "--strength", "0.4", "--json")
    data = json.loads(found.output)
    assert data["plan"]["strength"] == 0.4
    assert [each["after"]["target"] for each in data["targets"]] == ["flux", "openai"]
    assert data["edits"] == [{"facet": "time", "value": "night", "how": "set"}]
    assert data["targets"][0]["changes"][0]["facet"] == "time"


def test_every_target_is_asked_by_default() -> None:
    data = json.loads(run("--set", "time=night", "--json").output)
    assert [each["after"]["target"] for each in data["targets"]] == list(TARGETS)


def test_who_cannot_is_told_beside_those_who_can() -> None:
    shown = lines("--expand", "left=0.5", "--for", "sd:3.5,flux")
    assert any(line.startswith("stable_diffusion:3.5 cannot outpaint") for line in shown)
    assert "json: https://api.bfl.ai/v1/flux-pro-1.0-expand" in shown


def test_it_is_an_error_when_nobody_asked_can() -> None:
    assert "Who can: " in str(refused("--scale", "2", "--for", "flux,midjourney"))


def test_a_box_is_a_mask() -> None:
    data = json.loads(run("--mask", "0.1,0.2,0.3,0.4", "--for", "flux", "--json").output)
    assert data["plan"]["mask"]["boxes"] == [[0.1, 0.2, 0.3, 0.4]]
    assert data["targets"][0]["request"]["url"].endswith("fill")


@pytest.mark.parametrize(
    ("size", "shade", "words"),
    [((9, 9), 255, "give a mask of the picture's size"), ((451, 300), 0, "The mask marks nothing")],
)
def test_a_mask_that_does_not_fit_is_refused(
    tmp_path: Path, size: tuple[int, int], shade: int, words: str
) -> None:
    Image.new("L", size, shade).save(tmp_path / "mask.png")
    error = refused("--mask", str(tmp_path / "mask.png"))
    assert isinstance(error, MaskError)
    assert words in str(error)


def test_references_carry_roles_and_weights() -> None:
    data = json.loads(run("--reference", "style=s@x.png@0.7", "--for", "flux", "--json").output)
    assert data["plan"]["references"] == [{"role": "style", "source": "s@x.png", "weight": 0.7}]


def test_a_facet_comes_from_another_picture() -> None:
    other = str(Path(CAT).with_name("coffee.jpg"))
    data = json.loads(run("--take", f"palette={other}", "--for", "flux", "--json").output)
    assert [each["facet"] for each in data["plan"]["changes"]] == ["palette"]


@pytest.mark.parametrize(
    ("arguments", "kind", "words"),
    [
        (("--strength", "1.4"), PlanError, "Strength goes from 0"),
        (("--preset", "cubist"), UnknownNameError, "No preset named 'cubist'"),
        (("--set", "hair=red"), UnknownNameError, "No facet named 'hair'"),
        (("--for", "dali"), UnknownNameError, "No target named 'dali'"),
        (("--keep", "hair"), UnknownNameError, "No control named 'hair'"),
        (("--mask", "0,0,0,0"), PlanError, "fractions of the picture"),
    ],
)
def test_a_wish_without_sense_is_refused(
    arguments: tuple[str, ...], kind: type[Exception], words: str
) -> None:
    error = refused(*arguments)
    assert isinstance(error, kind)
    assert words in str(error)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--size", "big"), "as in 1200x800"),
        (("--expand", "left"), "left=0.25"),
        (("--expand", "up=1"), "left=0.25"),
        (("--reference", "s.png"), "role=picture"),
    ],
)
def test_an_option_of_another_form_says_which(arguments: tuple[str, ...], words: str) -> None:
    assert words in str(refused(*arguments))


def test_presets_are_listed_under_their_kinds() -> None:
    shown = CliRunner().invoke(presets).output.splitlines()
    assert shown[0] == "medium"
    assert sum("0." in line for line in shown) == len(known())


def test_presets_are_data_too() -> None:
    data = json.loads(CliRunner().invoke(presets, ["--json"]).output)
    assert data[0]["set"] == {"medium": "watercolor painting"}
