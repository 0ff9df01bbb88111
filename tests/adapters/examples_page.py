"""The documented requests as `docs/reference/examples.md` lists them: what makes each, what differs and why."""

from collections.abc import Iterator

from tests.adapters.cbot.documented import DOCUMENTED as CBOT
from tests.adapters.examples import Documented
from tests.adapters.gupshup.documented import DOCUMENTED as GUPSHUP
from tests.adapters.interakt.documented import DOCUMENTED as INTERAKT
from tests.adapters.rcs.documented import DOCUMENTED as RCS
from tests.adapters.sobot.documented import DOCUMENTED as SOBOT
from tests.meta.pages import REFERENCE

PAGE = REFERENCE / "examples.md"

PROVIDERS = (CBOT, GUPSHUP, INTERAKT, RCS, SOBOT)

TEST = "test_an_example_is_made_as_documented"
"""Makes an example, under this name in each provider's tests."""

_MARK = "<!-- made by the tests: make examples -->"


def published() -> str:
    """Return the part of the page that the tests make."""
    _, mark, tables = PAGE.read_text("utf-8").partition(_MARK)
    assert mark, "the mark above the tables is gone"
    return tables


def rewrite() -> None:
    """Put what the tests' tables say now into the page."""
    head, mark, _ = PAGE.read_text("utf-8").partition(_MARK)
    PAGE.write_text(head + mark + render(), "utf-8")


def render() -> str:
    """Return the tables: each provider's examples and, in one table at the end, every deviation."""
    lines = ["", ""]
    for provider in PROVIDERS:
        lines += _examples(provider)
    lines += ["## Deviations", "", "| provider | example | place | why |", "|---|---|---|---|"]
    lines += [row for provider in PROVIDERS for row in _deviations(provider)]
    return "\n".join(lines) + "\n"


def _examples(provider: Documented) -> Iterator[str]:
    yield f"## {provider.title}"
    yield ""
    yield f"Test: `tests/adapters/{provider.folder}/test_examples.py::{TEST}[EXAMPLE]`"
    yield ""
    yield "| example | made by |"
    yield "|---|---|"
    for example, made_by in provider.made_by.items():
        yield f"| {example} | {made_by} |"
    yield ""


def _deviations(provider: Documented) -> Iterator[str]:
    for known in provider.deviations:
        example = "every one" if known.example == "*" else known.example
        yield f"| {provider.title} | {example} | `{known.path}` | {known.reason} |"
