import numpy as np

from imagetoprompt.analysis.edge_detection import canny_edges, gradient_contours


def test_a_border_is_stronger_than_texture() -> None:
    rng = np.random.default_rng(4)
    pixels = rng.normal(120, 25, (240, 320, 3))
    pixels[:, 160:] += 70
    found = gradient_contours(np.clip(pixels, 0, 255).astype(np.uint8))
    assert float(found[:, 157:163].mean()) > 3 * float(found[:, 20:140].mean())


def test_a_border_between_equal_grays_is_an_edge() -> None:
    pixels = np.full((60, 100, 3), (200, 40, 90), np.uint8)
    pixels[:, 50:] = (20, 125, 90)
    columns = np.unique(np.nonzero(canny_edges(pixels))[1])
    assert [int(column) for column in columns] in ([49], [50], [49, 50])


def test_a_dull_border_is_an_edge() -> None:
    pixels = np.full((60, 100, 3), 120, np.uint8)
    pixels[:, 50:] = 135
    assert int(np.count_nonzero(canny_edges(pixels))) >= 58
