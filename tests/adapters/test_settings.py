"""A line's table: what it may hold, and where its secrets come from."""

from pathlib import Path
from typing import get_args

import aiohttp
import pytest
from pydantic import TypeAdapter, ValidationError

from adapters.cloud.adapter import Cloud
from adapters.cloud.settings import CloudLine
from adapters.console.adapter import Console, ConsoleLine
from adapters.http import build_session
from adapters.registry import ADAPTERS, SETTINGS, AnyLine, LineConfig, build_adapter
from engine.core.errors import DefinitionError
from engine.ports import NoLinks
from tests.adapters.samples import LINE, MemoryMedia

LINES: TypeAdapter[AnyLine] = TypeAdapter(LineConfig)

TABLE: dict[str, object] = {
    "provider": "cloud",
    "start": "welcome",
    "phone_number_id": "301000000000001",
    "token": "EAAB-test",
    "app_secret": "s3cret",
    "verify_token": "our word",
}


def cloud_line(**changes: object) -> CloudLine:
    table = {key: value for key, value in (TABLE | changes).items() if value is not None}
    line = LINES.validate_python(table)
    assert isinstance(line, CloudLine)
    return line


def test_a_table_with_what_is_needed_is_taken() -> None:
    line = cloud_line()
    assert line.base_url == "https://graph.facebook.com/v23.0"
    assert (line.start, line.rate_per_second, line.read_marks) == ("welcome", None, False)


def test_a_number_id_may_be_written_as_a_number() -> None:
    assert cloud_line(phone_number_id=301000000000001).phone_number_id == "301000000000001"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"provider": "pigeon"}, "'cloud', 'console',"),
        ({"tokn": "x"}, "tokn"),
        ({"token": None}, "token is missing: give token, token_file or token_env"),
        ({"token_env": "TOKEN"}, "give one of token, token_env, not 2"),
        ({"phone_number_id": None}, "phone_number_id"),
        ({"phone_number_id": "30/1"}, "phone_number_id"),
        ({"phone_number_id": "+49 30 1234"}, "phone_number_id"),
        ({"phone_number_id": ""}, "phone_number_id"),
        ({"base_url": "graph.facebook.com"}, "must be an http or https URL"),
        ({"base_url": "ftp://graph.facebook.com"}, "must be an http or https URL"),
        ({"base_url": "http://[::1"}, "must be an http or https URL"),
        ({"base_url": "https://"}, "must be an http or https URL"),
        ({"base_url": "https://graph.facebook.com:x"}, "must be an http or https URL"),
        ({"base_url": "https://graph.facebook.com/?a=b"}, "must be an http or https URL"),
        ({"rate_per_second": -1}, "rate_per_second"),
        ({"time_zone": "Spain"}, "must be a time zone such as Europe/Madrid"),
        ({"time_zone": "../../etc"}, "must be a time zone"),
        ({"quiet_hours": "at night"}, "write the hours as 21:00-08:00"),
        ({"rate_per_second": "fast"}, "rate_per_second"),
    ],
    ids=str,
)
def test_a_wrong_table_is_refused_with_what_is_wrong(changes: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        cloud_line(**changes)
    assert said in str(refused.value)


def test_no_secret_is_shown_by_a_table_or_its_errors() -> None:
    assert "EAAB-test" not in repr(cloud_line())
    with pytest.raises(ValidationError) as refused:
        cloud_line(app_secret=None)
    assert "EAAB-test" not in str(refused.value)


def test_a_slash_at_the_end_of_the_url_is_dropped() -> None:
    assert cloud_line(base_url="http://127.0.0.1:9000/v23.0/").base_url.endswith("/v23.0")


def test_secrets_come_from_files_and_the_environment(tmp_path: Path) -> None:
    (tmp_path / "token.txt").write_text("EAAB-of-file\n")
    line = cloud_line(
        token=None, token_file="token.txt", app_secret=None, app_secret_env="SHOP_SECRET"
    ).with_secrets(folder=tmp_path, environ={"SHOP_SECRET": "of-variable"})
    assert line.secret("token") == "EAAB-of-file"
    assert line.secret("app_secret") == "of-variable"
    assert line.secret("verify_token") == "our word"
    assert line.secret("webhook_secret") == ""
    assert line.with_secrets(folder=Path("/nowhere"), environ={}) is not line, "read ones stay"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"token": None, "token_file": "missing.txt"},
            "lines.shop.token_file 'missing.txt' cannot",
        ),
        ({"token": None, "token_file": "empty.txt"}, "lines.shop.token_file is empty"),
        ({"token": None, "token_file": "bytes.bin"}, "lines.shop.token_file 'bytes.bin' cannot"),
        ({"token": None, "token_env": "NOT_SET"}, "names 'NOT_SET', which is not set"),
        ({"token": "two\r\nlines: x"}, "lines.shop.token is empty or holds line ends"),
    ],
    ids=["missing file", "empty file", "no text", "variable not set", "header smuggled"],
)
def test_a_secret_that_cannot_be_read_is_named(
    tmp_path: Path, changes: dict[str, object], said: str
) -> None:
    (tmp_path / "empty.txt").write_text("\n")
    (tmp_path / "bytes.bin").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DefinitionError) as refused:
        cloud_line(**changes).with_secrets(folder=tmp_path, environ={}, where="lines.shop")
    assert said in str(refused.value)


def test_every_secret_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    line = cloud_line(token=None, token_env="ONE", app_secret=None, app_secret_file="two.txt")

    with pytest.raises(DefinitionError) as refused:
        line.with_secrets(folder=tmp_path, environ={}, where="lines.shop")

    first, second = str(refused.value).splitlines()
    assert first == "lines.shop.token_env names 'ONE', which is not set"
    assert second.startswith("lines.shop.app_secret_file 'two.txt' cannot be read")


def test_a_secret_that_was_not_read_is_an_error() -> None:
    with pytest.raises(DefinitionError):
        cloud_line(token=None, token_env="SHOP_TOKEN").secret("token")


# --- the registry ------------------------------------------------------------------------------------


def test_every_provider_has_an_adapter_and_settings() -> None:
    assert ADAPTERS.keys() == SETTINGS.keys()
    for provider, settings in SETTINGS.items():
        assert provider in get_args(settings.model_fields["provider"].annotation)
    assert {
        provider
        for settings in SETTINGS.values()
        for provider in get_args(settings.model_fields["provider"].annotation)
    } == SETTINGS.keys()


def test_a_table_may_be_any_providers() -> None:
    # `ADAPTERS` and `SETTINGS` type-check without it; from here on mypy asks for the rest.
    assert set(get_args(AnyLine)) == set(SETTINGS.values())


async def test_each_table_becomes_its_adapter(tmp_path: Path) -> None:
    async with build_session() as session:
        cloud = build(session, cloud_line(rate_per_second=0, read_marks=True), tmp_path)
        console = build(session, ConsoleLine(provider="console"), tmp_path)
    assert isinstance(cloud, Cloud)
    assert (cloud.line, cloud.account) == (LINE, "301000000000001")
    assert cloud.capabilities.messages_per_second == 0
    assert cloud.read_marks
    assert isinstance(console, Console)


async def test_the_providers_own_pace_holds_where_none_is_set(tmp_path: Path) -> None:
    async with build_session() as session:
        assert build(session, cloud_line(), tmp_path).capabilities.messages_per_second == 80


async def test_a_line_whose_secret_is_missing_is_named(tmp_path: Path) -> None:
    line = cloud_line(token=None, token_env="NOT_SET")
    async with build_session() as session:
        with pytest.raises(DefinitionError, match=r"lines\.shop\.token_env"):
            build(session, line, tmp_path)


def build(
    session: aiohttp.ClientSession, line: CloudLine | ConsoleLine, folder: Path
) -> Cloud | Console:
    adapter = build_adapter(
        LINE,
        line,
        session=session,
        media_store=MemoryMedia(),
        media_links=NoLinks(),
        folder=folder,
        environ={},
    )
    assert isinstance(adapter, Cloud | Console)
    return adapter
