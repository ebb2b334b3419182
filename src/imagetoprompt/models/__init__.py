"""The packaged networks: detect, classify and pose, each run once per picture and loaded once.

    detect(picture)     -> Detections   SSD MobileNet v2, COCO's 80 kinds of things
    classify(picture)  -> ClassScores  EfficientNet-Lite3, ImageNet's 1000 classes
    find_key_points(picture, box) -> KeyPoints    MoveNet Lightning, 17 points of one person

They do not know what their answers are worth in words: that is for the observers.
"""

from imagetoprompt.models.classifier import ClassScores, classify
from imagetoprompt.models.detector import Detection, detect
from imagetoprompt.models.pose import KeyPoints, find_key_points

__all__ = [
    "ClassScores",
    "Detection",
    "KeyPoints",
    "classify",
    "detect",
    "find_key_points",
]
