"""`parley sandbox`: what can be told to it, and what is said where it cannot."""

import tomllib

import pytest
from click.testing import CliRunner, Result

from adapters.sandbox.sobot import SobotSandbox, SobotSettings
from cli.main import cli
from cli.sandbox import _greeting


def told(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["sandbox", *arguments])


def test_the_keys_of_a_provider_are_listed_with_their_defaults() -> None:
    listed = told("cloud", "--keys")

    assert listed.exit_code == 0
    assert 'token = "sandbox-token"  The Bearer token to ask for.\n' in listed.stdout
    assert "seed" not in listed.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(("nobody",), "'nobody' is not", id="unknown provider"),
        pytest.param(("cloud", "--set", "token"), "write it as KEY=VALUE", id="no value"),
        pytest.param(("cloud", "--set", "colour=red"), "colour:", id="unknown key"),
        pytest.param(("cloud", "--rate", "-1"), "messages_per_second:", id="wrong value"),
    ],
)
def test_a_mistake_on_the_command_line_is_told(arguments: tuple[str, ...], says: str) -> None:
    ended = told(*arguments)

    assert ended.exit_code == 2
    assert says in ended.stderr


@pytest.mark.parametrize(
    ("webhook", "name", "secret"),
    [
        pytest.param(None, "shop", None, id="none"),
        pytest.param("http://127.0.0.1:8080/webhooks/desk", "desk", None, id="a line"),
        pytest.param(
            "http://127.0.0.1:8080/webhooks/desk/w0rd", "desk", "w0rd", id="with its secret"
        ),
        pytest.param("http://127.0.0.1:8080/elsewhere", "shop", None, id="another address"),
    ],
)
def test_the_printed_table_is_that_of_the_line_at_the_webhook(
    webhook: str | None, name: str, secret: str | None
) -> None:
    sandbox = SobotSandbox(SobotSettings(webhook_url=webhook))

    _, _, *table = "\n".join(_greeting(sandbox, "http://127.0.0.1:8090")).splitlines()
    read = tomllib.loads("\n".join(table[: table.index("")]))

    assert read["lines"][name]["provider"] == "sobot"
    assert read["lines"][name].get("webhook_secret") == secret
