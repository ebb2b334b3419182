import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from imagetoprompt.engines.diffusers.diffusers_engine import DiffusersEngine

# Read once, when huggingface_hub is imported: nothing is to be fetched by any test.
os.environ["HF_HUB_OFFLINE"] = "1"


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where models are kept that were made."""
    import torch  # noqa: PLC0415 - only tests that have it ask for this

    torch.set_num_threads(1)
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def engine(model_folder: Path) -> Iterator["DiffusersEngine"]:
    """Stable Diffusion, kept open for all tests of a module."""
    from tests.engines.diffusers.engine_inputs import opened_engine, saved_model  # noqa: PLC0415

    with opened_engine(saved_model(model_folder, "sd")) as made:
        yield made
