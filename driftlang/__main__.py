"""`python -m driftlang` is the command line."""

from driftlang.cli import main

if __name__ == "__main__":
    main()
