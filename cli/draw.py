"""`parley draw`."""

from pathlib import Path

import click

from cli.options import config_option, examples, offline_settings
from engine.core.errors import DefinitionError
from engine.flow.draw import draw as draw_flow
from web.flows import read_flows, suggestion


@click.command(
    epilog=examples(
        "parley draw order",
        "parley draw order > order.mmd",
        "parley draw welcome --config shop.toml",
    )
)
@click.argument("flow")
@config_option
def draw(flow: str, config: Path | None) -> None:
    """Print FLOW as a mermaid diagram, made from the table that runs it."""
    flows = read_flows(offline_settings(config)).by_name
    if flow not in flows:
        raise DefinitionError(f"no flow {flow!r}; {suggestion(flow, flows)}")
    click.echo(draw_flow(flows[flow]))
