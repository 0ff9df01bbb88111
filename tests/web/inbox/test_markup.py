"""What people wrote becomes links and bold words, and never anything that a browser runs."""

import re

import pytest

from web.inbox.chat.markup import marked_up


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("hello", "hello", id="plain"),
        pytest.param(
            "*Two* _warm_ ~cold~ teas",
            "<strong>Two</strong> <em>warm</em> <s>cold</s> teas",
            id="marks",
        ),
        pytest.param("*very _very_ big*", "<strong>very <em>very</em> big</strong>", id="nested"),
        pytest.param("2*3*4 and a_b_c", "2*3*4 and a_b_c", id="inside-words"),
        pytest.param("* not bold *", "* not bold *", id="spaces-inside"),
        pytest.param("`a*b*c` ```x\ny```", "<code>a*b*c</code> <code>x\ny</code>", id="code"),
        pytest.param("a < b & c", "a &lt; b &amp; c", id="escaped"),
    ],
)
def test_marks_of_whatsapp_are_shown(text: str, shown: str) -> None:
    assert marked_up(text) == shown


@pytest.mark.parametrize(
    ("text", "address"),
    [
        pytest.param(
            "see https://shop.example/a?b=1&c=2.",
            "https://shop.example/a?b=1&amp;c=2",
            id="sentence",
        ),
        pytest.param("(https://shop.example/a)", "https://shop.example/a", id="in-brackets"),
        pytest.param(
            "https://shop.example/tea_(drink)",
            "https://shop.example/tea_(drink)",
            id="own-brackets",
        ),
        pytest.param("HTTPS://SHOP.EXAMPLE", "HTTPS://SHOP.EXAMPLE", id="capitals"),
        pytest.param("*https://shop.example/a*", "https://shop.example/a", id="bold"),
    ],
)
def test_an_address_opens_apart(text: str, address: str) -> None:
    link = f'<a href="{address}" target="_blank" rel="noopener noreferrer">{address}</a>'
    assert link in marked_up(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<script>alert(1)</script>", id="script"),
        pytest.param("javascript:alert(1)", id="javascript"),
        pytest.param("data:text/html,<b>x</b>", id="data"),
        pytest.param('https://a.example/"onmouseover="alert(1)', id="quote-in-link"),
        pytest.param("https://a.example/'><img src=x onerror=alert(1)>", id="tag-in-link"),
        pytest.param("*<img src=x onerror=alert(1)>*", id="tag-in-bold"),
        pytest.param("`</code><script>alert(1)</script>`", id="tag-in-code"),
        pytest.param("JaVaScRiPt://https://a.example/%0aalert(1)", id="javascript-before-link"),
    ],
)
def test_nothing_that_runs_comes_out(text: str) -> None:
    shown = marked_up(text)
    assert set(re.findall(r"<(\w+)", shown)) <= {"a", "strong", "em", "s", "code"}
    assert re.findall(r'\s(\w+)="', shown) in ([], ["href", "target", "rel"])
    assert all(address.startswith("https://") for address in re.findall(r'href="([^"]*)"', shown))


def test_an_address_shows_what_it_opens() -> None:
    turned = "https://shop.example/\u202egnp.exe"
    assert marked_up(turned).count("\u202e") == 1
    assert 'href="https://shop.example/"' in marked_up(turned)


@pytest.mark.parametrize("opening", ["*a ", "`", "https://", "_~*", "```a", "*_~a"])
def test_a_long_text_of_openings_stays_whole(opening: str) -> None:
    text = opening * 30_000  # a pattern that goes back and forth would not come to an end here
    assert re.sub(r"<[^>]*>", "", marked_up(text)).count("a") == text.count("a")
