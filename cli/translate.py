"""`parley translate`."""

from collections.abc import Iterator
from pathlib import Path

import click

from cli.options import config_option, examples, offline_settings
from engine.core.errors import DefinitionError
from engine.flow.catalogue import write_catalogue
from engine.flow.translatable import texts_of
from web.flows import read_flows, suggestion


@click.command(
    epilog=examples(
        "parley translate order es    write or renew order.es.po beside the flow's file",
        "parley check                 names what still lacks a translation",
    )
)
@click.argument("flow")
@click.argument("language")
@config_option
def translate(flow: str, language: str, config: Path | None) -> None:
    """Write the catalogue of FLOW in LANGUAGE (ISO 639-1), a gettext file to be translated.

    What was translated before is kept; what the flow no longer says is left out. All flows of one file share it.
    """
    flows = read_flows(offline_settings(config)).by_name
    if flow not in flows:
        raise DefinitionError(f"no flow {flow!r}; {suggestion(flow, flows)}")
    if not (language.isascii() and language.isalpha() and language.islower() and len(language) < 4):
        raise DefinitionError(f"{language!r} is no language; write its ISO 639 code, such as es")
    source = Path(flows[flow].source.file)
    neighbours = [other for other in flows.values() if other.source.file == str(source)]

    def texts() -> Iterator[tuple[str, str]]:
        for other in neighbours:
            yield from texts_of(other.definition)

    file = source.with_name(f"{source.stem}.{language}.po")
    count, lacking = write_catalogue(file, language, texts())
    click.echo(f"{file}: {count} texts, {lacking} without a translation")
