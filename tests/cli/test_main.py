import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from PIL import Image, PngImagePlugin

from imagetoprompt import __version__
from imagetoprompt.cli.main import main
from imagetoprompt.observers import OBSERVERS
from imagetoprompt.targets import TARGETS

EXAMPLES = Path(__file__).parents[2] / "examples"
COFFEE, CAT = str(EXAMPLES / "coffee.jpg"), str(EXAMPLES / "cat.jpg")


class Answer:
    """What a run gave: its exit code, and the text on both outputs."""

    def __init__(self, code: object, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


Run: TypeAlias = Callable[..., Answer]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> Answer:
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        return Answer(stopped.value.code, *capsys.readouterr())

    return run


def test_a_picture_needs_no_command(run: Run) -> None:
    short, long = run(COFFEE, "--for", "flux"), run("describe", COFFEE, "--for", "flux")
    assert short.code == long.code == 0
    assert short.out == long.out


def test_options_may_come_before_the_picture(run: Run) -> None:
    assert run("--for", "flux", COFFEE).out == run(COFFEE, "--for", "flux").out


def test_facts_stand_a_line_each_and_every_target_is_written_for(run: Run) -> None:
    lines = run(COFFEE).out.splitlines()
    assert lines[0] == f"{COFFEE} (600 x 400)"
    assert any(line.startswith("palette     0.") for line in lines)
    heads = [line[1:].partition(":")[0] for line in lines if line.startswith("[")]
    assert heads == list(TARGETS)


def test_nothing_but_text_goes_into_a_pipe(run: Run) -> None:
    assert "\x1b" not in run(COFFEE, "--explain").out


def test_json_is_one_object_a_line(run: Run) -> None:
    answer = run(COFFEE, CAT, "--json", "--for", "flux,sd:xl", "--only", "palette")
    reports = [json.loads(line) for line in answer.out.splitlines()]
    assert [report["picture"] for report in reports] == [COFFEE, CAT]
    assert {report["version"] for report in reports} == {1}
    assert [each["target"] for each in reports[0]["prompts"]] == ["flux", "stable_diffusion"]
    assert {fact["facet"] for fact in reports[0]["scene"]["facts"]} == {"palette"}


def test_without_leaves_a_facet_out(run: Run) -> None:
    scene = json.loads(run(COFFEE, "--json", "--without", "palette, text").out)["scene"]
    assert {"palette", "text"}.isdisjoint(fact["facet"] for fact in scene["facts"])


def test_exclusions_go_into_the_scene(run: Run) -> None:
    answer = run(
        COFFEE, "--json", "--only", "palette", "--exclude", "people,cars", "--exclude", "x"
    )
    assert json.loads(answer.out)["scene"]["excluded"] == ["people", "cars", "x"]


def test_alternatives_are_four_for_each_target(run: Run) -> None:
    answer = run(COFFEE, "--json", "--only", "palette", "--for", "flux", "--alternatives")
    emphases = [each["emphasis"] for each in json.loads(answer.out)["prompts"]]
    assert emphases == ["balanced", "subject", "light", "composition"]


def test_explain_tells_where_a_fact_comes_from(run: Run) -> None:
    assert "Measured in the pixels; confidence" in run(COFFEE, "--only", "palette", "--explain").out


def test_a_dash_is_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    data = Path(COFFEE).read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert run("-", "--only", "palette").out.startswith("- (600 x 400)\n")


def test_the_prompt_in_a_file_is_shown_first_as_it_was_written(run: Run, tmp_path: Path) -> None:
    notes = PngImagePlugin.PngInfo()
    written = "a red barn, (snow:1.2)\nNegative prompt: people\nSteps: 20, Sampler: Euler, Seed: 1"
    notes.add_text("parameters", written)
    path = tmp_path / "made.png"
    Image.new("RGB", (64, 64), "red").save(path, pnginfo=notes)
    lines = run(str(path), "--only", "palette", "--for", "flux").out.splitlines()
    assert lines[2].startswith("[written in the file by ")
    assert lines[3:5] == ["a red barn, (snow:1.2)", "negative: people"]


def test_words_of_a_file_cannot_drive_the_terminal(run: Run, tmp_path: Path) -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("parameters", "a barn \x1b]0;owned\x07\nSteps: 20, Sampler: Euler, Seed: 1")
    path = tmp_path / "made\x1b[2J.png"
    Image.new("RGB", (64, 64), "red").save(path, pnginfo=notes)
    answer = run(str(path), "--only", "palette", "--for", "flux")
    assert "a barn" in answer.out
    assert "\x1b" not in answer.out


def test_one_bad_picture_costs_one_line(run: Run, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jpg"
    bad.write_text("no picture")
    answer = run(str(bad), COFFEE, "--only", "palette")
    assert answer.code == 2
    assert answer.out.startswith(f"{COFFEE} (600 x 400)\n")
    assert answer.err.startswith(f"imagetoprompt: {bad}: ")
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nowhere.jpg",), "nowhere.jpg"),
        ((COFFEE, "--for", "dali"), "No target named 'dali'. There are: midjourney, "),
        ((COFFEE, "--for", "sd:9"), "No variant of sd named '9'. There are: "),
        ((COFFEE, "--only", "sky"), "No facet named 'sky'. There are: subject, "),
        ((COFFEE, "--without", "sky"), "No facet named 'sky'. There are: subject, "),
        ((COFFEE, "--fast"), "See 'imagetoprompt --help'."),
        (("describe",), "Missing argument 'PICTURE...'. See 'imagetoprompt --help'."),
        (("targets", "more"), "See 'imagetoprompt --help'."),
    ],
)
def test_bad_usage_is_one_line_that_names_the_remedy(
    run: Run, arguments: tuple[str, ...], words: str
) -> None:
    answer = run(*arguments)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.count("\n") == 1
    assert words in answer.err


def test_copy_without_a_clipboard_names_the_remedy(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    answer = run(COFFEE, "--only", "palette", "--for", "flux", "--copy")
    assert answer.code == 2
    assert "install wl-clipboard or xclip" in answer.err


def test_interrupting_is_130_and_silent(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("imagetoprompt.pipeline.describe", interrupted)
    answer = run(COFFEE)
    assert (answer.code, answer.out, answer.err.strip()) == (130, "", "")


def test_a_reader_that_leaves_gets_no_traceback() -> None:
    command = [sys.executable, "-m", "imagetoprompt", "targets"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (141, b"")


def test_explain_draws_the_evidence(run: Run, tmp_path: Path) -> None:
    figure = tmp_path / "evidence.png"
    answer = run("explain", COFFEE, "-o", str(figure))
    assert (answer.code, answer.out, answer.err) == (0, f"{figure}\n", "")
    with Image.open(figure) as image:
        assert image.width > image.height > 400


def test_a_figure_without_a_format_is_bad_usage(run: Run, tmp_path: Path) -> None:
    answer = run("explain", COFFEE, "-o", str(tmp_path / "evidence"))
    assert answer.code == 2
    assert "end it with .png, .jpg, .jpeg or .webp" in answer.err


def test_help_and_version(run: Run) -> None:
    assert "imagetoprompt photo.jpg" in run("--help").out
    assert "--exclude WORDS" in run("describe", "-h").out
    assert run("--version").out == f"imagetoprompt {__version__}\n"


def test_help_and_targets_load_nothing_heavy() -> None:
    code = (
        "import sys\nfrom imagetoprompt.cli.main import main\n"
        "try: main(['targets'])\nexcept SystemExit: print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert loaded.isdisjoint({"numpy", "PIL", "cv2", "onnxruntime", "ai_edge_litert", "rich"})


def test_targets_lists_every_variant(run: Run) -> None:
    lines = run("targets").out.splitlines()
    variants = sum(len(TARGETS[name].VARIANTS) for name in TARGETS)
    assert len(lines) == 1 + variants
    assert [line.split()[0] for line in lines if ":" not in line.split()[0]] == ["for", *TARGETS]


def test_observers_lists_every_observer(run: Run) -> None:
    lines = run("observers").out.splitlines()
    assert [line.split()[0] for line in lines] == ["observer", *OBSERVERS]


def test_doctor_finds_every_part_at_work(run: Run) -> None:
    answer = run("doctor", "--json")
    report = json.loads(answer.out)
    needed = [check for check in report["checks"] if check["needed"]]
    assert [check for check in needed if not check["works"]] == []
    assert (answer.code, report["healthy"]) == (0, True)


def test_no_picture_at_all_is_one_line(run: Run) -> None:
    answer = run()
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        "imagetoprompt: Give a picture, as in 'imagetoprompt photo.jpg'. "
        "See 'imagetoprompt --help'.\n"
    )
