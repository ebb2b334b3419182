"""python -m training.geometry DATA: fit every meter of space and write what was fitted.

Writes src/imagetoprompt/analysis/linear_models.toml. DATA is the
folder of the labelled sets; the renderer of bench/ is needed. About half an hour.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from training.geometry.feature_rows import (
    ANGLES,
    Row,
    gathered,
    of_photograph,
    of_place,
    of_render,
    of_smear,
)
from training.geometry.rendered_scenes import Render, renders
from training.geometry.softmax_fit import Model, fitted, toml
from training.geometry.textures import Array, Swatchbook

ROOT: Final = Path(__file__).parents[2]
METERS: Final = ROOT / "src/imagetoprompt/analysis/linear_models.toml"
MODELS: Final = {
    "motion": "Shape of the spectrum and of the gradients: see analysis/blur.py.",
    "horizon": "Which line is the foot of the sky or wall: see analysis/horizon.py.",
    "viewpoint": "Pitch of the camera: see analysis/camera_angle.py, features.",
}
HEADING: Final = (
    "# Small linear models: the mean and spread of each feature, then bias and weights of each\n"
    "# class. Written by `python -m training.geometry`.\n"
)
SURE: Final = (0.5, 0.6, 0.7, 0.75, 0.8, 0.9)


@dataclass(frozen=True)
class Material:
    """What is looked at: how many places and smears, rendered scenes, photographs by folder."""

    places: int
    scenes: tuple[Render, ...]
    data: Path
    book: Swatchbook

    def photographs(self, folder: str, step: int = 1) -> list[tuple[int, Path]]:
        """Every `step`-th picture of a folder, numbered in order of names."""
        return list(enumerate(sorted((self.data / folder).glob("*.*"))[::step]))


def main() -> None:
    """Read the arguments, look, fit, write."""
    parser = argparse.ArgumentParser(prog="python -m training.geometry", description=__doc__)
    parser.add_argument("data", type=Path, help="the folder of the labelled sets")
    parser.add_argument("--scenes", type=Path, default=ROOT / "bench/out/scenes")
    parser.add_argument("--renders", type=int, default=200, help="rendered scenes, even seeds")
    parser.add_argument("--places", type=int, default=6000, help="composed pictures")
    parser.add_argument("--only", nargs="*", default=list(MODELS))
    given = parser.parse_args()
    photographs = sorted((given.data / "captions_vi/images").glob("*.jpg"))
    scenes = tuple(renders(given.scenes, given.renders))
    material = Material(given.places, scenes, given.data, Swatchbook(tuple(photographs)))
    for name, fit in FITS.items():
        if name in given.only:
            fit(material)


def _motion(given: Material) -> None:
    rows = gathered(partial(of_smear, book=given.book), range(given.places // 2))
    _fit("motion", ("still", "smeared"), {"composed": (rows, 1)})


def _horizon(given: Material) -> None:
    look = partial(of_place, meter="horizon", book=given.book)
    composed = gathered(look, range(given.places // 3))
    rendered = gathered(partial(of_render, meter="horizon"), given.scenes)
    groups = {"composed": (composed, 1), "rendered": (rendered, 3)}
    _fit("horizon", ("none", "horizon"), groups)


def _viewpoint(given: Material) -> None:
    """After the horizon, which is one of its features."""
    look = partial(of_place, meter="viewpoint", book=given.book)
    composed = gathered(look, range(given.places // 3))
    rendered = gathered(partial(of_render, meter="viewpoint"), given.scenes)
    folders = {"aerial_ucm_captions/images": (0, 1), "captions_vi/images": (2, 3)}
    groups = {"composed": (composed, 1), "rendered": (rendered, 3)}
    for folder, (angle, step) in folders.items():
        known = partial(of_photograph, angle=float(angle))
        groups[folder] = gathered(known, given.photographs(folder, step)), 1
    _fit("viewpoint", ANGLES, groups)


def _fit(name: str, classes: tuple[str, ...], groups: dict[str, tuple[list[Row], int]]) -> None:
    """Fit on most rows, each as often as its group says; tell of the others, and write."""
    fit = [row for rows, times in groups.values() for row in rows * times if not row.chooses]
    model = fitted(np.stack([row.features for row in fit]), [int(r.truth) for r in fit], classes)
    for group, (rows, _) in groups.items():
        chosen = [row for row in rows if row.chooses]
        chances = model.chances(np.stack([row.features for row in chosen]))
        _tell(f"{name}, {group}", chances, np.array([int(row.truth) for row in chosen]))
    _written(name, model)


def _tell(what: str, chances: Array, truth: Array) -> None:
    """How often the likeliest class is right, of all and of those that are surer."""
    right, sure = chances.argmax(axis=1) == truth, chances.max(axis=1)
    parts = [
        f"from {each}: {right[sure >= each].mean():.2f} of {(sure >= each).mean():.2f}"
        for each in SURE
        if (sure >= each).any()
    ]
    print(f"{what}: {len(truth)}, right {right.mean():.3f};", ", ".join(parts), flush=True)


def _written(name: str, model: Model) -> None:
    """Put the table of this model in the place of the old one."""
    tables = METERS.read_text(encoding="utf-8").split("\n# ")
    kept = {each: next(t for t in tables if f"\n[{each}]\n" in t) for each in MODELS}
    texts = {each: "# " + text.strip() + "\n" for each, text in kept.items()}
    texts[name] = toml(name, MODELS[name], model)
    METERS.write_text("\n".join([HEADING, *texts.values()]), encoding="utf-8")


FITS: Final[dict[str, Callable[[Material], None]]] = {
    "motion": _motion,
    "horizon": _horizon,
    "viewpoint": _viewpoint,
}

if __name__ == "__main__":
    main()
