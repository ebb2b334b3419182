"""The four verbs: describe, write, edit, transform.

    bytes --open--> Picture --observe--> Observation* --fuse--> Scene --write--> Prompt
    Scene --apply(edits)--> Scene --plan--> Plan        Plan + Prompt --request--> Request
    Request + Picture --paint--> Painting

Each verb is a few lines here; the modules that it calls do the work.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Final

from imagetoprompt.capabilities import refusal_with_alternatives, with_alternatives
from imagetoprompt.controls import CONTROLS
from imagetoprompt.core.plan import Request
from imagetoprompt.core.prompt import Prompt
from imagetoprompt.core.scene import FACETS, Observation, Scene, checked_facet
from imagetoprompt.engines import ENGINES, EngineChoice, Progress, Step, TransformJob
from imagetoprompt.errors import PlanError, UnknownNameError
from imagetoprompt.facts.edits import (
    Edit,
    actions_without_subject,
    apply,
    blend,
    conflicts,
    edits_allowed,
    preset,
)
from imagetoprompt.facts.fusion import fuse
from imagetoprompt.images.palette_names import name_hex_colors
from imagetoprompt.observers import OBSERVERS, Observer
from imagetoprompt.planning import EditedScene, PlanOptions, TargetRequest, plan
from imagetoprompt.settings import settings
from imagetoprompt.targets import TARGETS, Target

if TYPE_CHECKING:
    from imagetoprompt.images.picture import Picture, Source

EMPHASES: Final = ("balanced", "subject", "light", "composition")
QUICK_OBSERVERS: Final = ("metadata", "light", "palette", "focus")
"""The observers that run no large network."""
# Two observers at once keep two cores busy; more would wait for each other's networks.
OBSERVER_THREADS: Final = 2
# Sizes that an engine rounds change the aspect ratio by less than this share; more is another crop.
MAX_ASPECT_DIFFERENCE: Final = 0.03


def describe(
    source: "Source", /, *, only: Collection[str] = (), without: Collection[str] = ()
) -> Scene:
    """The facts of a picture: a path, bytes, a file object, a PIL image, an array or a URL.

    only, without: facets to describe (all by default) and to leave out; observers of none of the
    wanted facets do not run.
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
    """Two scenes: what the observers named in `first` find, then the complete one of `describe`.

    With an empty `first`, only the complete one.
    """
    # Imported here because writing needs none of the libraries that decode pictures.
    from imagetoprompt.images.picture import open_picture  # noqa: PLC0415
    from imagetoprompt.metadata import find_embedded_prompt  # noqa: PLC0415

    wanted = {checked_facet(facet) for facet in (only or FACETS)} - {
        checked_facet(facet) for facet in without
    }
    picture = open_picture(source)
    origin, damage = find_embedded_prompt(picture), picture.metadata.damage
    warnings = (damage,) if damage else ()
    claims: dict[str, list[Observation]] = {}

    def scene(names: Iterable[str]) -> Scene:
        fused = fuse(chain.from_iterable(claims[name] for name in names), picture.size, origin)
        return replace(fused, warnings=warnings)

    for name, observations in _observe(picture, wanted, first):
        claims[name] = observations
        if len(claims) == len(first):
            yield scene(claims)
    yield scene(OBSERVERS)


def _observe(
    picture: "Picture", wanted: set[str], first: Collection[str]
) -> Iterator[tuple[str, list[Observation]]]:
    """The name and the observations of each observer, those of `first` first."""
    order = (*first, *(name for name in OBSERVERS if name not in first))
    # Imported here, one after the other: threads that import the same packages can lock each other.
    observers = [OBSERVERS[name] for name in order]

    def observations(observer: Observer) -> list[Observation]:
        if wanted.isdisjoint(observer.FACETS):
            return []
        return [seen for seen in observer.observe(picture) if seen.facet in wanted]

    with ThreadPoolExecutor(settings().threads or OBSERVER_THREADS) as pool:
        yield from zip(order, pool.map(observations, observers), strict=True)


def resolve(target: str, /) -> tuple[Target, str]:
    """The target and the variant that 'target' or 'target:variant' means, aliases too."""
    name, _, variant = target.partition(":")
    module = TARGETS[TARGETS.canonical(name)]
    if variant and variant not in module.VARIANTS:
        raise UnknownNameError(f"variant of {name}", variant, module.VARIANTS)
    return module, variant


def write(scene: Scene, target: str, /, *, emphasis: str = "balanced") -> Prompt:
    """The prompt for a target, or for one of its variants as 'target:variant'."""
    if emphasis not in EMPHASES:
        raise UnknownNameError("emphasis", emphasis, EMPHASES)
    module, variant = resolve(target)
    return module.write(scene, variant, emphasis)


def alternatives(scene: Scene, target: str, /) -> tuple[Prompt, ...]:
    """Four prompts for a target: four emphases of the same facts."""
    return tuple(write(scene, target, emphasis=emphasis) for emphasis in EMPHASES)


def edit(
    before: Scene,
    edits: Sequence[Edit] = (),
    options: PlanOptions | None = None,
    *,
    taken: Mapping[str, Scene] | None = None,
) -> EditedScene:
    """Apply the presets of the options, then the facts taken from other scenes, then the edits.

    taken: facets that are to be as another scene has them. Locks are applied first, so that presets
    leave those facets alone. Hex colors in the palette are replaced by names.
    """
    options = options or PlanOptions()
    locks = tuple(change for change in edits if change.how in ("lock", "unlock"))
    own = tuple(change for change in edits if change not in locks)
    locked = apply(before, locks)
    sets = tuple(
        change for name in options.presets for change in edits_allowed(locked, preset(name))
    )
    after = name_hex_colors(apply(_blended(apply(locked, sets), taken or {}), own))
    known = conflicts(before)
    new = tuple(conflict for conflict in conflicts(after) if conflict not in known)
    new = (*new, *actions_without_subject(before, after))
    return EditedScene(before, after, plan(before, after, options), (*locks, *sets, *own), new)


def request(
    edited: EditedScene, target: str, /, *, via: str = "", emphasis: str = "balanced"
) -> TargetRequest:
    """The request to a target, or 'target:variant'; or the reason why it cannot carry out the plan.

    via: one of the target's `PROVIDERS`, the first by default.
    """
    old, new = (write(scene, target, emphasis=emphasis) for scene in (edited.before, edited.after))
    try:
        asked = resolve(target)[0].request(new, edited.plan, via)
    except PlanError as error:
        return TargetRequest(old, new, None, refusal_with_alternatives(error))
    return TargetRequest(old, new, with_alternatives(asked))


def _blended(scene: Scene, taken: Mapping[str, Scene]) -> Scene:
    """The scene with each facet of `taken` as another scene has it."""
    for facet, source in taken.items():
        scene = replace(blend((scene, source), {facet: 1}).scene, origin=scene.origin)
    return scene


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
        editable_area(options.mask.source, scene.size)
    scenes = {facet: describe(other, only=[facet]) for facet, other in (taken or {}).items()}
    return picture, edit(scene, edits, options, taken=scenes)


def prepare(
    source: "Source",
    edits: Sequence[Edit] = (),
    options: PlanOptions | None = None,
    choice: EngineChoice | None = None,
) -> TransformJob:
    """The job that `transform` paints: facts, plan and prompt, without painting.

    Presets of the options are applied first, then the edits. Raises PictureError, EditError,
    PlanError, MaskError or UnknownNameError.
    """
    chosen = choice or EngineChoice()
    resolve(chosen.target)  # an unknown name fails before the picture is analyzed
    return transform_job(*edit_picture(source, edits, options), chosen)


def transform_job(picture: "Picture", edited: EditedScene, choice: EngineChoice) -> TransformJob:
    """The job for a picture whose facts are described and edited already."""
    prompt = write(edited.after, choice.target)
    request = Request(choice.engine, prompt.variant, "settings", {}, prompt, edited.plan)
    return TransformJob(picture, edited.before, edited.after, request, edited.conflicts)


def paint(job: TransformJob, choice: EngineChoice | None = None) -> Iterator[Step]:
    """Yield Progress, then one Painting; closing the iterator stops the engine at its next step.

    RefusedError when the engine cannot do it, UnreachableError when it does not answer.
    """
    chosen = choice or EngineChoice()
    draws = {"draw": _drawn} if ENGINES.takes(chosen.engine, "draw") else {}
    with ENGINES.open(chosen.engine, **{**draws, **chosen.options}) as engine:
        for step in engine.paint(job.request, job.picture.full_size()):
            yield _with_transparency(step, job)


def _with_transparency(step: Step, job: TransformJob) -> Step:
    """The painting with the reference's transparency, where it shows the same part of it."""
    if isinstance(step, Progress) or job.picture.alpha is None or job.plan.task == "outpaint":
        return step
    if step.picture.alpha is not None or not same_aspect_ratio(job.picture.size, step.picture.size):
        return step
    return replace(step, picture=step.picture.with_alpha_of(job.picture))


def same_aspect_ratio(size: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two sizes (width, height) have one aspect ratio, but for what engines round."""
    ratio, other_ratio = size[0] / size[1], other[0] / other[1]
    return abs(ratio / other_ratio - 1) <= MAX_ASPECT_DIFFERENCE


def _drawn(kind: str, picture: "Picture") -> "Picture":
    """The control map of that kind."""
    return CONTROLS[kind].draw(picture)


def transform(
    source: "Source",
    edits: Sequence[Edit] = (),
    options: PlanOptions | None = None,
    choice: EngineChoice | None = None,
) -> Iterator[Step]:
    """Describe, edit, plan, write and paint: yields Progress, then one Painting."""
    yield from paint(prepare(source, edits, options, choice), choice)
