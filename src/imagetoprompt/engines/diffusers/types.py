"""Names for the values of torch, diffusers and transformers, which these modules see as untyped.

It imports none of them.
"""

from typing import Any, TypeAlias

# A pipeline of diffusers, or a network of its own class.
Pipe: TypeAlias = Any
# A torch.nn.Module with its weights.
Network: TypeAlias = Any
Tokenizer: TypeAlias = Any
Tensor: TypeAlias = Any
# A torch.dtype.
Numbers: TypeAlias = Any
