"""`imagetoprompt` and `python -m imagetoprompt` are the command line."""

from typing import NoReturn


def run() -> NoReturn:
    """Run the command line; Ctrl-C ends it with 130 also while its modules are imported."""
    try:
        from imagetoprompt.cli.main import main  # noqa: PLC0415

        main()
    except KeyboardInterrupt:
        raise SystemExit(130) from None


if __name__ == "__main__":
    run()
