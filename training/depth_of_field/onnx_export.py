"""packed(focuser) -> the bytes of an ONNX file."""

from imagetoprompt.analysis.depth_of_field import CELLS_PER_SIDE, INPUT_CHANNELS
from training.depth_of_field.network import CLASSES, PARTED, POOLED, DepthOfFieldNetwork
from training.onnx_graph import Graph


def to_onnx(focuser: DepthOfFieldNetwork) -> bytes:
    """Takes seen: n x CELLS x CELLS x CHANNELS; gives n x CLASSES, logits of the blur's width."""
    graph = Graph()
    seen = graph.add("Transpose", "seen", perm=[0, 3, 1, 2])
    pools: list[str] = []
    likely = seen
    for layer, fold in enumerate(focuser.folds):
        seen = graph.unfolded(seen, fold)
        if layer in POOLED:
            pools += graph.pools(seen)
        if layer == PARTED:
            likely = _likely(graph, seen, focuser)
    pools += graph.pools(likely)
    pooled = graph.add("Concat", *pools, axis=1)
    hidden = graph.add("Relu", graph.layer("Gemm", pooled, focuser.hidden, transB=1))
    found = graph.layer("Gemm", hidden, focuser.last, transB=1)
    return graph.packed((CELLS_PER_SIDE, CELLS_PER_SIDE, INPUT_CHANNELS), found, CLASSES)


def _likely(graph: Graph, seen: str, focuser: DepthOfFieldNetwork) -> str:
    """The classes of each part by how sure it is."""
    told = graph.add("Softmax", graph.layer("Conv", seen, focuser.part), axis=1)
    sure = graph.add("Sigmoid", graph.layer("Conv", seen, focuser.sure))
    return graph.add("Mul", told, sure)
