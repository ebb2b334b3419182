"""Prompts of any length for encoders that take 77 tokens: encoded in chunks, joined end to end.

A chunk has 75 tokens between a start and an end. It does not know how prompts are written.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

from imagetoprompt.engines.diffusers.types import Network, Pipe, Tensor, Tokenizer

# CLIP's text encoder has 77 places, of which the start and the end take two.
CHUNK_TOKENS: Final = 75
# A chunk that would end inside a phrase ends at a comma instead, if it is at most so far back.
MAX_LOOKBACK: Final = 20


# Front-ends of Stable Diffusion read (words:1.2) so that these words count for more; a bracket that
# is meant as such has a backslash before it.
_WEIGHED: Final = re.compile(r"(?<!\\)\((?P<words>[^()]+):(?P<weight>\d+(?:\.\d+)?)\)")

# 77 tokens and the weight of each.
WeightedTokens: TypeAlias = tuple[list[int], list[float]]


@dataclass(frozen=True, eq=False)
class PromptEmbeddings:
    """Tensors: `words` 1 x tokens x width; `pooled` 1 x width where the model wants it, else None.

    The two without are those of the negative prompt, of the same shapes.
    """

    words: Tensor
    without: Tensor
    pooled: Tensor = None
    pooled_without: Tensor = None


def parse_weights(text: str) -> list[tuple[str, float]]:
    """The words of a prompt with their weight: 1 for those that are not within (words:weight)."""
    found, start = [], 0
    for match in _WEIGHED.finditer(text):
        found += [(text[start : match.start()], 1.0), (match["words"], float(match["weight"]))]
        start = match.end()
    whole = [*found, (text[start:], 1.0)]
    return [(_plain(words), weight) for words, weight in whole if words]


def _plain(words: str) -> str:
    return words.replace("\\(", "(").replace("\\)", ")")


def token_chunks(ids: Sequence[int], comma: int) -> list[list[int]]:
    """The tokens in chunks of at most 75, broken after commas where it can be; one at least."""
    left, found = list(ids), []
    while len(left) > CHUNK_TOKENS:
        recent = [
            i + 1 for i in range(CHUNK_TOKENS - MAX_LOOKBACK, CHUNK_TOKENS) if left[i] == comma
        ]
        cut = recent[-1] if recent else CHUNK_TOKENS
        found.append(left[:cut])
        left = left[cut:]
    return [*found, left]


def encode_prompt(pipe: Pipe, text: str, negative: str) -> PromptEmbeddings:
    """Both prompts as a pipeline of Stable Diffusion 1, 2 or XL takes them; the whole of both."""
    import torch  # noqa: PLC0415

    encoders = _encoders(pipe)
    lists = [[_rows(tokenizer, each) for tokenizer, _ in encoders] for each in (text, negative)]
    most = max(len(ids) for each in lists for ids in each)
    with torch.no_grad():
        (words, pooled), (without, pooled_without) = (
            _joined(pipe, encoders, each, most) for each in lists
        )
    if not negative and getattr(pipe.config, "force_zeros_for_empty_prompt", False):
        without, pooled_without = torch.zeros_like(words), torch.zeros_like(pooled)
    return PromptEmbeddings(words, without, pooled, pooled_without)


def _encoders(pipe: Pipe) -> list[tuple[Tokenizer, Network]]:
    pairs = (("tokenizer", "text_encoder"), ("tokenizer_2", "text_encoder_2"))
    found = [(getattr(pipe, one, None), getattr(pipe, other, None)) for one, other in pairs]
    return [(tokenizer, encoder) for tokenizer, encoder in found if encoder is not None]


def _rows(tokenizer: Tokenizer, text: str) -> list[WeightedTokens]:
    """The chunks of a prompt, each filled up to 77 tokens."""
    ids, weights = list[int](), list[float]()
    for words, weight in parse_weights(text):
        found = tokenizer(words, add_special_tokens=False, truncation=False, verbose=False)
        ids += found.input_ids
        weights += [weight] * len(found.input_ids)
    comma = tokenizer(",", add_special_tokens=False).input_ids[-1]
    rows, start = list[WeightedTokens](), 0
    for chunk in token_chunks(ids, comma):
        rows.append(_filled(tokenizer, chunk, weights[start : start + len(chunk)]))
        start += len(chunk)
    return rows


def _filled(tokenizer: Tokenizer, ids: list[int], weights: list[float]) -> WeightedTokens:
    """The start, the chunk, the end, and as many pads as it takes."""
    pads = CHUNK_TOKENS - len(ids)
    ended = [tokenizer.bos_token_id, *ids, tokenizer.eos_token_id]
    return ended + [tokenizer.pad_token_id] * pads, [1.0, *weights, 1.0] + [1.0] * pads


def _joined(
    pipe: Pipe,
    encoders: list[tuple[Tokenizer, Network]],
    lists: list[list[WeightedTokens]],
    most: int,
) -> tuple[Tensor, Tensor]:
    """Words and pooled output: XL takes the last layer but one, and pools its last encoder's."""
    import torch  # noqa: PLC0415

    large = hasattr(pipe, "text_encoder_2")
    sides, pooled = [], None
    for (tokenizer, encoder), rows in zip(encoders, lists, strict=True):
        empty = _filled(tokenizer, [], [])
        read = partial(_states, encoder, pipe._execution_device, large)
        whole = [read(row, empty) for row in rows + [empty] * (most - len(rows))]
        sides.append(torch.cat([states for states, _ in whole], dim=1))
        pooled = whole[0][1] if large else None
    return torch.cat(sides, dim=-1), pooled


def _states(
    encoder: Network, device: Tensor, large: bool, row: WeightedTokens, empty: WeightedTokens
) -> tuple[Tensor, Tensor]:
    """What the encoder makes of a row, and its first output, which XL pools.

    A weighed token is moved so many times as far from what an empty prompt has in its place.
    """
    import torch  # noqa: PLC0415

    ids, weights = row
    found = encoder(torch.tensor([ids], device=device), output_hidden_states=True)
    states = found.hidden_states[-2] if large else found[0]
    if set(weights) == {1.0}:
        return states, found[0]
    nothing, _ = _states(encoder, device, large, empty, empty)
    factors = torch.tensor(weights, device=device, dtype=states.dtype)[None, :, None]
    moved = nothing + (states - nothing) * factors
    return torch.where(factors == 1, states, moved), found[0]
