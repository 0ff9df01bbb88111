"""Settings of the whole suite: no test reaches beyond this machine; `user` talks to the flows we ship."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from parley.testing import Talk

# The same examples each time: a red suite is red again, and a green one is not green by luck. To look at others:
# `pytest --hypothesis-profile default tests/properties`.
hypothesis.settings.register_profile("steady", derandomize=True)
hypothesis.settings.load_profile("steady")

FLOWS = Path(__file__).parents[1] / "flows"


def _refuse_the_network(event: str, args: tuple[object, ...]) -> None:
    """An audit hook, because it also sees connections that libraries make below `socket.socket`."""
    match event, args:
        case "socket.connect", (_, (str(host), *_)) if not _is_here(host):
            raise RuntimeError(
                f"a test tried to connect to {host}; the suite stays on this machine"
            )
        case "socket.getaddrinfo", (str(host), *_) if not _is_here(host):
            raise RuntimeError(f"a test tried to look up {host}; the suite stays on this machine")


def _is_here(host: str) -> bool:
    # `.invalid` never resolves anywhere: tests of an unreachable provider may look it up.
    return host in ("", "localhost", "::1", "::", "0.0.0.0") or (
        host.startswith("127.") or host.endswith(".invalid")
    )


def pytest_configure() -> None:
    sys.addaudithook(_refuse_the_network)


@pytest.fixture
def user() -> "Talk":
    """One contact talking to the flows we ship, on a line that shows what a phone shows."""
    # Imported here, so that tests of other layers run where a flow file is broken.
    from parley.testing import talk

    return talk(FLOWS)
