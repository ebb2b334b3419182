"""The four verbs: describe, write, edit, transform.

    bytes --open--> Picture --observe--> Observation* --fuse--> Scene --write--> Prompt
    Scene --apply(edits)--> Scene --plan--> Plan        Plan + Prompt --request--> Request
    Request + Picture --paint--> Painting

Each verb is a few lines here; the modules that it calls do the work.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from imagetoprompt.capabilities import refusal_with_alternatives, with_alternatives
from imagetoprompt.controls import CONTROLS
from imagetoprompt.core.measurements import Palette, Swatch
from imagetoprompt.core.plan import Plan, Request
from imagetoprompt.core.prompt import Prompt, PromptChange, diff
from imagetoprompt.core.scene import FACETS, Fact, Observation, Scene, checked_facet
from imagetoprompt.engines import ENGINES, Step
from imagetoprompt.errors import PlanError, UnknownNameError
from imagetoprompt.facts.edits import Edit, apply, blend, conflicts, edits_allowed, preset
from imagetoprompt.facts.fusion import fuse
from imagetoprompt.observers import OBSERVERS, Observer
from imagetoprompt.planning import PlanOptions, plan
from imagetoprompt.settings import settings
from imagetoprompt.targets import TARGETS, Target

if TYPE_CHECKING:
    from imagetoprompt.images.picture import Picture, Source

EMPHASES: Final = ("balanced", "subject", "light", "composition")
QUICK_OBSERVERS: Final = ("metadata", "light", "palette", "focus")
"""The observers that need no large network."""
# Two observers at once fill two cores; more would only wait for one another's networks.
OBSERVER_THREADS: Final = 2


def describe(
    source: "Source", /, *, only: Collection[str] = (), without: Collection[str] = ()
) -> Scene:
    """The facts of a picture: a path, bytes, a file object, a PIL image, an array or a URL.

    `only` and `without` name facets; what is not wanted is not looked for.
    """
    *_, scene = describe_in_stages(source, only=only, without=without, first=())
    return scene


def describe_in_stages(
    source: "Source",
    /,
    *,
    only: Collection[str] = (),
    without: Collection[str] = (),
    first: Collection[str] = QUICK_OBSERVERS,
) -> Iterator[Scene]:
    """The scene as it grows: what the observers of `first` see, then all, as `describe` has it."""
    # Here, since writing needs none of the libraries that decode pictures.
    from imagetoprompt.images.picture import open_picture  # noqa: PLC0415
    from imagetoprompt.metadata import find_embedded_prompt  # noqa: PLC0415

    wanted = {checked_facet(facet) for facet in (only or FACETS)} - {
        checked_facet(facet) for facet in without
    }
    picture = open_picture(source)
    origin = find_embedded_prompt(picture)
    heard: dict[str, list[Observation]] = {}
    for name, claims in _observe(picture, wanted, first):
        heard[name] = claims
        if len(heard) == len(first):
            yield fuse(chain.from_iterable(heard.values()), picture.size, origin)
    inorder = (heard[name] for name in OBSERVERS)
    yield fuse(chain.from_iterable(inorder), picture.size, origin)


def _observe(
    picture: "Picture", wanted: set[str], first: Collection[str]
) -> Iterator[tuple[str, list[Observation]]]:
    """The name and the claims of each observer, those of `first` first."""
    order = (*first, *(name for name in OBSERVERS if name not in first))
    # Imported here, one after the other: threads that import the same packages can lock each other.
    observers = [OBSERVERS[name] for name in order]

    def claims(observer: Observer) -> list[Observation]:
        if wanted.isdisjoint(observer.FACETS):
            return []
        return [claim for claim in observer.observe(picture) if claim.facet in wanted]

    with ThreadPoolExecutor(settings().threads or OBSERVER_THREADS) as pool:
        yield from zip(order, pool.map(claims, observers), strict=True)


def resolve(target: str, /) -> tuple[Target, str]:
    """The target and the variant that 'target' or 'target:variant' means, aliases too."""
    name, _, variant = target.partition(":")
    found = TARGETS[TARGETS.canonical(name)]
    if variant and variant not in found.VARIANTS:
        raise UnknownNameError(f"variant of {name}", variant, found.VARIANTS)
    return found, variant


def write(scene: Scene, target: str, /, *, emphasis: str = "balanced") -> Prompt:
    """The prompt for a target, or for one of its variants as 'target:variant'."""
    if emphasis not in EMPHASES:
        raise UnknownNameError("emphasis", emphasis, EMPHASES)
    found, variant = resolve(target)
    return found.write(scene, variant, emphasis)


def alternatives(scene: Scene, target: str, /) -> tuple[Prompt, ...]:
    """Four prompts for a target: four emphases of the same facts."""
    return tuple(write(scene, target, emphasis=emphasis) for emphasis in EMPHASES)


_HEX: Final = re.compile(r"#[0-9a-fA-F]{6}\b")


@dataclass(frozen=True)
class EditedScene:
    """A scene before and after its edits, the plan that leads there, and what does not go together.

    edits: those that were made, presets expanded. conflicts: one sentence for each pair of facts
    after the edits that contradict one another and did not before.
    """

    before: Scene
    after: Scene
    plan: Plan
    edits: tuple[Edit, ...] = ()
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True)
class TargetRequest:
    """One target: its prompts before and after, and the request, or why there is none."""

    before: Prompt
    after: Prompt
    request: Request | None
    refusal: str = ""

    @property
    def changes(self) -> tuple[PromptChange, ...]:
        """The facets whose words differ between the prompts."""
        return diff(self.before, self.after)


def edit(
    before: Scene,
    edits: Sequence[Edit] = (),
    options: PlanOptions | None = None,
    *,
    taken: Mapping[str, Scene] | None = None,
) -> EditedScene:
    """The scene with presets (those of the options), facts taken from other scenes, and edits made.

    Locks come first, so that presets leave those facets alone. Hex colors are written by name too,
    for generators that read names only.
    """
    options = options or PlanOptions()
    locks = tuple(each for each in edits if each.how in ("lock", "unlock"))
    own = tuple(each for each in edits if each not in locks)
    held = apply(before, locks)
    sets = tuple(each for name in options.presets for each in edits_allowed(held, preset(name)))
    after = name_hex_colors(apply(_blended(apply(held, sets), taken or {}), own))
    already = conflicts(before)
    new = tuple(each for each in conflicts(after) if each not in already)
    minded = (*new, *_left_over(before, after))
    return EditedScene(before, after, plan(before, after, options), (*locks, *sets, *own), minded)


def _left_over(before: Scene, after: Scene) -> tuple[str, ...]:
    """A sentence when the last subject went and what it did is still said."""
    alone = before.said("subject") and not after.said("subject")
    doing = [fact.value for fact in after.said("action")] if alone else []
    return tuple(f"Nobody is left for the action '{each}': remove it too." for each in doing)


def request(
    edited: EditedScene, target: str, /, *, via: str = "", emphasis: str = "balanced"
) -> TargetRequest:
    """What a target, or 'target:variant', is asked; where it cannot do it, who can."""
    old, new = (write(scene, target, emphasis=emphasis) for scene in (edited.before, edited.after))
    try:
        asked = resolve(target)[0].request(new, edited.plan, via)
    except PlanError as error:
        return TargetRequest(old, new, None, refusal_with_alternatives(error))
    return TargetRequest(old, new, with_alternatives(asked))


def name_hex_colors(scene: Scene, /) -> Scene:
    """The scene with each hex color that a user wrote into its palette given a plain name."""
    return replace(scene, facts=tuple(_named(fact) for fact in scene))


def _named(fact: Fact) -> Fact:
    numbers = fact.measurement
    codes = dict.fromkeys(_HEX.findall(fact.value)) if fact.facet == "palette" else {}
    if not codes or not isinstance(numbers, Palette):
        return fact
    names = {code.upper(): _name(code) for code in codes}
    swatches = tuple(_renamed(each, names) for each in numbers.swatches)
    words = _HEX.sub(lambda found: names[found[0].upper()], fact.value)
    only = not re.search(r"[a-z]{2}", _HEX.sub("", fact.value).replace("and", ""))
    if only:
        plain = list(dict.fromkeys(names.values()))
        words = f"{' and '.join(filter(None, (', '.join(plain[:-1]), plain[-1])))} palette"
    return replace(fact, value=words, measurement=replace(numbers, swatches=swatches))


def _renamed(swatch: Swatch, names: Mapping[str, str]) -> Swatch:
    return replace(swatch, name=names.get(swatch.hex, swatch.name))


def _name(code: str) -> str:
    # Here, since only hex colors need numpy.
    from imagetoprompt.images.color import color_name, from_hex  # noqa: PLC0415

    return color_name(from_hex(code))


def _blended(scene: Scene, taken: Mapping[str, Scene]) -> Scene:
    """The scene with each facet of `taken` as another scene has it."""
    for facet, other in taken.items():
        scene = replace(blend((scene, other), {facet: 1}).scene, origin=scene.origin)
    return scene


# The dialect that local engines read: Stable Diffusion's, since they paint with models of its kind.
ENGINE_TARGET: Final = "stable_diffusion"


@dataclass(frozen=True)
class TransformJob:
    """What is to be painted: the picture, its facts before and after, and the request.

    conflicts: one sentence for each pair of the new facts that do not go together.
    """

    picture: "Picture"
    before: Scene
    after: Scene
    request: Request
    conflicts: tuple[str, ...] = ()

    @property
    def plan(self) -> Plan:
        """What is to be done, in nobody's vendor terms."""
        return self.request.plan


@dataclass(frozen=True)
class EngineChoice:
    """Who paints, and with what options of its own (model=…); `target` is the dialect it reads."""

    engine: str = "draft"
    target: str = ENGINE_TARGET
    options: dict[str, Any] = field(default_factory=dict, hash=False)


def edit_picture(
    source: "Source",
    edits: Sequence[Edit] = (),
    options: PlanOptions | None = None,
    *,
    taken: "Mapping[str, Source] | None" = None,
    excluded: Collection[str] = (),
) -> "tuple[Picture, EditedScene]":
    """Describe a picture and edit its facts.

    taken: facets that are to be as another picture has them. excluded: what the new picture must
    not show. MaskError when a mask does not fit the picture.
    """
    from imagetoprompt.images.masks import editable_area  # noqa: PLC0415 - decoders load when needed
    from imagetoprompt.images.picture import open_picture  # noqa: PLC0415

    picture = open_picture(source)
    scene = replace(describe(picture), excluded=tuple(excluded))
    if options is not None and options.mask is not None and options.mask.source:
        editable_area(options.mask.source, scene.size, scene.size)
    scenes = {facet: describe(other, only=[facet]) for facet, other in (taken or {}).items()}
    return picture, edit(scene, edits, options, taken=scenes)


def prepare(
    source: "Source",
    edits: Sequence[Edit] = (),
    options: PlanOptions | None = None,
    choice: EngineChoice | None = None,
) -> TransformJob:
    """What `transform` will do, before it does it: facts, plan, prompt.

    The presets that the options name are applied first, then the edits. PictureError, EditError,
    PlanError and UnknownNameError as the parts raise them.
    """
    chosen = choice or EngineChoice()
    resolve(chosen.target)  # before anything is looked at
    return transform_job(*edit_picture(source, edits, options), chosen)


def transform_job(picture: "Picture", edited: EditedScene, choice: EngineChoice) -> TransformJob:
    """What is to be painted, from a picture whose facts are known and edited already."""
    prompt = write(edited.after, choice.target)
    request = Request(choice.engine, prompt.variant, "settings", {}, prompt, edited.plan)
    return TransformJob(picture, edited.before, edited.after, request, edited.conflicts)


def paint(job: TransformJob, choice: EngineChoice | None = None) -> Iterator[Step]:
    """Progress, then one Painting; closing the iterator stops it at the next step.

    RefusedError when the engine will not, UnreachableError when it does not answer.
    """
    chosen = choice or EngineChoice()
    draws = {"draw": _drawn} if ENGINES.takes(chosen.engine, "draw") else {}
    with ENGINES.open(chosen.engine, **{**draws, **chosen.options}) as engine:
        yield from engine.paint(job.request, job.picture)


def _drawn(kind: str, picture: "Picture") -> "Picture":
    """The map that keeps structure of that kind."""
    return CONTROLS[kind].draw(picture)


def transform(
    source: "Source",
    edits: Sequence[Edit] = (),
    options: PlanOptions | None = None,
    choice: EngineChoice | None = None,
) -> Iterator[Step]:
    """Describe, edit, plan, write and paint: progress, and at last one Painting."""
    yield from paint(prepare(source, edits, options, choice), choice)
