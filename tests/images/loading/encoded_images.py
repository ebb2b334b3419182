"""Small pictures, encoded, for the tests of opening them."""

import io

from PIL import Image

from imagetoprompt.images.picture import Pixels


def encoded(image: Image.Image, name: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, name, **options)
    return buffer.getvalue()


def quarters(size: tuple[int, int] = (48, 32)) -> Image.Image:
    """Red, green, blue and white quarters, from the left above in reading order."""
    width, height = size
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, width // 2, height // 2))
    image.paste("lime", (width // 2, 0, width, height // 2))
    image.paste("blue", (0, height // 2, width // 2, height))
    return image


def corners(pixels: Pixels) -> list[str]:
    """The names of the colors near the four corners, in reading order."""
    names = {"100": "red", "010": "green", "001": "blue", "111": "white"}
    height, width = pixels.shape[:2]
    places = [(y, x) for y in (height // 4, -height // 4) for x in (width // 4, -width // 4)]
    return [names["".join("01"[int(value > 128)] for value in pixels[place])] for place in places]
