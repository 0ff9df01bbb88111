"""`parley outbox`: what waits, what failed, and what of it is sent again."""

from pathlib import Path

from tests.cli.support import run


def test_what_failed_is_listed_and_sent_again_by_the_server(talked: Path) -> None:
    waiting = run(talked, "outbox")
    (failed,) = run(talked, "outbox", "--failed").stdout.splitlines()
    message = failed.split()[0]
    retried = run(talked, "outbox", "--retry", message)

    assert waiting.stdout == "nothing waits\n"
    assert "failed, 131026: " in failed
    assert "Tea or coffee?" in failed
    assert retried.stdout == f"{message} waits to be sent again\n"
    assert run(talked, "outbox").stdout.startswith(message)
    assert run(talked, "outbox", "--failed").stdout == "nothing failed\n"


def test_only_what_failed_can_be_retried(talked: Path) -> None:
    ended = run(talked, "outbox", "--retry", "12")

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
