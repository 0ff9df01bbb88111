"""What the tests of `check` share."""

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.flow.check import Problem, check_flows
from parley.testing import PHONE_LINE
from tests.flow.written import Written


@pytest.fixture
def written(tmp_path: Path) -> Written:
    return Written(tmp_path)


@pytest.fixture
def find(written: Written) -> Callable[[str], Problem]:
    """Return the one problem of a source, on a phone line."""

    def find_in(source: str) -> Problem:
        flows = written.flows(source)
        return written.the_problem(check_flows(flows, capabilities=[PHONE_LINE]))

    return find_in
