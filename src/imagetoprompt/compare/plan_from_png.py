"""asked_of(picture) -> the Plan in the notes of a painted file, as far as advice needs it.

It trusts nothing in the file: notes of another shape are no plan.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from imagetoprompt.core import measurements as measures
from imagetoprompt.core.plan import TASKS, Changed, Control, Plan
from imagetoprompt.errors import SceneError
from imagetoprompt.images.picture import Picture

# The chunk of a PNG file that `imagetoprompt transform` writes.
NOTE: Final = "imagetoprompt"


def asked_of(picture: Picture) -> Plan | None:
    """The plan with its task, strength, size, changes and controls; None when there is none."""
    try:
        return _plan(json.loads(picture.metadata.info[NOTE])["plan"])
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, SceneError):
        return None


def _plan(data: Mapping[str, Any]) -> Plan:
    if data["task"] not in TASKS:
        raise ValueError(data["task"])
    width, height = data["size"]
    return Plan(
        task=data["task"],
        strength=float(data["strength"]),
        size=(int(width), int(height)),
        changes=tuple(_changed(each) for each in data["changes"]),
        controls=tuple(Control(str(c["kind"]), float(c["weight"])) for c in data["controls"]),
    )


def _changed(data: Mapping[str, Any]) -> Changed:
    facet, numbers = str(data["facet"]), data.get("measurement")
    told = None if numbers is None else measures.from_json(facet, numbers)
    return Changed(facet, str(data["before"]), str(data["after"]), told)
