import numpy as np

from imagetoprompt.analysis.edges.graph_file import Node, model
from imagetoprompt.models.runtime import OnnxSession


def test_a_written_graph_runs() -> None:
    nodes = [Node("MatMul", ("x", "w"), "product"), Node("Relu", ("product",), "y")]
    weights = {"w": np.array([[1, -1], [2, -2]], np.float32)}
    session = OnnxSession(model(nodes, weights, ("x", (1, 2)), {"y": (1, 2)}))
    assert session.run(np.array([[3, 4]], np.float32)).tolist() == [[11, 0]]


def test_numbers_and_words_reach_the_operation() -> None:
    pool = Node(
        "MaxPool",
        ("x",),
        "y",
        {"kernel_shape": (2, 2), "strides": (2, 2)},
        {"auto_pad": "SAME_UPPER"},
    )
    session = OnnxSession(model([pool], {}, ("x", (1, 1, "h", "w")), {"y": (1, 1, "i", "j")}))
    entry = np.arange(9, dtype=np.float32).reshape(1, 1, 3, 3)
    assert session.run(entry)[0, 0].tolist() == [[4, 5], [7, 8]]


def test_the_shape_of_the_input_is_told() -> None:
    file = model([Node("Relu", ("x",), "y")], {}, ("x", (1, 3, "h", 300)), {"y": (1, 3, "h", 300)})
    assert OnnxSession(file).shape == (1, 3, "h", 300)
