"""Devices, number types, and memory plans: how to run a model in less and less memory."""

from dataclasses import dataclass
from typing import Any, Final

from imagetoprompt.errors import RefusedError, UnknownNameError

DEVICE_NAMES: Final = ("auto", "cuda", "mps", "cpu")
OFFLOAD_NAMES: Final = ("auto", "none", "model", "group", "sequential")
# Families whose activations overflow in float16; they are published in bfloat16.
FLOAT16_OVERFLOWS: Final = frozenset({"flux", "fill", "kontext", "sd3"})


@dataclass(frozen=True)
class MemoryPlan:
    """One way to place a model in memory.

    tiled: decode the VAE in tiles. offload: which parts move between CPU and GPU. shrink: factor of
    the native side at which the model paints.
    """

    name: str
    tiled: bool = False
    offload: str = "none"
    shrink: float = 1.0


_CUDA_PLANS: Final = (
    MemoryPlan("whole model on the device"),
    MemoryPlan("tiled VAE", tiled=True),
    MemoryPlan("parts on the device in turn", tiled=True, offload="model"),
    MemoryPlan("layers on the device in turn", tiled=True, offload="group"),
    MemoryPlan("modules on the device in turn", tiled=True, offload="sequential"),
    MemoryPlan("modules in turn, half size", tiled=True, offload="sequential", shrink=0.5),
)
# On a CPU, or where CPU and GPU share memory, offloading gains nothing.
_SHARED_MEMORY_PLANS: Final = (
    MemoryPlan("whole model"),
    MemoryPlan("tiled VAE", tiled=True),
    MemoryPlan("tiled VAE, half size", tiled=True, shrink=0.5),
)


def device_for(requested: str) -> str:
    """The requested device, or for "auto" the first of cuda, mps and cpu that this machine has."""
    import torch  # noqa: PLC0415

    if requested not in DEVICE_NAMES:
        raise UnknownNameError("device", requested, DEVICE_NAMES)
    available = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    best = next(name for name, is_available in available.items() if is_available)
    if requested != "auto" and not available[requested]:
        raise RefusedError(f"This machine has no {requested}; use device='{best}'.")
    return best if requested == "auto" else requested


def precision(device: str, family: str) -> Any:
    """The torch dtype: float32 on a CPU, else bfloat16 or float16, as the family needs."""
    import torch  # noqa: PLC0415

    if device == "cpu":
        return torch.float32
    return torch.bfloat16 if family in FLOAT16_OVERFLOWS else torch.float16


def memory_plans(device: str, offload: str, needed: int) -> tuple[MemoryPlan, ...]:
    """The memory plans to try, in order. needed: bytes of the model's weights.

    "auto" begins with the first that leaves a quarter of the free GPU memory for activations.
    """
    if offload not in OFFLOAD_NAMES:
        raise UnknownNameError("offload", offload, OFFLOAD_NAMES)
    if device != "cuda":
        return _SHARED_MEMORY_PLANS
    requested = offload if offload != "auto" else _automatic_offload(needed)
    return tuple(
        plan
        for plan in _CUDA_PLANS
        if OFFLOAD_NAMES.index(plan.offload) >= OFFLOAD_NAMES.index(requested)
    )


def apply_memory_plan(pipe: Any, device: str, memory_plan: MemoryPlan) -> None:
    """Place the pipeline as the plan says, after undoing an earlier plan."""
    pipe.remove_all_hooks()
    _tile(pipe.vae, memory_plan.tiled)
    if device == "mps":
        pipe.enable_attention_slicing()
    if memory_plan.offload == "none":
        pipe.to(device)
    elif memory_plan.offload == "group":
        _in_groups(pipe, device)
    else:
        pipe.to("cpu")
        offload = {
            "model": "enable_model_cpu_offload",
            "sequential": "enable_sequential_cpu_offload",
        }
        getattr(pipe, offload[memory_plan.offload])(device=device)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error means out of memory; CUDA, MPS and the CPU word it differently."""
    import torch  # noqa: PLC0415

    message = str(error)
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or (
        isinstance(error, RuntimeError)
        and (
            "out of memory" in message
            or "not enough memory" in message
            or "DefaultCPUAllocator" in message
        )
    )


def free_memory(device: str) -> None:
    """Collect garbage and empty the device's cache."""
    import gc  # noqa: PLC0415

    import torch  # noqa: PLC0415

    gc.collect()
    if device == "cuda":
        torch.cuda.empty_cache()
    elif device == "mps":
        torch.mps.empty_cache()


def model_bytes(pipe: Any) -> int:
    """Bytes of all weights of the pipeline."""
    import torch  # noqa: PLC0415

    parts = [part for part in pipe.components.values() if isinstance(part, torch.nn.Module)]
    return sum(
        weights.numel() * weights.element_size() for part in parts for weights in part.parameters()
    )


def _automatic_offload(needed: int) -> str:
    import torch  # noqa: PLC0415

    free, _ = torch.cuda.mem_get_info()
    return "none" if needed < 0.75 * free else "model"


def _tile(vae: Any, tiled: bool) -> None:
    if tiled:
        vae.enable_tiling()
        vae.enable_slicing()
    else:
        vae.disable_tiling()
        vae.disable_slicing()


def _in_groups(pipe: Any, device: str) -> None:
    import torch  # noqa: PLC0415

    pipe.to("cpu")
    pipe.enable_group_offload(
        onload_device=torch.device(device),
        offload_device=torch.device("cpu"),
        offload_type="leaf_level",
        use_stream=True,
    )
