"""python -m training.geometry DATA: fit the models and write analysis/linear_models.toml.

DATA is the folder of the labeled sets. Needs the renderer of bench/. Takes about half an hour.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from training.geometry.feature_rows import (
    ANGLE_NAMES,
    FeatureRow,
    collect_rows,
    composed_scene_rows,
    motion_rows,
    photograph_rows,
    rendered_scene_rows,
)
from training.geometry.rendered_scenes import Render, rendered_scenes
from training.geometry.softmax_fit import SoftmaxModel, fit_softmax, toml
from training.geometry.textures import Array, TextureSource

ROOT: Final = Path(__file__).parents[2]
TABLE_PATH: Final = ROOT / "src/imagetoprompt/analysis/linear_models.toml"
MODEL_NOTES: Final = {
    "motion": "Shape of the spectrum and of the gradients: see analysis/blur.py.",
    "horizon": "Which line is the foot of the sky or wall: see analysis/horizon.py.",
    "viewpoint": "Pitch of the camera: see analysis/camera_angle.py, features.",
}
HEADING: Final = (
    "# Small linear models: the mean and spread of each feature, then bias and weights of each\n"
    "# class. Written by `python -m training.geometry`.\n"
)
REPORTED_CONFIDENCES: Final = (0.5, 0.6, 0.7, 0.75, 0.8, 0.9)


@dataclass(frozen=True)
class TrainingMaterial:
    """The inputs: number of composed scenes, rendered scenes, folder of photographs, textures."""

    places: int
    scenes: tuple[Render, ...]
    data: Path
    textures: TextureSource

    def photographs(self, folder: str, step: int = 1) -> list[tuple[int, Path]]:
        """Every `step`-th picture of a folder, numbered in order of names."""
        return list(enumerate(sorted((self.data / folder).glob("*.*"))[::step]))


def main() -> None:
    """Read the arguments, look, fit, write."""
    parser = argparse.ArgumentParser(prog="python -m training.geometry", description=__doc__)
    parser.add_argument("data", type=Path, help="the folder of the labeled sets")
    parser.add_argument("--scenes", type=Path, default=ROOT / "bench/out/scenes")
    parser.add_argument("--renders", type=int, default=200, help="rendered scenes, even seeds")
    parser.add_argument("--places", type=int, default=6000, help="composed pictures")
    parser.add_argument("--only", nargs="*", default=list(MODEL_NOTES))
    arguments = parser.parse_args()
    photographs = sorted((arguments.data / "captions_vi/images").glob("*.jpg"))
    scenes = tuple(rendered_scenes(arguments.scenes, arguments.renders))
    source = TextureSource(tuple(photographs))
    material = TrainingMaterial(arguments.places, scenes, arguments.data, source)
    for name, fit in FITS.items():
        if name in arguments.only:
            fit(material)


def _motion(material: TrainingMaterial) -> None:
    rows = collect_rows(
        partial(motion_rows, textures=material.textures), range(material.places // 2)
    )
    _fit("motion", ("still", "smeared"), {"composed": (rows, 1)})


def _horizon(material: TrainingMaterial) -> None:
    look = partial(composed_scene_rows, model="horizon", textures=material.textures)
    composed = collect_rows(look, range(material.places // 3))
    rendered = collect_rows(partial(rendered_scene_rows, model="horizon"), material.scenes)
    groups = {"composed": (composed, 1), "rendered": (rendered, 3)}
    _fit("horizon", ("none", "horizon"), groups)


def _viewpoint(material: TrainingMaterial) -> None:
    """After the horizon, which is one of its features."""
    look = partial(composed_scene_rows, model="viewpoint", textures=material.textures)
    composed = collect_rows(look, range(material.places // 3))
    rendered = collect_rows(partial(rendered_scene_rows, model="viewpoint"), material.scenes)
    folders = {"aerial_ucm_captions/images": (0, 1), "captions_vi/images": (2, 3)}
    groups = {"composed": (composed, 1), "rendered": (rendered, 3)}
    for folder, (angle, step) in folders.items():
        known = partial(photograph_rows, angle=float(angle))
        groups[folder] = collect_rows(known, material.photographs(folder, step)), 1
    _fit("viewpoint", ANGLE_NAMES, groups)


def _fit(
    name: str, classes: tuple[str, ...], groups: dict[str, tuple[list[FeatureRow], int]]
) -> None:
    """Fit on the training rows, each as often as its group says; report the others, and write."""
    fit = [row for rows, times in groups.values() for row in rows * times if not row.validates]
    model = fit_softmax(
        np.stack([row.features for row in fit]), [int(r.truth) for r in fit], classes
    )
    for group, (rows, _) in groups.items():
        tested = [row for row in rows if row.validates]
        shares = model.probabilities(np.stack([row.features for row in tested]))
        _report(f"{name}, {group}", shares, np.array([int(row.truth) for row in tested]))
    _write_table(name, model)


def _report(name: str, probabilities: Array, truth: Array) -> None:
    """Print how often the likeliest class is right, of all and above some confidences."""
    right, confidence = probabilities.argmax(axis=1) == truth, probabilities.max(axis=1)
    parts = [
        f"from {low}: {right[confidence >= low].mean():.2f} of {(confidence >= low).mean():.2f}"
        for low in REPORTED_CONFIDENCES
        if (confidence >= low).any()
    ]
    print(f"{name}: {len(truth)}, right {right.mean():.3f};", ", ".join(parts), flush=True)


def _write_table(name: str, model: SoftmaxModel) -> None:
    """Replace the table of this model in the file."""
    tables = TABLE_PATH.read_text(encoding="utf-8").split("\n# ")
    kept = {key: next(t for t in tables if f"\n[{key}]\n" in t) for key in MODEL_NOTES}
    texts = {key: "# " + text.strip() + "\n" for key, text in kept.items()}
    texts[name] = toml(name, MODEL_NOTES[name], model)
    TABLE_PATH.write_text("\n".join([HEADING, *texts.values()]), encoding="utf-8")


FITS: Final[dict[str, Callable[[TrainingMaterial], None]]] = {
    "motion": _motion,
    "horizon": _horizon,
    "viewpoint": _viewpoint,
}

if __name__ == "__main__":
    main()
