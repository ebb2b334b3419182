"""find(picture) -> Origin | None: the prompt that a generator left in the file, as written.

It does not judge it: whether the pixels agree is for the facts to show.
"""

from imagetoprompt.picture import Picture
from imagetoprompt.scene import Origin


def find(picture: Picture, /) -> Origin | None:
    """What the file says of its own making; None when it says nothing."""
    return None
