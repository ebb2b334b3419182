import io

import pytest
from rich.console import Console

from imagetoprompt.core.measurements import Palette, Swatch
from imagetoprompt.core.scene import FACETS, EmbeddedPrompt, Fact, Scene
from imagetoprompt.pipeline import write
from imagetoprompt.reports.description import Report, printable
from imagetoprompt.reports.rich_text import COLORS, colored_prompt, print_report, print_table

SWATCHES = (Swatch("#8B3A1F", "rust", 0.6), Swatch("#1F4E5F", "teal", 0.3))
SCENE = Scene(
    size=(600, 400),
    facts=(
        Fact("subject", "a cup of coffee", 0.94),
        Fact("subject", "a spoon", 0.42, said=False, reason="Not sure enough."),
        Fact("palette", "rust and teal palette", 0.9, measurement=Palette(SWATCHES, "x", 0.2, 0.5)),
    ),
    origin=EmbeddedPrompt("ComfyUI", "a cup, [warm]", "people"),
)


def painted(report: Report, width: int = 80, colors: bool = False) -> str:
    console = Console(
        file=io.StringIO(), width=width, force_terminal=True, color_system="truecolor", record=True
    )
    print_report(console, report)
    return console.export_text(styles=colors)


def test_every_facet_has_its_own_color() -> None:
    assert sorted(COLORS) == sorted(FACETS)
    assert len(set(COLORS.values())) == len(FACETS)


def test_the_whole_report_is_there() -> None:
    text = painted(Report("cup.jpg", SCENE))
    assert text.splitlines()[0].split() == ["cup.jpg", "600", "x", "400"]
    words = (
        "Written in the file  ComfyUI",
        "a cup, [warm]",
        "people",
        "━━━━━ 0.94  a cup of coffee",
    )
    assert [word for word in words if word not in text] == []


def test_what_is_unsaid_stands_with_its_reason() -> None:
    assert "a spoon · Not sure enough." in painted(Report("cup.jpg", SCENE))


def test_facets_without_words_share_a_line() -> None:
    facts = (Fact("camera", "", 0.1, said=False), Fact("focus", "", 0.2, said=False))
    scene = Scene((6, 4), facts)
    assert painted(Report("a.jpg", scene)).splitlines()[2].split() == [
        "not",
        "determined",
        "camera,",
        "focus",
    ]
    assert "0.20" in painted(Report("a.jpg", scene, why=True))


def test_swatches_are_blocks_of_their_color() -> None:
    text = painted(Report("cup.jpg", SCENE), colors=True)
    assert f"\x1b[38;2;139;58;31m{'█' * 29}" in text
    assert "#8B3A1F rust 60%" in text


def test_explanations_are_shown_on_request() -> None:
    assert "confidence 0.94 (" in painted(Report("cup.jpg", SCENE, why=True))


@pytest.mark.parametrize("width", [24, 40, 80, 300])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    report = Report("cup.jpg", SCENE, (write(SCENE, "flux"),), why=True)
    assert max(map(len, painted(report, width).splitlines())) <= min(width, 110)


def test_each_span_has_its_facets_color() -> None:
    prompt = write(SCENE, "flux")
    text = colored_prompt(prompt)
    assert text.plain == prompt.text
    assert [(span.start, span.end, span.style) for span in text.spans] == [
        (span.start, span.end, COLORS[span.facet]) for span in prompt.spans
    ]


def test_a_table_has_a_head_and_rows() -> None:
    console = Console(file=io.StringIO(), width=80, record=True)
    print_table(console, [("for", "title"), ("flux", "Flux [1]")])
    lines = [line.split() for line in console.export_text().splitlines()]
    assert lines == [["for", "title"], ["flux", "Flux", "[1]"]]


def test_control_characters_are_made_harmless() -> None:
    assert printable("a\x1b[2J\x9b\ud800é\n") == "a�[2J��é\n"
