import pytest

from imagetoprompt.analysis.linear_models import class_probabilities
from imagetoprompt.lexicon import table

MODELS = table("linear_models", "imagetoprompt.analysis")


@pytest.mark.parametrize("model", sorted(MODELS))
def test_the_probabilities_of_a_mean_picture_sum_to_one(model: str) -> None:
    chances = class_probabilities(model, MODELS[model]["mean"])
    assert sum(chances.values()) == pytest.approx(1.0)


@pytest.mark.parametrize("model", sorted(MODELS))
def test_every_class_has_a_bias_and_a_weight_for_each_feature(model: str) -> None:
    numbers = MODELS[model]
    widths = {len(weights) - 1 for weights in numbers["classes"].values()}
    assert widths == {len(numbers["mean"])} == {len(numbers["spread"])}


def test_a_feature_too_many_is_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        class_probabilities("motion", [*MODELS["motion"]["mean"], 0.0])
