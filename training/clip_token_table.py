"""Write `targets/writing/clip.toml`: the number of CLIP tokens of each word that prompts use.

    python -m training.clip_token_table

Tokens are counted by this table where the tokenizer cannot be installed.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from textwrap import fill
from typing import Final

from instant_clip_tokenizer import Tokenizer

PACKAGE: Final = Path(__file__).parent.parent / "src" / "imagetoprompt"
TABLE_PATH: Final = PACKAGE / "targets" / "writing" / "clip.toml"
KEY_BY_COUNT: Final = {1: "one", 2: "two", 3: "three"}
TABLE_HEADER: Final = """\
# Words by the number of their tokens in CLIP's vocabulary, of all words that ImageToPrompt writes.
# Written by training/clip_token_table.py; used where the tokenizer cannot be installed.
"""


def prompt_words() -> set[str]:
    """Every word in the tables and the source of the targets, in lower case."""
    patterns = ("lexicon/*.toml", "targets/**/*.toml", "targets/**/*.py")
    files = [path for pattern in patterns for path in PACKAGE.glob(pattern)]
    texts = (path.read_text(encoding="utf-8") for path in sorted(files) if path != TABLE_PATH)
    return {word for text in texts for word in re.findall(r"[a-z]+", text.lower())}


def table(words: Iterable[str]) -> str:
    """The TOML of those words that have fewer tokens than letters, and at most three."""
    tokenizer = Tokenizer()
    counts = {word: len(tokenizer.encode(word)) for word in sorted(words)}
    lists = (
        (name, [word for word, count in counts.items() if count == number < len(word)])
        for number, name in KEY_BY_COUNT.items()
    )
    return TABLE_HEADER + "".join(
        f'\n{name} = """\n{fill(" ".join(listed), 98)}\n"""\n' for name, listed in lists
    )


if __name__ == "__main__":
    TABLE_PATH.write_text(table(prompt_words()), encoding="utf-8")
