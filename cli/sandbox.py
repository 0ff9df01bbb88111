"""`parley sandbox`."""

import asyncio
import secrets
import signal
from collections.abc import Iterator, Mapping
from typing import Final

import click
import orjson
from pydantic import ValidationError

from adapters.sandbox.providers import SANDBOXES
from adapters.sandbox.sandbox import Sandbox
from adapters.sandbox.server import served
from adapters.sandbox.settings import ApprovedTemplate, SandboxSettings
from cli.options import examples

COMMON: Final = frozenset(SandboxSettings.model_fields)
"""What every sandbox can be told; the common ones have options of their own."""


@click.command(
    epilog=examples(
        "parley sandbox cloud --webhook http://127.0.0.1:8080/webhooks/shop",
        "parley sandbox cloud --set token=abc --set pair_interval_s=0 --rate 0",
        "parley sandbox cloud --keys",
    )
)
@click.argument("provider", type=click.Choice(sorted(SANDBOXES)), metavar="PROVIDER")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", default=8090, show_default=True, help="0 takes a free one.")
@click.option(
    "--webhook",
    metavar="URL",
    help="Where the business listens; without it webhooks stay in the ledger.",
)
@click.option("--seed", help="Makes the ids; random unless given.")
@click.option(
    "--rate", type=float, help="Messages a second; 0 is no limit, the provider's own unless given."
)
@click.option(
    "--window/--no-window", default=True, show_default=True, help="Refuse free-form after 24 hours."
)
@click.option(
    "--template",
    "templates",
    multiple=True,
    metavar="NAME:LANG:BODY",
    help="An approved template, such as 'welcome:en_US:Hi {{1}}'; without any, every name is taken.",
)
@click.option(
    "--backoff",
    type=float,
    help="Seconds before a webhook's second try, at a provider that tries again.",
)
@click.option("--copies", type=int, help="How many times each webhook is posted at once.")
@click.option(
    "--set",
    "own",
    multiple=True,
    metavar="KEY=VALUE",
    help="One of the provider's own keys; --keys lists them.",
)
@click.option("--keys", is_flag=True, help="List the provider's own keys, and end.")
def sandbox(
    provider: str,
    *,
    host: str,
    port: int,
    webhook: str | None,
    seed: str | None,
    rate: float | None,
    window: bool,
    templates: tuple[str, ...],
    backoff: float | None,
    copies: int | None,
    own: tuple[str, ...],
    keys: bool,
) -> None:
    """Pretend to be PROVIDER on this machine, until Ctrl-C: send to it, and let contacts write back.

    Prints its address, the line's table for parley.toml, and how to let a contact write.
    """
    kind = SANDBOXES[provider]
    if keys:
        for told in _keys(kind.settings_type):
            click.echo(told)
        return
    given: dict[str, object] = {
        "webhook_url": webhook,
        "seed": seed or secrets.token_hex(8),
        "messages_per_second": rate,
        "window": window,
        "templates": tuple(_approved(one) for one in templates) or None,
        "redeliver_first_s": backoff,
        "webhook_copies": copies,
    }
    given = {key: value for key, value in given.items() if value is not None}
    asyncio.run(_serve(kind(_settings(kind, given | _own(own))), host, port))


def _settings(kind: type[Sandbox], given: Mapping[str, object]) -> SandboxSettings:
    try:
        return kind.settings_type.model_validate(given)
    except ValidationError as invalid:
        first = invalid.errors(include_url=False, include_input=False)[0]
        at = ".".join(str(part) for part in first["loc"])
        raise click.UsageError(f"{at}: {first['msg']}") from None


def _own(given: tuple[str, ...]) -> dict[str, object]:
    pairs = [one.partition("=") for one in given]
    for key, equals, _ in pairs:
        if not equals:
            raise click.UsageError(f"--set {key}: write it as KEY=VALUE")
    return {key: value for key, _, value in pairs}


def _approved(given: str) -> ApprovedTemplate:
    name, _, rest = given.partition(":")
    language, _, body = rest.partition(":")
    return ApprovedTemplate(name=name, language=language or "en_US", body=body)


def _keys(settings: type[SandboxSettings]) -> Iterator[str]:
    default = settings()
    for name, field in settings.model_fields.items():
        if name not in COMMON:
            words = " ".join((field.description or "").split())
            yield f"{name} = {orjson.dumps(getattr(default, name)).decode()}  {words}".rstrip()


async def _serve(sandbox: Sandbox, host: str, port: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    async with served(sandbox, host=host, port=port) as address:
        for told in _greeting(sandbox, address):
            click.echo(told)
        await stop.wait()


def _door(webhook: str | None) -> tuple[str, str]:
    """Return the line's name in a webhook's address, and the `webhook_secret` after it, "" where there is none."""
    _, found, path = (webhook or "").rpartition("/webhooks/")
    name, _, secret = path.strip("/").partition("/")
    return (name, secret) if found and name else ("shop", "")


def _greeting(sandbox: Sandbox, address: str) -> Iterator[str]:
    webhook = sandbox.settings.webhook_url
    name, secret = _door(webhook)
    yield f"Listening on {address}. For parley.toml:"
    yield ""
    yield f"[lines.{name}]"
    for key, value in sandbox.line(address).items():
        yield f"{key} = {orjson.dumps(value).decode()}"
    if secret:
        yield f"webhook_secret = {orjson.dumps(secret).decode()}"
    yield ""
    if webhook is None:
        yield f"Webhooks stay in the ledger; --webhook http://127.0.0.1:8080/webhooks/{name} posts them."
    else:
        yield f"Webhooks go to {webhook}"
    contact = f"{address}/_sandbox/contacts/5215550001"
    yield "Let a contact write, and look at their phone:"
    yield f'  curl -s {contact}/says -d \'{{"text": "hi"}}\''
    yield f"  curl -s {contact}"
    yield "Ctrl-C ends it."
