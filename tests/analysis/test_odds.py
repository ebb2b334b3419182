import pytest

from imagetoprompt.analysis.linear_models import logistic_odds
from imagetoprompt.lexicon import table


@pytest.mark.parametrize("model", sorted(table("meters")))
def test_the_chances_of_a_mean_picture_sum_to_one(model: str) -> None:
    chances = logistic_odds(model, table("meters")[model]["mean"])
    assert sum(chances.values()) == pytest.approx(1.0)


@pytest.mark.parametrize("model", sorted(table("meters")))
def test_every_class_has_a_bias_and_a_weight_for_each_feature(model: str) -> None:
    numbers = table("meters")[model]
    widths = {len(weights) - 1 for weights in numbers["classes"].values()}
    assert widths == {len(numbers["mean"])} == {len(numbers["spread"])}


def test_a_feature_too_many_is_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        logistic_odds("motion", [*table("meters")["motion"]["mean"], 0.0])
