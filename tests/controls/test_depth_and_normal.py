from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

from imagetoprompt.controls import depth, normal
from imagetoprompt.errors import MissingPartError
from imagetoprompt.images.picture import open_picture
from imagetoprompt.settings import settings

Shapes = dict[str, tuple[int | str, ...]]

# Of what the network is given, red alone is passed on.
RED = np.array([1, 0, 0], np.float32).reshape(1, 3, 1, 1)


@pytest.fixture
def network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An ONNX network for which red is near."""
    path = tmp_path / "red.onnx"
    monkeypatch.setenv("IMAGETOPROMPT_DEPTH_MODEL", str(path))
    settings.cache_clear()
    path.write_bytes(_network((1, 3, 28, 42)))
    return path


@pytest.fixture(autouse=True)
def _settings_again() -> object:
    yield
    settings.cache_clear()


def _network(shape: tuple[int | str, ...]) -> bytes:
    node = helper.make_node("Conv", ["picture", "red"], ["depth"])
    return _file(node, {"picture": shape}, {"depth": (1, 1, *shape[2:])})


def _file(node: Any, inputs: Shapes, outputs: Shapes) -> bytes:  # noqa: ANN401
    values = [
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in each]
        for each in (inputs.items(), outputs.items())
    ]
    graph = helper.make_graph([node], "network", *values, [numpy_helper.from_array(RED, "red")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    return bytes(model.SerializeToString())


def left_red() -> np.ndarray:
    pixels = np.zeros((80, 120, 3), np.uint8)
    pixels[:, :60, 0] = 200
    return pixels


@pytest.mark.usefixtures("network")
def test_a_named_network_tells_the_depth() -> None:
    drawn = depth.draw(open_picture(left_red()))
    assert (
        drawn.metadata.info["control"],
        int(drawn.pixels[40, 10, 0]),
        int(drawn.pixels[40, 110, 0]),
    ) == ("depth by depth model", 255, 0)


def test_a_network_may_leave_its_size_open(network: Path) -> None:
    network.write_bytes(_network((1, 3, "height", "width")))
    drawn = depth.draw(open_picture(left_red()))
    assert (int(drawn.pixels[40, 10, 0]), int(drawn.pixels[40, 110, 0])) == (255, 0)


def test_a_missing_network_is_named(network: Path) -> None:
    network.unlink()
    with pytest.raises(MissingPartError, match=r"there is no such file\. Set IMAGETOPROMPT_DEPTH"):
        depth.draw(open_picture(left_red()))


def test_a_file_that_is_no_network_is_named(network: Path) -> None:
    network.write_bytes(b"weights")
    with pytest.raises(MissingPartError, match="it is not an ONNX file"):
        depth.draw(open_picture(left_red()))


def test_a_network_for_something_else_is_named(network: Path) -> None:
    network.write_bytes(_file(helper.make_node("Relu", ["x"], ["y"]), {"x": (1, 8)}, {"y": (1, 8)}))
    with pytest.raises(MissingPartError, match="it does not take 1 x 3 x height x width"):
        depth.draw(open_picture(left_red()))


def test_the_ground_comes_nearer_toward_the_bottom() -> None:
    drawn = depth.draw(open_picture("examples/photographer.jpg")).pixels[:, :, 0]
    sky, far, near = drawn[60, 450], drawn[350, 450], drawn[480, 450]
    assert (bool(sky < far), bool(far < near)) == (True, True)


def test_a_person_stands_before_the_sky() -> None:
    drawn = depth.draw(open_picture("examples/photographer.jpg")).pixels[:, :, 0]
    assert bool(drawn[200, 130] > 2 * drawn[60, 300])


@pytest.mark.parametrize(
    ("nearer", "color"),
    [("left", (1, 0, 0)), ("right", (-1, 0, 0)), ("bottom", (0, 1, 0)), ("top", (0, -1, 0))],
)
def test_a_slope_faces_away_from_its_near_end(nearer: str, color: tuple[int, int, int]) -> None:
    ramp = np.linspace(0, 1, 64, dtype=np.float32)
    across, down = np.tile(ramp, (64, 1)), np.tile(ramp[:, None], (1, 64))
    slopes = {"left": across[:, ::-1], "right": across, "bottom": down, "top": down[::-1]}
    vector = normal.surface_normals(np.ascontiguousarray(slopes[nearer]))[32, 32]
    assert np.sign(np.round(vector, 3))[:2].tolist() == list(color[:2])


def test_what_is_flat_faces_the_viewer() -> None:
    assert normal.surface_normals(np.full((20, 20), 0.5, np.float32))[10, 10].tolist() == [0, 0, 1]


def test_the_viewer_is_blue() -> None:
    drawn = normal.draw(open_picture(np.full((60, 60, 3), 99, np.uint8)))
    assert int(drawn.pixels[5, 30, 2]) > 200
