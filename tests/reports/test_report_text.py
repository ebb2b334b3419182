from imagetoprompt.core.measurements import Palette, Swatch
from imagetoprompt.core.scene import EmbeddedPrompt, Fact, Scene
from imagetoprompt.lexicon import table
from imagetoprompt.pipeline import write
from imagetoprompt.reports.description import Report
from imagetoprompt.reports.plain_text import aligned_rows, report_text

SWATCHES = (Swatch("#8B3A1F", "rust", 0.6), Swatch("#1F4E5F", "teal", 0.3))


def test_a_fact_is_a_line_that_begins_with_its_facet() -> None:
    facts = (
        Fact("subject", "a cup", 0.94),
        Fact("time", "dusk", 0.4, said=False, reason="Not sure enough."),
        Fact("palette", "rust palette", 0.9, measurement=Palette(SWATCHES, "x", 0.2, 0.5)),
    )
    assert report_text(Report("cup.jpg", Scene((600, 400), facts))).splitlines() == [
        "cup.jpg (600 x 400)",
        "",
        "subject     0.94  a cup",
        "time        0.40  dusk (Not sure enough.)",
        "palette     0.90  rust palette",
        "palette      60%  #8B3A1F  rust",
        "palette      30%  #1F4E5F  teal",
    ]


def test_explanations_are_below_their_fact() -> None:
    needed = table("facets")["time"]["threshold"]
    facts = (Fact("time", "dusk", 0.4, False, ("head",), reason="Not sure enough."),)
    assert report_text(Report("a.jpg", Scene((6, 4), facts), why=True)).splitlines()[2:] == [
        "time        0.40  dusk",
        " " * 18 + "Named by a linear probe on the classifier's features; "
        f"confidence 0.40 ({needed:.2f} needed).",
        " " * 18 + "Not sure enough.",
    ]


def test_the_prompt_in_the_file_comes_first() -> None:
    scene = Scene(
        (6, 4), (Fact("subject", "a cup", 0.9),), EmbeddedPrompt("Fooocus", "a mug", "people")
    )
    assert report_text(Report("a.png", scene)).splitlines()[2:5] == [
        "[written in the file by Fooocus]",
        "a mug",
        "negative: people",
    ]


def test_a_prompt_is_a_line_under_its_name() -> None:
    scene = Scene((600, 400), (Fact("subject", "a cup", 0.94),), excluded=("people",))
    prompt = write(scene, "sd:xl")
    lines = report_text(Report("cup.jpg", scene, (prompt,))).splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("["))
    assert lines[at].startswith("[stable_diffusion:xl] ")
    assert lines[at + 1 : at + 3] == [prompt.text, f"negative: {prompt.negative}"]


def test_columns_are_even() -> None:
    rows = [("for", "title"), ("midjourney", "Midjourney 8")]
    assert aligned_rows(rows) == ["for         title", "midjourney  Midjourney 8"]
