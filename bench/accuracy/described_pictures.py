"""describe_all(questions): describe many pictures in two processes, with their truth."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final, TypeVar

from imagetoprompt import describe

PROCESS_COUNT: Final = 2

Item = TypeVar("Item")
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Question:
    """A picture (a file or its bytes), the facets to describe, and the truth."""

    picture: Path | bytes
    facets: tuple[str, ...]
    truth: Mapping[str, Any]


@dataclass(frozen=True)
class DescribedPicture:
    """The truth of a picture, and its scene as JSON values."""

    truth: Mapping[str, Any]
    scene: Mapping[str, Any]

    def measured(self, facet: str) -> Mapping[str, Any] | None:
        """The first measurement of the facet, said or not; None when nothing was measured."""
        measurements = (fact["measurement"] for fact in self.facts(facet) if fact["measurement"])
        return next(measurements, None)

    def said(self, facet: str) -> list[Mapping[str, Any]]:
        """The facts of the facet that are said."""
        return [fact for fact in self.facts(facet) if fact["said"]]

    def facts(self, facet: str) -> Iterator[Mapping[str, Any]]:
        """All facts of the facet."""
        return (fact for fact in self.scene["facts"] if fact["facet"] == facet)


def describe_all(questions: Sequence[Question], name: str) -> list[DescribedPicture]:
    """The described pictures in the order of the questions; `name` is shown with the progress."""
    return in_processes(_answer, questions, name)


def in_processes(
    function: Callable[[Item], Answer], items: Sequence[Item], name: str
) -> list[Answer]:
    """What a module's function returns for each item, in their order, computed in processes.

    `name` is shown with the progress.
    """
    answers: list[Answer] = []
    with ProcessPoolExecutor(PROCESS_COUNT, mp_context=get_context("spawn")) as pool:
        for answer in pool.map(function, items, chunksize=4):
            answers.append(answer)
            print(f"\r{name}: {len(answers)} of {len(items)}", end="", flush=True)
    print()
    return answers


def _answer(question: Question) -> DescribedPicture:
    scene = describe(question.picture, only=question.facets)
    return DescribedPicture(question.truth, scene.to_json())
