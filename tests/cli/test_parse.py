"""`parley parse`: a JSON line for each line that is typed, and one line for what it cannot take."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import cli
from tests.cli.support import environment


def parsed(typed: str | bytes, *arguments: str) -> list[dict[str, object]]:
    ended = CliRunner().invoke(cli, ["parse", *arguments], input=typed)
    assert ended.exit_code == 0, ended.output
    return [json.loads(line) for line in ended.output.splitlines()]


def test_each_line_has_its_line() -> None:
    assert parsed("2\n\nhello\n7 please", "int") == [
        {"value": 2},
        {"value": None},
        {"value": None},
        {"value": 7},
    ]


def test_only_a_line_feed_ends_a_line() -> None:
    told = parsed("\ufeff2\r\n\x0b\x0c\x1c\u2028\x85\r3\n".encode(), "int")

    assert told == [{"value": 2}, {"value": 3}]


def test_bytes_that_are_no_text_are_no_answer() -> None:
    assert parsed(b"\xff\xfe\xed\xa0\x80\n", "int") == [{"value": None}]


def test_an_answer_comes_before_the_next_line_is_typed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "parley", "parse", "yes_no"],
        cwd=tmp_path,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"yes\n")
        process.stdin.flush()
        first = process.stdout.readline()
        process.stdin.write("नहीं\n".encode())
        process.stdin.close()
        assert first == b'{"value": true}\n'
        assert process.wait() == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["intt"], "no type 'intt'; did you mean 'int'?"),
        (["colour"], "no type 'colour'; there are yes_no, int, "),
        (["int", "--lang", "xx"], "no language 'xx'; write it as ISO 639-1, such as es"),
        (
            ["int", "--tz", "Mars/Base"],
            "no time zone 'Mars/Base'; write it as IANA's names, such as ",
        ),
        (
            ["int", "--now", "noon"],
            "no time 'noon'; write it as ISO 8601, such as 2026-03-10T10:00",
        ),
        (["int", "--country", "UK"], "no country 'UK'; write it as ISO 3166-1 alpha-2, such as MX"),
    ],
    ids=["type", "far type", "language", "zone", "time", "country"],
)
def test_what_it_cannot_take_is_one_line(arguments: list[str], told: str) -> None:
    ended = CliRunner().invoke(cli, ["parse", *arguments])

    assert ended.exit_code == 2
    assert ended.stdout == ""
    assert ended.stderr.startswith(f"parley: {told}")
    assert ended.stderr.count("\n") == 1
