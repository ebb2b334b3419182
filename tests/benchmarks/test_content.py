import json
from pathlib import Path

import pytest
from bench.content.__main__ import full_text, table
from bench.content.captioned_sets import captioned
from bench.content.content_score import CaptionedPrompt, content_text, scores, vocabulary
from PIL import Image

from imagetoprompt.core.prompt import Prompt, Span

CAPTIONS = (
    "A man rides a bicycle down a street.",
    "Man on a bike.",
    "A man cycling in the city.",
    "A red bicycle.",
    "Somebody rides past a dog.",
)


def test_a_word_counts_when_three_of_five_people_name_it() -> None:
    prompt = CaptionedPrompt(CAPTIONS, "A man with a dog in front of a tree.")

    total, *kinds = scores([prompt])
    by_kind = {score.kind: score for score in kinds}

    # "man" by three of five. "dog" is said and supported by one caption, "tree" by none.
    assert (by_kind["who"].hit, by_kind["animal"].named, by_kind["animal"].supported) == (2, 0, 1)
    assert (by_kind["thing"].said, by_kind["thing"].supported) == (1, 0)
    assert total.named == sum(score.named for score in kinds)
    assert total.hit == by_kind["who"].hit
    assert total.pictures == 1


def test_of_a_single_caption_every_word_counts() -> None:
    total, *_ = scores([CaptionedPrompt(("A cat on a couch.",), "")])
    # A couch also stands for "indoors".
    assert (total.named, total.hit) == (3, 0)


def test_words_about_the_look_are_no_content() -> None:
    text = "A dog. Golden light on the grass."
    prompt = Prompt("flux", "", text, spans=(Span("subject", 0, 5), Span("light", 7, 33)))
    assert content_text(prompt).strip() == "A dog."
    assert len(content_text(prompt)) == len(text)


def test_every_pattern_finds_lower_case_words_and_each_name_is_unique() -> None:
    names = [word.name for word in vocabulary()]
    assert len(names) == len(set(names)) > 400
    assert not any(word.pattern.search("") for word in vocabulary())


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name, key in (("flickr8k", "captions"), ("food", "labels"), ("coco_mini", "captions")):
        (tmp_path / name / "images").mkdir(parents=True)
        files = [f"{number}.jpg" for number in range(20)]
        for number, file in enumerate(files):
            Image.new("RGB", (8, 8), (number, 0, 0)).save(tmp_path / name / "images" / file)
        rows = [json.dumps({"file": file, key: ["pizza", "cheese"]}) for file in files]
        list_name = "labels.jsonl" if key == "labels" else "captions.jsonl"
        (tmp_path / name / list_name).write_text("\n".join(rows))
    (tmp_path / "flickr8k" / "dev.txt").write_text("3.jpg\n7.jpg\n")
    return tmp_path


def test_only_pictures_that_are_kept_out_of_training_are_measured(data: Path) -> None:
    assert [row.path.name for row in captioned(data, "flickr8k")] == ["3.jpg", "7.jpg"]
    assert len(captioned(data, "coco_mini")) == 20
    food = captioned(data, "food")
    assert 0 < len(food) < 20
    assert food[0].captions == ("pizza, cheese",)


def test_a_missed_goal_is_bold() -> None:
    rows = [{"kind": "all", "pictures": 2, "named": 10, "hit": 4, "said": 8, "supported": 6}]
    results = {"everyday photographs": {"without_subject": 0.5, "scores": [*rows, *rows]}}
    row = table(results).splitlines()[-1]
    assert row == (
        "| everyday photographs | 2 | **40.0%, missed** | ≥ 45% | 75.0% | 4.0 | **50.0%, missed** |"
    )
    assert full_text(results).splitlines()[-1] == "| all | 10 | 40.0% | 8 | 75.0% |"
