"""The commands as people run them: what they print, and how they refuse."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from adapters.sandbox.cloud import CloudSandbox, Fault, served
from cli.main import cli
from engine.core.content import Event
from tests.cli.support import run, serving
from tests.web.support import DRINKS, line_table, write_flow

COMMANDS = (
    ("serve",),
    ("chat",),
    ("check",),
    ("draw",),
    ("parse",),
    ("db", "upgrade"),
    ("show",),
    ("missed",),
    ("outbox",),
    ("lines", "register"),
    ("lines", "check"),
    ("templates", "list"),
    ("templates", "create"),
    ("templates", "sync"),
    ("contacts", "list"),
    ("contacts", "find"),
    ("contacts", "save"),
    ("contacts", "sync"),
    ("contacts", "opt-out"),
    ("contacts", "opt-in"),
    ("campaigns", "create"),
    ("track",),
    ("assign",),
    ("media", "upload"),
    ("tokens", "create"),
    ("tokens", "list"),
    ("tokens", "revoke"),
    ("broadcast",),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_the_help_of_each_command_ends_in_an_example(command: tuple[str, ...]) -> None:
    ended = CliRunner().invoke(cli, [*command, "--help"], prog_name="parley")

    assert ended.exit_code == 0
    assert ("--config FILE" in ended.output) == (command != ("parse",))
    examples = ended.output.partition("Examples:")[2]
    assert f"parley {' '.join(command)}" in examples


def test_the_help_lists_every_command(tmp_path: Path) -> None:
    listed = run(tmp_path, "--help").stdout

    assert all(f"\n  {command[0]} " in listed for command in COMMANDS)


def test_an_unexpected_error_is_one_line_too(tmp_path: Path) -> None:
    (tmp_path / "parley.toml").mkdir()

    ended = run(tmp_path, "check", "--config", "parley.toml")

    assert ended.returncode != 0
    assert "Traceback" not in ended.stderr + ended.stdout


# --- check ------------------------------------------------------------------------------------------


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


def test_published_steps_that_are_gone_are_noticed(tmp_path: Path) -> None:
    write_flow(tmp_path)
    published = run(tmp_path, "check", "--publish")
    write_flow(tmp_path, DRINKS.replace("coffee", "mocha"))

    ended = run(tmp_path, "check")

    assert "serial 1" in published.stdout
    assert "drinks.coffee: this step was published and is gone" in ended.stdout


# --- draw -------------------------------------------------------------------------------------------


def test_a_flow_is_drawn_as_mermaid(tmp_path: Path) -> None:
    write_flow(tmp_path)

    ended = run(tmp_path, "draw", "drinks")

    assert ended.returncode == 0
    assert "stateDiagram" in ended.stdout
    assert "coffee" in ended.stdout


def test_an_unknown_flow_is_told_with_what_was_meant(tmp_path: Path) -> None:
    write_flow(tmp_path)

    ended = run(tmp_path, "draw", "drink")

    assert ended.returncode == 1
    assert ended.stderr == "parley: no flow 'drink'; did you mean 'drinks'?\n"


# --- chat -------------------------------------------------------------------------------------------


def test_a_talk_in_the_terminal_takes_numbers_and_words(tmp_path: Path) -> None:
    write_flow(tmp_path)

    ended = run(tmp_path, "chat", typed="hi\n2\nhello\ntea\n")

    assert (ended.returncode, ended.stderr) == (0, "")
    said = [line for line in ended.stdout.splitlines() if line.startswith(("Tea or", "Here is"))]
    assert said == [
        "Tea or coffee?",
        "Here is your coffee.",
        "Tea or coffee?",
        "Here is your tea.",
    ]
    assert "2. Coffee" in ended.stdout


def test_a_talk_in_the_terminal_may_have_people_in_it(tmp_path: Path) -> None:
    write_flow(tmp_path)

    typed = "= agent\nhi\n= agent\n2\n= agent: Tea is out.\n= bot\n2\n= nobody\n"
    ended = run(tmp_path, "chat", typed=typed)

    said = [line for line in ended.stdout.splitlines() if line.startswith(("Tea", "Here is"))]
    assert said == ["Tea or coffee?", "Tea is out.", "Tea or coffee?", "Here is your coffee."]
    nobody, nothing = ended.stderr.splitlines()
    assert nobody == "(Nobody has written yet.)"
    assert nothing.startswith("('= nobody' is none of: = agent, ")


def test_a_talk_leaves_nothing_behind(tmp_path: Path) -> None:
    write_flow(tmp_path)

    run(tmp_path, "chat", typed="hi\n")

    assert [file.name for file in tmp_path.iterdir()] == ["flows"]


def test_a_pizza_is_ordered_in_the_terminal(tmp_path: Path) -> None:
    typed = "hi\n1\nLarge\ntwo\n2\nPick up\nNo, thanks\nYes, order\n"

    ended = run(tmp_path, "chat", "order", typed=typed)

    assert ended.returncode == 0
    assert "Thank you!" in ended.stdout


def test_an_author_is_told_what_their_code_step_raised(tmp_path: Path) -> None:
    write_flow(tmp_path, BROKEN_STEP)

    ended = run(tmp_path, "chat", typed="hi\n")

    assert ended.returncode == 0
    assert "(fragile.work: ZeroDivisionError: division by zero (at talk.py:8))" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_author_is_told_where_a_condition_raised(tmp_path: Path) -> None:
    write_flow(tmp_path, BROKEN_CONDITION)

    ended = run(tmp_path, "chat", typed="hi\n")

    assert ended.returncode == 0
    assert "flows/talk.py:6: KeyError: 'missing'" in ended.stderr


def test_a_talk_that_nothing_begins_says_so(tmp_path: Path) -> None:
    write_flow(tmp_path, DRINKS.replace("start=True", "starts_on=['thirsty']"))

    ended = run(tmp_path, "chat", typed="thirsty\n")

    assert ended.stderr.startswith("(No flow is marked start=True: thirsty begins one; ")
    assert "Tea or coffee?" in ended.stdout


def test_an_author_is_told_which_question_has_no_option(tmp_path: Path) -> None:
    write_flow(tmp_path, NO_OPTION)

    ended = run(tmp_path, "chat", typed="hi\n")

    assert "(fragile.size: the question has no option; a person takes over)" in ended.stderr


NO_OPTION = """
from parley import Flow, ask


class Fragile(Flow, start=True):
    size: str = ask("Which size?", options=lambda: [])
"""

BROKEN_STEP = """
from parley import Chat, Flow, step


class Fragile(Flow, start=True):
    @step
    async def work(self, chat: Chat) -> None:
        1 / 0
"""

BROKEN_CONDITION = """
from parley import Flow, ask


class Fragile(Flow, start=True):
    size: str = ask("Which size?", when=lambda answers: {}["missing"])
"""


def test_an_unknown_flow_to_chat_with_is_one_line(tmp_path: Path) -> None:
    write_flow(tmp_path)

    ended = run(tmp_path, "chat", "drink")

    assert ended.returncode == 1
    assert "did you mean 'drinks'?" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


# --- db, show, outbox -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def talked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose bot has talked with one contact, and failed to answer another."""
    folder = tmp_path_factory.mktemp("talked")
    asyncio.run(talk(folder))
    return folder


@pytest.fixture
def folder(talked: Path, tmp_path: Path) -> Path:
    """A copy of it to work on."""
    return shutil.copytree(talked, tmp_path / "copy")


async def talk(folder: Path) -> None:
    write_flow(folder)
    meta = CloudSandbox()
    async with served(meta) as base:
        line = line_table("shop", meta.settings.phone_number_id, base_url=f"{base}/v23.0")
        (folder / "parley.toml").write_text("[server]\nport = 0\n" + line)
        async with serving(folder) as server:
            webhook = {"webhook_url": f"{server.origin}/webhooks/shop"}
            meta.settings = meta.settings.model_copy(update=webhook)
            maria = meta.contact("5215550001", name="Maria")
            await maria.says("hi")
            await maria.receives()
            await maria.says("a beer please")
            await maria.receives()
            await maria.taps("Coffee")
            await maria.receives()
            meta.faults.arm(Fault(kind="error", code=131026, to="5215550002"), meta.monotonic())
            await meta.contact("5215550002").says("hi")
            await meta.until(lambda: meta.requests[-1].code == 131026)
            assert await server.stop() == 0


def test_a_story_has_messages_and_traces(folder: Path) -> None:
    ended = run(folder, "show", "+521 555 0001")

    assert ended.returncode == 0, ended.stderr
    head, *story = ended.stdout.splitlines()
    assert head.startswith("shop: 5215550001")
    assert head.endswith("Maria")
    assert any("> [tap] Coffee" in line for line in story)
    assert any("< Here is your coffee.  [" in line for line in story)
    assert any("=" in line and "tap, drinks.drink -> " in line for line in story)


def test_what_the_provider_was_told_stands_in_the_story(folder: Path) -> None:
    told = Event(name="Ordered", traits={"total": 17}).model_dump_json()
    with closing(sqlite3.connect(folder / "parley.db")) as connection, connection:
        connection.execute(
            "UPDATE message SET direction = 'beside', status = 'noted', content = ?"
            " WHERE content LIKE '%Here is your coffee.%'",
            (told,),
        )
    story = run(folder, "show", "+521 555 0001").stdout

    assert "= [event Ordered: total=17]  [noted by flow]" in story


def test_a_stranger_has_no_story(folder: Path) -> None:
    ended = run(folder, "show", "4930123456")

    assert (ended.returncode, ended.stderr) == (1, "parley: no conversation with '4930123456'\n")


def test_what_was_missed_is_listed_with_the_contacts_words(folder: Path) -> None:
    ended = run(folder, "missed", "--days", "1")

    assert ended.stdout == "drinks.drink: 1\n  > a beer please\n"
    assert run(folder, "missed", "--line", "other").stdout == "nothing was missed\n"


def test_what_failed_is_listed_and_sent_again_by_the_server(folder: Path) -> None:
    waiting = run(folder, "outbox")
    (failed,) = run(folder, "outbox", "--failed").stdout.splitlines()
    message = failed.split()[0]
    retried = run(folder, "outbox", "--retry", message)

    assert waiting.stdout == "nothing waits\n"
    assert "failed, 131026: " in failed
    assert "Tea or coffee?" in failed
    assert retried.stdout == f"{message} waits to be sent again\n"
    assert run(folder, "outbox").stdout.startswith(message)
    assert run(folder, "outbox", "--failed").stdout == "nothing failed\n"


def test_only_what_failed_can_be_retried(folder: Path) -> None:
    ended = run(folder, "outbox", "--retry", "12")

    assert ended.returncode == 1
    assert ended.stderr.startswith("parley: 12 is no failed or held message")


def test_commands_before_the_first_start_say_what_makes_the_database(tmp_path: Path) -> None:
    (tmp_path / "parley.toml").write_text("")

    ended = run(tmp_path, "outbox")

    assert ended.returncode == 1
    assert (
        ended.stderr == f"parley: {tmp_path}/parley.db: no such database; `parley serve` makes it\n"
    )
    assert not (tmp_path / "parley.db").exists()


def test_an_empty_database_gets_its_tables(tmp_path: Path) -> None:
    (tmp_path / "parley.toml").write_text("")

    first = run(tmp_path, "db", "upgrade")
    second = run(tmp_path, "db", "upgrade")

    assert first.stdout.startswith("the schema went from nothing to ")
    assert second.stdout.startswith("the schema is up to date")
    with closing(sqlite3.connect(tmp_path / "parley.db")) as connection:
        assert connection.execute("SELECT count(*) FROM conversation").fetchone() == (0,)


async def test_the_schema_is_left_alone_while_a_server_runs(tmp_path: Path) -> None:
    write_flow(tmp_path)
    (tmp_path / "parley.toml").write_text("[server]\nport = 0\n")
    async with serving(tmp_path) as server:
        ended = run(tmp_path, "db", "upgrade")

    assert ended.returncode == 1
    assert str(server.process.pid) in ended.stderr
