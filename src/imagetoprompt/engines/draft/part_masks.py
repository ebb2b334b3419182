"""part_mask(picture, name): a soft mask of the sky, the subject or another part of the picture.

sky: bright or blue, smooth, and connected to the upper border. land: the rest. subject, background:
by the box and the colors of the main subject. skin: on people. No depth map is used.
"""

from collections.abc import Callable
from typing import Final, cast

import cv2
import numpy as np

from imagetoprompt.analysis import linear_models
from imagetoprompt.analysis.subject_detection import main_subject
from imagetoprompt.core.measurements import Box
from imagetoprompt.engines.draft.canvas import Floats
from imagetoprompt.images import color
from imagetoprompt.images.filters import guided_filter
from imagetoprompt.images.picture import Picture, Pixels, cached_per_picture
from imagetoprompt.models import detect

ANALYSIS_SIZE: Final = 256
# GrabCut takes four times as long at twice the size, and the guided filter refines its borders.
CUTOUT_SIZE: Final = 144
REFINED_SIZE: Final = 768
# Radius in which the guided filter looks for the true border, as a share of the longer side, and
# the contrast (of 1) of an edge. With a wider one a darkened sky glows around objects before it.
FILTER_RADIUS: Final = 1 / 90
EDGE_CONTRAST: Final = 0.03
# Grow the sky mask by up to this share of the longer side.
MAX_SKY_GROWTH: Final = 1 / 70
# Labels of the setting classifier that have no sky.
INDOOR_LABELS: Final = (
    "indoors",
    "kitchen",
    "bedroom",
    "living room",
    "office",
    "shop",
    "auditorium",
)
# Minimum confidence of a detected person.
MIN_PERSON_CONFIDENCE: Final = 0.4
# Minimum probability of a low sun for a warm area to be sky; else it is sand or a wall.
MIN_LOW_SUN_PROBABILITY: Final = 0.3


@cached_per_picture
def part_mask(picture: Picture, name: str) -> Floats:
    """The mask of the part, height x width of the picture's pixels, 0 to 1; cached."""
    return _mask_at_full_size(picture, name)


def indoor_probability(picture: Picture) -> float:
    """The probability that the picture was taken indoors."""
    shares = linear_models.probe_probabilities(picture, "setting")
    return sum(shares.get(label, 0.0) for label in INDOOR_LABELS)


def _mask_at_full_size(picture: Picture, name: str) -> Floats:
    small, middle = picture.at(ANALYSIS_SIZE), picture.at(REFINED_SIZE)
    mask = _PARTS[name](picture)
    refined = mask if name in _UNREFINED else _guided(mask, small, middle)
    if name in ("sky", "land") and mask.any():
        sky = _grown_sky(refined if name == "sky" else 1 - refined, middle)
        refined = sky if name == "sky" else 1 - sky
    size = picture.pixels.shape[1], picture.pixels.shape[0]
    full = cv2.resize(refined, size, interpolation=cv2.INTER_LINEAR)
    return cast(Floats, np.clip(full, 0, 1))


def _guided(mask: Floats, small: Pixels, large: Pixels) -> Floats:
    """The mask at the size of the larger copy, its borders aligned with the edges there.

    The guided filter (He, Sun and Tang, 2013), twice: once small to find the edge, once large to
    follow it.
    """
    once = _filtered(mask, small)
    size = large.shape[1], large.shape[0]
    wide = cv2.resize(once, size, interpolation=cv2.INTER_LINEAR)
    again = _filtered(wide, large) if max(size) > max(small.shape) else wide
    return np.asarray(np.clip((again - 0.1) / 0.8, 0, 1))


def _grown_sky(sky: Floats, pixels: Pixels) -> Floats:
    """Extend the sky mask to neighboring pixels of the sky's color.

    A rim of unmasked bright sky would glow around objects under a darkened sky.
    """
    wide = 2 * max(2, round(MAX_SKY_GROWTH * max(pixels.shape))) + 1
    values = pixels.astype(np.float32) / 255
    weight = np.clip((sky - 0.6) / 0.4, 0, 1)
    near = cv2.blur(weight, (wide, wide))
    color = cv2.blur(values * weight[..., None], (wide, wide)) / np.maximum(near, 1e-3)[..., None]
    red, green, blue = cv2.split(np.abs(values - color))
    apart = cv2.max(red, cv2.max(green, blue))
    alike = np.clip((0.16 - apart) / 0.08, 0, 1) * np.clip(near / 0.04, 0, 1)
    unlike = np.clip((apart - 0.2) / 0.12, 0, 1) * (near > 0.04)
    reached = np.maximum(sky * (1 - unlike), alike)
    return np.asarray(cv2.GaussianBlur(reached.astype(np.float32), (0, 0), 0.8))


def _filtered(mask: Floats, pixels: Pixels) -> Floats:
    radius = max(2, round(FILTER_RADIUS * max(mask.shape)))
    return guided_filter(mask, pixels, radius, EDGE_CONTRAST)


def _lab(pixels: Pixels) -> Floats:
    return color.oklab(color.to_linear(pixels))


def _sky(picture: Picture) -> Floats:
    pixels = picture.at(ANALYSIS_SIZE)
    lab = _lab(pixels)
    low_sun = (
        linear_models.probe_probabilities(picture, "time").get("low sun", 0.0)
        > MIN_LOW_SUN_PROBABILITY
    )
    likely = _sky_like(lab, low_sun)
    count, labels, _, _ = cv2.connectedComponentsWithStats(likely.astype(np.uint8), connectivity=4)
    edge = max(1, pixels.shape[0] // 40)
    touching = np.bincount(labels[:edge].ravel(), minlength=count).astype(np.float32)
    touching[0] = 0
    kept = touching >= 0.06 * edge * pixels.shape[1]
    mask = kept[labels].astype(np.uint8)
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    sure = 1 - np.clip((indoor_probability(picture) - 0.35) / 0.3, 0, 1)
    return np.asarray(mask.astype(np.float32) * np.float32(sure) * (1 - _people_cutouts(picture)))


def _sky_like(lab: Floats, low_sun: bool) -> Floats:
    """True where smooth, and either blue, or pale and brighter than most of the lower half."""
    light = lab[..., 0]
    fine = np.abs(light - cv2.GaussianBlur(light, (0, 0), 2.0))
    rough = cv2.GaussianBlur(fine, (0, 0), 2.0)
    below = float(np.quantile(light[light.shape[0] // 2 :], 0.6))
    hue, chroma = color.hue(lab), color.chroma(lab)
    blue = (np.abs(hue - 250) < 45) & (chroma > 0.02) & (light > 0.3)
    pale = (chroma < 0.035) | ((light > 0.88) & (chroma < 0.07))
    warm = (np.abs(hue - 70) < 50) if low_sun else np.zeros_like(pale)
    bright = (light > max(0.55, below)) & (pale | warm)
    return np.asarray((rough < 0.03) & (blue | bright))


def _land(picture: Picture) -> Floats:
    return 1 - _sky(picture)


@cached_per_picture
def _subject(picture: Picture) -> Floats:
    return _cut(picture)


def _cut(picture: Picture) -> Floats:
    """GrabCut inside the box of the main subject, on a small copy."""
    main = main_subject(picture)
    height, width = picture.at(ANALYSIS_SIZE).shape[:2]
    if main is None:
        down, across = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
        return np.asarray(np.exp(-1.6 * (down**2 + across**2)), np.float32)
    inside = _foreground(np.ascontiguousarray(picture.at(CUTOUT_SIZE)), main.box)
    return np.asarray(cv2.resize(inside, (width, height), interpolation=cv2.INTER_LINEAR))


def _foreground(pixels: Pixels, box: Box) -> Floats:
    height, width = pixels.shape[:2]
    left, top = max(1, int(box[0] * width)), max(1, int(box[1] * height))
    right = min(width - 1, int((box[0] + box[2]) * width))
    bottom = min(height - 1, int((box[1] + box[3]) * height))
    mask = np.full((height, width), cv2.GC_BGD, np.uint8)
    mask[top:bottom, left:right] = cv2.GC_PR_FGD
    boxed = np.asarray(mask == cv2.GC_PR_FGD, np.float32)
    if min(right - left, bottom - top) < 6 or boxed.mean() > 0.95:
        return boxed
    cv2.setRNGSeed(0)
    cv2.grabCut(pixels, mask, None, np.zeros((1, 65)), np.zeros((1, 65)), 2, cv2.GC_INIT_WITH_MASK)
    inside = np.isin(mask, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    if inside.mean() < 0.02:
        return boxed
    closed = cv2.morphologyEx(inside, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    return np.asarray(closed.astype(np.float32))


def _background(picture: Picture) -> Floats:
    return 1 - _subject(picture)


def _skin(picture: Picture) -> Floats:
    """Skin-like colors in the boxes of people, and nowhere else."""
    pixels = picture.at(ANALYSIS_SIZE)
    lab = _lab(pixels)
    hue, chroma = color.hue(lab), color.chroma(lab)
    alike = (np.abs(hue - 52) < 26) & (chroma > 0.025) & (chroma < 0.17) & (lab[..., 0] > 0.28)
    skin = _people(picture) * alike.astype(np.float32)
    return np.asarray(cv2.GaussianBlur(skin, (0, 0), 2.0))


def _people(picture: Picture) -> Floats:
    """1 inside the boxes of detected people."""
    height, width = picture.at(ANALYSIS_SIZE).shape[:2]
    boxes = np.zeros((height, width), np.float32)
    for detection in detect(picture):
        if detection.label == "person" and detection.confidence >= MIN_PERSON_CONFIDENCE:
            x, y, wide, high = detection.box
            boxes[
                int(y * height) : int((y + high) * height) + 1,
                int(x * width) : int((x + wide) * width) + 1,
            ] = 1
    return boxes


def _people_cutouts(picture: Picture) -> Floats:
    """The boxes of people, weighted by the subject mask."""
    boxes = _people(picture)
    return np.asarray(boxes * _subject(picture)) if boxes.any() else boxes


def _scenery(picture: Picture) -> Floats:
    """Everything except people, who do not turn green in spring."""
    return np.asarray(1 - np.maximum(_people_cutouts(picture), _skin(picture)))


def _lower(picture: Picture) -> Floats:
    """A ramp from 0 at the top to 1 at the bottom."""
    height, width = picture.at(ANALYSIS_SIZE).shape[:2]
    return np.repeat(np.linspace(0, 1, height, dtype=np.float32)[:, None], width, axis=1)


def _upper(picture: Picture) -> Floats:
    return 1 - _lower(picture)


def _edges(picture: Picture) -> Floats:
    """0 in the middle, 1 in the corners."""
    height, width = picture.at(ANALYSIS_SIZE).shape[:2]
    down, across = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    return np.asarray(np.clip((down**2 + across**2) / 2, 0, 1).astype(np.float32))


_PARTS: Final[dict[str, Callable[[Picture], Floats]]] = {
    "sky": _sky,
    "land": _land,
    "subject": _subject,
    "background": _background,
    "skin": _skin,
    "people": _people,
    "scenery": _scenery,
    "lower": _lower,
    "upper": _upper,
    "edges": _edges,
}
_UNREFINED: Final = frozenset({"people", "lower", "upper", "edges"})
