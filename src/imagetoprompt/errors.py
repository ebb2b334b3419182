"""The tree of errors: everything that ImageToPrompt raises on purpose.

ImageToPromptError            one clear sentence that names the remedy
├── PictureError              the picture cannot be opened
│   ├── NotAPictureError      not an image, or damaged
│   ├── TooLargeError         more pixels, bytes or seconds than the settings allow
│   ├── FetchError            a URL that cannot or must not be fetched
│   └── MaskError             a mask of another size than its picture, or one that marks nothing
├── UnknownNameError          no target, variant, observer or facet of that name
├── EditError                 an edit that cannot be made, or scenes that cannot be blended
├── PlanError                 a plan, or a target's request, that cannot be made
├── EngineError               an engine that could not paint
│   ├── RefusedError          it will not: bad key, moderated, invalid; do not try again
│   └── UnreachableError      it did not answer: try again, or another engine
├── WorkError                 work that a runner could not finish
│   ├── LostError             its worker died: try again
│   ├── LateError             it took longer than its limit
│   └── HeavyError            it needed more memory than its limit
├── SceneError                a Scene or Prompt that does not have the published shape
├── SettingError              a setting whose value makes no sense
├── MissingPartError          a package or its weights is absent or altered
└── web.server_errors         errors that only the server raises

Each message is one clear sentence that says what to do about it.
"""

from collections.abc import Iterable
from typing import Any, Self


class ImageToPromptError(Exception):
    """The base of every error that ImageToPrompt raises on purpose."""

    def __reduce__(self) -> tuple[Any, ...]:
        # Between processes it is made anew without __init__, which may take something else.
        return _again, (type(self), *self.args), self.__dict__


def _again(kind: type[Exception], *arguments: object) -> Exception:
    return kind.__new__(kind, *arguments)


class PictureError(ImageToPromptError):
    """The picture cannot be opened."""


class NotAPictureError(PictureError):
    """The bytes are not an image that can be read, or they are damaged."""


class TooLargeError(PictureError):
    """The picture has more pixels or bytes, or takes longer, than the settings allow."""


class FetchError(PictureError):
    """A URL cannot be fetched, or must not be."""


class MaskError(PictureError):
    """A mask does not fit its picture, or marks nothing."""


class UnknownNameError(ImageToPromptError):
    """A target, variant, observer or facet was asked for by a name that nothing has."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        super().__init__(f"No {kind} named '{name}'. There are: {', '.join(known)}.")


class EditError(ImageToPromptError):
    """An edit cannot be made, or scenes cannot be blended."""


class PlanError(ImageToPromptError):
    """A plan, or the request of a target, cannot be made; the message names the remedy."""


class UnsupportedTaskError(PlanError):
    """A target cannot do the task of a plan; `task` is the task, to look up who can."""

    def __init__(self, name: str, task: str, title: str) -> None:
        super().__init__(f"{name} cannot {task} ({title}).")
        self.task = task


class EngineError(ImageToPromptError):
    """An engine could not paint."""


class RefusedError(EngineError):
    """The engine will not do it, and asking again changes nothing."""


class UnreachableError(EngineError):
    """The engine did not answer; it may later."""


class WorkError(ImageToPromptError):
    """Work was given to a runner and could not be finished."""


class LostError(WorkError):
    """The worker died before its work was done; another may do it."""


class LateError(WorkError):
    """The work took longer than its limit."""

    @classmethod
    def after(cls, seconds: float) -> Self:
        """The error for work that was ended after so many seconds."""
        return cls(f"The work took more than {seconds:g} s; give it less to do, or more time.")


class HeavyError(WorkError):
    """The work needed more memory than its limit."""


class SceneError(ImageToPromptError):
    """JSON that does not have the published shape of a Scene or a Prompt."""


class SettingError(ImageToPromptError):
    """A setting has a value that makes no sense."""


class MissingPartError(ImageToPromptError):
    """A package or its weights is absent or altered.

    problem: what is wrong. command: the shell command that fixes it, which the message ends with;
    '' where the problem itself says what to do.
    """

    def __init__(self, problem: str, command: str = "") -> None:
        super().__init__(f"{problem}: {command}" if command else problem)
        self.problem, self.command = problem, command
