"""What may and may not stand in the log."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from web.logs import configure_logging
from web.settings import LogSettings


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(captured: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in captured.readouterr().err.splitlines()]


def test_an_event_is_one_json_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(LogSettings(format="json"))

    structlog.get_logger().info("turn_done", conversation_id=7)

    (line,) = lines(capsys)
    assert line["event"] == "turn_done"
    assert line["conversation_id"] == 7
    assert line["level"] == "info"


def test_text_is_readable(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(LogSettings(format="text"))

    structlog.get_logger().warning("line_paused", line="shop")

    assert "line_paused" in capsys.readouterr().err


def test_events_below_the_level_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(LogSettings(level="error", format="json"))

    structlog.get_logger().warning("line_paused")

    assert lines(capsys) == []


def test_an_exception_is_told_by_type_and_place_without_its_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging(LogSettings(format="json"))

    try:
        raise ValueError("my card is 4111")
    except ValueError:
        structlog.get_logger().exception("step_raised")

    (line,) = lines(capsys)
    assert line["error"] == "ValueError"
    assert "4111" not in json.dumps(line)
    assert "test_logs.py" in json.dumps(line["at"])


def test_fields_that_may_hold_what_people_wrote_are_dropped(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging(LogSettings(format="json"))

    structlog.get_logger().info("odd", body="hi", phone="521", token="t", message_id=3)

    (line,) = lines(capsys)
    assert {"body", "phone", "token"}.isdisjoint(line)
    assert line["message_id"] == 3


def test_a_library_record_keeps_its_format_but_not_its_arguments(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging(LogSettings(format="json"))

    logging.getLogger("some.library").error("cannot parse %r", b"secret body")

    (line,) = lines(capsys)
    assert line["event"] == "cannot parse %r"
    assert line["logger"] == "some.library"
    assert "secret body" not in json.dumps(line)


def test_a_library_exception_is_told_without_its_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging(LogSettings(format="json"))

    try:
        raise RuntimeError("secret body")
    except RuntimeError:
        logging.getLogger("some.library").exception("failed")

    (line,) = lines(capsys)
    assert line["error"] == "RuntimeError"
    assert "secret body" not in json.dumps(line)
