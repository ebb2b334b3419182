"""XMP without what tells where a picture was taken.

It does not know what else XMP says.
"""

import re
from typing import Final

_PLACE: Final = re.compile(
    r"gps|location|city|country|state|region|latitude|longitude", re.IGNORECASE
)
# An element without others inside, and an attribute. Names are bounded, so that a long run of
# letters cannot take long to search.
_ELEMENT: Final = re.compile(r"<([\w:.-]{1,80})[^<>]*>[^<>]*</\1\s{0,4}>")
_ATTRIBUTE: Final = re.compile(r"""([\w:.-]{1,80})\s{0,4}=\s{0,4}("[^"<>]*"|'[^'<>]*')""")


def without_places(xmp: str) -> str:
    """The XMP text without elements and attributes that are named after a place or position."""
    return _ATTRIBUTE.sub(_kept, _ELEMENT.sub(_kept, xmp))


def _kept(match: re.Match[str]) -> str:
    return "" if _PLACE.search(match[1]) else match[0]
