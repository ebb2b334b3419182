"""Scores of `composition`: placement, horizon, symmetry, layouts."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from bench.accuracy.described_pictures import DescribedPicture
from bench.accuracy.scores import Goal, Score, auc, middle, share

CENTER_RANGE: Final = (0.42, 0.58)
"""Between these the middle of a box is in the center of the picture; the truth leaves a margin."""

LAYOUTS: Final = ("rule of thirds", "centered", "symmetric", "diagonal", "leading lines")


def placement(seen: Sequence[DescribedPicture], where: str) -> Iterator[Score]:
    """Left, center or right by the subject's box, and the overlap of that box with the true one."""
    asked = [picture for picture in seen if picture.truth["composition"]["placement"] is not None]
    answer = [_layout(picture, "subject_box") for picture in asked]
    right = [
        box is not None and _third(box) == picture.truth["composition"]["placement"]
        for picture, box in zip(asked, answer, strict=True)
    ]
    yield share("composition", f"subject left, center or right, {where}", right, Goal(90))
    overlaps = [
        100 * overlap(box, picture.truth["composition"]["subject_box"])
        for picture, box in zip(asked, answer, strict=True)
        if box is not None
    ]
    yield middle("composition", f"overlap of the subject's box (median), {where}", overlaps, "%")


def horizon(seen: Sequence[DescribedPicture], where: str) -> Iterator[Score]:
    """The median error of the horizon, in percent of the height."""
    asked = [picture for picture in seen if picture.truth["composition"]["horizon"] is not None]
    errors = [
        100 * abs(answer - picture.truth["composition"]["horizon"])
        for picture in asked
        if (answer := _layout(picture, "horizon")) is not None
    ]
    goal = Goal(3, most=True)
    yield middle("composition", f"horizon: median error where told, {where}", errors, "%", goal)
    told_share = 100 * len(errors) / len(asked) if asked else None
    yield Score("composition", f"horizon: share told, {where}", told_share, len(asked))


def symmetry(seen: Sequence[DescribedPicture], where: str) -> Iterator[Score]:
    """Whether mirrored pictures score above others."""
    groups: dict[bool, list[float]] = {True: [], False: []}
    for picture in seen:
        truth, answer = picture.truth["composition"]["symmetric"], _layout(picture, "symmetry")
        if truth is not None:
            groups[truth].append(float(answer or 0))
    value = auc(groups[True], groups[False])
    n = len(groups[True]) + len(groups[False])
    yield Score("composition", f"symmetry: AUC, {where}", value, n, "", Goal(0.95))


def layouts(seen: Sequence[DescribedPicture]) -> Iterator[Score]:
    """Of each drawn layout, the share that is named so."""
    for name in LAYOUTS:
        drawn = [picture for picture in seen if picture.truth.get("layout") == name]
        right = [name in (_layout(picture, "layout") or ()) for picture in drawn]
        yield share("composition", f"layout named “{name}”, drawn", right)


def overlap(first: Sequence[float], second: Sequence[float]) -> float:
    """Intersection over union of two boxes (x, y, width, height)."""
    wide = min(first[0] + first[2], second[0] + second[2]) - max(first[0], second[0])
    tall = min(first[1] + first[3], second[1] + second[3]) - max(first[1], second[1])
    both = max(0.0, wide) * max(0.0, tall)
    return both / (first[2] * first[3] + second[2] * second[3] - both)


def _third(box: Sequence[float]) -> str:
    middle_of = box[0] + box[2] / 2
    return (
        "left"
        if middle_of < CENTER_RANGE[0]
        else "right"
        if middle_of > CENTER_RANGE[1]
        else "center"
    )


def _layout(seen: DescribedPicture, name: str) -> Any:  # noqa: ANN401 (a JSON value)
    measured = seen.measured("composition")
    return None if measured is None else measured.get(name)
