"""Scenes in request bodies: docs/scene.schema.json with bounds on every value.

The input is validated here and converted to a Scene at once.
"""

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from imagetoprompt.core.scene import Scene

MAX_COUNT: Final = 1_000_000
"""Maximum of a side in pixels and of any count; no picture has more."""


class Model(BaseModel):
    """Base of the bodies: exactly the named fields, without type conversion."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)


Unit: TypeAlias = Annotated[float, Field(ge=0, le=1)]
Signed: TypeAlias = Annotated[float, Field(ge=-1, le=1)]
Number: TypeAlias = Annotated[float, Field(ge=-MAX_COUNT, le=MAX_COUNT)]
Words: TypeAlias = Annotated[str, Field(max_length=2000)]
Name: TypeAlias = Annotated[str, Field(max_length=200)]
# A detected box may extend a little beyond the picture.
Box: TypeAlias = Annotated[
    list[Annotated[float, Field(ge=-1, le=2)]],
    Field(min_length=4, max_length=4, description="x, y, width and height as fractions."),
]
Size: TypeAlias = Annotated[
    list[Annotated[int, Field(ge=1, le=MAX_COUNT)]],
    Field(min_length=2, max_length=2, description="Width and height in pixels."),
]


class LightNumbers(Model):
    """The light. azimuth: where it comes from, degrees clockwise from the top; null if unknown."""

    azimuth: Annotated[float, Field(ge=0, le=360)] | None
    frontal: Signed
    hardness: Unit
    contrast: Unit
    key: Literal["high", "mid", "low"]
    kelvin: Annotated[float, Field(ge=2000, le=12000)]


class SwatchNumbers(Model):
    """One color. area: its share of the picture."""

    hex: Annotated[str, Field(pattern="^#[0-9A-Fa-f]{6}$")]
    name: Name
    area: Unit
    accent: bool = False


class PaletteNumbers(Model):
    """The colors, largest area first."""

    swatches: Annotated[list[SwatchNumbers], Field(max_length=8)]
    scheme: Name
    temperature: Signed
    saturation: Unit


class FocusNumbers(Model):
    """Sharpness, depth of field and motion blur."""

    depth_of_field: Literal["shallow", "medium", "deep"]
    sharp: Unit
    subject_sharp: bool | None
    motion: Unit
    motion_angle: Annotated[float, Field(ge=0, le=180)] | None


class CompositionNumbers(Model):
    """Shot size, layout, horizon and symmetry."""

    shot: Name
    layout: Annotated[list[Name], Field(max_length=20)]
    subject_box: Box | None
    horizon: Number | None
    symmetry: Unit


class CameraNumbers(Model):
    """How the picture was taken; null where unknown."""

    angle: Literal["overhead", "high", "eye level", "low", "worm's eye"] | None = None
    roll: Number | None = None
    focal_length: Number | None = None
    aperture: Number | None = None
    shutter: Number | None = None
    iso: Annotated[int, Field(ge=0, le=100 * MAX_COUNT)] | None = None


class SubjectNumbers(Model):
    """The detected label, how many there are, and their boxes."""

    label: Name
    count: Annotated[int, Field(ge=0, le=MAX_COUNT)]
    boxes: Annotated[list[Box], Field(max_length=200)]


Point: TypeAlias = Annotated[list[Number], Field(min_length=3, max_length=3)]


class ActionNumbers(Model):
    """Key points of each person in COCO order, each x, y and confidence."""

    keypoints: Annotated[list[Annotated[list[Point], Field(max_length=17)]], Field(max_length=100)]


class TextNumbers(Model):
    """The words that are visible in the picture, and the box around them."""

    words: Words
    box: Box


class ScoresNumbers(Model):
    """The candidates of a classifier and their probabilities."""

    scores: Annotated[dict[Name, Unit], Field(max_length=1000)]


Numbers: TypeAlias = (
    LightNumbers
    | PaletteNumbers
    | FocusNumbers
    | CompositionNumbers
    | CameraNumbers
    | SubjectNumbers
    | ActionNumbers
    | TextNumbers
    | ScoresNumbers
)


class FactBody(Model):
    """One fact. said: whether prompts use it; reason: why not."""

    value: Words
    confidence: Unit
    said: bool = True
    sources: Annotated[list[Name], Field(max_length=50)] = []
    reason: Words = ""
    locked: bool = False


class LightFact(FactBody):
    """A fact about the light."""

    facet: Literal["light"]
    measurement: LightNumbers | None = None


class PaletteFact(FactBody):
    """A fact about the colors."""

    facet: Literal["palette"]
    measurement: PaletteNumbers | None = None


class FocusFact(FactBody):
    """A fact about the focus."""

    facet: Literal["focus"]
    measurement: FocusNumbers | None = None


class CompositionFact(FactBody):
    """A fact about the composition."""

    facet: Literal["composition"]
    measurement: CompositionNumbers | None = None


class CameraFact(FactBody):
    """A fact about the camera."""

    facet: Literal["camera"]
    measurement: CameraNumbers | None = None


class SubjectFact(FactBody):
    """Who or what the picture shows."""

    facet: Literal["subject"]
    measurement: SubjectNumbers | None = None


class ActionFact(FactBody):
    """What the subject does."""

    facet: Literal["action"]
    measurement: ActionNumbers | None = None


class TextFact(FactBody):
    """Text in the picture."""

    facet: Literal["text"]
    measurement: TextNumbers | None = None


class NamedFact(FactBody):
    """A fact that a classifier chose from candidates."""

    facet: Literal["setting", "time", "weather", "season", "mood", "medium", "style"]
    measurement: ScoresNumbers | None = None


AnyFact: TypeAlias = Annotated[
    SubjectFact
    | ActionFact
    | NamedFact
    | LightFact
    | PaletteFact
    | CompositionFact
    | CameraFact
    | FocusFact
    | TextFact,
    Field(discriminator="facet"),
]


class OriginBody(Model):
    """The prompt and settings that the picture's file carried."""

    generator: Name
    prompt: Annotated[str, Field(max_length=100_000)]
    negative: Annotated[str, Field(max_length=100_000)] = ""
    parameters: Annotated[dict[Name, str], Field(max_length=500)] = {}


class SceneBody(Model):
    """All facts of a picture; see docs/scene.schema.json."""

    version: Literal[1]
    size: Size
    facts: Annotated[list[AnyFact], Field(max_length=200)]
    origin: OriginBody | None = None
    excluded: Annotated[list[Words], Field(max_length=60)] = []
    warnings: Annotated[list[Words], Field(max_length=10)] = []

    def scene(self) -> Scene:
        """The scene as a value of the Python API."""
        return Scene.from_json(self.model_dump())
