"""`parley contacts`."""

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

import click

from cli.database import opened
from cli.options import config_option, examples, line_option, needed_settings
from cli.reach import Reached, chosen_line, digits, reached, trait
from cli.reach import traits as read_traits
from cli.words import counted
from engine.core.errors import ContentRejected, DefinitionError
from engine.core.ids import ContactId
from engine.core.signals import ConsentChange, ConsentChanged, Sender
from engine.ports.services import ContactBook, ContactPage, Filter, Profile
from storage.people import contacts_after, meet, tell_consent

PAGE = 100


@click.group()
def contacts() -> None:
    """Look into a provider's address book, keep it like ours, and say who wants messages."""


@contacts.command(
    "list",
    epilog=examples(
        "parley contacts list --line shop", "parley contacts list --where city=Lima --limit 20"
    ),
)
@line_option
@click.option(
    "--where", multiple=True, metavar="KEY=VALUE", help="Only those with this trait; repeatable."
)
@click.option("--offset", type=click.IntRange(min=0), default=0, help="How many to pass over.")
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=PAGE, show_default=True, help="How many."
)
@config_option
def list_command(
    line: str | None, where: tuple[str, ...], offset: int, limit: int, config: Path | None
) -> None:
    """List the people in the provider's address book: number, name, e-mail, tags, traits."""
    filters = [Filter(trait=key, value=value) for key, value in map(trait, where)]
    page = asyncio.run(_listed(config, line, filters, offset, limit))
    for profile in page.profiles:
        click.echo(_told(profile))
    if not page.profiles:
        click.echo("nobody")
    if page.more:
        of_all = f" of {page.total}" if page.total is not None else ""
        click.echo(f"and more{of_all}: --offset {offset + len(page.profiles)}")


@contacts.command(
    "find",
    epilog=examples("parley contacts find 5215550001", "parley contacts find --id customer-7"),
)
@click.argument("number", required=False)
@click.option("--id", "user_id", metavar="ID", help="The business's own id of the person, instead.")
@line_option
@config_option
def find_command(
    number: str | None, user_id: str | None, line: str | None, config: Path | None
) -> None:
    """Print what the provider knows of the person with NUMBER."""
    if (number is None) == (user_id is None):
        raise click.UsageError("give a NUMBER or --id")
    phone = digits(number) if number is not None else None
    profile = asyncio.run(_found(config, line, phone, user_id))
    if profile is None:
        raise DefinitionError(f"the provider knows nobody with {number or user_id!r}")
    click.echo(_told(profile))


@contacts.command(
    "save",
    epilog=examples(
        "parley contacts save 5215550001 --name Ana --email ana@example.com city=Lima vip=true"
    ),
)
@click.argument("number")
@click.argument("traits", nargs=-1, metavar="[KEY=VALUE]...")
@click.option("--name", metavar="NAME", help="The person's name.")
@click.option("--email", metavar="ADDRESS", help="The person's e-mail address.")
@click.option("--id", "user_id", metavar="ID", help="The business's own id of the person.")
@click.option("--gender", type=click.Choice(["male", "female"]), help="As the provider keeps it.")
@click.option("--born", type=click.DateTime(["%Y-%m-%d"]), help="The day of birth.")
@click.option("--tag", multiple=True, metavar="TAG", help="A tag or label; repeatable.")
@line_option
@config_option
def save_command(
    number: str,
    traits: tuple[str, ...],
    name: str | None,
    email: str | None,
    user_id: str | None,
    gender: Literal["male", "female"] | None,
    born: datetime | None,
    tag: tuple[str, ...],
    line: str | None,
    config: Path | None,
) -> None:
    """Add the person with NUMBER to the provider's address book, or update who has the number.

    A value that is JSON (9.5, true, "007") is sent as such, any other as text.
    """
    profile = Profile(
        phone=digits(number),
        user_id=user_id,
        name=name,
        email=email,
        gender=gender,
        born_on=date(born.year, born.month, born.day) if born else None,
        traits=read_traits(traits),
        tags=tag,
    )
    asyncio.run(_saved(config, line, profile))
    click.echo(f"saved {profile.phone}")


@contacts.command(
    "sync",
    epilog=examples("parley contacts sync --push --line shop", "parley contacts sync --pull"),
)
@click.option("--push", "way", flag_value="push", help="Ours to the provider.")
@click.option("--pull", "way", flag_value="pull", help="The provider's to us.")
@line_option
@config_option
def sync_command(way: str | None, line: str | None, config: Path | None) -> None:
    """Bring numbers and names from here to the provider's address book, or from there to our contacts.

    Nothing is deleted on either side. Who has no number is left out.
    """
    if way is None:
        raise click.UsageError("give --push or --pull")
    count, refused = asyncio.run(_synced(config, line, way))
    click.echo(f"{counted(count, 'contact')} {'pushed' if way == 'push' else 'pulled'}")
    for problem in refused:
        click.echo(problem, err=True)
    if refused:
        raise DefinitionError(f"{len(refused)} contacts were refused")


BY = click.option(
    "--by", metavar="NAME", default="command line", show_default=True, help="Who says so."
)
MARKETING = click.option(
    "--marketing", is_flag=True, help="Marketing templates and broadcasts alone."
)


@contacts.command(
    "opt-out",
    epilog=examples(
        "parley contacts opt-out 5215550001 --line shop --by kim",
        "parley contacts opt-out 5215550001 --marketing",
    ),
)
@click.argument("number")
@MARKETING
@BY
@line_option
@config_option
def opt_out_command(
    number: str, marketing: bool, by: str, line: str | None, config: Path | None
) -> None:
    """Send nothing more to the person with NUMBER: what waits is cancelled, the flows are silent.

    The running server takes it in within a second; where none runs, the next one does before it sends anything.
    """
    change: ConsentChange = "marketing_stopped" if marketing else "opted_out"
    asyncio.run(_told_consent(config, line, digits(number), change, by))
    click.echo(f"{digits(number)} gets no {'marketing' if marketing else 'messages'} any more")


@contacts.command(
    "opt-in",
    epilog=examples(
        "parley contacts opt-in 5215550001 --line shop --by kim",
        "parley contacts opt-in 5215550001 --marketing",
    ),
)
@click.argument("number")
@MARKETING
@BY
@line_option
@config_option
def opt_in_command(
    number: str, marketing: bool, by: str, line: str | None, config: Path | None
) -> None:
    """Let messages come again to the person with NUMBER, who has agreed to it.

    The running server takes it in within a second, or the next one when it starts.
    """
    change: ConsentChange = "marketing_resumed" if marketing else "opted_in"
    asyncio.run(_told_consent(config, line, digits(number), change, by))
    click.echo(f"{digits(number)} gets {'marketing' if marketing else 'messages'} again")


async def _told_consent(
    config: Path | None, line: str | None, phone: str, change: ConsentChange, by: str
) -> None:
    settings = needed_settings(config)
    now = datetime.now(UTC)
    told = ConsentChanged(change=change, by="agent", source=by, at=now)
    async with opened(settings) as database:
        who = Sender(phone=phone, is_typed=True)
        await tell_consent(database, chosen_line(settings, line), who, told, now=now)


async def _listed(
    config: Path | None, line: str | None, filters: list[Filter], offset: int, limit: int
) -> ContactPage:
    async with reached(config, line) as there:
        return await _book(there).list(filters=filters, offset=offset, limit=limit)


async def _found(
    config: Path | None, line: str | None, phone: str | None, user_id: str | None
) -> Profile | None:
    async with reached(config, line) as there:
        return await _book(there).find(phone=phone, user_id=user_id)


async def _saved(config: Path | None, line: str | None, profile: Profile) -> None:
    async with reached(config, line) as there:
        await _book(there).save(profile)


async def _synced(config: Path | None, line: str | None, way: str) -> tuple[int, list[str]]:
    async with reached(config, line) as there:
        return await (_push(there) if way == "push" else _pull(there))


async def _push(there: Reached) -> tuple[int, list[str]]:
    """Save each of our contacts; one that the provider refuses does not stop the others."""
    book, count, refused, last = _book(there), 0, list[str](), ContactId(0)
    async with opened(there.settings) as database:
        while page := await contacts_after(database, there.line, last, limit=PAGE):
            last = page[-1].id
            for contact in page:
                if contact.phone is None:
                    continue
                try:
                    await book.save(Profile(phone=contact.phone, name=contact.name))
                    count += 1
                except ContentRejected as error:
                    refused.append(f"{contact.phone}: {error}")
    return count, refused


async def _pull(there: Reached) -> tuple[int, list[str]]:
    book, count, offset = _book(there), 0, 0
    async with opened(there.settings) as database:
        while True:
            page = await book.list(offset=offset, limit=PAGE)
            people = [
                Sender(phone=one.phone, name=one.name or None, is_typed=True)
                for one in page.profiles
                if one.phone is not None
            ]
            if people:
                await meet(database, there.line, people)
            count += len(people)
            offset += len(page.profiles)
            if not page.more or not page.profiles:
                return count, []


def _book(there: Reached) -> ContactBook:
    return there.needed(there.adapter.services.contacts, "address book")


def _told(profile: Profile) -> str:
    known = [f"{key}={value}" for key, value in profile.traits.items()]
    parts = (
        profile.phone,
        profile.user_id,
        profile.name,
        profile.email,
        profile.gender,
        profile.born_on and f"born {profile.born_on}",
        ", ".join(profile.tags),
        *known,
    )
    return "  ".join(part for part in parts if part)
