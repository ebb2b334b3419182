"""to_onnx(network): the bytes of an ONNX file."""

from training.light_direction.network import OUTPUT_EDGES, POOLED_LAYERS, LightDirectionNetwork
from training.light_direction.training_examples import INPUT_SIDE
from training.onnx_graph import Graph


def to_onnx(network: LightDirectionNetwork) -> bytes:
    """Input: n x side x side x 4; output: n x OUTPUT_EDGES[-1], logits of four distributions."""
    graph = Graph()
    seen = graph.add("Transpose", "seen", perm=[0, 3, 1, 2])
    pools: list[str] = []
    for layer, fold in enumerate(network.folds):
        seen = graph.apply_layer(seen, fold)
        if layer in POOLED_LAYERS:
            pools += graph.pools(seen)
    narrow = graph.add("Relu", graph.layer("Conv", seen, network.narrow))
    pools.append(graph.add("Flatten", narrow))
    pooled = graph.add("Concat", *pools, axis=1)
    hidden = graph.add("Relu", graph.layer("Gemm", pooled, network.hidden, transB=1))
    logits = graph.layer("Gemm", hidden, network.last, transB=1)
    return graph.to_bytes((INPUT_SIDE, INPUT_SIDE, 4), logits, OUTPUT_EDGES[-1])
