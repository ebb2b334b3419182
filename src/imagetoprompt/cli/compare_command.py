"""`imagetoprompt compare`: what changed between a picture and its result."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from imagetoprompt.compare import Advice, Drift, Similarity

EXAMPLES: Final = """\b
Examples:
  imagetoprompt compare photo.jpg painted.png
  imagetoprompt compare photo.jpg filled.png --mask sky.png
  imagetoprompt compare photo.jpg painted.png --json
"""
COLUMN_HEADS: Final = ("", "area", "largest", "mean", "dE00", "SSIM", "edges")


@click.command(epilog=EXAMPLES, short_help="Say what changed between two pictures.")
@click.argument("reference", metavar="REFERENCE")
@click.argument("result", metavar="RESULT")
@click.option(
    "--mask",
    metavar="PICTURE",
    help="White where the result may change; inside and outside are then measured separately.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def compare(reference: str, result: str, mask: str | None, as_json: bool) -> None:
    """Say which facts of the REFERENCE changed in the RESULT, and how similar the pixels are.

    A result of another size is resized back first. For a result of 'imagetoprompt transform', whose
    file holds the plan, it also says which requested change is missing, and what may bring it.
    """
    import json

    from imagetoprompt.cli.terminal import spinner
    from imagetoprompt.reports.compare_text import advice_sentence, drift_to_json

    with spinner("comparing"):
        drift, advice = _compare(reference, result, mask)
    if as_json:
        sentences = [advice_sentence(item) for item in advice]
        click.echo(json.dumps({**drift_to_json(drift), "advice": sentences}, ensure_ascii=False))
    else:
        click.echo("\n".join(_lines(drift, advice)))


def _compare(reference: str, result: str, mask: str | None) -> "tuple[Drift, tuple[Advice, ...]]":
    from imagetoprompt.compare import advise, compare_pictures
    from imagetoprompt.images.picture import open_picture
    from imagetoprompt.png_metadata import read_plan

    painted = open_picture(result)
    drift, plan = compare_pictures(reference, painted, mask=mask), read_plan(painted)
    return drift, () if plan is None else advise(drift, plan)


def _lines(drift: "Drift", advice: "tuple[Advice, ...]") -> Iterator[str]:
    from imagetoprompt.reports.compare_text import advice_sentence, drift_sentences

    yield from drift_sentences(drift) or ("No visible difference.",)
    yield ""
    if advice:
        yield from (*(advice_sentence(item) for item in advice), "")
    parts = {"whole": drift.whole, "inside": drift.inside, "outside": drift.outside}
    yield _row(COLUMN_HEADS)
    yield from (_row((name, *_cells(part))) for name, part in parts.items() if part)
    yield "largest, mean: difference of pixel values, 0 to 255; edges: F1 score, 1 if all stayed."


def _cells(part: "Similarity") -> tuple[str, ...]:
    numbers = f"{part.mean:.1f}", f"{part.color:.1f}", f"{part.ssim:.2f}", f"{part.edges:.2f}"
    return f"{100 * part.share:.0f} %", str(part.largest), *numbers


def _row(cells: tuple[str, ...]) -> str:
    return f"{cells[0]:8}" + "".join(f"{cell:>9}" for cell in cells[1:])
