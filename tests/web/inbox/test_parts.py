"""What the inbox is made of, without a server."""

import pytest

from web.inbox.guard import safe_next
from web.inbox.texts import ENGLISH, REGIONS


@pytest.mark.parametrize(
    "given",
    [
        "//evil.example",
        "https://evil.example/inbox",
        "/inbox/../simulator",
        "/inboxes",
        "/inbox\\evil.example",
        "/inbox/\tx",
        "/inbox/login?next=/inbox/login",
        "javascript:alert(1)",
        "",
    ],
)
def test_nobody_is_led_elsewhere(given: str) -> None:
    assert safe_next(given) == "/inbox"


def test_texts_have_one_place_each_and_names_that_a_template_can_say() -> None:
    assert len(ENGLISH) == sum(map(len, REGIONS))
    assert [name for name in ENGLISH if hasattr(dict, name)] == []
