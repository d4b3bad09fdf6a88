"""``python -m formbridge``: the command line."""

from formbridge.cli import main

if __name__ == "__main__":
    main()
