"""The packaged networks. Each is loaded once per process and run once per picture and box.

    detect(picture)                -> (Detection…)  SSD MobileNet v2, the 80 object classes of COCO
    classify(picture)              -> ClassScores   EfficientNet-Lite3, the 1000 ImageNet classes
    find_key_points(picture, box)  -> KeyPoints     MoveNet Lightning, 17 key points of one person

Observers turn what they return into words and confidences.
"""

from imagetoprompt.models.classifier import ClassScores, classify
from imagetoprompt.models.detector import Detection, detect
from imagetoprompt.models.pose_estimation import KeyPoints, find_key_points

__all__ = [
    "ClassScores",
    "Detection",
    "KeyPoints",
    "classify",
    "detect",
    "find_key_points",
]
