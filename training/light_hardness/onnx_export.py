"""packed(penumbra) -> the bytes of an ONNX file."""

from imagetoprompt.analysis.lighting import HARDNESS_SIDE
from training.light_hardness.network import CLASSES, LightHardnessNetwork
from training.onnx_graph import Graph


def to_onnx(penumbra: LightHardnessNetwork) -> bytes:
    """Takes seen: n x SIDE x SIDE x 4; gives n x CLASSES, logits."""
    graph = Graph()
    seen = graph.add("Transpose", "seen", perm=[0, 3, 1, 2])
    for fold in penumbra.folds:
        seen = graph.unfolded(seen, fold)
    pools = [*graph.pools(seen), _looked(graph, seen, penumbra)]
    found = graph.layer("Gemm", graph.add("Concat", *pools, axis=1), penumbra.last, transB=1)
    return graph.packed((HARDNESS_SIDE, HARDNESS_SIDE, 4), found, CLASSES)


def _looked(graph: Graph, seen: str, penumbra: LightHardnessNetwork) -> str:
    """What is seen where the network looks, by how much it looks there."""
    cell = graph.layer("Conv", seen, penumbra.cell)
    border = graph.add("Gather", cell, graph.indices(0), axis=1)
    gazes = graph.add("Concat", graph.layer("Conv", seen, penumbra.gaze), border, axis=1)
    shares = graph.add("Softmax", graph.rows(gazes), axis=2)
    places = graph.add("Transpose", graph.rows(seen), perm=[0, 2, 1])
    return graph.add("Flatten", graph.add("MatMul", shares, places))
