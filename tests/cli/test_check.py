"""`parley check`: mistakes in flows and configuration, each in one line with its place."""

from pathlib import Path

import pytest

from tests.cli.support import run
from tests.web.support import DRINKS, line_table, write_flow


def test_right_flows_pass(tmp_path: Path) -> None:
    write_flow(tmp_path)

    ended = run(tmp_path, "check")

    assert (ended.returncode, ended.stdout) == (0, "1 flow, 0 warnings\n")


def test_a_mistake_is_one_line_with_its_place_and_ends_with_1(tmp_path: Path) -> None:
    write_flow(tmp_path, DRINKS.replace("to.tea", "to.mocha"))

    ended = run(tmp_path, "check")

    assert ended.returncode == 1
    first = ended.stdout.splitlines()[0]
    assert first.startswith("flows/talk.py:7: drinks.drink: to.mocha is no step of this flow; ")


def test_a_warning_is_told_and_passes(tmp_path: Path) -> None:
    write_flow(tmp_path, DRINKS.replace('"Tea"', '"Tea with a lot of sugar and milk"'))

    ended = run(tmp_path, "check")

    assert ended.returncode == 0
    assert "warning: drinks.drink" in ended.stdout
    assert ended.stdout.endswith("1 flow, 1 warning\n")


def test_a_wrong_key_is_told_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "parley.toml").write_text("[server]\nport = 1\n\n[log]\nlewel = 'info'\n")

    ended = run(tmp_path, "check")

    assert ended.returncode == 1
    assert ended.stdout == "parley.toml:5: log.lewel: unknown key; did you mean 'level'?\n"


@pytest.mark.parametrize(
    ("config", "told"),
    [
        pytest.param(
            "\n[flows]\npaths = ['talks']\n",
            "parley.toml:3: flows.paths: 'talks' is no folder",
            id="folder",
        ),
        pytest.param(
            line_table("shop", "1", base_url="http://127.0.0.1:9") + "start = 'drink'\n",
            "parley.toml:9: lines.shop.start: no flow 'drink'; did you mean 'drinks'?",
            id="start",
        ),
        pytest.param("[server\n", "parley.toml:1: not valid TOML: ", id="toml"),
        pytest.param("[server]\nport = 'x'", "parley.toml:2: server.port: ", id="value"),
        pytest.param("[lines.shop]\n", "parley.toml:1: lines.shop.provider: ", id="missing"),
    ],
)
def test_a_mistake_in_the_configuration_has_its_place(
    tmp_path: Path, config: str, told: str
) -> None:
    write_flow(tmp_path)
    (tmp_path / "parley.toml").write_text(config)

    ended = run(tmp_path, "check")

    assert ended.returncode == 1
    assert ended.stdout.startswith(told)
    assert len(ended.stdout.splitlines()) == 1


def test_a_folder_without_flows_is_a_mistake(tmp_path: Path) -> None:
    write_flow(tmp_path, "class Drinks:\n    pass\n")

    ended = run(tmp_path, "check")

    assert (ended.returncode, ended.stderr) == (1, "")
    assert ended.stdout.startswith("flows.paths: no flow in flows; ")


def test_flows_are_checked_drawn_and_talked_to_without_the_lines_secrets(tmp_path: Path) -> None:
    write_flow(tmp_path)
    line = line_table("shop", "1", base_url="http://127.0.0.1:9")
    (tmp_path / "parley.toml").write_text(
        line.replace('token = "sandbox-token"', 'token_env = "NOT_SET_HERE"')
    )

    checked = run(tmp_path, "check")
    drawn = run(tmp_path, "draw", "drinks")
    talked = run(tmp_path, "chat", typed="hi\n")
    served = run(tmp_path, "serve")

    assert (checked.returncode, drawn.returncode, talked.returncode) == (0, 0, 0)
    assert checked.stdout.startswith(
        "parley.toml:5: warning: lines.shop.token_env names 'NOT_SET_HERE', "
    )
    assert "1 warning" in checked.stdout
    assert "Tea or coffee?" in talked.stdout
    assert served.returncode == 1
    assert "NOT_SET_HERE" in served.stderr


def test_a_flow_file_that_cannot_be_read_is_told_with_its_line(tmp_path: Path) -> None:
    write_flow(tmp_path, "from parley import Flow\n\nclass Broken(Flow:\n")

    ended = run(tmp_path, "check")

    assert ended.returncode == 1
    assert ended.stdout.startswith("flows/talk.py:3: ")


def test_an_unexpected_error_is_one_line_too(tmp_path: Path) -> None:
    (tmp_path / "parley.toml").mkdir()

    ended = run(tmp_path, "check", "--config", "parley.toml")

    assert ended.returncode != 0
    assert "Traceback" not in ended.stderr + ended.stdout


def test_published_steps_that_are_gone_are_noticed(tmp_path: Path) -> None:
    write_flow(tmp_path)
    published = run(tmp_path, "check", "--publish")
    write_flow(tmp_path, DRINKS.replace("coffee", "mocha"))

    ended = run(tmp_path, "check")

    assert "serial 1" in published.stdout
    assert "drinks.coffee: this step was published and is gone" in ended.stdout
