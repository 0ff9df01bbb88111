"""Where what we send by RCS differs from Interakt's documented requests, and why: nowhere."""

from tests.adapters.examples import Deviation

DEVIATIONS: tuple[Deviation, ...] = ()
