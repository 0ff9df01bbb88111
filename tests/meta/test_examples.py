"""What the pages show is true: flow blocks compile and pass `check`, talks are played, tests run, TOML is accepted."""

import inspect
import re
from pathlib import Path
from types import FunctionType

import pytest
from click.testing import CliRunner

from adapters.cloud.settings import CloudLine
from cli.main import cli
from cli.templates import read_draft
from engine.flow.check import check_flows
from engine.flow.load import load_flows
from engine.flow.template_file import read_template_file
from parley.testing import PHONE_LINE, check_transcript, talk
from tests.meta.pages import REFERENCE, ROOT, Block, all_blocks
from web.settings import load_settings, read_secrets
from web.sms_file import read_sms

PYTHON = all_blocks("python")
FLOWS = [block for block in PYTHON if "(Flow" in block.text]
CODE = [block for block in PYTHON if block not in FLOWS]
TALKS = all_blocks("transcript")
FAQS = [block for block in all_blocks("toml") if "[[question]]" in block.text]
TEMPLATES = [block for block in all_blocks("toml") if re.search(r"^category = ", block.text, re.M)]
SMS = [block for block in all_blocks("toml") if re.search(r"^sender_id = ", block.text, re.M)]
TOML = [block for block in all_blocks("toml") if block not in FAQS + TEMPLATES + SMS]

FORGIVEN = "its options are listed when asked"
"""The one warning an example shows on purpose; the page names it."""


def by_name(block: Block) -> str:
    return block.name


def write_flow(folder: Path, block: Block) -> None:
    """Put the block where its page says a flow file stands: named after its first class."""
    found = re.search(r"^class (\w+)\(Flow", block.text, re.MULTILINE)
    assert found is not None
    folder.mkdir(exist_ok=True)
    (folder / f"{found[1].lower()}.py").write_text(block.text, "utf-8")
    for faq in FAQS:
        if faq.page == block.page:
            (folder / "faq.toml").write_text(faq.text, "utf-8")


def flow_before(block: Block) -> Block:
    """Return the flow a talk or a test is about: the nearest one above it on the page, else the page's first."""
    flows = [flow for flow in FLOWS if flow.page == block.page]
    above = [flow for flow in flows if flow.line < block.line]
    named = "flows: ." in block.text or block.language == "python"
    return flows[0] if named or not above else above[-1]


def write_transcript(folder: Path, code: Block) -> None:
    """Put the talk above a test where the test looks for it."""
    for name in re.findall(r"flows/(\w+\.txt)", code.text):
        above = [talk for talk in TALKS if talk.page == code.page and talk.line < code.line]
        (folder / name).write_text(above[-1].text, "utf-8")


def test_every_kind_of_block_is_found() -> None:
    assert all((FLOWS, CODE, TALKS, TOML))


@pytest.mark.parametrize("block", FLOWS, ids=by_name)
def test_a_flow_compiles_and_passes_check(block: Block, tmp_path: Path) -> None:
    write_flow(tmp_path / "flows", block)

    flows = load_flows(["flows"], tmp_path)
    problems = check_flows(flows.values(), capabilities=[PHONE_LINE])

    assert flows
    assert [str(problem) for problem in problems if FORGIVEN not in problem.what] == []


@pytest.mark.parametrize("block", TALKS, ids=by_name)
async def test_a_talk_is_what_the_bot_says(block: Block, tmp_path: Path) -> None:
    write_flow(tmp_path, flow_before(block))
    transcript = tmp_path / "talk.txt"
    transcript.write_text(block.text, "utf-8")

    await check_transcript(transcript)


@pytest.mark.parametrize("block", CODE, ids=by_name)
async def test_code_runs_and_its_tests_pass(
    block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "flows"
    if any(flow.page == block.page for flow in FLOWS):
        write_flow(folder, flow_before(block))
        write_transcript(folder, block)
    monkeypatch.chdir(tmp_path)

    names: dict[str, object] = {}
    exec(compile(block.text, block.name, "exec"), names)  # the page's own code
    for name, test in names.items():
        if name.startswith("test_") and isinstance(test, FunctionType):
            ran = test()
            if inspect.isawaitable(ran):
                await ran


@pytest.mark.parametrize("block", TOML, ids=by_name)
def test_a_configuration_is_accepted(
    block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in re.findall(r'_env = "(\w+)"', block.text):
        monkeypatch.setenv(variable, "secret")
    for file in re.findall(r'_file = "([^"]+)"', block.text):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("secret\n", "utf-8")
    config = tmp_path / "parley.toml"
    config.write_text(block.text, "utf-8")

    read_secrets(load_settings(config))


@pytest.mark.parametrize("block", TEMPLATES, ids=by_name)
def test_a_template_can_be_handed_in(block: Block, tmp_path: Path) -> None:
    (tmp_path / "template.toml").write_text(block.text, "utf-8")
    if "[[template]]" in block.text:
        assert read_template_file(tmp_path / "template.toml")
        return

    assert read_draft(tmp_path / "template.toml").name == "receipt"


@pytest.mark.parametrize("block", SMS, ids=str)
def test_an_sms_is_read(block: Block, tmp_path: Path) -> None:
    (tmp_path / "sms.toml").write_text(block.text, "utf-8")

    assert read_sms(tmp_path / "sms.toml").variables == ("name", "order")


# --- the README, as its first reader takes it ---------------------------------------------------------


async def test_the_readme_flow_takes_an_order_by_taps_and_by_typing(tmp_path: Path) -> None:
    (block,) = (flow for flow in FLOWS if flow.page == ROOT / "README.md")
    write_flow(tmp_path, block)
    user = talk(tmp_path)

    await user.says("pizza")
    user.sees("Which pizza?")
    await user.taps("Margherita")
    await user.says("lage")
    user.sees("How many?")
    await user.says("two hundred")
    user.sees("a number from 1 to 20")
    await user.says("2")
    user.sees("2 × Large Margherita. Shall we make it?")
    await user.taps("Change the size")
    await user.taps("Small")
    user.sees("2 × Small Margherita. Shall we make it?")
    await user.says("yes")

    user.sees("Thank you!")


def test_the_readme_configuration_is_a_cloud_line_with_its_secrets_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (block,) = (block for block in TOML if block.page == ROOT / "README.md")
    for variable in ("SHOP_TOKEN", "SHOP_APP_SECRET", "SHOP_VERIFY_TOKEN"):
        monkeypatch.setenv(variable, f"the {variable}")
    config = tmp_path / "parley.toml"
    config.write_text(block.text, "utf-8")

    shop = read_secrets(load_settings(config)).lines["shop"]

    assert isinstance(shop, CloudLine)
    assert shop.secret("verify_token") == "the SHOP_VERIFY_TOKEN"


def test_every_command_of_the_pages_is_one_the_program_takes() -> None:
    """`parley COMMAND --option` in a console block names a command and options that `--help` knows."""
    shown = {
        tuple(re.findall(r"[\w-]+", command)[:1] + re.findall(r"(?<= )--[\w-]+", command))
        for block in all_blocks("console", "sh", "")
        for command in re.findall(
            r"(?:^|[ $/|])parley ((?:serve|chat|check|draw|parse|db|show|outbox)\b[^#|&\n]*)",
            block.text,
        )
    }
    assert shown
    for command, *options in sorted(shown):
        arguments = [command, *(["upgrade"] if command == "db" else []), "--help"]
        told = CliRunner().invoke(cli, arguments)
        assert told.exit_code == 0, command
        assert all(option in told.output for option in options), (command, options)


def test_check_answers_as_the_quickstart_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = REFERENCE.parent / "quickstart.md"
    text = page.read_text("utf-8")
    (flow,) = (block for block in FLOWS if block.page == page)
    (shown,) = re.findall(r"^\$ parley check\n([^$].*)\n", text, re.MULTILINE)
    (mistake,) = re.findall(r"it answers\s+`(flows/[^`]+)`", text)
    write_flow(tmp_path / "flows", flow)
    file = tmp_path / "flows" / "coffee.py"
    monkeypatch.chdir(tmp_path)

    passed = CliRunner().invoke(cli, ["check"])
    file.write_text(flow.text.replace("to.done", "to.dune"), "utf-8")
    failed = CliRunner().invoke(cli, ["check"])

    assert passed.output == f"{shown}\n"
    assert " ".join(mistake.split()) in failed.output.splitlines()


def test_the_documented_words_of_once_are_the_promise() -> None:
    page = (REFERENCE / "flows.md").read_text("utf-8")

    assert "At least once; exactly once where the service honours the key (`chat.key`)" in page
    assert "a new visit calls anew" in page
