"""Where tests find flows to talk to."""

from pathlib import Path

from engine.flow.compile import CompiledFlow
from engine.flow.load import load_flows
from parley.testing import PHONE_LINE

__all__ = ["PHONE_LINE", "load"]

ROOT = Path(__file__).parents[1]


def load(paths: tuple[str, ...], base: Path = ROOT) -> dict[str, CompiledFlow]:
    """Return the compiled flows of folders, loaded anew: what a flow file keeps in memory never outlives a talk."""
    return load_flows(paths, base)
