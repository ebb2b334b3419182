"""Content Credentials (C2PA) and IPTC source types that name a generator.

They hold no prompt. Signatures are not verified.
"""

import re
from typing import Final

from imagetoprompt.core.scene import EmbeddedPrompt
from imagetoprompt.images.picture import Metadata
from imagetoprompt.lexicon import table

_XMP_TYPE: Final = re.compile(
    r"[Dd]igital[Ss]ource[Tt]ype\W{1,4}(?:rdf:resource=\W)?[^<\"']{0,200}/(\w+)"
)
_XMP_TOOL: Final = re.compile(r"(?:CreatorTool|Credit)(?:>|=[\"'])([^<\"']{1,200})")


def read(metadata: Metadata) -> EmbeddedPrompt | None:
    """The generator, if the metadata says that one made the picture or part of it; else None."""
    notes = dict(metadata.credentials)
    xmp = metadata.info.get("xmp", metadata.info.get("XML:com.adobe.xmp", ""))
    tool, kind = _XMP_TOOL.search(xmp), _XMP_TYPE.search(xmp)
    names = [
        notes.get("softwareAgent", ""),
        notes.get("claim_generator", ""),
        tool[1] if tool else "",
        str(metadata.exif.get("Software", "")),
    ]
    source_type = notes.get("digitalSourceType") or (kind[1] if kind else "")
    known = next((name for name in names if _is_generator(name)), "")
    if not known and source_type not in table("generators")["source_types"]:
        return None
    named = known or next(filter(None, names), "unknown")
    return EmbeddedPrompt(
        _plain(named), "", "", {"source type": source_type} if source_type else {}
    )


def _is_generator(name: str) -> bool:
    """Whether it contains a known generator as whole words, so not "Imagen" in "Imagenomic"."""
    words = name.casefold().replace("_", " ")
    return any(
        re.search(rf"(?<!\w){re.escape(generator)}(?!\w)", words)
        for generator in table("generators")["names"]
    )


def _plain(name: str) -> str:
    """The name without the versions of its libraries ("Adobe_Firefly c2pa-rs/0.32.6")."""
    words = name.replace("_", " ").split()
    kept = [
        word for word in words if "/" not in word and not word.startswith(("c2pa", "adobe-c2pa"))
    ]
    return " ".join(kept or words) or "unknown"
