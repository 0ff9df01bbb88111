"""`parley templates preview`: from what was last synced, else from what stands beside the flows."""

from pathlib import Path

import pytest

from adapters.fake_services import FakeServices
from tests.cli.offered import RECEIPT, Ended, Run, know

BOT = """
from parley import END, Flow, say

class Shop(Flow, start=True):
    hi = say("Hi.", then=END)
"""

WRITTEN = """
[[template]]
name = "cake"
language = "en"
category = "marketing"
body = "New: {{dish}}"
header = { format = "image" }
buttons = [{ kind = "quick_reply", text = "Order" }]
"""


def test_a_template_is_previewed_as_it_was_last_synced(
    parley: Run, fake: FakeServices, tmp_path: Path
) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "bot.py").write_text(BOT)
    (tmp_path / "receipt.toml").write_text(RECEIPT)
    know(tmp_path)
    parley("templates", "create", "receipt.toml")
    parley("templates", "sync")

    values = ("1=Ana", "2=the pizza", "header=7", "button.0=o7")
    ended = parley("templates", "preview", "receipt", *values)

    assert ended.out.splitlines() == [
        "Order 7",
        "Thanks, Ana: the pizza is on its way.",
        "[Follow it] -> https://shop.example.com/o7",
    ]
    shown, refused = ended.err.splitlines()
    assert shown.startswith("(en, pending, as of ")
    assert refused.startswith("would not be sent: template 'receipt' (en): it is pending")
    assert ended.code == 1


def test_a_template_that_stands_beside_the_flows_needs_no_line(parley: Run, tmp_path: Path) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "bot.py").write_text(BOT)
    (tmp_path / "flows" / "templates.toml").write_text(WRITTEN)

    whole = parley(
        "templates", "preview", "cake", "dish=Tiramisu", "header=https://a.example/c.png"
    )
    bare = parley("templates", "preview", "cake")

    assert whole == Ended(0, "[image] https://a.example/c.png\nNew: Tiramisu\n[Order]\n", "")
    assert bare.out == "New: {{dish}}\n[Order]\n"
    assert "(en): 1 variable ({{dish}}) to fill, 0 given; give `header` an image" in bare.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(("late",), "nothing is known of a template 'late'", id="unknown"),
        pytest.param(("cake", "--language", "pt"), "", id="falls-back"),
        pytest.param(("cake", "dish"), "'dish': write key=value", id="pair"),
        pytest.param(("cake", "size=1"), "'size' is nothing to fill; there are: dish, h", id="key"),
        pytest.param(("cake", "--line", "gone"), "no line 'gone'; configured: shop", id="line"),
        pytest.param(("cake", "--line", "shop"), "no such database", id="database"),
    ],
)
def test_what_cannot_be_previewed_says_why(
    parley: Run, tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "bot.py").write_text(BOT)
    (tmp_path / "flows" / "templates.toml").write_text(WRITTEN)

    ended = parley("templates", "preview", *arguments)

    assert ended.code == 1
    assert told in ended.err
