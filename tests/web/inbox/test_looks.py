"""One region's rules leave another's alone: all of the inbox's styles are loaded on its one page."""

import re
from pathlib import Path

import pytest

import web.inbox

PACKAGE = Path(web.inbox.__file__).parent
STYLES = PACKAGE / "static"
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SELECTORS = re.compile(r"([^{}@;]+)\{")
BARE = re.compile(r"\.([\w-]+)(?::[\w-]+(?:\([^()]*(?:\([^()]*\))?\))?)*$")
"""A class alone: with nothing around it that says whose it is."""


def bare_classes(css: str) -> set[str]:
    selectors = ",".join(SELECTORS.findall(COMMENT.sub("", css))).split(",")
    return {found[1] for one in selectors if (found := BARE.match(one.strip()))}


@pytest.mark.parametrize("region", ["list", "people", "supervise", "side"])
def test_no_region_dresses_what_stands_in_a_message(region: str) -> None:
    template = (PACKAGE / "templates" / "message.html").read_text("utf-8")
    used = {name for names in re.findall(r'class="([^"]*)', template) for name in names.split()}
    assert {"choices", "bubble"} <= used
    shared = bare_classes((STYLES / f"{region}.css").read_text("utf-8")) & used
    assert not shared, f"{region}.css: name where these stand: {sorted(shared)}"


def test_a_class_alone_is_told_from_one_with_a_place() -> None:
    css = ".rows:not(:has(li)) { a: b } ul.more, .head .chosen { c: d } .quote:hover, .x { e: f }"
    assert bare_classes(css) == {"rows", "quote", "x"}
