"""How often a token may ask."""

import pytest

from web.api.errors import RateExceeded
from web.api.requests import Limits


def test_a_token_may_ask_in_a_burst_and_then_steadily() -> None:
    now = [0.0]
    limits = Limits(per_second=2, burst=3, now=lambda: now[0])

    for _ in range(3):
        limits.take("a")
    with pytest.raises(RateExceeded) as refused:
        limits.take("a")
    assert refused.value.headers == {"Retry-After": "1"}
    limits.take("b")
    now[0] += 0.5
    limits.take("a")
    with pytest.raises(RateExceeded):
        limits.take("a")
    now[0] += 3600
    for _ in range(3):
        limits.take("a")
    with pytest.raises(RateExceeded):
        limits.take("a")
