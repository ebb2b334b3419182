"""Scenes as they come in and go out: what docs/scene.schema.json has, with bounds.

Outside input is checked here, and becomes a Scene at once.
"""

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from imagetoprompt.core.scene import Scene

LARGEST: Final = 1_000_000
"""Of a side in pixels, and of any count: beyond it nothing is a picture."""


class Model(BaseModel):
    """What every body is: exactly the fields that are named, with their own types."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)


Unit: TypeAlias = Annotated[float, Field(ge=0, le=1)]
Signed: TypeAlias = Annotated[float, Field(ge=-1, le=1)]
Number: TypeAlias = Annotated[float, Field(ge=-LARGEST, le=LARGEST)]
Words: TypeAlias = Annotated[str, Field(max_length=2000)]
Name: TypeAlias = Annotated[str, Field(max_length=200)]
# A box that was found may reach a little beyond its picture.
Box: TypeAlias = Annotated[
    list[Annotated[float, Field(ge=-1, le=2)]],
    Field(min_length=4, max_length=4, description="x, y, width and height as fractions."),
]
Size: TypeAlias = Annotated[
    list[Annotated[int, Field(ge=1, le=LARGEST)]],
    Field(min_length=2, max_length=2, description="Width and height in pixels."),
]


class LightNumbers(Model):
    """Where the light comes from: degrees clockwise from above, and what it is like."""

    azimuth: Annotated[float, Field(ge=0, le=360)] | None
    frontal: Signed
    hardness: Unit
    contrast: Unit
    key: Literal["high", "mid", "low"]
    kelvin: Annotated[float, Field(ge=2000, le=12000)]


class SwatchNumbers(Model):
    """One color, its plain name and its share of the area."""

    hex: Annotated[str, Field(pattern="^#[0-9A-Fa-f]{6}$")]
    name: Name
    area: Unit
    accent: bool = False


class PaletteNumbers(Model):
    """The colors by area."""

    swatches: Annotated[list[SwatchNumbers], Field(max_length=8)]
    scheme: Name
    temperature: Signed
    saturation: Unit


class FocusNumbers(Model):
    """What is sharp and what moves."""

    depth_of_field: Literal["shallow", "medium", "deep"]
    sharp: Unit
    subject_sharp: bool | None
    motion: Unit
    motion_angle: Annotated[float, Field(ge=0, le=180)] | None


class CompositionNumbers(Model):
    """How the picture is laid out."""

    shot: Name
    layout: Annotated[list[Name], Field(max_length=20)]
    subject_box: Box | None
    horizon: Number | None
    symmetry: Unit


class CameraNumbers(Model):
    """How it was taken; null is unknown."""

    angle: Literal["overhead", "high", "eye level", "low", "worm's eye"] | None = None
    roll: Number | None = None
    focal_length: Number | None = None
    aperture: Number | None = None
    shutter: Number | None = None
    iso: Annotated[int, Field(ge=0, le=100 * LARGEST)] | None = None


class SubjectNumbers(Model):
    """What it was called, how many of it, and where."""

    label: Name
    count: Annotated[int, Field(ge=0, le=LARGEST)]
    boxes: Annotated[list[Box], Field(max_length=200)]


Point: TypeAlias = Annotated[list[Number], Field(min_length=3, max_length=3)]


class ActionNumbers(Model):
    """Key points of each person in COCO order: x, y and confidence."""

    keypoints: Annotated[list[Annotated[list[Point], Field(max_length=17)]], Field(max_length=100)]


class TextNumbers(Model):
    """Words as they stand in the picture, and the box around them."""

    words: Words
    box: Box


class ScoresNumbers(Model):
    """The candidates and their probabilities."""

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
    """What is believed of one facet."""

    value: Words
    confidence: Unit
    said: bool = True
    sources: Annotated[list[Name], Field(max_length=50)] = []
    reason: Words = ""
    locked: bool = False


class LightFact(FactBody):
    """A fact of the light."""

    facet: Literal["light"]
    measurement: LightNumbers | None = None


class PaletteFact(FactBody):
    """A fact of the colors."""

    facet: Literal["palette"]
    measurement: PaletteNumbers | None = None


class FocusFact(FactBody):
    """A fact of the sharpness."""

    facet: Literal["focus"]
    measurement: FocusNumbers | None = None


class CompositionFact(FactBody):
    """A fact of the layout."""

    facet: Literal["composition"]
    measurement: CompositionNumbers | None = None


class CameraFact(FactBody):
    """A fact of the camera."""

    facet: Literal["camera"]
    measurement: CameraNumbers | None = None


class SubjectFact(FactBody):
    """Who or what is seen."""

    facet: Literal["subject"]
    measurement: SubjectNumbers | None = None


class ActionFact(FactBody):
    """What is being done."""

    facet: Literal["action"]
    measurement: ActionNumbers | None = None


class TextFact(FactBody):
    """Words that are visible in the picture."""

    facet: Literal["text"]
    measurement: TextNumbers | None = None


class NamedFact(FactBody):
    """A fact that was named out of candidates."""

    facet: Literal["setting", "time", "weather", "season", "mood", "medium", "style"]
    measurement: ScoresNumbers | None = None


AFact: TypeAlias = Annotated[
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
    """How the file says that it was made, as written there."""

    generator: Name
    prompt: Annotated[str, Field(max_length=100_000)]
    negative: Annotated[str, Field(max_length=100_000)] = ""
    parameters: Annotated[dict[Name, str], Field(max_length=500)] = {}


class SceneBody(Model):
    """All facts of a picture, as docs/scene.schema.json has them."""

    version: Literal[1]
    size: Size
    facts: Annotated[list[AFact], Field(max_length=200)]
    origin: OriginBody | None = None
    excluded: Annotated[list[Words], Field(max_length=60)] = []

    def scene(self) -> Scene:
        """The scene itself."""
        return Scene.from_json(self.model_dump())
