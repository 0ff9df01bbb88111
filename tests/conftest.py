"""Settings of the whole suite: no test reaches beyond this machine; `user` talks to the flows we ship."""

import gc
import sys
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from parley.testing import Talk

# The same examples each time: a red suite is red again, and a green one is not green by luck. To look at others:
# `pytest --hypothesis-profile default tests/properties`. How long one takes says how busy the machine is.
hypothesis.settings.register_profile(
    "steady",
    derandomize=True,
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("steady")

FLOWS = Path(__file__).parents[1] / "flows"

HERE = Path(__file__).parent
SLOW = ("journeys", "faults", "bench", "deploy", "cli", "replicas", "web", "meta")
"""Folders whose files take longest, the longest first: begun last, one of them would keep a single worker busy."""


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


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest; the workers take files in this order."""
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    folder = item.path.relative_to(HERE).parts[0]
    return SLOW.index(folder) if folder in SLOW else len(SLOW)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    # What is collected lasts to the end: looked at again and again it would cost a fifth of the time, and by each
    # later full collection a tenth of that of the tests.
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@pytest.fixture
def user() -> "Talk":
    """One contact talking to the flows we ship, on a line that shows what a phone shows."""
    # Imported here, so that tests of other layers run where a flow file is broken.
    from parley.testing import talk

    return talk(FLOWS)
