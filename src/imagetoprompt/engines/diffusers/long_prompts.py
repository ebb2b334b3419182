"""Encode prompts of any length with CLIP: in chunks of 75 tokens, joined end to end."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeAlias

# CLIP's text encoder takes 77 tokens, two of them the start and end tokens.
CHUNK_TOKENS: Final = 75
# A chunk ends at its last comma, if that is at most this many tokens before its end.
MAX_LOOKBACK: Final = 20


# Prompt weighting as A1111 writes it: (words:1.2); a literal bracket is escaped by a backslash.
_WEIGHTED_WORDS: Final = re.compile(r"(?<!\\)\((?P<words>[^()]+):(?P<weight>\d+(?:\.\d+)?)\)")

# 77 tokens and the weight of each.
WeightedTokens: TypeAlias = tuple[list[int], list[float]]


@dataclass(frozen=True, eq=False)
class PromptEmbeddings:
    """Tensors: `words` 1 x tokens x width; `pooled` 1 x width where the model takes it, else None.

    `negative` and `pooled_negative` are those of the negative prompt, of the same shapes.
    """

    words: Any
    negative: Any
    pooled: Any = None
    pooled_negative: Any = None


def parse_weights(text: str) -> list[tuple[str, float]]:
    """The words of a prompt with their weights: 1 outside of (words:weight)."""
    parts, start = [], 0
    for match in _WEIGHTED_WORDS.finditer(text):
        parts += [(text[start : match.start()], 1.0), (match["words"], float(match["weight"]))]
        start = match.end()
    parts += [(text[start:], 1.0)]
    return [(_without_escapes(words), weight) for words, weight in parts if words]


def _without_escapes(words: str) -> str:
    return words.replace("\\(", "(").replace("\\)", ")")


def token_chunks(ids: Sequence[int], comma: int) -> list[list[int]]:
    """The tokens in chunks of at most 75, split after commas where possible; at least one chunk."""
    remaining, chunks = list(ids), []
    while len(remaining) > CHUNK_TOKENS:
        commas = [
            i + 1 for i in range(CHUNK_TOKENS - MAX_LOOKBACK, CHUNK_TOKENS) if remaining[i] == comma
        ]
        cut = commas[-1] if commas else CHUNK_TOKENS
        chunks.append(remaining[:cut])
        remaining = remaining[cut:]
    return [*chunks, remaining]


def encode_prompt(pipe: Any, text: str, negative: str) -> PromptEmbeddings:
    """Embeddings of both whole prompts, as pipelines of Stable Diffusion 1, 2 and XL take them."""
    import torch  # noqa: PLC0415

    encoders = _encoders(pipe)
    lists = [
        [_token_rows(tokenizer, prompt) for tokenizer, _ in encoders] for prompt in (text, negative)
    ]
    row_count = max(len(rows) for prompt in lists for rows in prompt)
    with torch.no_grad():
        (words, pooled), (unwanted, pooled_unwanted) = (
            _embeddings(pipe, encoders, prompt, row_count) for prompt in lists
        )
    if not negative and getattr(pipe.config, "force_zeros_for_empty_prompt", False):
        unwanted, pooled_unwanted = torch.zeros_like(words), torch.zeros_like(pooled)
    return PromptEmbeddings(words, unwanted, pooled, pooled_unwanted)


def _encoders(pipe: Any) -> list[tuple[Any, Any]]:
    names = (("tokenizer", "text_encoder"), ("tokenizer_2", "text_encoder_2"))
    pairs = [(getattr(pipe, first, None), getattr(pipe, second, None)) for first, second in names]
    return [(tokenizer, encoder) for tokenizer, encoder in pairs if encoder is not None]


def _token_rows(tokenizer: Any, text: str) -> list[WeightedTokens]:
    """The chunks of a prompt, each padded to 77 tokens."""
    ids, weights = list[int](), list[float]()
    for words, weight in parse_weights(text):
        tokens = tokenizer(words, add_special_tokens=False, truncation=False, verbose=False)
        ids += tokens.input_ids
        weights += [weight] * len(tokens.input_ids)
    comma = tokenizer(",", add_special_tokens=False).input_ids[-1]
    rows, start = list[WeightedTokens](), 0
    for chunk in token_chunks(ids, comma):
        rows.append(_padded_row(tokenizer, chunk, weights[start : start + len(chunk)]))
        start += len(chunk)
    return rows


def _padded_row(tokenizer: Any, ids: list[int], weights: list[float]) -> WeightedTokens:
    """Start token, chunk, end token, and padding to 77."""
    pads = CHUNK_TOKENS - len(ids)
    ended = [tokenizer.bos_token_id, *ids, tokenizer.eos_token_id]
    return ended + [tokenizer.pad_token_id] * pads, [1.0, *weights, 1.0] + [1.0] * pads


def _embeddings(
    pipe: Any,
    encoders: list[tuple[Any, Any]],
    lists: list[list[WeightedTokens]],
    row_count: int,
) -> tuple[Any, Any]:
    """Embeddings and pooled output: XL takes the penultimate layer and pools its last encoder."""
    import torch  # noqa: PLC0415

    large = hasattr(pipe, "text_encoder_2")
    sides, pooled = [], None
    for (tokenizer, encoder), rows in zip(encoders, lists, strict=True):
        empty = _padded_row(tokenizer, [], [])
        encode = partial(_hidden_states, encoder, pipe._execution_device, large)
        encoded = [encode(row, empty) for row in rows + [empty] * (row_count - len(rows))]
        sides.append(torch.cat([states for states, _ in encoded], dim=1))
        pooled = encoded[0][1] if large else None
    return torch.cat(sides, dim=-1), pooled


def _hidden_states(
    encoder: Any, device: Any, large: bool, row: WeightedTokens, empty: WeightedTokens
) -> tuple[Any, Any]:
    """Hidden states of a row, and the encoder's first output, which XL pools.

    The difference of a weighted token from the empty prompt's token in its place is multiplied by
    the weight.
    """
    import torch  # noqa: PLC0415

    ids, weights = row
    output = encoder(torch.tensor([ids], device=device), output_hidden_states=True)
    states = output.hidden_states[-2] if large else output[0]
    if set(weights) == {1.0}:
        return states, output[0]
    empty_states, _ = _hidden_states(encoder, device, large, empty, empty)
    factors = torch.tensor(weights, device=device, dtype=states.dtype)[None, :, None]
    moved = empty_states + (states - empty_states) * factors
    return torch.where(factors == 1, states, moved), output[0]
