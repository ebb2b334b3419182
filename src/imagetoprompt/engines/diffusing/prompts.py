"""Prompts of any length for encoders that take 77 tokens: encoded in chunks, joined end to end.

A chunk has 75 tokens between a start and an end. It does not know how prompts are written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from imagetoprompt.engines.diffusing.foreign import Network, Pipe, Tensor, Tokenizer

# CLIP's text encoder has 77 places, of which the start and the end take two.
ROOM: Final = 75
# A chunk that would end inside a phrase ends at a comma instead, if it is at most so far back.
BACK: Final = 20


@dataclass(frozen=True, eq=False)
class Encoded:
    """Tensors: `words` 1 x tokens x width; `pooled` 1 x width where the model wants it, else None.

    The two without are those of the negative prompt, of the same shapes.
    """

    words: Tensor
    without: Tensor
    pooled: Tensor = None
    pooled_without: Tensor = None


def chunks(ids: Sequence[int], comma: int) -> list[list[int]]:
    """The tokens in chunks of at most 75, broken after commas where it can be; one at least."""
    left, found = list(ids), []
    while len(left) > ROOM:
        recent = [i + 1 for i in range(ROOM - BACK, ROOM) if left[i] == comma]
        cut = recent[-1] if recent else ROOM
        found.append(left[:cut])
        left = left[cut:]
    return [*found, left]


def encoded(pipe: Pipe, text: str, negative: str) -> Encoded:
    """Both prompts as a pipeline of Stable Diffusion 1, 2 or XL takes them; the whole of both."""
    import torch  # noqa: PLC0415

    encoders = _encoders(pipe)
    lists = [[_ids(tokenizer, each) for tokenizer, _ in encoders] for each in (text, negative)]
    most = max(len(ids) for each in lists for ids in each)
    with torch.no_grad():
        (words, pooled), (without, pooled_without) = (
            _joined(pipe, encoders, each, most) for each in lists
        )
    if not negative and getattr(pipe.config, "force_zeros_for_empty_prompt", False):
        without, pooled_without = torch.zeros_like(words), torch.zeros_like(pooled)
    return Encoded(words, without, pooled, pooled_without)


def _encoders(pipe: Pipe) -> list[tuple[Tokenizer, Network]]:
    pairs = (("tokenizer", "text_encoder"), ("tokenizer_2", "text_encoder_2"))
    found = [(getattr(pipe, one, None), getattr(pipe, other, None)) for one, other in pairs]
    return [(tokenizer, encoder) for tokenizer, encoder in found if encoder is not None]


def _ids(tokenizer: Tokenizer, text: str) -> list[list[int]]:
    plain = tokenizer(text, add_special_tokens=False, truncation=False, verbose=False).input_ids
    comma = tokenizer(",", add_special_tokens=False).input_ids[-1]
    return [_whole(tokenizer, each) for each in chunks(plain, comma)]


def _whole(tokenizer: Tokenizer, ids: list[int]) -> list[int]:
    """77 tokens: the start, the chunk, the end, and as many pads as it takes."""
    ended = [tokenizer.bos_token_id, *ids, tokenizer.eos_token_id]
    return ended + [tokenizer.pad_token_id] * (ROOM + 2 - len(ended))


def _joined(
    pipe: Pipe, encoders: list[tuple[Tokenizer, Network]], lists: list[list[list[int]]], most: int
) -> tuple[Tensor, Tensor]:
    """Words and pooled output: XL takes the last layer but one, and pools its last encoder's."""
    import torch  # noqa: PLC0415

    large = hasattr(pipe, "text_encoder_2")
    sides, pooled = [], None
    for (tokenizer, encoder), chunked in zip(encoders, lists, strict=True):
        filled = chunked + [_whole(tokenizer, [])] * (most - len(chunked))
        placed = [torch.tensor([ids], device=pipe._execution_device) for ids in filled]
        rows = [encoder(ids, output_hidden_states=True) for ids in placed]
        sides.append(torch.cat([row.hidden_states[-2] if large else row[0] for row in rows], dim=1))
        pooled = rows[0][0] if large else None
    return torch.cat(sides, dim=-1), pooled
