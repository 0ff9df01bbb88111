"""`python -m adapters.sandbox cloud --port 8090 --webhook URL`: a provider on your own machine."""

import asyncio
import secrets
import signal
import sys

import click

from adapters.sandbox.cloud import ApprovedTemplate, CloudSandbox, CloudSettings, served


@click.group()
def main() -> None:
    """Pretended providers, for tests and for work offline."""


def _approved(given: str) -> ApprovedTemplate:
    name, _, rest = given.partition(":")
    language, _, body = rest.partition(":")
    return ApprovedTemplate(name=name, language=language or "en_US", body=body)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8090, show_default=True, help="0 takes a free one.")
@click.option(
    "--webhook",
    default=None,
    help="Where the business listens; without it webhooks stay in the ledger.",
)
@click.option(
    "--number",
    default=CloudSettings().phone_number_id,
    show_default=True,
    help="The phone_number_id.",
)
@click.option(
    "--token", default=CloudSettings().token, show_default=True, help="The Bearer token to ask for."
)
@click.option(
    "--app-secret",
    default=CloudSettings().app_secret,
    show_default=True,
    help="Signs the webhooks.",
)
@click.option("--rate", default=80.0, show_default=True, help="Messages a second; 0 is no limit.")
@click.option(
    "--pair-burst", default=45, show_default=True, help="Messages one contact may get at once."
)
@click.option(
    "--pair-interval",
    default=6.0,
    show_default=True,
    help="Seconds a message after that; 0: no limit.",
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
@click.option("--seed", default=None, help="Makes the ids; random unless given.")
@click.option(
    "--backoff",
    default=1.0,
    show_default=True,
    help="Seconds before a webhook's second try; it doubles.",
)
@click.option(
    "--copies", default=1, show_default=True, help="How many times each webhook is posted at once."
)
def cloud(
    host: str,
    port: int,
    webhook: str | None,
    number: str,
    token: str,
    app_secret: str,
    rate: float,
    pair_burst: int,
    pair_interval: float,
    window: bool,
    templates: tuple[str, ...],
    seed: str | None,
    backoff: float,
    copies: int,
) -> None:
    """Serve Meta's Cloud API until interrupted; prints its address when it listens."""
    settings = CloudSettings(
        webhook_url=webhook,
        phone_number_id=number,
        token=token,
        app_secret=app_secret,
        messages_per_second=rate,
        pair_burst=pair_burst,
        pair_interval_s=pair_interval,
        window=window,
        templates=tuple(_approved(given) for given in templates) or None,
        seed=seed or secrets.token_hex(8),
        redeliver_first_s=backoff,
        webhook_copies=copies,
        public_url=f"http://{host}:{port}" if port else None,
    )
    asyncio.run(_serve(settings, host, port))


async def _serve(settings: CloudSettings, host: str, port: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    sandbox = CloudSandbox(settings)
    async with served(sandbox, host=host, port=port) as address:
        click.echo(
            f"Cloud sandbox on {address} · base_url {address}/v23.0 · drive it at {address}/_sandbox/"
        )
        sys.stdout.flush()
        await stop.wait()


if __name__ == "__main__":
    main()
