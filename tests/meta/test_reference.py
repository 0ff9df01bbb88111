"""The reference names every author's name, every setting, every command with its options, and nothing that is gone."""

import inspect
import re
import types
from pathlib import Path
from typing import Any, Union, get_args, get_origin

import click
import pytest
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

import parley
import parley.testing
from adapters.registry import SETTINGS as LINES
from adapters.settings import LineSettings
from cli.main import cli
from engine.flow.answers.named import TYPES
from tests.meta.pages import REFERENCE, code_in, headings, rows
from web.settings import Settings, TeamSettings, WebhookSettings

FLOWS = REFERENCE / "flows.md"
ANSWERS = REFERENCE / "answers.md"
COMMANDS = REFERENCE / "commands.md"
SETTINGS = REFERENCE / "settings.md"


def sections(page: Path) -> dict[str, str]:
    """Return the text under each heading of a page, up to the next one."""
    parts = re.split(r"^#+ (.+)$", page.read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


# --- names of a flow file -------------------------------------------------------------------------------


def test_all_is_what_parley_exports() -> None:
    exported = {
        name
        for name, value in vars(parley).items()
        if not name.startswith("_") and not isinstance(value, types.ModuleType)
    }

    assert exported == set(parley.__all__)


def test_all_holds_what_parley_testing_defines() -> None:
    defined = {
        name
        for name, value in vars(parley.testing).items()
        if not name.startswith("_") and getattr(value, "__module__", None) == "parley.testing"
    }

    assert defined <= set(parley.testing.__all__)
    assert all(hasattr(parley.testing, name) for name in parley.testing.__all__)


def test_every_authors_name_has_a_heading_and_an_example() -> None:
    named = [name for heading in headings(FLOWS) for name in code_in(heading)]
    named += [name for heading in headings(ANSWERS) for name in code_in(heading)]
    pages = FLOWS.read_text("utf-8") + ANSWERS.read_text("utf-8")
    examples = "\n".join(re.findall(r"```python\n(.*?)```", pages, re.DOTALL))

    others = {"chat.once", "parley.testing", "bool", "int", "Decimal", "date", "time", "datetime"}
    assert sorted(set(named) - others - set(TYPES)) == sorted(parley.__all__)
    shown = {name for name in parley.__all__ if re.search(rf"\b{name}\b", examples)}
    # These are classes that a flow narrows or is given; their one use looks like that of `Image`.
    assert set(parley.__all__) - shown == {"Audio", "Contact", "Document", "Video"}


@pytest.mark.parametrize("name", ["ask", "choose", "say", "handoff", "step", "Option", "Flow"])
def test_every_argument_of_an_authors_function_is_told(name: str) -> None:
    section = sections(FLOWS)[f"`{name}`"]
    maker = types.new_class if name == "Flow" else getattr(parley, name)
    arguments = (
        {"starts_on", "start", "expires", "moved", "closed", "on_failed"}
        if maker is types.new_class
        else set(inspect.signature(maker).parameters) - {"function"}
    )

    told = " ".join(code_in(section))
    assert {one for one in arguments if not re.search(rf"\b{one}\b", told)} == set()


def test_everything_of_the_test_harness_is_told() -> None:
    told = FLOWS.read_text("utf-8").partition("## `parley.testing`")[2]
    talk = {name for name in dir(parley.testing.Talk) if not name.startswith("_")}

    assert {name for name in parley.testing.__all__ if name not in told} == set()
    assert {name for name in talk if not re.search(rf"\b{name}\b", told)} == set()


# --- settings -------------------------------------------------------------------------------------------


def written(default: Any) -> str:
    """Return a default as the page writes it."""
    match default:
        case None:
            return "none"
        case bool():
            return f"`{str(default).lower()}`"
        case int():
            return f"`{default}`"
        case ():
            return "`[]`"
        case dict():
            return "`{}`"
        case tuple():
            return "`[" + ", ".join(f'"{one}"' for one in default) + "]`"
        case _:
            return f'`"{default}"`'


def keys(model: type[BaseModel], variable: str) -> dict[str, tuple[str, str]]:
    """Return each key of a table with its variable and its default, as the page writes them."""
    return {
        name: (
            f"`{variable}__{name.upper()}`",
            "needed" if field.default is PydanticUndefined else written(field.default),
        )
        for name, field in model.model_fields.items()
    }


def table_models() -> dict[str, type[BaseModel]]:
    """Return the sections that are one table each."""
    return {
        name: field.annotation
        for name, field in Settings.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
    }


def told_keys(heading: str) -> dict[str, tuple[str, str]]:
    """Return what the page tells of the keys under a heading."""
    found: dict[str, tuple[str, str]] = {}
    for line in sections(SETTINGS)[heading].splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) == 5 and code_in(cells[0]):
            assert cells[1], line
            assert cells[4], line
            found[code_in(cells[0])[0]] = (cells[3], cells[2])
    return found


def test_every_section_is_one_the_page_tells() -> None:
    named = {name for name in Settings.model_fields if name != "folder"}

    assert set(table_models()) | {"lines", "teams", "webhooks"} == named
    assert set(re.findall(r"`\[(\w+)[\].]", " ".join(headings(SETTINGS)))) == named


@pytest.mark.parametrize("section", sorted(table_models()))
def test_every_setting_has_its_row(section: str) -> None:
    expected = keys(table_models()[section], f"PARLEY_{section.upper()}")

    assert told_keys(f"`[{section}]`") == expected


def test_every_key_of_a_hook_has_its_row() -> None:
    expected = keys(WebhookSettings, "PARLEY_WEBHOOKS__NAME")
    told = told_keys("`[webhooks.NAME]`")

    assert told == {
        "url": expected["url"],
        "secret": (expected["secret"][0], "needed"),
        "events": (expected["events"][0], "all of them"),
        "lines": expected["lines"],
    }
    assert "`secret_file`" in sections(SETTINGS)["`[webhooks.NAME]`"]


def test_every_key_of_a_team_has_its_row() -> None:
    assert told_keys("`[teams.NAME]`") == keys(TeamSettings, "PARLEY_TEAMS__NAME")


@pytest.mark.parametrize("provider", sorted(LINES))
def test_every_key_of_a_line_has_its_row(provider: str) -> None:
    model = LINES[provider]
    secrets = (*model.required_secrets, *model.optional_secrets)
    expected = keys(model, "PARLEY_LINES__NAME")
    told = told_keys("`[lines.NAME]`") | sections_of(provider)

    for key in expected:
        base = key.removesuffix("_file").removesuffix("_env")
        if base != key and base in secrets:
            assert f"`{key}`" in SETTINGS.read_text("utf-8")
        elif key in model.required_secrets:
            assert told[key] == (expected[key][0], "needed")
        elif key == "rate_per_second":
            assert told[key] == (expected[key][0], "the provider's (Cloud: 80)")
        else:
            assert told[key] == expected[key]
    assert set(told) <= set(expected) | set(LineSettings.model_fields) | {"provider"}


def sections_of(provider: str) -> dict[str, tuple[str, str]]:
    heading = f'`provider = "{provider}"`'
    if LINES[provider].model_fields.keys() <= {*LineSettings.model_fields, "provider"}:
        return {}  # the terminal's
    assert heading in sections(SETTINGS), f"settings.md has no section {heading}"
    return told_keys(heading)


def test_every_provider_is_named() -> None:
    (row,) = (row for row in rows(SETTINGS) if row[0] == "`provider`")

    assert code_in(row[1]) == list(LINES)


def test_choices_are_told_as_they_are() -> None:
    """A `Literal` of a table stands in its type column, value for value."""
    for section, model in table_models().items():
        for name, field in model.model_fields.items():
            values = _values(field.annotation)
            if values:
                (row,) = (
                    cells
                    for line in sections(SETTINGS)[f"`[{section}]`"].splitlines()
                    if len(cells := [cell.strip() for cell in line.split("|")[1:-1]]) == 5
                    and cells[0] == f"`{name}`"
                )
                assert tuple(code_in(row[1])) == values


def _values(hint: Any) -> tuple[str, ...]:
    if get_origin(hint) in (Union, types.UnionType):
        return ()
    return tuple(value for value in get_args(hint) if isinstance(value, str))


# --- commands -------------------------------------------------------------------------------------------


def commands(group: click.Group, path: str = "parley") -> dict[str, click.Command]:
    """Return every command that does something, by how it is typed."""
    found: dict[str, click.Command] = {}
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        assert command is not None
        if isinstance(command, click.Group):
            found |= commands(command, f"{path} {name}")
        else:
            found[f"{path} {name}"] = command
    return found


def test_every_command_has_its_heading() -> None:
    named = [code_in(heading)[0] for heading in headings(COMMANDS) if code_in(heading)]

    assert sorted(named) == sorted(commands(cli))


@pytest.mark.parametrize("name", sorted(commands(cli)))
def test_every_option_has_its_row_and_every_command_an_example(name: str) -> None:
    section = sections(COMMANDS)[f"`{name}`"]
    told = re.findall(r"^\| `([^`]+)`", section, re.MULTILINE)
    expected = {
        parameter.opts[0] if isinstance(parameter, click.Option) else (parameter.name or "").upper()
        for parameter in commands(cli)[name].params
    }

    options = {one.split()[0] for one in told if one.startswith("--") or one.isupper()}
    alone = ("parley parse", "parley sandbox")
    assert options | ({"--config"} if name not in alone else set()) == expected
    assert "`--config FILE`" in sections(COMMANDS)["Commands"]
    assert f"$ {name}" in section


def test_every_exit_code_is_told() -> None:
    assert {"0", "1", "2"} <= {row[0] for row in rows(COMMANDS)}
