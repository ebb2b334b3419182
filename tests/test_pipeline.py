from pathlib import Path

import pytest

from imagetoprompt import alternatives, describe, open_picture, write
from imagetoprompt.core.scene import Fact, Scene
from imagetoprompt.errors import UnknownNameError
from imagetoprompt.pipeline import resolve
from imagetoprompt.settings import settings
from imagetoprompt.targets import TARGETS

COFFEE = Path(__file__).parent.parent / "examples" / "coffee.jpg"
SCENE = Scene((600, 400), (Fact("subject", "a cup", 0.9), Fact("light", "soft light", 0.9)))


def test_a_path_bytes_and_an_opened_picture_give_the_same_scene() -> None:
    scene = describe(COFFEE, only=["palette"])
    assert describe(str(COFFEE), only=["palette"]) == scene
    assert describe(COFFEE.read_bytes(), only=["palette"]) == scene
    assert describe(open_picture(COFFEE), only=["palette"]) == scene


def test_threads_get_the_same_scene(monkeypatch: pytest.MonkeyPatch) -> None:
    scenes = []
    for threads in ("1", "4"):
        monkeypatch.setenv("IMAGETOPROMPT_THREADS", threads)
        settings.cache_clear()
        scenes.append(describe(COFFEE))
    settings.cache_clear()
    assert scenes[0] == scenes[1]


def test_only_and_without_choose_the_facets() -> None:
    scene = describe(COFFEE, only=["palette", "light"], without=["light"])
    assert {fact.facet for fact in scene} == {"palette"}


def test_an_unknown_facet_is_named() -> None:
    with pytest.raises(UnknownNameError, match="No facet named 'sky'"):
        describe(COFFEE, only=["sky"])


ALIASES = {"sd": "stable_diffusion", "dalle": "openai", "gpt": "openai", "mj": "midjourney"}


@pytest.mark.parametrize("alias", ALIASES)
def test_an_alias_is_its_target(alias: str) -> None:
    assert write(SCENE, alias) == write(SCENE, ALIASES[alias])


def test_a_variant_follows_a_colon() -> None:
    assert resolve("sd:1.5") == (TARGETS["stable_diffusion"], "1.5")
    assert write(SCENE, "sd:1.5").variant == "1.5"


def test_an_unknown_variant_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match=r"No variant of sd named '9'. There are: xl, "):
        write(SCENE, "sd:9")


def test_an_unknown_emphasis_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="There are: balanced, subject, light, composition"):
        write(SCENE, "flux", emphasis="loud")


def test_alternatives_are_four_emphases() -> None:
    prompts = alternatives(SCENE, "flux")
    assert [prompt.emphasis for prompt in prompts] == [
        "balanced",
        "subject",
        "light",
        "composition",
    ]
    assert prompts[0] == write(SCENE, "flux")
