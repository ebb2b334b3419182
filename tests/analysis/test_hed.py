"""The real weights are not installed in tests: the network is built with weights of our own."""

import numpy as np
import pytest

from imagetoprompt.analysis import edge_detection, hed
from imagetoprompt.images.picture import open_picture
from imagetoprompt.models.runtime import OnnxSession

CHANNELS = (3, 64, 128, 256, 512, 512)


def stored() -> dict[str, np.ndarray]:
    """Every convolution passes the first channel on; each side shows it."""
    numbers: dict[str, np.ndarray] = {}
    for block, count in enumerate(hed.BLOCKS, 1):
        for index, (_, key) in enumerate(hed._convolutions(block, count)):
            inputs = CHANNELS[block] if index else CHANNELS[block - 1]
            kernel = np.zeros((3, 3, inputs, CHANNELS[block]), np.float32)
            kernel[1, 1, 0, 0] = 1
            numbers |= {f"{key}/0": kernel, f"{key}/1": np.zeros(CHANNELS[block], np.float32)}
        side = np.zeros((1, 1, CHANNELS[block], 1), np.float32)
        side[0, 0, 0, 0] = 1
        numbers |= {f"dsn{block}/vars/0": side, f"dsn{block}/vars/1": np.zeros(1, np.float32)}
    return numbers


def test_the_graph_has_five_sides_each_half_the_last() -> None:
    entry = np.zeros((1, 3, 50, 70), np.float32)
    entry[0, 0, 20, 30] = 7
    sides = OnnxSession(hed._model(stored())).outputs(entry)
    assert [side.shape[2:] for side in sides] == [(50, 70), (25, 35), (13, 18), (7, 9), (4, 5)]


def test_the_numbers_pass_through_every_block() -> None:
    entry = np.zeros((1, 3, 48, 64), np.float32)
    entry[0, 0, 32, 16] = 7
    sides = OnnxSession(hed._model(stored())).outputs(entry)
    places = [np.unravel_index(int(side.argmax()), side.shape)[2:] for side in sides]
    assert [tuple(int(part) for part in place) for place in places] == [
        (32, 16),
        (16, 8),
        (8, 4),
        (4, 2),
        (2, 1),
    ]


def test_edges_come_from_gradients_without_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hed, "installed", lambda: False)
    found = edge_detection.contours(open_picture("examples/cat.jpg"))
    assert (found.method, found.strength.shape) == ("gradients", (300, 451))
