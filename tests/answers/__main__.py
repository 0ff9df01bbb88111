"""`python -m tests.answers [TYPE [LANG]]`: the cases that fail: said, expected, got; with `--all` each case."""

import sys

from tests.answers.cases import FOLDER, read_cases


def main(arguments: list[str]) -> None:
    """Print the cases and how many hold."""
    everything = "--all" in arguments
    kind, language, *_ = [*(one for one in arguments if one != "--all"), "*", "*"]
    for path in sorted(FOLDER.glob(f"{kind}/{language}.txt")):
        cases = read_cases(path)
        for case in cases:
            if everything or not case.holds:
                print(case)
        passed = sum(case.holds for case in cases)
        print(f"{path.parent.name} {path.stem}: {passed} of {len(cases)}")


main(sys.argv[1:])
