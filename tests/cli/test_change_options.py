import click
import pytest

from imagetoprompt.cli.change_options import comma_separated


@click.command()
@click.option("--for", "words", multiple=True, callback=comma_separated)
def command(words: tuple[str, ...]) -> tuple[str, ...]:
    return words


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], ()),
        (["--for", "a, b,,"], ("a", "b")),
        (["--for", "b", "--for", "a,b"], ("b", "a")),
    ],
)
def test_repeats_and_commas_are_one_list_without_doubles(
    arguments: list[str], words: tuple[str, ...]
) -> None:
    assert command.main(arguments, standalone_mode=False) == words
