"""truth(spec, surfaces, pixels): the ground truth of a rendered scene, as JSON values.

The conventions are those of `imagetoprompt.core.measurements`; None where no one could say. It
needs no renderer, only which surface each pixel shows and how deep.
"""

from collections.abc import Mapping
from math import radians, tan
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench.scenes.colors import oklab
from bench.scenes.illuminant import decode, light_color, temperature_class
from bench.scenes.optics import (
    Frame,
    azimuth_of,
    azimuth_told,
    blur_at,
    frame_of,
    horizon_of,
)
from bench.scenes.plan import PITCH_RANGES
from bench.scenes.sky import ambient_color
from bench.scenes.spec import SceneSpec, View, split_of

Json = dict[str, object]
Shown = NDArray[np.int64]

MIN_SHALLOW_BLUR: Final = 0.02
"""Blur (fraction of the height) from which the field is shallow: an 85 mm lens at f/4 on a person
three meters away spreads a far background over 0.02 of the frame."""

MAX_DEEP_BLUR: Final = 0.005
"""Blur below which it is deep: about one pixel in a picture 256 high."""

CLASS_MARGIN: Final = 1.15
"""Within this factor of a boundary between two classes either may be said: the truth is None."""

MIN_VISIBLE_SHARE: Final = 0.03
"""The share of the picture from which a ground or a background is seen at all."""

MIN_FRONTAL: Final = 0.3
"""Frontal part beyond which the light comes from the front, or from behind."""


def truth(
    spec: SceneSpec,
    names: tuple[str, ...],
    layers: tuple[Shown, NDArray[np.float64]],
    pixels: NDArray[np.uint8],
) -> Json:
    """The whole truth: `layers` are each pixel's surface (index into names, -1 sky) and depth."""
    shown, depth = layers
    frame = frame_of(spec.view, spec.hero.center)
    subject = shown == names.index("hero")
    return {
        "kind": "scene",
        "seed": spec.seed,
        "split": split_of(spec.seed),
        "family": spec.family,
        "size": list(spec.view.size),
        "light": light_truth(spec, frame),
        "focus": focus_truth(spec, subject, depth),
        "camera": camera_truth(spec, areas_of(names, shown)),
        "composition": composition_truth(spec, frame, subject),
        "palette": palette_truth(spec, names, shown, pixels),
    }


def light_truth(spec: SceneSpec, frame: Frame) -> Json:
    """Direction, facing, hardness and color of the key light; no direction under the sky alone."""
    kelvin = cast_kelvin(spec)
    common: Json = {"kelvin": round(kelvin), "temperature": _temperature(kelvin)}
    if not spec.lamps:
        return {
            "azimuth": None,
            "frontal": None,
            "facing": None,
            "hardness": "soft",
            "key_to_fill": 0.0,
            **common,
        }
    key = spec.lamps[0]
    toward = frame.into(key.toward)
    told = azimuth_told(toward)
    return {
        "azimuth": round(azimuth_of(toward), 1) if told else None,
        "frontal": round(float(toward[2]), 3),
        "facing": "front"
        if toward[2] > MIN_FRONTAL
        else "back"
        if toward[2] < -MIN_FRONTAL
        else "side",
        "hardness": "soft" if key.kind == "softbox" else "hard",
        "key_to_fill": round(key.irradiance / spec.ambient.irradiance, 2),
        **common,
    }


def cast_kelvin(spec: SceneSpec) -> float:
    """The temperature of all light together."""
    return correlated(cast_of(spec))


def cast_of(spec: SceneSpec) -> NDArray[np.float64]:
    """The linear color of all light together: each lamp and everything else, by irradiance."""
    total = ambient_color(spec)
    for lamp in spec.lamps:
        total = total + lamp.irradiance * light_color(lamp.kelvin)
    return np.asarray(total)


def correlated(color: NDArray[np.float64]) -> float:
    """The correlated temperature of a linear sRGB color (McCamy 1992), 1700 to 20000 K."""
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    xyz = to_xyz @ color
    x, y = xyz[0] / xyz.sum(), xyz[1] / xyz.sum()
    n = (x - 0.3320) / (0.1858 - y)
    return float(np.clip(449 * n**3 + 3525 * n**2 + 6823.3 * n + 5520.33, 1700, 20000))


def _temperature(kelvin: float) -> str | None:
    """The class; None between two classes, within 200 K of warm or 500 K of cool."""
    classes = {temperature_class(kelvin * factor) for factor in (0.95, 1.05)}
    return classes.pop() if len(classes) == 1 else None


def focus_truth(spec: SceneSpec, subject: NDArray[np.bool_], depth: NDArray[np.float64]) -> Json:
    """Depth of field by the larger of the subject's and the background's circle of confusion."""
    blur = blur_at(spec.view, depth)
    behind = ~subject & np.isfinite(depth)
    far = float(np.percentile(blur[behind], 75)) if behind.any() else 0.0
    near = float(np.median(blur[subject])) if subject.any() else 0.0
    return {
        "depth_of_field": field_class(max(far, near)) if behind.mean() > 0.1 else None,
        "background_blur": round(far, 5),
        "subject_blur": round(near, 5),
        "subject_sharp": True
        if near < MAX_DEEP_BLUR
        else False
        if near > 2 * MAX_DEEP_BLUR
        else None,
        "motion": 0.0,
        "motion_angle": None,
    }


def field_class(blur: float) -> str | None:
    """Shallow, medium or deep; None within CLASS_MARGIN of a boundary."""
    classes = {_field(blur * factor) for factor in (1 / CLASS_MARGIN, CLASS_MARGIN)}
    return classes.pop() if len(classes) == 1 else None


def _field(blur: float) -> str:
    return "shallow" if blur >= MIN_SHALLOW_BLUR else "medium" if blur >= MAX_DEEP_BLUR else "deep"


def areas_of(names: tuple[str, ...], shown: Shown) -> dict[str, float]:
    """The share of the picture that each surface has; "sky" is where there is none."""
    numbers, counts = np.unique(shown, return_counts=True)
    labels = ["sky" if number < 0 else names[number] for number in numbers]
    return dict(zip(labels, (counts / shown.size).tolist(), strict=True))


def camera_truth(spec: SceneSpec, areas: Mapping[str, float]) -> Json:
    """Angle and roll; None where nothing shows which way is up.

    The angle needs some ground, or an open sky; the roll a level line, where the ground ends.
    """
    view = spec.view
    ground, behind = (
        areas.get("ground", 0.0),
        max(areas.get("sky", 0.0), areas.get("backdrop", 0.0)),
    )
    upright = spec.ground is not None and (
        ground > MIN_VISIBLE_SHARE or areas.get("sky", 0.0) > MIN_VISIBLE_SHARE
    )
    level = ground > MIN_VISIBLE_SHARE and behind > MIN_VISIBLE_SHARE and abs(view.pitch) < 50
    return {
        "angle": _angle(view.pitch) if upright else None,
        "pitch": round(view.pitch, 2),
        "roll": round(view.roll, 2) if level else None,
        "focal_length": round(focal_length(view), 1),
    }


def _angle(pitch: float) -> str | None:
    for name, (low, high) in PITCH_RANGES.items():
        if low <= pitch <= high:
            return name
    return None


def focal_length(view: View) -> float:
    """Millimeters on a 36 x 24 frame held upright or across."""
    half = 12 if view.size[0] >= view.size[1] else 18
    return half / tan(radians(view.fov) / 2)


def composition_truth(spec: SceneSpec, frame: Frame, subject: NDArray[np.bool_]) -> Json:
    """Where the subject is, the horizon of an open field, and whether left mirrors right."""
    box = box_of(subject) if subject.mean() >= 0.01 else None
    horizon = horizon_of(spec.view, frame) if spec.backdrop.kind == "sky" else None
    aside = abs(spec.view.subject_at[0] - 0.5) > 0.1
    return {
        "subject_box": box,
        "placement": None if box is None else placement(box[0] + box[2] / 2),
        "horizon": None if horizon is None or not 0.04 < horizon < 0.96 else round(horizon, 4),
        "symmetric": True if spec.family == "mirror" else False if aside else None,
    }


def box_of(subject: NDArray[np.bool_]) -> list[float]:
    """The box of the subject's pixels: x, y, width, height as fractions."""
    height, width = subject.shape
    rows, columns = np.flatnonzero(subject.any(axis=1)), np.flatnonzero(subject.any(axis=0))
    left, top = columns[0] / width, rows[0] / height
    wide, tall = (columns[-1] + 1) / width - left, (rows[-1] + 1) / height - top
    return [round(float(value), 4) for value in (left, top, wide, tall)]


def placement(across: float) -> str | None:
    """Left third, center or right third by the middle of the box; None between them."""
    if across < 0.40:
        return "left"
    if across > 0.60:
        return "right"
    return "center" if 0.44 < across < 0.56 else None


def palette_truth(
    spec: SceneSpec, names: tuple[str, ...], shown: Shown, pixels: NDArray[np.uint8]
) -> Json:
    """The mean color (OKLab), area and spread (deviation) of each surface, largest first."""
    lab = oklab(decode(pixels / 255.0))
    swatches = []
    for number in np.unique(shown):
        mask = shown == number
        middle = lab[mask].mean(axis=0)
        swatches.append(
            {
                "of": "sky" if number < 0 else names[number],
                "oklab": [round(float(value), 4) for value in middle],
                "area": round(float(mask.mean()), 4),
                "spread": round(float(lab[mask].std(axis=0).max()), 4),
            }
        )
    swatches.sort(key=lambda swatch: -float(str(swatch["area"])))
    return {"swatches": swatches, "plain": spec.family == "matte"}
