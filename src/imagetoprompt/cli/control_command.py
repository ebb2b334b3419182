"""`imagetoprompt control`: write control maps of a picture as PNG files."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import click

from imagetoprompt.cli.change_options import comma_separated
from imagetoprompt.controls import CONTROLS
from imagetoprompt.errors import UnknownNameError
from imagetoprompt.planning.options import control_alias

if TYPE_CHECKING:
    from imagetoprompt.images.picture import Picture

ALL: Final = "all"

EXAMPLES: Final = """\b
Examples:
  imagetoprompt control photo.jpg --kind canny,pose,depth -o maps/
  imagetoprompt control photo.jpg --kind all -o maps/
  IMAGETOPROMPT_DEPTH_MODEL=depth.onnx imagetoprompt control photo.jpg --kind depth,normal
"""


def _kinds(ctx: click.Context, option: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    words = (word.lower() for word in comma_separated(ctx, option, values))
    kinds = tuple(dict.fromkeys(map(control_alias, words)))
    names = CONTROLS.names() if ALL in kinds else kinds
    for name in names:
        if name not in CONTROLS:
            raise UnknownNameError("control", name, (*CONTROLS.names(), ALL))
    return names


@click.command(epilog=EXAMPLES, short_help="Draw control maps: edges, pose, depth…")
@click.argument("picture", metavar="PICTURE")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    required=True,
    callback=_kinds,
    metavar="KIND[,KIND]",
    help=f"Which maps: {', '.join(CONTROLS.names())}, or all.",
)
@click.option(
    "-o",
    "--output",
    "output",
    default=".",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="The folder to write them to, created if missing. The current one by default.",
)
def control(picture: str, kinds: tuple[str, ...], output: Path) -> None:
    """Draw control maps of the PICTURE, of its size, that hold its structure for ControlNet.

    Each is written as a PNG file named after the picture, such as photo.canny.png; an existing file
    is never overwritten: the new one gets a number. The names of the files are printed.
    """
    from imagetoprompt.cli.terminal import spinner
    from imagetoprompt.images.picture import open_picture
    from imagetoprompt.output_files import write_new_file

    opened, name = open_picture(picture), stem_of(picture)
    for kind in kinds:
        with spinner(f"drawing {kind}"):
            drawn = CONTROLS[kind].draw(opened)
            path = write_new_file(output / f"{name}.{kind}.png", png(drawn))
        click.echo(str(path))
        for note in _notes(drawn):
            click.echo(f"imagetoprompt: {path.name} {note}", err=True)


def png(drawn: "Picture") -> bytes:
    """The map as a PNG file, with text chunks that say how it was drawn."""
    import io

    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    text_chunks = PngInfo()
    text_chunks.add_text("Software", "ImageToPrompt")
    for key, text in drawn.metadata.info.items():
        text_chunks.add_text(key, text)
    buffer = io.BytesIO()
    Image.fromarray(drawn.pixels).save(buffer, "PNG", pnginfo=text_chunks, compress_level=4)
    return buffer.getvalue()


def stem_of(source: str) -> str:
    """The file name of the picture without its extension, for naming the maps."""
    name = urlsplit(source).path if "://" in source else source
    stem = Path(name).stem
    return stem if stem.strip("-. ") else "picture"


def _notes(drawn: "Picture") -> Iterator[str]:
    if "rough guess" in drawn.metadata.info.get("control", ""):
        yield (
            "is a rough estimate from ground, objects and focus: for a better one set "
            "IMAGETOPROMPT_DEPTH_MODEL to an ONNX depth network."
        )
