"""Models from the Hub or a folder, and in plain words why one cannot be had.

It does not know what is painted with them.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from imagetoprompt.engines.diffusers.model_families import Family, family_of
from imagetoprompt.engines.diffusers.types import Numbers, Pipe
from imagetoprompt.errors import EngineError, MissingPartError, RefusedError, UnreachableError

EXTRA: Final = (
    "The engine diffusers needs more packages: pip install 'imagetoprompt[diffusers]' brings them."
)

# The file that says which class a model is of.
INDEX: Final = "model_index.json"
# What the weights of a network of diffusers are called.
WEIGHTS: Final = ("diffusion_pytorch_model.safetensors", "diffusion_pytorch_model.bin")


def require() -> None:
    """MissingPartError when torch, diffusers or another package of the extra is not there."""
    try:
        import accelerate  # noqa: F401, PLC0415
        import diffusers  # noqa: F401, PLC0415
        import torch  # noqa: F401, PLC0415
        import transformers  # noqa: F401, PLC0415
    except ImportError as error:
        raise MissingPartError(f"{EXTRA} ({error})") from error


@contextmanager
def hushed() -> Iterator[None]:
    """Without the libraries' own remarks and progress bars, but for those of downloads."""
    import diffusers  # noqa: PLC0415
    import transformers  # noqa: PLC0415
    from huggingface_hub.utils import (  # noqa: PLC0415
        are_progress_bars_disabled,
        enable_progress_bars,
    )

    libraries = (diffusers.utils.logging, transformers.utils.logging)
    loud, unseen = [each.get_verbosity() for each in libraries], are_progress_bars_disabled()
    for each in libraries:
        each.set_verbosity_error()
        each.disable_progress_bar()
    if not unseen:
        enable_progress_bars()
    try:
        yield
    finally:
        for each, before in zip(libraries, loud, strict=True):
            each.set_verbosity(before)
            each.enable_progress_bar()


def family(model: str) -> Family:
    """The family of a model, read from its model_index.json alone."""
    from huggingface_hub import hf_hub_download  # noqa: PLC0415

    with _explained(model):
        here = Path(model) / INDEX if Path(model).is_dir() else hf_hub_download(model, INDEX)
        index = json.loads(Path(here).read_text(encoding="utf-8"))
    return family_of(str(index.get("_class_name", "model without a class")), model)


def is_here(model: str) -> bool:
    """Whether a network is a folder, or was downloaded before."""
    from huggingface_hub import try_to_load_from_cache  # noqa: PLC0415

    if Path(model).is_dir():
        return True
    if model.count("/") != 1 or model.startswith((".", "/", "~")):
        return False
    return any(isinstance(try_to_load_from_cache(model, name), str) for name in WEIGHTS)


def loaded(class_name: str, model: str, dtype: Numbers, parts: Mapping[str, Any]) -> Pipe:
    """A pipeline or a network of that class of diffusers. parts: components that it is to have."""
    import diffusers  # noqa: PLC0415

    read: Callable[..., Any] = getattr(diffusers, class_name).from_pretrained
    with _explained(model):
        return read(model, dtype=dtype, **parts)


def add_style(pipe: Pipe, model: str) -> None:
    """Load an IP-Adapter into the pipeline.

    model: 'owner/name/folder/file' on the Hub, or the path of a file. Its image encoder is in the
    folder image_encoder beside it.
    """
    path = Path(model)
    with _explained(model):
        if path.is_file():
            pipe.load_ip_adapter(str(path.parent), subfolder="", weight_name=path.name)
            return
        owner, name, *folders, file = _split(model)
        pipe.load_ip_adapter(f"{owner}/{name}", subfolder="/".join(folders), weight_name=file)


def _split(model: str) -> list[str]:
    parts = model.split("/")
    if len(parts) < 3:
        raise RefusedError(
            f"'{model}' is no IP-Adapter: give the path of a file, or owner/name/folder/file of "
            "one on the Hub."
        )
    return parts


@contextmanager
def _explained(model: str) -> Iterator[None]:
    """What libraries raise when they cannot load, as our errors.

    They wrap one another's errors, and the outermost says least.
    """
    from safetensors import SafetensorError  # noqa: PLC0415

    try:
        yield
    except (OSError, ValueError, SafetensorError) as error:
        raise _reason(error, model) from error


def _reason(error: BaseException, model: str) -> EngineError:
    from huggingface_hub import errors  # noqa: PLC0415

    chain = list(_chain(error))
    if any(isinstance(each, errors.GatedRepoError) for each in chain):
        return RefusedError(
            f"'{model}' wants its license to be accepted at https://huggingface.co/{model}; then "
            "set HF_TOKEN to a token of that account."
        )
    if any(isinstance(each, errors.RepositoryNotFoundError) for each in chain):
        return RefusedError(
            f"There is no model '{model}' on the Hub, or it is private: check the name, or set "
            "HF_TOKEN."
        )
    if any(type(each).__name__ == "RemoteEntryNotFoundError" for each in chain):
        return RefusedError(
            f"'{model}' is on the Hub, but not as a whole model in the form of diffusers: a file "
            "is missing there."
        )
    if Path(model).is_dir():
        return RefusedError(f"The folder '{model}' holds no whole model: {_first_line(error)}")
    if model.startswith((".", "/", "~")) or model.count("/") > 1:
        return RefusedError(f"There is no folder '{model}'.")
    return UnreachableError(
        f"'{model}' is neither a folder nor among the models that were downloaded before, and "
        f"{_why_not()}."
    )


def _why_not() -> str:
    if os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "ON", "YES", "TRUE"):
        return "HF_HUB_OFFLINE forbids to download it"
    return "the Hub, huggingface.co, does not answer or does not have it"


def _first_line(error: BaseException) -> str:
    return str(error).strip().split("\n")[0]


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
