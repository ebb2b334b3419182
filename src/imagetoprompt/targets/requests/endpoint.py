"""Ask: what is asked of one endpoint, before it is a Request.

It does not know services.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from imagetoprompt.core.plan import Attachment
from imagetoprompt.core.prompt import Parameter


@dataclass(frozen=True)
class Ask:
    """A path and its body; the files that go with it, the strength in its terms, what is lost."""

    path: str
    body: Mapping[str, Parameter] = field(hash=False)
    files: tuple[Attachment, ...]
    knob: str
    losses: tuple[str, ...] = ()
