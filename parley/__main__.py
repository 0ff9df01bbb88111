"""The program: `parley`, or `python -m parley`."""

from cli.main import main

if __name__ == "__main__":
    main()
