"""to_onnx(network): the bytes of an ONNX file."""

from imagetoprompt.analysis.depth_of_field import CELLS_PER_SIDE, INPUT_CHANNELS
from training.depth_of_field.network import (
    CLASS_COUNT,
    PART_LAYER,
    POOLED_LAYERS,
    DepthOfFieldNetwork,
)
from training.onnx_graph import Graph


def to_onnx(network: DepthOfFieldNetwork) -> bytes:
    """Input: n x cells x cells x channels; output: n x classes, logits of the width of blur."""
    graph = Graph()
    seen = graph.add("Transpose", "seen", perm=[0, 3, 1, 2])
    pools: list[str] = []
    likely = seen
    for layer, fold in enumerate(network.folds):
        seen = graph.apply_layer(seen, fold)
        if layer in POOLED_LAYERS:
            pools += graph.pools(seen)
        if layer == PART_LAYER:
            likely = _likely(graph, seen, network)
    pools += graph.pools(likely)
    pooled = graph.add("Concat", *pools, axis=1)
    hidden = graph.add("Relu", graph.layer("Gemm", pooled, network.hidden, transB=1))
    logits = graph.layer("Gemm", hidden, network.last, transB=1)
    return graph.to_bytes((CELLS_PER_SIDE, CELLS_PER_SIDE, INPUT_CHANNELS), logits, CLASS_COUNT)


def _likely(graph: Graph, seen: str, network: DepthOfFieldNetwork) -> str:
    """The class probabilities of each part, weighted by its confidence."""
    classes = graph.add("Softmax", graph.layer("Conv", seen, network.part), axis=1)
    confidence = graph.add("Sigmoid", graph.layer("Conv", seen, network.confidence))
    return graph.add("Mul", classes, confidence)
