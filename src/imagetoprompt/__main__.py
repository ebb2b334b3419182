"""`python -m imagetoprompt` is the command line."""

from imagetoprompt.cli.main import main

if __name__ == "__main__":
    main()
