"""Where a model runs, and what is given up, step by step, when memory does not suffice.

It does not know what is painted.
"""

from dataclasses import dataclass
from typing import Final

from imagetoprompt.engines.diffusers.types import Network, Numbers, Pipe
from imagetoprompt.errors import RefusedError, UnknownNameError

DEVICES: Final = ("auto", "cuda", "mps", "cpu")
OFFLOADS: Final = ("auto", "none", "model", "group", "sequential")
# Families whose numbers overflow in float16.
FLOAT16_OVERFLOWS: Final = frozenset({"flux", "fill", "kontext", "sd3"})


@dataclass(frozen=True)
class MemoryPlan:
    """One way to place a model: each next one needs less memory and takes longer."""

    name: str
    tiled: bool = False
    offload: str = "none"
    shrink: float = 1.0


_GPU: Final = (
    MemoryPlan("whole model on the device"),
    MemoryPlan("tiled VAE", tiled=True),
    MemoryPlan("parts on the device in turn", tiled=True, offload="model"),
    MemoryPlan("layers on the device in turn", tiled=True, offload="group"),
    MemoryPlan("modules on the device in turn", tiled=True, offload="sequential"),
    MemoryPlan("modules in turn, half size", tiled=True, offload="sequential", shrink=0.5),
)
# On the processor, or where both share one memory, moving parts around gains nothing.
_SHARED: Final = (
    MemoryPlan("whole model"),
    MemoryPlan("tiled VAE", tiled=True),
    MemoryPlan("tiled VAE, half size", tiled=True, shrink=0.5),
)


def device_for(wish: str) -> str:
    """'cuda', 'mps' or 'cpu': the wish, or the first of them that this machine has."""
    import torch  # noqa: PLC0415

    if wish not in DEVICES:
        raise UnknownNameError("device", wish, DEVICES)
    there = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    found = next(name for name, is_there in there.items() if is_there)
    if wish != "auto" and not there[wish]:
        raise RefusedError(f"There is no {wish} on this machine; device='{found}' is.")
    return found if wish == "auto" else wish


def precision(device: str, family: str) -> Numbers:
    """The type of number: 32 bits on the processor, else 16, with the range that the family needs.

    FLUX and SD 3 overflow float16, and are published in bfloat16.
    """
    import torch  # noqa: PLC0415

    if device == "cpu":
        return torch.float32
    return torch.bfloat16 if family in FLOAT16_OVERFLOWS else torch.float16


def memory_plans(device: str, offload: str, needed: int) -> tuple[MemoryPlan, ...]:
    """The ladder from where to begin. needed: bytes of the model's weights.

    'auto' begins with whatever leaves a quarter of the graphics card's free memory for painting.
    """
    if offload not in OFFLOADS:
        raise UnknownNameError("offload", offload, OFFLOADS)
    if device != "cuda":
        return _SHARED
    wish = offload if offload != "auto" else _wish(needed)
    return tuple(each for each in _GPU if OFFLOADS.index(each.offload) >= OFFLOADS.index(wish))


def apply_memory_plan(pipe: Pipe, device: str, rung: MemoryPlan) -> None:
    """Put the pipeline where the rung says. What an earlier rung did is undone first."""
    pipe.remove_all_hooks()
    _tile(pipe.vae, rung.tiled)
    if device == "mps":
        pipe.enable_attention_slicing()
    if rung.offload == "none":
        pipe.to(device)
    elif rung.offload == "group":
        _in_groups(pipe, device)
    else:
        pipe.to("cpu")
        offload = {
            "model": "enable_model_cpu_offload",
            "sequential": "enable_sequential_cpu_offload",
        }
        getattr(pipe, offload[rung.offload])(device=device)


def is_exhausted(error: BaseException) -> bool:
    """Whether the error says that memory ran out: CUDA, MPS and the processor each say it so."""
    import torch  # noqa: PLC0415

    said = str(error)
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or (
        isinstance(error, RuntimeError)
        and (
            "out of memory" in said or "not enough memory" in said or "DefaultCPUAllocator" in said
        )
    )


def free_memory(device: str) -> None:
    """Give back what is no longer used."""
    import gc  # noqa: PLC0415

    import torch  # noqa: PLC0415

    gc.collect()
    if device == "cuda":
        torch.cuda.empty_cache()
    elif device == "mps":
        torch.mps.empty_cache()


def model_bytes(pipe: Pipe) -> int:
    """Bytes of all weights."""
    import torch  # noqa: PLC0415

    parts = [part for part in pipe.components.values() if isinstance(part, torch.nn.Module)]
    return sum(each.numel() * each.element_size() for part in parts for each in part.parameters())


def _wish(needed: int) -> str:
    import torch  # noqa: PLC0415

    free, _ = torch.cuda.mem_get_info()
    return "none" if needed < 0.75 * free else "model"


def _tile(vae: Network, tiled: bool) -> None:
    if tiled:
        vae.enable_tiling()
        vae.enable_slicing()
    else:
        vae.disable_tiling()
        vae.disable_slicing()


def _in_groups(pipe: Pipe, device: str) -> None:
    import torch  # noqa: PLC0415

    pipe.to("cpu")
    pipe.enable_group_offload(
        onload_device=torch.device(device),
        offload_device=torch.device("cpu"),
        offload_type="leaf_level",
        use_stream=True,
    )
