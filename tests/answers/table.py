"""The table of how many cases hold, by type and language, as `docs/reference/answers.md` publishes it."""

import re

from engine.flow.answers.named import TYPES
from tests.answers.cases import LANGUAGES, case_file, read_cases
from tests.meta.pages import REFERENCE

PAGE = REFERENCE / "answers.md"

_TABLE = re.compile(r"(?<=<!-- made by the tests -->\n\n).*?(?=\n\n<!-- -->)", re.DOTALL)


def render() -> str:
    """Return the table: a row a type, in each language the cases that hold, all cases and the rate."""
    rows = [
        f"| type | {' | '.join(LANGUAGES)} |",
        "|---" * (len(LANGUAGES) + 1) + "|",
        *(
            f"| `{kind}` | {' | '.join(_cell(kind, language) for language in LANGUAGES)} |"
            for kind in TYPES
        ),
    ]
    return "\n".join(rows)


def published() -> str:
    """Return the table that the page holds."""
    found = _TABLE.search(PAGE.read_text("utf-8"))
    assert found is not None, "the marks around the table are gone"
    return found.group()


def rewrite() -> None:
    """Put what the readers give now into the page."""
    page = PAGE.read_text("utf-8")
    PAGE.write_text(_TABLE.sub(render().replace("\\", r"\\"), page), "utf-8")


def _cell(kind: str, language: str) -> str:
    path = case_file(kind, language)
    if not path.exists():
        return ""
    cases = read_cases(path)
    passed = sum(case.holds for case in cases)
    return f"{passed}/{len(cases)}, {100 * passed // len(cases)} %"
