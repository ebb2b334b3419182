"""packed(shader) -> the bytes of an ONNX file."""

from training.light_direction.network import EDGES, POOLED, LightDirectionNetwork
from training.light_direction.training_examples import SIDE
from training.onnx_graph import Graph


def to_onnx(shader: LightDirectionNetwork) -> bytes:
    """Takes seen: n x SIDE x SIDE x 4; gives n x EDGES[-1], logits of four distributions."""
    graph = Graph()
    seen = graph.add("Transpose", "seen", perm=[0, 3, 1, 2])
    pools: list[str] = []
    for layer, fold in enumerate(shader.folds):
        seen = graph.unfolded(seen, fold)
        if layer in POOLED:
            pools += graph.pools(seen)
    narrow = graph.add("Relu", graph.layer("Conv", seen, shader.narrow))
    pools.append(graph.add("Flatten", narrow))
    pooled = graph.add("Concat", *pools, axis=1)
    hidden = graph.add("Relu", graph.layer("Gemm", pooled, shader.hidden, transB=1))
    found = graph.layer("Gemm", hidden, shader.last, transB=1)
    return graph.packed((SIDE, SIDE, 4), found, EDGES[-1])
