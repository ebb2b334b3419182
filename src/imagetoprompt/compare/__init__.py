"""Compare a picture with its result: drift, similarity, and advice, all as data.

`imagetoprompt.reports.compare_text` puts them into words.
"""

from imagetoprompt.compare.advice import Advice, advise
from imagetoprompt.compare.changes import FacetDrift, Finding
from imagetoprompt.compare.drift import Drift, compare_pictures
from imagetoprompt.compare.similarity import Similarity

__all__ = ["Advice", "Drift", "FacetDrift", "Finding", "Similarity", "advise", "compare_pictures"]
