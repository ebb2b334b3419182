"""to_onnx(network): the bytes of an ONNX file."""

from imagetoprompt.analysis.lighting import HARDNESS_SIDE
from training.light_hardness.network import CLASS_COUNT, LightHardnessNetwork
from training.onnx_graph import Graph


def to_onnx(network: LightHardnessNetwork) -> bytes:
    """Input: n x HARDNESS_SIDE x HARDNESS_SIDE x 4; output: n x CLASS_COUNT, logits."""
    graph = Graph()
    seen = graph.add("Transpose", "seen", perm=[0, 3, 1, 2])
    for fold in network.folds:
        seen = graph.apply_layer(seen, fold)
    pools = [*graph.pools(seen), _attended(graph, seen, network)]
    logits = graph.layer("Gemm", graph.add("Concat", *pools, axis=1), network.last, transB=1)
    return graph.to_bytes((HARDNESS_SIDE, HARDNESS_SIDE, 4), logits, CLASS_COUNT)


def _attended(graph: Graph, seen: str, network: LightHardnessNetwork) -> str:
    """Features weighted by the attention maps, flattened."""
    cell = graph.layer("Conv", seen, network.cell)
    border = graph.add("Gather", cell, graph.indices(0), axis=1)
    attention = graph.add("Concat", graph.layer("Conv", seen, network.attention), border, axis=1)
    shares = graph.add("Softmax", graph.rows(attention), axis=2)
    features = graph.add("Transpose", graph.rows(seen), perm=[0, 2, 1])
    return graph.add("Flatten", graph.add("MatMul", shares, features))
