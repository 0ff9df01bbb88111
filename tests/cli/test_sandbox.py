"""`parley sandbox`: what can be told to it, and what is said where it cannot."""

import pytest
from click.testing import CliRunner, Result

from cli.main import cli


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
