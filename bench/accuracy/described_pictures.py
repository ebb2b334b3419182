"""look(questions) -> Seen*: describe many pictures in two processes, their truth beside them."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

from imagetoprompt import describe

PROCESSES: Final = 2


@dataclass(frozen=True)
class Question:
    """A picture (a file or the bytes of one), the facets to look for, and what is true of it."""

    picture: Path | bytes
    facets: tuple[str, ...]
    truth: Mapping[str, Any]


@dataclass(frozen=True)
class Seen:
    """The truth of a picture, and its scene as JSON values."""

    truth: Mapping[str, Any]
    scene: Mapping[str, Any]

    def measured(self, facet: str) -> Mapping[str, Any] | None:
        """The first measurement of the facet, said or not; None when nothing was measured."""
        found = (fact["measurement"] for fact in self.facts(facet) if fact["measurement"])
        return next(found, None)

    def said(self, facet: str) -> list[Mapping[str, Any]]:
        """The facts of the facet that are said."""
        return [fact for fact in self.facts(facet) if fact["said"]]

    def facts(self, facet: str) -> Iterator[Mapping[str, Any]]:
        """All facts of the facet."""
        return (fact for fact in self.scene["facts"] if fact["facet"] == facet)


def look(questions: Sequence[Question], name: str) -> list[Seen]:
    """Every answer, in the order of the questions; `name` is shown with the progress."""
    answers: list[Seen] = []
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        for seen in pool.map(_answer, questions, chunksize=4):
            answers.append(seen)
            print(f"\r{name}: {len(answers)} of {len(questions)}", end="", flush=True)
    print()
    return answers


def _answer(question: Question) -> Seen:
    scene = describe(question.picture, only=question.facets)
    return Seen(question.truth, scene.to_json())
