"""Write `targets/writing/clip.toml`: how many CLIP tokens each word of ours has.

    python -m training.clip_token_table

It is what counts where the tokenizer itself cannot be installed.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from textwrap import fill
from typing import Final

from instant_clip_tokenizer import Tokenizer

PACKAGE: Final = Path(__file__).parent.parent / "src" / "imagetoprompt"
TABLE: Final = PACKAGE / "targets" / "writing" / "clip.toml"
NAMES: Final = {1: "one", 2: "two", 3: "three"}
HEAD: Final = """\
# Words by the number of their tokens in CLIP's vocabulary, of all words that ImageToPrompt writes.
# Written by training/clip_token_table.py; used where the tokenizer cannot be installed.
"""


def ours() -> set[str]:
    """Every word in the tables and in the source of the targets, in lower case."""
    patterns = ("lexicon/*.toml", "targets/**/*.toml", "targets/**/*.py")
    files = [path for pattern in patterns for path in PACKAGE.glob(pattern)]
    texts = (path.read_text(encoding="utf-8") for path in sorted(files) if path != TABLE)
    return {word for text in texts for word in re.findall(r"[a-z]+", text.lower())}


def table(words: Iterable[str]) -> str:
    """The TOML of those words that have fewer tokens than letters, and at most three."""
    tokenizer = Tokenizer()
    counts = {word: len(tokenizer.encode(word)) for word in sorted(words)}
    lists = (
        (name, [word for word, count in counts.items() if count == number < len(word)])
        for number, name in NAMES.items()
    )
    return HEAD + "".join(
        f'\n{name} = """\n{fill(" ".join(each), 98)}\n"""\n' for name, each in lists
    )


if __name__ == "__main__":
    TABLE.write_text(table(ours()), encoding="utf-8")
