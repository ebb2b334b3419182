import subprocess
import sys

HEAVY = {
    "numpy",
    "PIL",
    "cv2",
    "onnxruntime",
    "rapidocr",
    "ai_edge_litert",
    "torch",
    "rich",
    "httpx",
}


def test_import_loads_nothing_heavy() -> None:
    code = "import sys, imagetoprompt; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert HEAVY.intersection(loaded.stdout.split()) == set()
