"""Load models from the Hub or from a folder, with an error that says why one cannot be loaded."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from imagetoprompt.engines.diffusers.model_families import Family, family_of
from imagetoprompt.errors import EngineError, MissingPartError, RefusedError, UnreachableError

MISSING_EXTRA: Final = (
    "The engine diffusers needs more packages: pip install 'imagetoprompt[diffusers]'."
)

# The file that says which class a model is of.
INDEX_FILE: Final = "model_index.json"
# File names of the weights of a single network.
WEIGHT_FILES: Final = ("diffusion_pytorch_model.safetensors", "diffusion_pytorch_model.bin")


def require() -> None:
    """MissingPartError when torch, diffusers or another package of the extra is not installed."""
    try:
        import accelerate  # noqa: F401, PLC0415
        import diffusers  # noqa: F401, PLC0415
        import torch  # noqa: F401, PLC0415
        import transformers  # noqa: F401, PLC0415
    except ImportError as error:
        raise MissingPartError(f"{MISSING_EXTRA} ({error})") from error


@contextmanager
def quiet_libraries() -> Iterator[None]:
    """Silence the libraries' log lines and progress bars, except those of downloads."""
    import diffusers  # noqa: PLC0415
    import transformers  # noqa: PLC0415
    from huggingface_hub.utils import (  # noqa: PLC0415
        are_progress_bars_disabled,
        enable_progress_bars,
    )

    libraries = (diffusers.utils.logging, transformers.utils.logging)
    verbosities = [library.get_verbosity() for library in libraries]
    bars_disabled = are_progress_bars_disabled()
    for library in libraries:
        library.set_verbosity_error()
        library.disable_progress_bar()
    if not bars_disabled:
        enable_progress_bars()
    try:
        yield
    finally:
        for library, verbosity in zip(libraries, verbosities, strict=True):
            library.set_verbosity(verbosity)
            library.enable_progress_bar()


def family(model: str) -> Family:
    """The family of a model, read from its model_index.json alone."""
    from huggingface_hub import hf_hub_download  # noqa: PLC0415

    with _translated_errors(model):
        index_path = (
            Path(model) / INDEX_FILE if Path(model).is_dir() else hf_hub_download(model, INDEX_FILE)
        )
        index = json.loads(Path(index_path).read_text(encoding="utf-8"))
    return family_of(str(index.get("_class_name", "model without a class")), model)


def is_available(model: str) -> bool:
    """Whether a network is a folder, or is in the download cache."""
    from huggingface_hub import try_to_load_from_cache  # noqa: PLC0415

    if Path(model).is_dir():
        return True
    if model.count("/") != 1 or model.startswith((".", "/", "~")):
        return False
    return any(isinstance(try_to_load_from_cache(model, name), str) for name in WEIGHT_FILES)


def load_component(class_name: str, model: str, dtype: Any, parts: Mapping[str, Any]) -> Any:
    """Load a pipeline or network of that class of diffusers. parts: components to use in it."""
    import diffusers  # noqa: PLC0415

    load: Callable[..., Any] = getattr(diffusers, class_name).from_pretrained
    with _translated_errors(model):
        return load(model, dtype=dtype, **parts)


def add_style(pipe: Any, model: str) -> None:
    """Load an IP-Adapter into the pipeline.

    model: 'owner/name/folder/file' on the Hub, or the path of a file. Its image encoder is in the
    folder image_encoder beside it.
    """
    path = Path(model)
    with _translated_errors(model):
        if path.is_file():
            pipe.load_ip_adapter(str(path.parent), subfolder="", weight_name=path.name)
            return
        owner, name, *folders, file = _split(model)
        pipe.load_ip_adapter(f"{owner}/{name}", subfolder="/".join(folders), weight_name=file)


def _split(model: str) -> list[str]:
    parts = model.split("/")
    if len(parts) < 3:
        raise RefusedError(
            f"'{model}' is not an IP-Adapter: give the path of a file, or owner/name/folder/file "
            "of one on the Hub."
        )
    return parts


@contextmanager
def _translated_errors(model: str) -> Iterator[None]:
    """Turn loading errors of the libraries into EngineErrors.

    The libraries wrap each other's errors, and the outermost says least: the whole chain is
    searched.
    """
    from safetensors import SafetensorError  # noqa: PLC0415

    try:
        yield
    except (OSError, ValueError, SafetensorError) as error:
        raise _engine_error(error, model) from error


def _engine_error(error: BaseException, model: str) -> EngineError:
    from huggingface_hub import errors  # noqa: PLC0415

    chain = list(_error_chain(error))
    if any(isinstance(link, errors.GatedRepoError) for link in chain):
        return RefusedError(
            f"'{model}' requires you to accept its license at https://huggingface.co/{model}; "
            "then set HF_TOKEN to a token of that account."
        )
    if any(isinstance(link, errors.RepositoryNotFoundError) for link in chain):
        return RefusedError(
            f"There is no model '{model}' on the Hub, or it is private: check the name, or set "
            "HF_TOKEN."
        )
    if any(type(link).__name__ == "RemoteEntryNotFoundError" for link in chain):
        return RefusedError(
            f"'{model}' is on the Hub, but not as a complete model in diffusers format: a file "
            "is missing there."
        )
    if Path(model).is_dir():
        return RefusedError(f"The folder '{model}' holds no complete model: {_first_line(error)}")
    if model.startswith((".", "/", "~")) or model.count("/") > 1:
        return RefusedError(f"There is no folder '{model}'.")
    return UnreachableError(
        f"'{model}' is neither a folder nor in the download cache, and {_download_failure()}."
    )


def _download_failure() -> str:
    if os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "ON", "YES", "TRUE"):
        return "HF_HUB_OFFLINE forbids downloading it"
    return "the Hub, huggingface.co, does not answer or does not have it"


def _first_line(error: BaseException) -> str:
    return str(error).strip().split("\n")[0]


def _error_chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
